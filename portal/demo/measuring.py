"""The four chains of the demonstration: every past month frozen, one edition over the last year published."""

from sqlalchemy.orm import Session

from portal.demo.parties import Cast
from portal.metrics.four_chains.editions import prepare_edition, publish_edition
from portal.metrics.four_chains.months import Month
from portal.metrics.four_chains.snapshots import freeze_due
from portal.permissions import Role

BASE_MONTHS = 12


def measure(session: Session, cast: Cast) -> None:
    """By the clock, an operator and an approver, as in life."""
    freeze_due(session)
    last = Month.before_this()
    first = last.shift(1 - BASE_MONTHS)
    note = "以最近十二个月为基期（演示）。"
    edition_id = prepare_edition(
        session, cast.one("", Role.OPERATOR), base_from=first.first, base_until=last.first, note=note
    )
    publish_edition(session, cast.one("", Role.APPROVER), edition_id=edition_id, version=None)

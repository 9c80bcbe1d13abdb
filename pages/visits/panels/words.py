"""How a visit reads in lists and heads: its days, its places, what the reader can do."""

from collections.abc import Sequence
from datetime import date

from portal.organisations.places import town_name
from portal.ui import _, date_time, day, label, language, number
from portal.ui.lists import Card
from portal.visits.queries import VisitRow
from portal.visits.rules import SMALL, Window
from portal.visits.workflow import VisitStatus


def days(first: date, last: date) -> str:
    """`2026年3月5日`, or both ends."""
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def people(count: int | None) -> str:
    """A count of persons, or that it is too small to be told."""
    return _("fewer than {count}", count=SMALL) if count is None else number(count)


def places(row: VisitRow) -> str:
    """What somebody who wants to come needs to know."""
    if row.status in (VisitStatus.CANCELLED, VisitStatus.HELD, VisitStatus.DEBRIEFED):
        return _("{count} places", count=number(row.capacity))
    if row.window is Window.NOT_YET:
        return _("Registration from {moment}", moment=date_time(row.opens_at))
    if row.window is Window.OVER:
        return _("Registration is closed")
    if row.free is None:
        return _("Registration is open")
    if row.free == 0:
        return _("Full; waiting list: {count}", count=people(row.waiting))
    return _("{free} of {count} places free", free=number(row.free), count=number(row.capacity))


def hosts(row: VisitRow) -> str:
    return " × ".join(name for name in (row.organiser, row.partner) if name)


def card(row: VisitRow) -> Card:
    return Card(
        row.title,
        "visit",
        row.id,
        badges=[row.status, row.my_status],
        note=f"{label(row.kind)} · {row.number}",
        text=days(row.starts_on, row.ends_on),
        lines=[town_name(row.town_code, language()) + " · " + hosts(row), places(row)],
    )


def cells(row: VisitRow) -> tuple[Card, Sequence[str]]:
    town = town_name(row.town_code, language())
    status = label(row.my_status or row.status)
    return card(row), [label(row.kind), status, days(row.starts_on, row.ends_on), town, row.organiser, places(row)]

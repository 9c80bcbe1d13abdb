"""What a list of projects is asked for: the same filters for cards, table, board, timeline, map and file."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, select

from db.models import (
    FirstLevel,
    FirstStatus,
    Landing,
    LandingCategory,
    LandingFirst,
    LandingFlag,
    LandingLane,
    LandingStage,
)
from portal.landings.access import full_to, party_to, visible_to
from portal.landings.workflow import ENDS
from portal.permissions import Actor


class LandingFilter(NamedTuple):
    """Empty fields do not narrow. The flag narrows only projects whose flag the reader may know."""

    mine: bool = False
    stage: LandingStage | None = None
    running: bool = False
    town: str | None = None
    category: LandingCategory | None = None
    lane: LandingLane | None = None
    flag: LandingFlag | None = None
    first: FirstLevel | None = None  # verified


def conditions(actor: Actor, wanted: LandingFilter) -> list[ColumnElement[bool]]:
    """What the reader may see, narrowed by the filters."""
    found = [party_to(actor) if wanted.mine else visible_to(actor)]
    if wanted.stage is not None:
        found.append(Landing.stage == wanted.stage)
    if wanted.running:
        found.append(Landing.stage.not_in(ENDS))
    if wanted.town:
        found.append(Landing.town_code == wanted.town)
    if wanted.category is not None:
        found.append(Landing.category == wanted.category)
    if wanted.lane is not None:
        found.append(Landing.lane == wanted.lane)
    if wanted.flag is not None:
        found += [Landing.flag == wanted.flag, full_to(actor)]
    if wanted.first is not None:
        verified = select(LandingFirst.landing_id).where(
            LandingFirst.level == wanted.first, LandingFirst.status == FirstStatus.VERIFIED
        )
        found.append(Landing.id.in_(verified))
    return found

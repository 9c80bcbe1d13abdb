"""Landing projects as rows of a file."""

from sqlalchemy.orm import Session

from db.models import (
    FirstLevel,
    LandingCategory,
    LandingFlag,
    LandingLane,
    LandingStage,
)
from portal import wording
from portal.errors import N_
from portal.landings.filters import LandingFilter
from portal.landings.queries import RUNNING, every_landing
from portal.organisations.places import town_name
from portal.permissions import Actor
from portal.web.lists.asked import Asked, Table, member


def landings(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    header = (
        N_("Number"),
        N_("Title"),
        N_("Kind"),
        N_("Lane"),
        N_("Stage"),
        N_("In this stage since"),
        N_("Days over the norm"),
        N_("Town"),
        N_("Status"),
        N_("Firsts"),
        N_("Enterprise"),
        N_("Institute"),
    )
    wanted = LandingFilter(
        stage=member(LandingStage, asked.get("stage")),
        running=asked.get("stage") == RUNNING,
        town=asked.get("town") or None,
        category=member(LandingCategory, asked.get("category")),
        lane=member(LandingLane, asked.get("lane")),
        flag=member(LandingFlag, asked.get("flag")),
        first=member(FirstLevel, asked.get("first")),
    )
    return header, (
        (
            row.number,
            row.title,
            wording.label(row.category, language),
            wording.label(row.lane, language),
            wording.label(row.stage, language),
            row.stage_since,
            row.days_over or None,
            town_name(row.town_code, language),
            wording.label(row.flag, language) if row.flag else "",
            wording.word(row.firsts, language),
            row.enterprise,
            row.institute,
        )
        for row in every_landing(session, actor, wanted)
    )

"""Talents as rows of a file."""

from sqlalchemy.orm import Session

from db.models import (
    ReadingPurpose,
    TalentChannel,
    TalentField,
    TalentStage,
)
from portal import wording
from portal.errors import N_
from portal.organisations.places import town_name
from portal.permissions import Actor
from portal.talents.exports import export_rows, export_talents
from portal.talents.queries import TalentFilter
from portal.web.lists.asked import Asked, Table, member, record_id


def talents(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    """As the list shows it; with the names for an operator who gives a purpose."""
    cohort = asked.get("cohort", "")
    wanted = TalentFilter(
        text=asked.get("text", ""),
        talent_class=asked.get("class", ""),
        field=member(TalentField, asked.get("field")),
        channel=member(TalentChannel, asked.get("channel")),
        town=asked.get("town", ""),
        reached=member(TalentStage, asked.get("reached")),
        cohort=int(cohort) if cohort.isascii() and cohort.isdecimal() and len(cohort) == 4 else None,
        in_pool=asked.get("pool") == "True",
        is_due=asked.get("due") == "True",
        employer=record_id(asked.get("employer")),
    )
    purpose = member(ReadingPurpose, asked.get("purpose"))
    if purpose is not None:
        rows = export_talents(session, actor, wanted=wanted, purpose=purpose)
    else:
        rows = export_rows(session, actor, wanted)
    header = (
        N_("Number"),
        N_("Name"),
        N_("Class"),
        N_("Field of work"),
        N_("Speciality"),
        N_("Channel"),
        N_("Town"),
        N_("Employer"),
        N_("Step"),
        N_("Arrived on"),
    )
    return header, [
        (
            row.number,
            row.name,
            wording.label(row.talent_class, language) if row.talent_class else "",
            wording.label(row.field, language),
            row.speciality,
            wording.label(row.channel, language) if row.channel else "",
            town_name(row.town_code, language),
            row.employer,
            wording.label(row.stage, language) if row.stage else "",
            row.arrived_on or "",
        )
        for row in rows
    ]

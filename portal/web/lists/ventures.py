"""Ventures as rows of a file."""

from functools import partial

from sqlalchemy.orm import Session

from db.models import (
    VenturePhase,
    VentureStatus,
)
from portal import wording
from portal.errors import N_
from portal.permissions import Actor
from portal.ventures.queries import list_ventures
from portal.web.lists.asked import Asked, Table, every_row, member


def ventures(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    header = (N_("Number"), N_("Title"), N_("Status"), N_("Phase"), N_("Scientist"), N_("Institute"), N_("Enterprise"))
    rows = every_row(
        partial(
            list_ventures,
            session,
            actor,
            status=member(VentureStatus, asked.get("status")),
            phase=member(VenturePhase, asked.get("phase")),
        )
    )
    return header, [
        (
            row.number,
            row.title,
            wording.label(row.status, language),
            wording.label(row.phase, language) if row.phase else "",
            row.scientist,
            row.institute,
            row.enterprise,
        )
        for row in rows
    ]

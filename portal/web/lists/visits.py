"""Visits and their participants as rows of a file."""

from functools import partial

from sqlalchemy.orm import Session

from db.models import (
    VisitKind,
)
from portal import wording
from portal.errors import N_, NotFound
from portal.events import record_event
from portal.i18n import translate
from portal.organisations.places import town_name
from portal.permissions import Actor
from portal.visits.people import list_participants
from portal.visits.queries import MINE, PAST, UPCOMING, list_visits
from portal.visits.rules import SMALL
from portal.web.lists.asked import Asked, Table, every_row, member, record_id


def visits(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    header = (
        N_("Number"),
        N_("Title"),
        N_("Kind"),
        N_("Status"),
        N_("First day"),
        N_("Last day"),
        N_("Town"),
        N_("Organiser"),
        N_("Partner"),
        N_("Places"),
        N_("Places taken"),
        N_("On the waiting list"),
    )
    rows = every_row(
        partial(
            list_visits,
            session,
            actor,
            when=_when(asked.get("when"), actor),
            kind=member(VisitKind, asked.get("kind")),
            town=asked.get("town") or None,
            only_free=asked.get("free") == "True",
        )
    )
    return header, [
        (
            row.number,
            row.title,
            wording.label(row.kind, language),
            wording.label(row.status, language),
            row.starts_on,
            row.ends_on,
            town_name(row.town_code, language),
            row.organiser,
            row.partner,
            row.capacity,
            f"<{SMALL}" if row.taken is None else row.taken,
            f"<{SMALL}" if row.waiting is None else row.waiting,
        )
        for row in rows
    ]


def _when(text: str | None, actor: Actor) -> str:
    if text == MINE and not actor.signed_in:
        return UPCOMING
    return text if text in (PAST, MINE) else UPCOMING


def participants(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    """Of one visit, for those who read the names; beside the event of every export one on the visit itself."""
    visit_id = record_id(asked.get("id"))
    if visit_id is None:
        raise NotFound
    header = (
        N_("Name"),
        N_("School"),
        N_("Field of study"),
        N_("Phone"),
        N_("Status"),
        N_("Signed up on"),
        N_("To be followed"),
    )
    rows = list(every_row(partial(list_participants, session, actor, visit_id)))
    record_event(session, actor, "export", "visit", visit_id, fields=("participants",))
    return header, [
        (
            row.name,
            row.school or row.organisation,
            row.field,
            row.phone,
            wording.label(row.status, language),
            row.registered_at,
            translate(N_("yes") if row.follow_agreed else N_("no"), language),
        )
        for row in rows
    ]

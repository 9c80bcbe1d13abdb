"""The history of one challenge, from the event table: all of it from within, its public acts from outside."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from db.models import Event, Organisation, Person, Role
from portal.challenges.access import about_readers, get_challenge, is_inside, learns_readers, unsealed
from portal.permissions import Action, Actor

HISTORY_LENGTH = 100
PUBLIC_ACTS = (
    Action.PUBLISH_CHALLENGE,
    Action.CONFIRM_ADDENDUM,
    Action.DECIDE_EXTENSION,
    Action.SUSPEND_CHALLENGE,
    Action.RESUME_CHALLENGE,
    Action.CLOSE_CHALLENGE,
    Action.OPEN_PROPOSALS,
    Action.EVALUATE_CHALLENGE,
    Action.AWARD_CHALLENGE,
    Action.DECLARE_NO_AWARD,
    Action.START_VALIDATION,
    Action.SOLVE_CHALLENGE,
    Action.FAIL_CHALLENGE,
    Action.REWORK_CHALLENGE,
)
"""What everybody reads in the history; how it was refined stays between enterprise and district."""

MOVES_DEADLINE = frozenset({Action.PREPARE_EXTENSION, Action.DECIDE_EXTENSION, Action.RESUME_CHALLENGE})

BEFORE = "before"
"""In the fields of an act that moves a deadline: the one that was in force follows."""

_MOVES = (Action.DECIDE_EXTENSION, Action.SUSPEND_CHALLENGE, Action.RESUME_CHALLENGE)
_IS_ADDENDUM = Event.object_type == "addendum"


class HistoryRow(NamedTuple):
    """One act on the challenge, by role and organisation; the history of others names no person."""

    happened_at: datetime
    action: str
    role: Role
    organisation: str
    person: str
    from_status: str
    to_status: str
    reason: str
    closes_at: datetime | None  # the deadline that was asked for or set by this act
    is_refused: bool


class Move(NamedTuple):
    """An extension, a suspension or a resumption; acts of early days do not say what the deadline was before."""

    happened_at: datetime
    action: Action
    before: datetime | None
    closes_at: datetime | None  # None for a suspension: nobody knows it yet


def challenge_moves(session: Session, actor: Actor, challenge_id: UUID) -> list[Move]:
    """What moved the deadline, oldest first, for everybody who may see the challenge. Raises: NotFound."""
    challenge = get_challenge(session, actor, challenge_id)
    query = (
        select(Event)
        .where(
            Event.object_id == challenge.id,
            Event.action.in_([act.value for act in _MOVES]),
            Event.to_status.is_not(None),  # a refused extension moved nothing
        )
        .order_by(Event.seq)
        .limit(HISTORY_LENGTH)
    )
    return [
        Move(row.happened_at, Action(row.action), _moment_after(row, BEFORE), _deadline_in(row))
        for row in session.scalars(query)
    ]


def challenge_history(session: Session, actor: Actor, challenge_id: UUID) -> list[HistoryRow]:
    """Newest first. Sealed acts appear only when `unsealed`, those on readers to whoever `learns_readers` alone.

    Raises: NotFound.
    """
    challenge = get_challenge(session, actor, challenge_id)
    inside = is_inside(actor, challenge)
    query = (
        select(Event, Person.name, Organisation.name)
        .outerjoin(Person, Person.id == Event.person_id)
        .outerjoin(Organisation, Organisation.id == Event.organisation_id)
        .where(or_(Event.object_id == challenge_id, and_(Event.parent_id == challenge_id, _IS_ADDENDUM)), unsealed())
        .order_by(Event.seq.desc())
        .limit(HISTORY_LENGTH)
    )
    if not learns_readers(actor, challenge):
        query = query.where(~about_readers())
    if not inside:
        query = query.where(Event.action.in_([act.value for act in PUBLIC_ACTS]))
    rows = [_history_row(*row, inside=inside) for row in session.execute(query)]
    return list(_without_repeats(rows))


def _history_row(event: Event, person: str | None, organisation: str | None, *, inside: bool) -> HistoryRow:
    return HistoryRow(
        event.happened_at,
        event.action,
        Role(event.role),
        organisation or "",
        (person or "") if inside else "",
        event.from_status or "",
        event.to_status or "",
        event.reason,
        _deadline_in(event),
        event.fields == ["refused"],
    )


def _deadline_in(event: Event) -> datetime | None:
    if event.action in MOVES_DEADLINE and event.fields[:1] == ["closes_at"]:
        return datetime.fromisoformat(event.fields[1])
    return None


def _moment_after(event: Event, name: str) -> datetime | None:
    """The moment that follows this word in the act's fields."""
    pairs = dict(zip(event.fields, event.fields[1:], strict=False))
    return datetime.fromisoformat(pairs[name]) if name in pairs else None


def _without_repeats(rows: Iterable[HistoryRow]) -> Iterable[HistoryRow]:
    """Of somebody's edits in a row the last one stands for all: sections are saved as they are left."""
    before: tuple[Any, ...] | None = None
    for row in rows:
        this = (row.action, row.person, row.organisation)
        if row.action != Action.EDIT_CHALLENGE.value or this != before:
            yield row
        before = this

"""Reads on those who take part: the list for the organisers, groups for their institute, counts for everybody else."""

from collections import Counter
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    Organisation,
    ParticipantStatus,
    VisitContact,
    VisitFeedback,
    VisitOutcome,
    VisitParticipant,
    VisitStatus,
)
from portal.errors import NotFound
from portal.paging import COUNT_LIMIT, first_row
from portal.permissions import Action, Actor, can
from portal.visits.access import get_visit, sees_people, sees_phones
from portal.visits.attendance import FROM_CONTACT
from portal.visits.rules import FEEDBACK_FROM, TAKES_A_PLACE, masked, shown_count, sides
from portal.visits.workflow import OUTCOMES

_P, _S = VisitParticipant, ParticipantStatus


class ParticipantRow(NamedTuple):
    """One who takes part; name, school and field are empty once the personal data are gone."""

    id: UUID
    name: str
    school: str
    field: str
    phone: str
    organisation: str
    status: ParticipantStatus
    in_a_group: bool
    ticket: str
    follow_agreed: bool
    is_purged: bool
    registered_at: datetime


class ParticipantPage(NamedTuple):
    rows: list[ParticipantRow]
    total: int  # stops at 1,001


class OutcomeCount(NamedTuple):
    """How many came at least that far; None where the count is too small for this reader."""

    step: ParticipantStatus
    people: int | None


class Known(NamedTuple):
    """A step or a contact of somebody: `what` is the step, or the organisation or person met."""

    participant: str
    step: ParticipantStatus | None
    what: str
    note: str
    happened_on: date


class Summary(NamedTuple):
    """Feedback of a visit: all empty below five answers."""

    answers: int | None
    mean: float | None
    by_score: dict[int, int]
    words: list[str]


class OwnAnswer(NamedTuple):
    """What I answered."""

    score: int
    words: str


def list_participants(
    session: Session, actor: Actor, visit_id: UUID, *, offset: int = 0, limit: int = 20
) -> ParticipantPage:
    """Everybody who registered, those with a place first, in the order of registration; phones masked for all but
    the organiser.

    Raises: NotFound for whoever may not read the names.
    """
    visit = get_visit(session, actor, visit_id)
    if not sees_people(actor, visit):
        raise NotFound
    return _page(session, visit.id, sees_phones(session, actor, visit), offset, limit)


def list_own_group(
    session: Session, actor: Actor, visit_id: UUID, *, offset: int = 0, limit: int = 100
) -> ParticipantPage:
    """Those whom this admin's institute registered in a group, with their tickets. Empty for anybody else.

    Raises: NotFound.
    """
    visit = get_visit(session, actor, visit_id)
    if not can(actor, Action.REGISTER_GROUP) or actor.organisation_id is None:
        return ParticipantPage([], 0)
    return _page(session, visit.id, True, offset, limit, group_of=actor.organisation_id)


def outcome_counts(session: Session, actor: Actor, visit_id: UUID) -> list[OutcomeCount]:
    """Registered, took part, and every later step, each with all who came further. Raises: NotFound."""
    visit = get_visit(session, actor, visit_id)
    query = select(_P.status, func.count().label("number")).where(_P.visit_id == visit.id).group_by(_P.status)
    counts: Counter[ParticipantStatus] = Counter({row.status: row.number for row in session.execute(query)})
    knows = sees_people(actor, visit)
    ladder = (_S.ATTENDED, *OUTCOMES)
    sums = [(_S.REGISTERED, sum(counts[status] for status in TAKES_A_PLACE))]
    sums += [(step, sum(counts[later] for later in ladder[ladder.index(step) :])) for step in ladder]
    return [OutcomeCount(step, shown_count(number, sees_people=knows)) for step, number in sums]


def what_became(session: Session, actor: Actor, visit_id: UUID, *, limit: int = 200) -> list[Known]:
    """Steps and contacts, the latest first, for those who read the names; empty for others. Raises: NotFound."""
    visit = get_visit(session, actor, visit_id)
    if not sees_people(actor, visit):
        return []
    steps = (
        select(_P.name, VisitOutcome)
        .join(_P, _P.id == VisitOutcome.participant_id)
        # The step that came with a contact says nothing beside the contact itself.
        .where(_P.visit_id == visit.id, VisitOutcome.source != FROM_CONTACT)
        .limit(limit)
    )
    contacts = (
        select(_P.name, VisitContact, Organisation.name)
        .join(_P, _P.id == VisitContact.participant_id)
        .outerjoin(Organisation, Organisation.id == VisitContact.organisation_id)
        .where(VisitContact.visit_id == visit.id)
        .limit(limit)
    )
    found = [Known(name, row.step, "", row.source, row.happened_on) for name, row in session.execute(steps)]
    found += [
        Known(name, None, " · ".join(part for part in (met, row.person_name) if part), row.note, row.happened_on)
        for name, row, met in session.execute(contacts)
    ]
    return sorted(found, key=lambda row: row.happened_on, reverse=True)[:limit]


def feedback_summary(session: Session, actor: Actor, visit_id: UUID) -> Summary:
    """What those who came thought, from five answers on; below that nobody reads any, so that none can be guessed.

    The words are for the organisers; others read the figures. Raises: NotFound.
    """
    visit = get_visit(session, actor, visit_id)
    rows = session.execute(
        select(VisitFeedback.score, VisitFeedback.words).where(VisitFeedback.visit_id == visit.id)
    ).all()
    if len(rows) < FEEDBACK_FROM:
        return Summary(None, None, {}, [])
    scores = Counter(row.score for row in rows)
    mean = sum(row.score for row in rows) / len(rows)
    # In no order of time or score: neither tells who wrote it.
    words = sorted(row.words for row in rows if row.words) if sees_people(actor, visit) else []
    return Summary(len(rows), mean, {score: scores[score] for score in range(5, 0, -1)}, words)


def own_answer(session: Session, actor: Actor, visit_id: UUID) -> OwnAnswer | None:
    """My feedback, if I gave any. Raises: NotFound."""
    visit = get_visit(session, actor, visit_id)
    if actor.person_id is None:
        return None
    row = session.execute(
        select(VisitFeedback.score, VisitFeedback.words)
        .join(_P, _P.id == VisitFeedback.participant_id)
        .where(_P.visit_id == visit.id, _P.person_id == actor.person_id)
    ).first()
    return OwnAnswer(row.score, row.words) if row else None


def may_record(session: Session, actor: Actor, visit_id: UUID) -> bool:
    """Whether this reader records who came, whom they met and what became of them. Raises: NotFound."""
    visit = get_visit(session, actor, visit_id)
    is_announced = visit.status not in (VisitStatus.PLANNED, VisitStatus.CANCELLED)
    return is_announced and can(actor, Action.TICK_OFF, sides(actor, visit))


def _page(
    session: Session, visit_id: UUID, whole_phones: bool, offset: int, limit: int, group_of: UUID | None = None
) -> ParticipantPage:
    query = (
        select(_P, Organisation.name)
        .outerjoin(Organisation, Organisation.id == _P.organisation_id)
        .where(_P.visit_id == visit_id)
    )
    if group_of is not None:
        query = query.where(_P.organisation_id == group_of, _P.person_id.is_(None), _P.purged_at.is_(None))
    ids = query.with_only_columns(_P.id).limit(COUNT_LIMIT + 1)
    total = session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    limit = min(max(limit, 1), 100)
    waits = _P.status.in_((_S.WAITLISTED, _S.CANCELLED))
    order = (waits, _P.status == _S.CANCELLED, _P.registered_at, _P.position, _P.id)
    page = query.order_by(*order).offset(first_row(offset, limit, total)).limit(limit)
    return ParticipantPage([_row(row, name, whole_phones) for row, name in session.execute(page)], total)


def _row(row: VisitParticipant, organisation: str | None, whole_phones: bool) -> ParticipantRow:
    return ParticipantRow(
        id=row.id,
        name=row.name,
        school=row.school,
        field=row.field,
        phone=row.phone if whole_phones else masked(row.phone),
        organisation=organisation or "",
        status=row.status,
        in_a_group=row.person_id is None and row.purged_at is None,
        ticket=row.ticket or "",
        follow_agreed=row.follow_agreed,
        is_purged=row.purged_at is not None,
        registered_at=row.registered_at,
    )

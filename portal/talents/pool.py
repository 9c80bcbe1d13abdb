"""The selection pool (后备人才): who is taken in and why, the plan, notes on growth, and who leaves."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Person, Talent, TalentClass, TalentField, TalentNote, TalentPool
from portal import clock
from portal.errors import N_, Forbidden, Invalid
from portal.events import record_event
from portal.paging import COUNT_LIMIT, first_row
from portal.permissions import Action, Actor, authorize, can
from portal.talents.access import get_talent, require_another, require_opened, sides_of
from portal.talents.rules import masked, refuse_identity_number, require_day
from portal.texts import needed, paragraphs


class PoolRow(NamedTuple):
    """Somebody in the pool now; the name is masked until the record is opened for a purpose."""

    id: UUID
    number: str
    name: str
    talent_class: TalentClass | None
    field: TalentField
    selected_on: date
    selected_by: str
    notes: int
    last_note_on: date | None


class PoolPage(NamedTuple):
    rows: list[PoolRow]
    total: int  # stops at 1,001


class NoteRow(NamedTuple):
    noted_on: date
    words: str
    entered_by: str


class PoolStay(NamedTuple):
    """One stay in the pool, with its notes, newest first."""

    selected_on: date
    selected_by: str
    reason: str
    plan: str
    left_on: date | None
    left_reason: str
    notes: list[NoteRow]


def select_for_pool(
    session: Session, actor: Actor, *, talent_id: UUID, selected_on: date, reason: str, plan: str = ""
) -> UUID:
    """Take somebody into the pool, with the reason and the plan; whoever is in it already stays as they are.

    Raises: NotFound, Forbidden, Invalid.
    """
    talent = _locked(session, actor, talent_id, Action.SELECT_FOR_POOL)
    if (present := _present(session, talent)) is not None:
        return present.id
    require_day(selected_on, clock.today(), field="selected_on")
    why = _words(reason, 600, "reason")
    needed(why, N_("Please say why this person is taken into the pool."), field="reason")
    stay = TalentPool(
        talent_id=talent.id,
        selected_on=selected_on,
        selected_by=actor.acting_person,
        reason=why,
        plan=_words(plan, 2000, "plan"),
    )
    session.add(stay)
    _changed(session, actor, talent, Action.SELECT_FOR_POOL)
    return stay.id


def note_growth(session: Session, actor: Actor, *, talent_id: UUID, noted_on: date, words: str) -> UUID:
    """Note how somebody in the pool grows. Raises: NotFound, Forbidden, Invalid."""
    talent = _locked(session, actor, talent_id, Action.NOTE_GROWTH)
    stay = _require_present(session, talent)
    require_day(noted_on, clock.today(), field="noted_on")
    if noted_on < stay.selected_on:
        raise Invalid(N_("This day lies before the selection."), field="noted_on")
    said = _words(words, 2000, "words")
    needed(said, N_("Please write the note."), field="words")
    note = TalentNote(
        pool_id=stay.id, noted_on=noted_on, words=said, entered_by=actor.acting_person, entered_at=clock.now()
    )
    session.add(note)
    _changed(session, actor, talent, Action.NOTE_GROWTH)
    return note.id


def leave_pool(session: Session, actor: Actor, *, talent_id: UUID, left_on: date, reason: str) -> None:
    """Somebody leaves the pool, for a reason. Raises: NotFound, Forbidden, Invalid."""
    talent = _locked(session, actor, talent_id, Action.LEAVE_POOL)
    stay = _require_present(session, talent)
    require_day(left_on, clock.today(), field="left_on")
    if left_on < stay.selected_on:
        raise Invalid(N_("This day lies before the selection."), field="left_on")
    why = _words(reason, 600, "reason")
    stay.left_reason = needed(why, N_("Please say why this person leaves the pool."), field="reason")
    stay.left_on = left_on
    _changed(session, actor, talent, Action.LEAVE_POOL)


def list_pool(session: Session, actor: Actor, *, offset: int = 0, limit: int = 20) -> PoolPage:
    """Whoever is in the pool now, the latest selected first. Raises: Forbidden."""
    if not can(actor, Action.OPEN_TALENT):
        raise Forbidden
    now = select(TalentPool.id).where(TalentPool.left_on.is_(None))
    total = session.scalar(select(func.count()).select_from(now.limit(COUNT_LIMIT + 1).subquery())) or 0
    limit = min(max(limit, 1), 100)
    order = (TalentPool.selected_on.desc(), TalentPool.id.desc())
    page = now.order_by(*order).offset(first_row(offset, limit, total)).limit(limit)
    notes = (
        select(TalentNote.pool_id, func.count().label("count"), func.max(TalentNote.noted_on).label("last"))
        .where(TalentNote.pool_id.in_(page))
        .group_by(TalentNote.pool_id)
        .subquery()
    )
    query = (
        select(TalentPool, Talent, Person.name, func.coalesce(notes.c.count, 0), notes.c.last)
        .join(Talent, Talent.id == TalentPool.talent_id)
        .join(Person, Person.id == TalentPool.selected_by)
        .outerjoin(notes, notes.c.pool_id == TalentPool.id)
        .where(TalentPool.id.in_(page))
        .order_by(*order)
    )
    return PoolPage(
        [
            PoolRow(
                talent.id,
                talent.number,
                masked(talent.name),
                talent.talent_class,
                talent.field,
                stay.selected_on,
                by,
                count,
                last,
            )
            for stay, talent, by, count, last in session.execute(query)
        ],
        total,
    )


def stays_of(session: Session, talent_id: UUID) -> list[PoolStay]:
    """Newest first; the caller has made sure that the reader may see them."""
    stays = session.execute(
        select(TalentPool, Person.name)
        .join(Person, Person.id == TalentPool.selected_by)
        .where(TalentPool.talent_id == talent_id)
        .order_by(TalentPool.selected_on.desc(), TalentPool.id)
    ).all()
    notes: dict[UUID, list[NoteRow]] = {}
    if stays:
        query = (
            select(TalentNote, Person.name)
            .join(Person, Person.id == TalentNote.entered_by)
            .where(TalentNote.pool_id.in_([stay.id for stay, _by in stays]))
            .order_by(TalentNote.noted_on.desc(), TalentNote.entered_at.desc(), TalentNote.id)
        )
        for note, by in session.execute(query):
            notes.setdefault(note.pool_id, []).append(NoteRow(note.noted_on, note.words, by))
    return [
        PoolStay(stay.selected_on, by, stay.reason, stay.plan, stay.left_on, stay.left_reason, notes.get(stay.id, []))
        for stay, by in stays
    ]


def _words(text: str, limit: int, field: str) -> str:
    return refuse_identity_number(paragraphs(text, limit, field=field), field=field)


def _present(session: Session, talent: Talent) -> TalentPool | None:
    query = select(TalentPool).where(TalentPool.talent_id == talent.id, TalentPool.left_on.is_(None))
    return session.scalars(query).one_or_none()


def _require_present(session: Session, talent: Talent) -> TalentPool:
    stay = _present(session, talent)
    if stay is None:
        raise Invalid(N_("This person is not in the selection pool."), field="pool")
    return stay


def _locked(session: Session, actor: Actor, talent_id: UUID, action: Action) -> Talent:
    talent = get_talent(session, actor, talent_id, lock=True)
    authorize(actor, action, sides_of(session, actor, talent))
    require_another(actor, talent)
    require_opened(session, actor, talent)
    return talent


def _changed(session: Session, actor: Actor, talent: Talent, action: Action) -> None:
    talent.changed_at = clock.now()
    session.flush()
    record_event(session, actor, action, "talent", talent.id, fields=("pool",))

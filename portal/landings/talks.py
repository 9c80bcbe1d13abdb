"""The support talk (谈心谈话) after a loss: due within five workdays, held, closed; its notes are for who took part."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.models import Event, Landing, Membership, MembershipStatus, Person, Role, SupportTalk, TalkPerson, TalkStatus
from portal import clock
from portal.challenges.workdays import add_workdays
from portal.errors import N_, Invalid, NotFound, NotPossibleNow
from portal.events import record_event
from portal.landings.access import get_landing
from portal.landings.notices import tell_of_talk
from portal.landings.rules import require_past, talk_sides
from portal.landings.workflow import TALK_WORKFLOW
from portal.permissions import Action, Actor, authorize
from portal.texts import needed, paragraphs
from portal.workflow import advance, require_version

TALK_WORKDAYS = 5


class TalkView(NamedTuple):
    """The talk as far as this reader may know it; names, notes and what comes of it are for those who took part."""

    id: UUID
    status: TalkStatus
    due_at: datetime
    is_provisional: bool  # counted over days whose holidays are not published yet
    held_on: date | None
    takes_part: bool
    people: list[str]
    notes: str
    follow_up: str
    invited: list[tuple[UUID, str]]  # whom whoever holds it can name, with those who carried the project first
    actions: tuple[Action, ...]
    version: int


def open_talk(session: Session, actor: Actor, landing: Landing) -> None:
    """A project was lost: a talk is due, and the operators' lead is told. Whoever carried the project takes part."""
    now = clock.now()
    due_at = add_workdays(now, TALK_WORKDAYS).at
    talk = SupportTalk(landing_id=landing.id, status=TalkStatus.DUE, due_at=due_at, created_at=now)
    session.add(talk)
    session.flush()
    carried = _carried_by(session, actor, landing)
    session.add_all(TalkPerson(talk_id=talk.id, person_id=person_id) for person_id in carried)
    session.flush()
    record_event(
        session,
        actor,
        Action.END_LANDING,
        "support_talk",
        talk.id,
        to_status=TalkStatus.DUE,
        fields=("due_at",),
        parent_id=landing.id,
    )
    tell_of_talk(session, landing, carried)


def hold_talk(
    session: Session,
    actor: Actor,
    *,
    talk_id: UUID,
    version: int | None,
    held_on: date,
    notes: str,
    people: Collection[UUID],
) -> None:
    """Record that the talk was held, with whom and what was said; whoever records it takes part.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow, Invalid for a day before the loss or in the future, for empty
    notes, with nobody, or with somebody who has nothing to do with the project.
    """
    talk, landing = _get(session, actor, talk_id)
    authorize(actor, Action.HOLD_TALK, talk_sides(actor, talk))
    require_version(talk, version)
    require_past(held_on, clock.today(), field="held_on")
    if held_on < landing.stage_since:
        raise Invalid(
            N_("The project was lost on {day}; the talk follows it."), field="held_on", day=landing.stage_since
        )
    words = needed(
        paragraphs(notes, 4000, field="talk_notes"), N_("Please write down what was said."), field="talk_notes"
    )
    guests = set(people) - {actor.person_id}
    if not guests:
        raise Invalid(N_("Please name those who took part."), field="talk_people")
    if guests - {person_id for person_id, _name in _invited(session, landing, talk)}:
        raise NotFound
    if talk.status is not TalkStatus.DUE:
        raise NotPossibleNow(status=talk.status)
    with session.no_autoflush:  # status, day and holder are written together, as their constraints say
        talk.held_on, talk.held_by, talk.notes = held_on, actor.acting_person, words
        advance(session, actor, TALK_WORKFLOW, talk, Action.HOLD_TALK, fields=("held_on", "notes", "people"))
    known = set(session.scalars(select(TalkPerson.person_id).where(TalkPerson.talk_id == talk.id)))
    took_part = {*guests, actor.acting_person}
    for row in session.scalars(select(TalkPerson).where(TalkPerson.talk_id == talk.id)):
        if row.person_id not in took_part:
            session.delete(row)
    session.add_all(TalkPerson(talk_id=talk.id, person_id=person_id) for person_id in took_part - known)
    session.flush()


def close_talk(session: Session, actor: Actor, *, talk_id: UUID, version: int | None, follow_up: str) -> None:
    """Close the talk with what comes of it: what the team gets, and who sees to it.

    Raises: NotFound, Forbidden for anybody but who held it, Stale, NotPossibleNow, Invalid without words.
    """
    talk, _landing = _get(session, actor, talk_id)
    authorize(actor, Action.CLOSE_TALK, talk_sides(actor, talk))
    require_version(talk, version)
    words = needed(
        paragraphs(follow_up, 2000, field="follow_up"), N_("Please say what comes of the talk."), field="follow_up"
    )
    if talk.status is not TalkStatus.HELD:
        raise NotPossibleNow(status=talk.status)
    with session.no_autoflush:
        talk.follow_up, talk.closed_at = words, clock.now()
        advance(session, actor, TALK_WORKFLOW, talk, Action.CLOSE_TALK, fields=("follow_up",))
    session.flush()


def talk_of(session: Session, actor: Actor, landing: Landing) -> TalkView | None:
    """The talk about a project that the reader may see the whole of; None where no project was lost."""
    talk = session.scalars(select(SupportTalk).where(SupportTalk.landing_id == landing.id)).one_or_none()
    if talk is None:
        return None
    query = select(Person.id, Person.name).join(TalkPerson, TalkPerson.person_id == Person.id)
    people = session.execute(query.where(TalkPerson.talk_id == talk.id).order_by(Person.name)).all()
    takes_part = talk.status is not TalkStatus.DUE and actor.person_id in {person_id for person_id, _name in people}
    actions = tuple(TALK_WORKFLOW.allowed(actor, talk))
    return TalkView(
        id=talk.id,
        status=talk.status,
        due_at=talk.due_at,
        is_provisional=add_workdays(talk.created_at, TALK_WORKDAYS).provisional,
        held_on=talk.held_on,
        takes_part=takes_part,
        people=[name for _id, name in people] if takes_part else [],
        notes=talk.notes if takes_part else "",
        follow_up=talk.follow_up if takes_part else "",
        invited=_invited(session, landing, talk) if Action.HOLD_TALK in actions else [],
        actions=actions,
        version=talk.version,
    )


def _get(session: Session, actor: Actor, talk_id: UUID) -> tuple[SupportTalk, Landing]:
    talk = session.get(SupportTalk, talk_id, with_for_update=True, populate_existing=True)
    if talk is None:
        raise NotFound
    return talk, get_landing(session, actor, talk.landing_id)


def _carried_by(session: Session, actor: Actor, landing: Landing) -> set[UUID]:
    """The operator who worked on the project last, counting this act."""
    if actor.role is Role.OPERATOR:
        return {actor.acting_person}
    query = (
        select(Event.person_id)
        .where(Event.object_id == landing.id, Event.role == Role.OPERATOR.value, Event.person_id.is_not(None))
        .order_by(Event.seq.desc())
        .limit(1)
    )
    return {found for found in session.scalars(query) if found is not None}


def _invited(session: Session, landing: Landing, talk: SupportTalk) -> list[tuple[UUID, str]]:
    """Who carried it, the other operators who worked on it, and the people of its parties."""
    worked = select(Event.person_id).where(Event.object_id == landing.id)
    parties = [one for one in (landing.enterprise_id, landing.institute_id) if one is not None]
    inside = select(Membership.person_id).where(
        Membership.organisation_id.in_(parties), Membership.status == MembershipStatus.ACTIVE
    )
    named = select(TalkPerson.person_id).where(TalkPerson.talk_id == talk.id)
    query = select(Person.id, Person.name, Person.id.in_(named)).where(
        or_(Person.id.in_(named), Person.id.in_(worked), Person.id.in_(inside))
    )
    rows = sorted(session.execute(query), key=lambda row: (not row[2], row[1]))
    return [(person_id, name) for person_id, name, _named in rows]

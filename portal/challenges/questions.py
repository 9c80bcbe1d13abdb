"""Questions on an open challenge: asked unnamed, answered in public."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from db.models import Challenge, ChallengeStatus, Question
from portal import clock
from portal.challenges.access import get_challenge
from portal.challenges.rules import has_closed, require_open, sides
from portal.challenges.texts import paragraphs
from portal.errors import N_, Forbidden, Invalid, NotFound, NotPossibleNow, TooMany
from portal.events import record_event
from portal.notifications.commands import notify, people_with_role
from portal.permissions import Action, Actor, Role, Side, authorize, can
from portal.workflow import require_version

QUESTION_LIMIT = 2_000
ANSWER_LIMIT = 4_000
REASON_LIMIT = 600
MOST_UNANSWERED = 10
SEES_EVERY_QUESTION = frozenset({Role.OPERATOR, Role.APPROVER, Role.AUDITOR})

_S = ChallengeStatus
_ANSWERABLE = (_S.OPEN, _S.SUSPENDED, _S.CLOSED)


class QuestionRow(NamedTuple):
    """A question without its author; `may_answer` and `may_hide` are about the reader."""

    id: UUID
    text: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    is_mine: bool
    hidden_reason: str
    may_answer: bool
    may_hide: bool
    version: int


def ask_question(session: Session, actor: Actor, *, challenge_id: UUID, text: str) -> UUID:
    """Ask the enterprise something; nobody learns who asked, and question and answer become public together.

    Raises: NotFound, Forbidden, NotPossibleNow, DeadlinePassed, Invalid, TooMany.
    """
    challenge = get_challenge(session, actor, challenge_id)
    authorize(actor, Action.ASK_QUESTION)
    if not actor.organisation_verified:
        raise Forbidden(N_("Only members of a verified organisation can ask a question."))
    if challenge.status is not _S.OPEN:
        raise NotPossibleNow(status=challenge.status)
    require_open(challenge, clock.now())
    text = _required(text, QUESTION_LIMIT, Action.ASK_QUESTION, "question")
    _refuse_flood(session, actor, challenge_id)
    question = Question(
        challenge_id=challenge.id, text=text, asked_by=actor.acting_person, asked_at=clock.now(), answer=""
    )
    session.add(question)
    session.flush()
    # Who asks may be about to propose: the act stays sealed until the opening.
    record_event(
        session,
        actor,
        Action.ASK_QUESTION,
        "question",
        question.id,
        parent_id=challenge.id,
        sealed_until_opened=challenge.id,
    )
    _tell_enterprise(session, challenge, question)
    return question.id


def answer_question(
    session: Session, actor: Actor, *, question_id: UUID, answer: str, version: int | None = None
) -> None:
    """Answer in public; whoever asked is told. An answer stays as it is: what changes the task is an addendum.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Invalid.
    """
    challenge, question = _get_question(session, actor, question_id)
    authorize(actor, Action.ANSWER_QUESTION, sides(actor, challenge))
    require_version(question, version)
    if challenge.status not in _ANSWERABLE:
        raise NotPossibleNow(status=challenge.status)
    if question.answered_at is not None:
        raise NotPossibleNow(N_("This question is answered already. Publish an addendum to add to the answer."))
    question.answer = _required(answer, ANSWER_LIMIT, Action.ANSWER_QUESTION, "answer")
    question.answered_by, question.answered_at = actor.person_id, clock.now()
    record_event(session, actor, Action.ANSWER_QUESTION, "question", question.id, parent_id=challenge.id)
    notify(
        session,
        person_ids=[question.asked_by],
        message=N_("Your question on “{title}” is answered."),
        params={"title": challenge.title},
        page="challenge",
        object_id=challenge.id,
        dedupe_key=f"answered:{question.id}",
    )


def hide_question(
    session: Session, actor: Actor, *, question_id: UUID, reason: str, version: int | None = None
) -> None:
    """Take a question off the page, e.g. because it names somebody; whoever asked reads why.

    Raises: NotFound, Forbidden, Stale, Invalid without a reason.
    """
    challenge, question = _get_question(session, actor, question_id)
    authorize(actor, Action.HIDE_QUESTION, sides(actor, challenge))
    require_version(question, version)
    reason = paragraphs(reason, REASON_LIMIT, section=Action.HIDE_QUESTION, field="reason")
    if not reason:
        raise Invalid(N_("Please give a reason; the other side will read it."), field="reason")
    if question.hidden_reason:
        return
    question.hidden_reason = reason
    record_event(session, actor, Action.HIDE_QUESTION, "question", question.id, reason=reason, parent_id=challenge.id)
    notify(
        session,
        person_ids=[question.asked_by],
        message=N_("Your question on “{title}” is no longer shown: {reason}"),
        params={"title": challenge.title, "reason": reason},
        page="challenge",
        object_id=challenge.id,
        dedupe_key=f"hidden:{question.id}",
    )


def visible_to(actor: Actor, challenge: Challenge) -> ColumnElement[bool]:
    """Answered ones for everybody; the rest for who asked, who answers and who moderates."""
    if can(actor, Action.HIDE_QUESTION, sides(actor, challenge)) or actor.role in SEES_EVERY_QUESTION:
        return true()
    shown: ColumnElement[bool] = Question.hidden_reason == ""
    if Side.ENTERPRISE not in sides(actor, challenge):
        shown = and_(shown, Question.answered_at.is_not(None))
    return shown if actor.person_id is None else or_(shown, Question.asked_by == actor.person_id)


def list_questions(session: Session, actor: Actor, challenge_id: UUID) -> list[QuestionRow]:
    """Unanswered ones first, then the newest answers; at most 200. Raises: NotFound."""
    challenge = get_challenge(session, actor, challenge_id)
    where = sides(actor, challenge)
    may_answer = can(actor, Action.ANSWER_QUESTION, where) and challenge.status in _ANSWERABLE
    may_hide = can(actor, Action.HIDE_QUESTION, where)
    query = (
        select(Question)
        .where(Question.challenge_id == challenge_id, visible_to(actor, challenge))
        .order_by(Question.answered_at.is_not(None), Question.answered_at.desc(), Question.asked_at, Question.id)
        .limit(200)
    )
    return [
        QuestionRow(
            id=row.id,
            text=row.text,
            asked_at=row.asked_at,
            answer=row.answer,
            answered_at=row.answered_at,
            is_mine=row.asked_by == actor.person_id,
            hidden_reason=row.hidden_reason,
            may_answer=may_answer and row.answered_at is None and not row.hidden_reason,
            may_hide=may_hide and not row.hidden_reason,
            version=row.version,
        )
        for row in session.scalars(query)
    ]


def may_ask(session: Session, actor: Actor, challenge_id: UUID) -> bool:
    """Whether this reader could ask now. Raises: NotFound."""
    if not can(actor, Action.ASK_QUESTION) or not actor.organisation_verified:
        return False
    challenge = get_challenge(session, actor, challenge_id)
    return challenge.status is _S.OPEN and not has_closed(challenge, clock.now())


def _get_question(session: Session, actor: Actor, question_id: UUID) -> tuple[Challenge, Question]:
    question = session.get(Question, question_id)
    if question is None:
        raise NotFound
    challenge = get_challenge(session, actor, question.challenge_id, lock=True)
    seen = select(Question.id).where(Question.id == question_id, visible_to(actor, challenge))
    if session.scalar(seen) is None:
        raise NotFound
    session.refresh(question)
    return challenge, question


def _required(text: str, limit: int, action: Action, field: str) -> str:
    clean = paragraphs(text, limit, section=action, field=field)
    if not clean:
        raise Invalid(N_("Please write something."), field=field)
    return clean


def _refuse_flood(session: Session, actor: Actor, challenge_id: UUID) -> None:
    waiting = session.scalar(
        select(func.count()).where(
            Question.challenge_id == challenge_id,
            Question.asked_by == actor.acting_person,
            Question.answered_at.is_(None),
        )
    )
    if (waiting or 0) >= MOST_UNANSWERED:
        raise TooMany(N_("You have {count} questions waiting here. Please wait for an answer."), count=waiting)


def _tell_enterprise(session: Session, challenge: Challenge, question: Question) -> None:
    people = {
        person
        for role in (Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_MEMBER)
        for person in people_with_role(session, role, challenge.organisation_id)
    }
    notify(
        session,
        person_ids=people,
        message=N_("Somebody asked a question on “{title}”. Your answer will be public."),
        params={"title": challenge.title},
        page="challenge",
        object_id=challenge.id,
        dedupe_key=f"asked:{question.id}",
    )

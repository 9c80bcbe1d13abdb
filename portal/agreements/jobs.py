"""What the clock does to agreements: first day, review, last day; and it reminds the owners of late commitments."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from db.models import Agreement, AgreementStatus, Commitment, Organisation
from portal import clock
from portal.agreements.access import get_agreement
from portal.agreements.notices import tell_ended, tell_late, tell_review
from portal.agreements.rules import commitment_sides
from portal.agreements.workflow import AGREEMENT_WORKFLOW, KEPT_TO, OPEN
from portal.events import record_event
from portal.house_rules import house_rules
from portal.permissions import CLOCK, Action, authorize
from portal.workflow import advance

BATCH = 100
_A, _S = Agreement, AgreementStatus
_Told = Callable[[Session, Agreement], None] | None


def is_turning_due(session: Session) -> bool:
    """Asked by reading, so that the writer's lock is taken only when a day has come."""
    return bool(session.scalar(select(or_(*(exists().where(where) for _action, where, _told in _turns(session))))))


def turn_agreements(session: Session) -> int:
    """Begin, call for review and expire what is due, in this order; returns how many steps were taken."""
    moved = 0
    for action, where, told in _turns(session):
        for agreement_id in session.scalars(_first(where)).all():
            agreement = get_agreement(session, CLOCK, agreement_id, lock=True)
            advance(session, CLOCK, AGREEMENT_WORKFLOW, agreement, action)
            agreement.changed_at = clock.now()
            session.flush()
            if told is not None:
                told(session, agreement)
            moved += 1
    return moved


def _turns(session: Session) -> Iterator[tuple[Action, ColumnElement[bool], _Told]]:
    """Each step of the clock: which act, on which agreements, and who is told."""
    today = clock.today()
    review = today + timedelta(days=house_rules(session).review_notice_days)
    yield Action.START_AGREEMENT, and_(_A.status == _S.SIGNED, _A.starts_on <= today), None
    yield Action.CALL_REVIEW, and_(_A.status == _S.EFFECTIVE, _A.ends_on <= review), tell_review
    yield Action.EXPIRE_AGREEMENT, and_(_A.status == _S.REVIEW_DUE, _A.ends_on < today), tell_ended


def _first(where: ColumnElement[bool]) -> Select[UUID]:
    return select(_A.id).where(where).order_by(_A.ends_on, _A.id).limit(BATCH)


def is_reminder_due(session: Session) -> bool:
    """Whether an owner has to be reminded of a commitment."""
    return session.scalar(_late(clock.today()).limit(1)) is not None


def remind_owners(session: Session) -> int:
    """Tell the owner of each commitment that is late, once; returns how many."""
    ids = session.scalars(_late(clock.today()).order_by(Commitment.due_on, Commitment.id).limit(BATCH)).all()
    for commitment_id in ids:
        commitment = session.get_one(Commitment, commitment_id, with_for_update=True)
        authorize(CLOCK, Action.REMIND_OWNER, commitment_sides(CLOCK, commitment))
        agreement = get_agreement(session, CLOCK, commitment.agreement_id)
        commitment.is_reminded = True
        session.flush()
        record_event(
            session,
            CLOCK,
            Action.REMIND_OWNER,
            "commitment",
            commitment.id,
            fields=("overdue",),
            parent_id=commitment.agreement_id,
        )
        kind = session.scalar(select(Organisation.kind).where(Organisation.id == commitment.owner_id))
        if kind is not None:
            tell_late(session, agreement, commitment, kind)
    return len(ids)


def _late(today: date) -> Select[UUID]:
    return (
        select(Commitment.id)
        .join(_A, _A.id == Commitment.agreement_id)
        .where(
            ~Commitment.is_reminded,
            Commitment.status.in_(OPEN),
            Commitment.due_on < today,
            _A.status.in_(KEPT_TO),
        )
    )

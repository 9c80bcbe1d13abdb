"""What waits for those who sign agreements, decide on their renewal, and keep what was promised in them."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from db.models import (
    Agreement,
    AgreementParty,
    AgreementStatus,
    Commitment,
    PartySide,
)
from portal import clock
from portal.agreements.access import full_to
from portal.agreements.commitment_queries import in_state, readable_to
from portal.errors import N_
from portal.metrics.waiting.kinds import PER_KIND, Waiting
from portal.permissions import Actor, Role

_A, _P, _S = Agreement, AgreementParty, AgreementStatus
_OFFICE = (PartySide.DISTRICT, PartySide.OFFICE, PartySide.AGENCY)


def to_sign(session: Session, actor: Actor) -> list[Waiting]:
    """Drafts that this hat's party has not signed; nobody signs for the district what they wrote."""
    mine: tuple[ColumnElement[bool], ...]
    if actor.role is Role.APPROVER:
        mine = (_P.side == PartySide.DISTRICT, _A.prepared_by != actor.person_id)
    else:
        mine = (_P.organisation_id == actor.organisation_id,)
    query = (
        select(_A.id, _A.title, _A.changed_at)
        .join(_P, _P.agreement_id == _A.id)
        .where(_A.status == _S.NEGOTIATING, _P.signed_at.is_(None), full_to(actor), *mine)
        .order_by(_A.changed_at, _A.id)
        .limit(PER_KIND)
    )
    message = N_("Read and sign the agreement")
    return [Waiting(message, row.title, "agreement", row.id, row.changed_at) for row in session.execute(query)]


def renewals(session: Session, _actor: Actor) -> list[Waiting]:
    """In their last weeks, and no successor is drafted."""
    later = aliased(Agreement)
    drafted = exists().where(later.renews_id == _A.id, later.status != _S.TERMINATED)
    query = (
        select(_A.id, _A.title, _A.changed_at, _A.ends_on)
        .where(_A.status == _S.REVIEW_DUE, ~drafted)
        .order_by(_A.ends_on, _A.id)
        .limit(PER_KIND)
    )
    message = N_("Decide on the renewal of the agreement")
    return [
        Waiting(message, row.title, "agreement", row.id, row.changed_at, _end_of(row.ends_on))
        for row in session.execute(query)
    ]


def late_commitments(session: Session, actor: Actor) -> list[Waiting]:
    """Overdue promises of the own house, since the day they are late; an operator sees those of the district."""
    mine: ColumnElement[bool]
    if actor.role is Role.OPERATOR:
        mine = exists().where(
            _P.agreement_id == Commitment.agreement_id, _P.organisation_id == Commitment.owner_id, _P.side.in_(_OFFICE)
        )
    else:
        mine = Commitment.owner_id == actor.organisation_id
    query = (
        select(Commitment.agreement_id, Commitment.text, Commitment.due_on)
        .where(mine, readable_to(actor), *in_state("late", clock.today()))
        .order_by(Commitment.due_on, Commitment.id)
        .limit(PER_KIND)
    )
    message = N_("Report on an overdue commitment")
    return [
        Waiting(message, row.text, "agreement", row.agreement_id, _end_of(row.due_on)) for row in session.execute(query)
    ]


def _end_of(day: date) -> datetime:
    return clock.from_local(day.year, day.month, day.day, 24)

"""Whose turn it is in an evaluation, for many challenges at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    Challenge,
    ChallengeStatus,
    Decision,
    DecisionKind,
    DecisionStatus,
    Event,
    OpeningKey,
    Proposal,
    ProposalStatus,
    Ranking,
    Terms,
)
from portal import clock
from portal.errors import N_
from portal.house_rules import house_rules
from portal.permissions import Action, Role
from portal.reviews.rules import DISTRICT, ENTERPRISE, counts
from portal.reviews.workflow import RANKED

_S = ChallengeStatus
_ADMIN, _OPERATOR, _APPROVER, _LEAD = Role.ENTERPRISE_ADMIN, Role.OPERATOR, Role.APPROVER, Role.RESEARCHER


class Turn(NamedTuple):
    """What happens next, as a message id, and the roles that can do it."""

    message: str
    roles: frozenset[Role] = frozenset()


@dataclass
class Facts:
    """What decides whose turn it is."""

    status: ChallengeStatus
    is_opened: bool
    keys: set[str] = field(default_factory=set)
    statuses: list[ProposalStatus] = field(default_factory=list)
    ranked_by: str | None = None
    is_agreed: bool = False
    terms: Terms | None = None
    is_prepared: bool = False
    contract_recorded: bool = False


def turn_of(facts: Facts) -> Turn:
    """The next act of an evaluation."""
    steps = {_S.CLOSED: _closed, _S.EVALUATING: _evaluating, _S.NEGOTIATING: _negotiating, _S.AWARDED: _awarded}
    step = steps.get(facts.status)
    return Turn(N_("Nothing waits here.")) if step is None else step(facts)


def _closed(facts: Facts) -> Turn:
    if not facts.is_opened:
        if facts.keys == {ENTERPRISE}:
            return Turn(N_("The operator turns the second key."), frozenset({_OPERATOR}))
        if facts.keys == {DISTRICT}:
            return Turn(N_("An admin of the enterprise turns the second key."), frozenset({_ADMIN}))
        return Turn(N_("Enterprise and operator open the proposals together."), frozenset({_ADMIN, _OPERATOR}))
    if ProposalStatus.SUBMITTED in facts.statuses:
        return Turn(N_("The operator checks which proposals are eligible."), frozenset({_OPERATOR}))
    if ProposalStatus.ELIGIBLE in facts.statuses:
        return Turn(N_("The operator starts the evaluation."), frozenset({_OPERATOR}))
    return Turn(N_("No proposal is eligible; an approver declares no award."), frozenset({_APPROVER}))


def _evaluating(facts: Facts) -> Turn:
    if not any(status in RANKED for status in facts.statuses):
        return Turn(N_("No proposal is left; an approver declares no award."), frozenset({_APPROVER}))
    if facts.ranked_by is None:
        return Turn(N_("Operator or enterprise records the ranking."), frozenset({_ADMIN, _OPERATOR}))
    if facts.is_agreed:
        return Turn(N_("The operator locks the ranking and starts the negotiation."), frozenset({_OPERATOR}))
    if facts.ranked_by == ENTERPRISE:
        return Turn(N_("The operator agrees to the ranking."), frozenset({_OPERATOR}))
    return Turn(N_("The enterprise agrees to the ranking."), frozenset({_ADMIN}))


def _negotiating(facts: Facts) -> Turn:
    if ProposalStatus.SHORTLISTED not in facts.statuses:
        return Turn(N_("The proposer walked away; the operator records it."), frozenset({_OPERATOR}))
    terms = facts.terms
    if terms is None:
        return Turn(N_("Operator or enterprise writes the terms."), frozenset({_ADMIN, _OPERATOR}))
    if terms.enterprise_accepted_at is None and terms.investigator_accepted_at is None:
        return Turn(N_("Enterprise and investigator read and accept the terms."), frozenset({_ADMIN, _LEAD}))
    if terms.enterprise_accepted_at is None:
        return Turn(N_("The enterprise accepts the terms."), frozenset({_ADMIN}))
    if terms.investigator_accepted_at is None:
        return Turn(N_("The investigator accepts the terms."), frozenset({_LEAD}))
    if facts.is_prepared:
        return Turn(N_("An approver decides on the award."), frozenset({_APPROVER}))
    return Turn(N_("The operator prepares the award."), frozenset({_OPERATOR}))


def _awarded(facts: Facts) -> Turn:
    if ProposalStatus.AWARDED not in facts.statuses:
        return Turn(N_("The contract is signed; the line validation follows."))
    if facts.contract_recorded:
        return Turn(N_("The investigator confirms the signed contract."), frozenset({_LEAD}))
    return Turn(N_("The enterprise records the signed contract."), frozenset({_ADMIN}))


def turns_of(session: Session, challenges: Sequence[Challenge]) -> dict[UUID, Turn]:
    """The next act of each challenge, in a fixed number of questions to the database."""
    return {id_: turn_of(facts) for id_, facts in facts_of(session, challenges).items()}


def facts_of(session: Session, challenges: Sequence[Challenge]) -> dict[UUID, Facts]:
    """Nothing about proposals is read of a challenge that is not opened."""
    found = {row.id: Facts(row.status, row.opened_at is not None) for row in challenges}
    opened = [row.id for row in challenges if row.opened_at is not None]
    _add_keys(session, found)
    if opened:
        _add_proposals(session, found, opened)
        _add_ranking(session, found, opened)
        _add_negotiation(session, found, opened)
    return found


def _add_keys(session: Session, found: dict[UUID, Facts]) -> None:
    now, window = clock.now(), house_rules(session).opening_window_minutes
    for key in session.scalars(select(OpeningKey).where(OpeningKey.challenge_id.in_(found))):
        if counts(key.turned_at, now, window):
            found[key.challenge_id].keys.add(key.side)


def _add_proposals(session: Session, found: dict[UUID, Facts], opened: Collection[UUID]) -> None:
    query = select(Proposal.challenge_id, Proposal.status).where(Proposal.challenge_id.in_(opened))
    for challenge_id, status in session.execute(query):
        found[challenge_id].statuses.append(status)
    signed = (
        select(Event.parent_id)
        .where(Event.parent_id.in_(opened), Event.action == Action.SIGN_CONTRACT.value)
        .distinct()
    )
    for signed_id in session.scalars(signed):
        if signed_id is not None:
            found[signed_id].contract_recorded = True


def _add_ranking(session: Session, found: dict[UUID, Facts], opened: Collection[UUID]) -> None:
    agreed: dict[UUID, bool] = {}
    for row in session.scalars(select(Ranking).where(Ranking.challenge_id.in_(opened))):
        agreed[row.challenge_id] = agreed.get(row.challenge_id, True) and row.agreed_at is not None
    query = (
        select(Event.object_id, Event.role)
        .where(Event.object_id.in_(agreed), Event.action == Action.RECORD_RANKING.value)
        .order_by(Event.seq)
    )
    for challenge_id, role in session.execute(query):
        facts = found[challenge_id]
        facts.ranked_by = ENTERPRISE if role == Role.ENTERPRISE_ADMIN.value else DISTRICT
        facts.is_agreed = agreed[challenge_id]


def _add_negotiation(session: Session, found: dict[UUID, Facts], opened: Collection[UUID]) -> None:
    live = (ProposalStatus.SHORTLISTED, ProposalStatus.AWARDED, ProposalStatus.CONTRACTED)
    newest = (
        select(Terms)
        .join(Proposal, Proposal.id == Terms.proposal_id)
        .where(Terms.challenge_id.in_(opened), Proposal.status.in_(live))
        .order_by(Terms.number)
    )
    for terms in session.scalars(newest):
        found[terms.challenge_id].terms = terms
    prepared = select(Decision.object_id).where(
        Decision.object_id.in_(opened),
        Decision.kind == DecisionKind.AWARD,
        Decision.status == DecisionStatus.PREPARED,
    )
    for challenge_id in session.scalars(prepared):
        found[challenge_id].is_prepared = True

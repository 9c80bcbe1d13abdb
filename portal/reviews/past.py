"""Negotiations that ended without an award: with whom, on what terms, who walked away and why."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Event, Person, Proposal, ProposalStatus
from portal.permissions import Action, Actor
from portal.reviews.access import get_evaluation, opened_proposals
from portal.reviews.queries import TermsRow, terms_row
from portal.reviews.rules import Party
from portal.reviews.sealing import open_words
from portal.reviews.terms import latest_terms


class PastNegotiation(NamedTuple):
    """One that ended; `proposer_reason` is what the investigator wrote, `reason` what the operator recorded."""

    institute: str
    lead: str
    walked_away: Party
    proposer_reason: str
    reason: str
    ended_at: datetime
    terms: TermsRow | None


def past_negotiations(session: Session, actor: Actor, challenge_id: UUID) -> list[PastNegotiation]:
    """The latest first; none before the opening. Raises: NotFound."""
    challenge = get_evaluation(session, actor, challenge_id)
    if challenge.opened_at is None:
        return []
    proposals = {row.id: row for row in opened_proposals(session, challenge)}
    ended = _ended(_turning_points(session, challenge_id, proposals), proposals)
    people = select(Person.id, Person.name).where(Person.id.in_([row.lead_id for row, _event in ended]))
    names = {row.id: row.name for row in session.execute(people)} if ended else {}
    return [_row(session, proposal, event, names) for proposal, event in reversed(ended)]


def _turning_points(session: Session, challenge_id: UUID, proposals: Iterable[UUID]) -> list[Event]:
    """Who was shortlisted, who walked away, and where it fell through, in order."""
    acts = (Action.SHORTLIST_PROPOSAL.value, Action.DECLINE_AWARD.value, Action.FALL_THROUGH.value)
    query = select(Event).where(Event.object_id.in_([challenge_id, *proposals]), Event.action.in_(acts))
    return list(session.scalars(query.order_by(Event.seq)))


def _ended(events: Iterable[Event], proposals: dict[UUID, Proposal]) -> list[tuple[Proposal, Event]]:
    """Each ended negotiation with the act that ended it: the record of it, or before that the proposer's own word.

    The act that records an end names no proposal: it speaks of the one that was shortlisted last before it.
    """
    found: list[tuple[Proposal, Event]] = []
    partner: Proposal | None = None
    left: Event | None = None
    for event in events:
        if event.action == Action.SHORTLIST_PROPOSAL.value:
            partner, left = proposals.get(event.object_id), None
        elif event.action == Action.DECLINE_AWARD.value:
            # Somebody in reserve who leaves ends no negotiation.
            left = event if partner is not None and event.object_id == partner.id else left
        elif partner is not None:
            found.append((partner, event))
            partner = left = None
    if partner is not None and left is not None:
        found.append((partner, left))
    return found


def _row(session: Session, proposal: Proposal, event: Event, names: dict[UUID, str]) -> PastNegotiation:
    is_recorded = event.action == Action.FALL_THROUGH.value
    declined = proposal.status is ProposalStatus.DECLINED
    return PastNegotiation(
        institute=proposal.institute.name,
        lead=names.get(proposal.lead_id, ""),
        walked_away=Party(event.fields[0]) if is_recorded and event.fields else Party.INSTITUTE,
        proposer_reason=open_words(proposal, proposal.decision_reason, "decision") if declined else "",
        reason=event.reason if is_recorded else "",
        ended_at=event.happened_at,
        terms=terms_row(latest_terms(session, proposal.id)),
    )

"""Pure checks on proposals: who stands where, what may still be changed, whether a promise meets its limits."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from db.models import Challenge, ChallengeStatus, CoApplicantStatus, Proposal, ProposalStatus, Role
from portal.challenges.rules import has_closed
from portal.permissions import Actor, Side

TEAM_ROLES = frozenset({Role.RESEARCHER, Role.BROKER})
MOST_FILES = 20
MOST_MEMBERS = 30
MOST_CO_APPLICANTS = 10

_S = ProposalStatus
BEFORE_CLOSE = frozenset({_S.DRAFT, _S.INTERNAL_CHECK, _S.SUBMITTED, _S.WITHDRAWN})


class Sight(StrEnum):
    """How much of a proposal a reader gets."""

    TEAM = "team"  # the team: everything, drafts included
    FULL = "full"  # after the opening: what was submitted
    COVER = "cover"  # the institute's admin: title, sum and team
    PART = "part"  # an invited organisation's admin: title and its own part


UNTOLD = frozenset({ProposalStatus.ELIGIBLE, ProposalStatus.INELIGIBLE, ProposalStatus.RESERVE})
"""Statuses that the proposer's side reads as “in evaluation” until the replies go out (domain.md 3, R6 and R7)."""


def outside_status(status: ProposalStatus, *, is_answered: bool) -> ProposalStatus:
    """What a proposer is told: nobody learns of a reserve place or of ineligibility before the replies go out."""
    return ProposalStatus.IN_EVALUATION if status in UNTOLD and not is_answered else status


def sides(actor: Actor, proposal: Proposal) -> frozenset[Side]:
    """The sides of a proposal that somebody is on; needs its challenge, team and co-applicants loaded.

    Being on the team follows the employer: whoever acts for another organisation now is no longer on it.
    """
    found = set()
    if actor.person_id is not None and _works_for(actor, proposal):
        if actor.person_id == proposal.lead_id and actor.organisation_id == proposal.institute_id:
            found |= {Side.LEAD, Side.TEAM}
        if any(member.person_id == actor.person_id for member in proposal.team):
            found.add(Side.TEAM)
    if actor.organisation_id is not None:
        if actor.organisation_id == proposal.institute_id:
            found.add(Side.INSTITUTE)
        if actor.organisation_id == proposal.challenge.organisation_id:
            found.add(Side.ENTERPRISE)
        if any(other.organisation_id == actor.organisation_id for other in proposal.co_applicants):
            found.add(Side.CO_APPLICANT)
    return frozenset(found)


def sight_of(actor: Actor, proposal: Proposal) -> Sight:
    """How much this reader gets of a proposal that `visible_to` let through."""
    where = sides(actor, proposal)
    if actor.role in TEAM_ROLES and Side.TEAM in where:
        return Sight.TEAM
    if Side.INSTITUTE in where and actor.role is Role.INSTITUTE_ADMIN:
        return Sight.FULL if is_opened(proposal) else Sight.COVER
    if is_opened(proposal) and (Side.ENTERPRISE in where or actor.is_official):
        return Sight.FULL
    return Sight.PART


def is_opened(proposal: Proposal) -> bool:
    """Whether a submission counts and both keys of its challenge were turned."""
    return proposal.submission_number is not None and proposal.challenge.opened_at is not None


def is_editable(proposal: Proposal, now: datetime) -> bool:
    """Drafts can be written until the close, also while the challenge is suspended."""
    return proposal.status in BEFORE_CLOSE and takes_drafts(proposal.challenge, now)


def takes_drafts(challenge: Challenge, now: datetime) -> bool:
    """Whether proposals for this challenge can still change at all."""
    if challenge.status is ChallengeStatus.SUSPENDED:
        # The pause extends the deadline by its length.
        return challenge.closed_at is None
    return challenge.status is ChallengeStatus.OPEN and not has_closed(challenge, now)


def meets(value: Decimal, lower: Decimal | None, upper: Decimal | None) -> bool:
    """lower ≤ value ≤ upper; a value exactly on a limit is inside."""
    return (lower is None or value >= lower) and (upper is None or value <= upper)


def all_confirmed(proposal: Proposal) -> bool:
    return all(other.status is CoApplicantStatus.CONFIRMED for other in proposal.co_applicants)


def _works_for(actor: Actor, proposal: Proposal) -> bool:
    """For the institute, for a co-applicant that confirmed, or as a broker on the team."""
    if actor.role is Role.BROKER:
        return True
    confirmed = {
        other.organisation_id for other in proposal.co_applicants if other.status is CoApplicantStatus.CONFIRMED
    }
    return actor.organisation_id in {proposal.institute_id, *confirmed}

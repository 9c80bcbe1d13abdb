"""Pure checks on proposals: who stands where, what is missing, what must be cleared again."""

from db.models import Proposal
from portal.permissions import Actor, Side


def sides(actor: Actor, proposal: Proposal) -> frozenset[Side]:
    """The sides of a proposal that somebody is on; needs its challenge, team and co-applicants loaded."""
    found = set()
    if actor.person_id is not None:
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

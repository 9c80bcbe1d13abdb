"""Pure checks on validations: who stands where, and what measured values say against their limits."""

from db.models import ValidationPlan
from portal.permissions import Actor, Side


def sides(actor: Actor, plan: ValidationPlan) -> frozenset[Side]:
    """The sides of a validation that somebody is on."""
    found = set()
    if actor.organisation_id is not None:
        if actor.organisation_id == plan.enterprise_id:
            found.add(Side.ENTERPRISE)
        if actor.organisation_id == plan.institute_id:
            found.add(Side.INSTITUTE)
    if actor.person_id is not None and actor.person_id == plan.lead_id and actor.organisation_id == plan.institute_id:
        found.add(Side.LEAD)
    return frozenset(found)

"""Pure checks on landings: who stands where, and how long a stage should take."""

from db.models import Landing
from portal.permissions import Actor, Side


def sides(actor: Actor, landing: Landing) -> frozenset[Side]:
    """The sides of a landing project that somebody is on."""
    if actor.organisation_id is not None and actor.organisation_id in (landing.enterprise_id, landing.institute_id):
        return frozenset({Side.OWN})
    return frozenset()

"""Every list that can be taken along as a file: what the reader may see of it, with the filters of its page."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from portal.permissions import Actor
from portal.web.lists.agreements import agreements, commitments
from portal.web.lists.asked import Asked, Table
from portal.web.lists.landings import landings
from portal.web.lists.talents import talents
from portal.web.lists.trail import trail
from portal.web.lists.ventures import ventures
from portal.web.lists.visits import participants, visits
from portal.web.lists.work import challenges, organisations

EXPORTS: dict[str, Callable[[Session, Actor, Asked, str], Table]] = {
    "agreements": agreements,
    "commitments": commitments,
    "challenges": challenges,
    "landings": landings,
    "organisations": organisations,
    "talents": talents,
    "trail": trail,
    "visit-participants": participants,
    "ventures": ventures,
    "visits": visits,
}
"""Every list that can be taken along, in every form; each asks the same query as its page."""

RECORDED = frozenset({"talents", "visit-participants"})
"""Lists of persons: whose names were read is written down with the file, in one transaction."""

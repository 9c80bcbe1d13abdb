"""Pure checks on ventures: who stands where, how long a notice lasts, what a task may be."""

from datetime import date, datetime

from db.models import Venture, VenturePhase
from portal.errors import N_, Invalid
from portal.permissions import Actor, Role, Side

NOTICE_WORKDAYS = 5
FEWEST_EXPERTS = 3
PHASES = (VenturePhase.ATTRACT, VenturePhase.NURTURE, VenturePhase.GROW)


def sides(actor: Actor, venture: Venture) -> frozenset[Side]:
    """Scientist, the institute's and the enterprise's people, the experts asked; `venture.experts` is loaded."""
    found = set()
    if actor.person_id is None:
        return frozenset()
    at_institute = venture.institute_id == actor.organisation_id
    # After a change of employer the application stays with the institute.
    if at_institute and actor.role is Role.RESEARCHER and venture.scientist_id == actor.person_id:
        found.add(Side.SELF)
    if at_institute:
        found.add(Side.INSTITUTE)
    if actor.organisation_id == venture.enterprise_id:
        found.add(Side.ENTERPRISE)
    if any(row.person_id == actor.person_id for row in venture.experts):
        found.add(Side.ASSIGNED)
    return frozenset(found)


def is_noticed(now: datetime, begins: datetime | None, ends: datetime | None) -> bool:
    """Whether the public notice runs at this instant; its end is the first instant that is too late."""
    return begins is not None and ends is not None and begins <= now < ends


def next_phase(phase: VenturePhase | None) -> VenturePhase | None:
    """The phase that follows, None after the last one."""
    if phase is None:
        return PHASES[0]
    place = PHASES.index(phase) + 1
    return PHASES[place] if place < len(PHASES) else None


def require_past(day: date, today: date) -> None:
    """Raises: Invalid for a day that has not come yet."""
    if day > today:
        raise Invalid(N_("This day lies in the future; only what has happened can be recorded."), field="done_on")

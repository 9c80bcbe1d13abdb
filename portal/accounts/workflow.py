"""The life of a membership: proposed by one, active by another, disabled and enabled again."""

from typing import Any

from db.models import MembershipStatus, OneTimeLinkKind, Role
from portal.permissions import Action, Actor, Side
from portal.workflow import Transition, Workflow

__all__ = ["MEMBERSHIP_WORKFLOW", "MembershipStatus", "OneTimeLinkKind", "Role", "sides_of_membership"]


def sides_of_membership(actor: Actor, membership: Any) -> frozenset[Side]:
    """One's own membership, and memberships of the organisation one acts for."""
    sides = set()
    if actor.person_id is not None and membership.person_id == actor.person_id:
        sides.add(Side.SELF)
    if actor.organisation_id is not None and membership.organisation_id == actor.organisation_id:
        sides.add(Side.OWN)
    return frozenset(sides)


_ENDED = (MembershipStatus.DISABLED, MembershipStatus.REFUSED)

MEMBERSHIP_WORKFLOW = Workflow(
    "membership",
    (
        Transition(
            Action.DECIDE_OFFICIAL_ROLE,
            (MembershipStatus.PROPOSED,),
            MembershipStatus.ACTIVE,
            guards=("decided by another platform admin", "never one's own role"),
        ),
        Transition(
            Action.REFUSE_OFFICIAL_ROLE,
            (MembershipStatus.PROPOSED,),
            MembershipStatus.REFUSED,
            needs_reason=True,
            guards=("decided by another platform admin",),
        ),
        Transition(Action.PROPOSE_OFFICIAL_ROLE, _ENDED, MembershipStatus.PROPOSED, guards=("never one's own role",)),
        Transition(
            Action.DISABLE_MEMBER,
            (MembershipStatus.ACTIVE,),
            MembershipStatus.DISABLED,
            guards=("an organisation keeps at least one admin",),
        ),
        Transition(Action.INVITE_MEMBER, _ENDED, MembershipStatus.ACTIVE),
        Transition(Action.INVITE_BROKER, _ENDED, MembershipStatus.ACTIVE),
        Transition(Action.VERIFY_ORGANISATION, _ENDED, MembershipStatus.ACTIVE),
    ),
    sides_of_membership,
)

"""What a reader may do with a challenge now, and what they could do if something else were settled."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from db.models import Challenge, ChallengeStatus, OrganisationStatus
from portal import clock
from portal.challenges.rules import accepts_proposals, sides, took_part_in_refining
from portal.challenges.workflow import CHALLENGE_WORKFLOW
from portal.errors import N_
from portal.house_rules import house_rules
from portal.organisations.access import acts_for
from portal.permissions import Action, Actor, Role, Side, can


class Step(NamedTuple):
    """One act; `why_not` is a message id with its parameters when it is not possible now."""

    action: Action
    why_not: str = ""
    params: dict[str, Any] = {}


PREPARING = (
    Action.SUBMIT_CHALLENGE,
    Action.TAKE_CHALLENGE,
    Action.CHECK_CONFIDENTIALITY,
    Action.APPROVE_CHALLENGE,
    Action.PUBLISH_CHALLENGE,
    Action.RETURN_CHALLENGE,
    Action.REJECT_CHALLENGE,
)


def steps_for(session: Session, actor: Actor, challenge: Challenge) -> Iterator[Step]:
    """The acts up to the opening, in the order in which they are offered; later acts have their own panels."""
    where = sides(actor, challenge)
    allowed = set(CHALLENGE_WORKFLOW.allowed(actor, challenge))
    is_draft = challenge.status is ChallengeStatus.DRAFT
    is_refining = challenge.status is ChallengeStatus.REFINING
    if is_draft and can(actor, Action.EDIT_CHALLENGE, where):
        yield Step(Action.EDIT_CHALLENGE)
        if actor.role is Role.ENTERPRISE_MEMBER:
            yield Step(Action.SUBMIT_CHALLENGE, N_("An admin of your enterprise submits it."))
    if is_refining and challenge.confidentiality_checked_by is None:
        allowed |= {Action.CHECK_CONFIDENTIALITY} if can(actor, Action.CHECK_CONFIDENTIALITY, where) else set()
    for action in PREPARING:
        if action in allowed:
            message, params = _why_not(session, actor, challenge, action)
            yield Step(action, message, params)
    if Action.DRAFT_PROPOSAL and can(actor, Action.DRAFT_PROPOSAL) and accepts_proposals(challenge, clock.now()):
        yield Step(Action.DRAFT_PROPOSAL)
    if Side.ENTERPRISE in where and can(actor, Action.DRAFT_CHALLENGE):
        yield Step(Action.DRAFT_CHALLENGE)


def _why_not(session: Session, actor: Actor, challenge: Challenge, action: Action) -> tuple[str, dict[str, Any]]:
    """The first thing that stands in the way; the command checks all of it again."""
    is_verified = challenge.organisation.status is OrganisationStatus.VERIFIED
    if action is Action.SUBMIT_CHALLENGE and not is_verified:
        return N_("Your organisation must be verified by an operator first."), {}
    if action is Action.TAKE_CHALLENGE and actor.role is Role.BROKER and not actor.organisation_verified:
        return N_("Your agency must be verified first."), {}
    if action in (Action.APPROVE_CHALLENGE, Action.REJECT_CHALLENGE):
        if took_part_in_refining(actor.person_id, challenge):
            return N_("Whoever refined a challenge does not decide on it; another approver must."), {}
        if acts_for(session, actor.acting_person, [challenge.organisation_id]):
            return N_("You act for one of the parties in another role; somebody else must do this."), {}
    if action is Action.APPROVE_CHALLENGE and challenge.confidentiality_checked_by is None:
        return N_("The confidentiality check is not confirmed yet."), {}
    if action is Action.RETURN_CHALLENGE:
        rounds = house_rules(session).refining_rounds
        if challenge.refining_rounds >= rounds:
            message = N_("It was returned {count} times already: now it is approved or rejected.")
            return message, {"count": rounds}
    if action is Action.PUBLISH_CHALLENGE and challenge.opens_at is not None and challenge.opens_at > clock.now():
        return N_("It opens by itself on {moment}, as the enterprise planned."), {"moment": challenge.opens_at}
    return "", {}

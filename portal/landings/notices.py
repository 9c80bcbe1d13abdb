"""Who is told about a landing project: its parties' admins and the operators."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from db.models import (
    Decision,
    DecisionStatus,
    FirstStatus,
    Landing,
    LandingClaim,
    LandingFirst,
    LandingStage,
    LandingStep,
    Role,
)
from portal.errors import N_
from portal.notifications.commands import notify, people_with_role
from portal.permissions import Actor

LOSS_WORDS = N_(
    "Thank you for trying. A project that is lost is no fault of the people who carried it: the district invites you "
    "within five workdays to a support talk, about the team, the technology and what may come next."
)
"""Losing is followed by a talk, not by blame."""
TALK_WORDS = N_(
    "A support talk with those who carried it follows within five workdays: what they need, what comes next."
)


def tell_of_step(session: Session, actor: Actor, landing: Landing) -> None:
    """Operators verify what the parties record."""
    people = set(people_with_role(session, Role.OPERATOR)) - {actor.person_id}
    message = N_("“{title}” reached the stage “{stage}”; please verify it.")
    params = {"title": _name(landing), "stage": landing.stage}
    _tell(session, landing, people, message, params, f"step:{landing.stage.value}")


def tell_of_verification(session: Session, landing: Landing, step: LandingStep) -> None:
    message = N_("An operator verified the stage “{stage}” of “{title}”.")
    params = {"title": _name(landing), "stage": step.stage}
    _tell(session, landing, {step.entered_by}, message, params, f"verified:{step.stage.value}")


def tell_of_end(session: Session, actor: Actor, landing: Landing) -> None:
    """A loss thanks the parties (the talk is asked for by `tell_of_talk`); other ends are told to them."""
    params = {"title": _name(landing), "stage": landing.stage}
    people = _admins(session, landing) - {actor.person_id}
    if landing.stage is LandingStage.LOST:
        _tell(session, landing, people, LOSS_WORDS, params, "lost")
        return
    _tell(session, landing, people, N_("The landing project “{title}” ended: {stage}."), params, "ended")


def tell_of_talk(session: Session, landing: Landing, carried: set[UUID]) -> None:
    """The operators' lead is asked to hold it, and those who carried the project are thanked."""
    params = {"title": _name(landing)}
    leads = set(people_with_role(session, Role.APPROVER))
    message = N_("“{title}” is lost. Please talk with those who carried it within five workdays: support, not blame.")
    _tell(session, landing, leads, message, params, "support-talk")
    message = N_("“{title}” is lost. Thank you for the work you put into it; your lead invites you to a support talk.")
    _tell(session, landing, carried - leads, message, params, "carried")


def tell_of_first(session: Session, actor: Actor, landing: Landing, first: LandingFirst) -> None:
    people = set(people_with_role(session, Role.OPERATOR)) - {actor.person_id}
    message = N_("“{title}” claims “{level}”; please check it.")
    params = {"title": _name(landing), "level": first.level}
    _tell(session, landing, people, message, params, f"first:{first.id}:{first.claimed_at.isoformat()}")


def tell_of_first_decision(session: Session, landing: Landing, first: LandingFirst) -> None:
    verified = first.status is FirstStatus.VERIFIED
    message = N_("“{title}”: “{level}” is confirmed.") if verified else N_("“{title}”: “{level}” is not confirmed.")
    params = {"title": _name(landing), "level": first.level}
    key = f"first:{first.id}:{first.claimed_at.isoformat()}:decided"
    _tell(session, landing, {first.claimed_by}, message, params, key)


def tell_of_claim(session: Session, actor: Actor, landing: Landing, claim: LandingClaim) -> None:
    """The operators prepare the answer, and the parties know of it."""
    people = (set(people_with_role(session, Role.OPERATOR)) | _admins(session, landing)) - {actor.person_id}
    message = N_("Another source is claimed for “{title}”: {kind}. Two people decide on the shares.")
    _tell(session, landing, people, message, {"title": _name(landing), "kind": claim.kind}, f"claim:{claim.id}")


def tell_of_prepared_shares(session: Session, actor: Actor, landing: Landing, decision: Decision) -> None:
    people = set(people_with_role(session, Role.APPROVER)) - {actor.person_id}
    message = N_("The shares of the sources of “{title}” are prepared and wait for your decision.")
    _tell(session, landing, people, message, {"title": _name(landing)}, f"shares:{decision.id}")


def tell_of_shares(session: Session, actor: Actor, landing: Landing, decision: Decision, claimants: set[UUID]) -> None:
    """The parties, those who claimed, and whoever prepared them."""
    people = (_admins(session, landing) | claimants | {decision.prepared_by}) - {actor.acting_person}
    approved = decision.status is DecisionStatus.APPROVED
    message = (
        N_("The shares of the sources of “{title}” are decided.")
        if approved
        else N_("The prepared shares of “{title}” were refused: {reason}")
    )
    params = {"title": _name(landing), "reason": decision.decision_reason}
    _tell(session, landing, people, message, params, f"shares:{decision.id}:decided")


def tell_of_overrun(session: Session, landing: Landing) -> None:
    people = set(people_with_role(session, Role.OPERATOR)) | _admins(session, landing)
    message = N_("“{title}” has been in the stage “{stage}” for longer than usual and is now at risk.")
    params = {"title": _name(landing), "stage": landing.stage}
    _tell(session, landing, people, message, params, f"overrun:{landing.stage.value}")


def _name(landing: Landing) -> str:
    """Mails may lie on strange servers: a project that is not public goes by its number."""
    return landing.title if landing.is_public else landing.number


def _admins(session: Session, landing: Landing) -> set[UUID]:
    found: set[UUID] = set()
    for organisation_id, role in (
        (landing.enterprise_id, Role.ENTERPRISE_ADMIN),
        (landing.institute_id, Role.INSTITUTE_ADMIN),
    ):
        if organisation_id is not None:
            found.update(people_with_role(session, role, organisation_id))
    return found


def _tell(
    session: Session, landing: Landing, people: set[UUID], message: str, params: Mapping[str, object], key: str
) -> None:
    notify(
        session,
        person_ids=people,
        message=message,
        params=params,
        page="landing",
        object_id=landing.id,
        dedupe_key=f"landing:{landing.id}:{key}",
    )

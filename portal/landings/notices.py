"""Who is told about a landing project: its parties' admins and the operators."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from db.models import Landing, LandingStage, LandingStep, Role
from portal.errors import N_
from portal.notifications.commands import notify, people_with_role
from portal.permissions import Actor

LOSS_WORDS = N_(
    "Thank you for trying. A project that is lost is no fault of the people who carried it: an operator will call "
    "you within five workdays for a support talk, about the team, the technology and what may come next."
)
"""Losing is followed by a talk, not by blame."""
TALK_WORDS = N_("A support talk with the team follows within five workdays: what it needs, and what may come next.")


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
    """A loss asks the operators for a support talk and thanks the parties; other ends are told to the parties."""
    params = {"title": _name(landing), "stage": landing.stage}
    people = _admins(session, landing) - {actor.person_id}
    if landing.stage is LandingStage.LOST:
        operators = set(people_with_role(session, Role.OPERATOR))
        message = N_("“{title}” is lost. Please call the team within five workdays for a support talk.")
        _tell(session, landing, operators, message, params, "support-talk")
        _tell(session, landing, people, LOSS_WORDS, params, "lost")
        return
    _tell(session, landing, people, N_("The landing project “{title}” ended: {stage}."), params, "ended")


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

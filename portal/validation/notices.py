"""Who is told about a validation: the enterprise's admins, the investigator, and operators who countersign."""

from uuid import UUID

from sqlalchemy.orm import Session

from db.models import Challenge, Role, ValidationPlan
from portal.notifications.commands import notify, people_with_role
from portal.permissions import Actor


def tell_parties(session: Session, plan: ValidationPlan, message: str, *, key: str, but: Actor | None = None) -> None:
    """Tell enterprise admins and investigator, all but who did it; the challenge's title is public."""
    people = {*_investigator(session, plan), *people_with_role(session, Role.ENTERPRISE_ADMIN, plan.enterprise_id)}
    _tell(session, plan, people - {but.person_id if but else None}, message, key)


def tell_operators(session: Session, plan: ValidationPlan, message: str, *, key: str) -> None:
    _tell(session, plan, set(people_with_role(session, Role.OPERATOR)), message, key)


def _investigator(session: Session, plan: ValidationPlan) -> list[UUID]:
    """News follow the membership as rights do: once the investigator left, the institute's admins are told."""
    if plan.lead_id in people_with_role(session, Role.RESEARCHER, plan.institute_id):
        return [plan.lead_id]
    return people_with_role(session, Role.INSTITUTE_ADMIN, plan.institute_id)


def _tell(session: Session, plan: ValidationPlan, people: set[UUID], message: str, key: str) -> None:
    challenge = session.get_one(Challenge, plan.challenge_id)
    notify(
        session,
        person_ids=people,
        message=message,
        params={"title": challenge.title},
        page="validation",
        object_id=plan.id,
        dedupe_key=f"validation:{plan.id}:{key}",
    )

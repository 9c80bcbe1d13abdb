"""The stages a project went through, with evidence and verification."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from db.models import EvidenceType, FileObject, Landing, LandingStage, LandingStep, Person
from portal.landings.rules import sides
from portal.landings.workflow import LANES
from portal.organisations.access import acts_for
from portal.permissions import Action, Actor, can

_verifier = aliased(Person)


class StepRow(NamedTuple):
    """One stage reached; `may_verify` holds for an operator who neither entered it nor acts for a party."""

    id: UUID
    stage: LandingStage
    happened_on: date
    evidence_type: EvidenceType
    evidence: str
    file_id: UUID | None
    file_name: str
    entered_by: str
    entered_at: datetime
    verified_by: str
    verified_at: datetime | None
    may_verify: bool


def steps_of(session: Session, actor: Actor, landing: Landing) -> list[StepRow]:
    """In the order of the lane; the caller has made sure that the reader may see the project."""
    query = (
        select(LandingStep, Person.name, _verifier.name, FileObject.name)
        .join(Person, Person.id == LandingStep.entered_by)
        .outerjoin(_verifier, _verifier.id == LandingStep.verified_by)
        .outerjoin(FileObject, FileObject.id == LandingStep.file_id)
        .where(LandingStep.landing_id == landing.id)
    )
    verifies = can(actor, Action.VERIFY_STEP, sides(actor, landing)) and not acts_for(
        session, actor.acting_person, [landing.enterprise_id, landing.institute_id]
    )
    rows = [
        StepRow(
            id=step.id,
            stage=step.stage,
            happened_on=step.happened_on,
            evidence_type=step.evidence_type,
            evidence=step.evidence,
            file_id=step.file_id,
            file_name=file or "",
            entered_by=person,
            entered_at=step.entered_at,
            verified_by=verifier or "",
            verified_at=step.verified_at,
            may_verify=verifies and step.verified_at is None and step.entered_by != actor.person_id,
        )
        for step, person, verifier, file in session.execute(query)
    ]
    order = LANES[landing.lane]
    return sorted(rows, key=lambda row: order.index(row.stage))

"""Production-line validation: a plan frozen by both parties, runs, measured values (产线验证)."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Keyed


class ValidationStatus(StrEnum):
    PLANNED = "planned"
    PLAN_AGREED = "plan_agreed"
    RUNNING = "running"
    DATA_LOCKED = "data_locked"
    PASSED = "passed"
    CONDITIONAL = "conditional"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    SIGNED_OFF = "signed_off"
    ABORTED = "aborted"


class RunStage(StrEnum):
    BASELINE = "baseline"
    FIRST_ARTICLE = "first_article"  # 首件
    PILOT = "pilot"  # 小批
    AT_RATE = "at_rate"  # 批量


class Verdict(StrEnum):
    """What the portal finds by comparing measured values with the limits."""

    PASSED = "passed"
    CONDITIONAL = "conditional"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


class ValidationPlan(Keyed, Base):
    """One validation of an awarded challenge; a rework starts another with the next number."""

    __tablename__ = "validation_plan"

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    # The parties, copied from challenge and proposal: every list and every right asks for them.
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    institute_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    lead_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[int]
    status: Mapped[ValidationStatus] = mapped_column(default=ValidationStatus.PLANNED)
    line: Mapped[str] = mapped_column(String(400), default="")
    sampling: Mapped[str] = mapped_column(String(2000), default="")
    decision_rule: Mapped[str] = mapped_column(String(2000), default="")
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    enterprise_agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    enterprise_agreed_at: Mapped[datetime | None]
    investigator_agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    investigator_agreed_at: Mapped[datetime | None]
    # Both agreed: nothing of the plan changes from here on.
    frozen_at: Mapped[datetime | None]
    verdict: Mapped[Verdict | None]
    verdict_note: Mapped[str] = mapped_column(String(2000), default="")
    open_actions: Mapped[str] = mapped_column(String(2000), default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        UniqueConstraint("challenge_id", "number"),
        Index("ix_validation_plan_status", "status", "changed_at"),
        Index("ix_validation_plan_proposal", "proposal_id"),
        Index("ix_validation_plan_changed", "changed_at", "id"),
        Index("ix_validation_plan_verdict", "verdict", "changed_at"),
    )
    __mapper_args__ = {"version_id_col": version}


class PlanCharacteristic(Keyed, Base):
    """What is measured: copied from the acceptance metric, with the sample size both agreed."""

    __tablename__ = "plan_characteristic"

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("validation_plan.id"))
    metric_id: Mapped[UUID | None] = mapped_column(ForeignKey("acceptance_metric.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(40))
    lower: Mapped[Decimal | None]
    upper: Mapped[Decimal | None]
    target: Mapped[Decimal | None]
    mandatory: Mapped[bool]
    sample_size: Mapped[int] = mapped_column(default=1)
    method: Mapped[str] = mapped_column(String(400), default="")

    __table_args__ = (UniqueConstraint("plan_id", "position"),)


class ValidationRun(Keyed, Base):
    """One stay on the line at one stage."""

    __tablename__ = "validation_run"

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("validation_plan.id"))
    number: Mapped[int]
    stage: Mapped[RunStage]
    ran_on: Mapped[date] = mapped_column(Date)
    lot: Mapped[str] = mapped_column(String(80), default="")
    device: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(2000), default="")
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    # An excluded run stays and says why.
    excluded_reason: Mapped[str] = mapped_column(String(600), default="")
    version: Mapped[int] = mapped_column()

    __table_args__ = (UniqueConstraint("plan_id", "number"),)
    __mapper_args__ = {"version_id_col": version}


class Measurement(Keyed, Base):
    """One measured value of one characteristic; a correction is a new row that replaces the old one."""

    __tablename__ = "measurement"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("validation_run.id"))
    characteristic_id: Mapped[UUID] = mapped_column(ForeignKey("plan_characteristic.id"), index=True)
    value: Mapped[Decimal]
    correction: Mapped[int] = mapped_column(default=0)
    correction_reason: Mapped[str] = mapped_column(String(600), default="")
    measured_at: Mapped[datetime]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (UniqueConstraint("run_id", "characteristic_id", "correction"),)


class SignOff(Keyed, Base):
    """One party's signature under the verdict."""

    __tablename__ = "sign_off"

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("validation_plan.id"))
    side: Mapped[str] = mapped_column(String(20))  # "enterprise", "investigator" or "witness"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("plan_id", "side"),)

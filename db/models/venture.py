"""A scientist's application to found a company together with institute, enterprise and district (创业科学家计划)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Keyed


class VentureStatus(StrEnum):
    DRAFT = "draft"
    INSTITUTE_CONSENTED = "institute_consented"
    ENTERPRISE_CONSENTED = "enterprise_consented"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    EXPERT_REVIEW = "expert_review"
    NOT_PROPOSED = "not_proposed"
    PUBLIC_NOTICE = "public_notice"
    OBJECTED = "objected"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    APPROVED = "approved"
    ACTIVE = "active"
    COMPLETED = "completed"
    EXITED = "exited"
    TERMINATED = "terminated"


class VenturePhase(StrEnum):
    ATTRACT = "attract"  # 招引
    NURTURE = "nurture"  # 培育
    GROW = "grow"  # 发展


class VentureParty(StrEnum):
    DISTRICT = "district"
    ENTERPRISE = "enterprise"
    INSTITUTE = "institute"


class VentureAdvice(StrEnum):
    FOR = "for"
    AGAINST = "against"


class Venture(Keyed, Base):
    """One application and what becomes of it; the district reads it once three have signed."""

    __tablename__ = "venture"

    number: Mapped[str] = mapped_column(String(20), unique=True)  # e.g. CY-2026-0007
    title: Mapped[str] = mapped_column(String(200))
    # What everybody may read during the public notice.
    summary: Mapped[str] = mapped_column(String(1000))
    plan: Mapped[str] = mapped_column(String(8000), default="")
    scientist_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    institute_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    # Assigned only by portal.workflow.advance, which also writes the event.
    status: Mapped[VentureStatus] = mapped_column(default=VentureStatus.DRAFT)
    phase: Mapped[VenturePhase | None]
    institute_signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    institute_signed_at: Mapped[datetime | None]
    enterprise_signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    enterprise_signed_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    # The public notice as a half-open interval.
    notice_from: Mapped[datetime | None]
    notice_until: Mapped[datetime | None]
    # Who proposed it does not decide on it.
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    experts: Mapped[list["VentureExpert"]] = relationship(lazy="raise", cascade="all, delete-orphan")

    __table_args__ = (
        Index("ix_venture_changed", "changed_at", "id"),
        Index("ix_venture_status", "status", "changed_at"),
        Index("ix_venture_phase", "phase", "changed_at"),
        CheckConstraint("(notice_from IS NULL) = (notice_until IS NULL)", name="notice_begins_and_ends"),
        CheckConstraint(
            "(institute_signed_by IS NULL) = (institute_signed_at IS NULL)"
            " AND (enterprise_signed_by IS NULL) = (enterprise_signed_at IS NULL)",
            name="signature_has_person_and_time",
        ),
    )
    __mapper_args__ = {"version_id_col": version}


class VentureExpert(Keyed, Base):
    """An expert asked for advice on one application."""

    __tablename__ = "venture_expert"

    venture_id: Mapped[UUID] = mapped_column(ForeignKey("venture.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    advice: Mapped[VentureAdvice | None]
    words: Mapped[str] = mapped_column(String(2000), default="")
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("venture_id", "person_id"),
        Index("ix_venture_expert_person", "person_id", "venture_id"),
        CheckConstraint("(advice IS NULL) = (answered_at IS NULL)", name="advice_has_a_time"),
    )


class VentureObjection(Keyed, Base):
    """What somebody objected during the public notice, as an operator took it down."""

    __tablename__ = "venture_objection"

    venture_id: Mapped[UUID] = mapped_column(ForeignKey("venture.id"), index=True)
    from_whom: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(String(2000))
    received_at: Mapped[datetime]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(String(2000), default="")
    answered_at: Mapped[datetime | None]


class VentureTask(Keyed, Base):
    """What one party does for the venture in one phase."""

    __tablename__ = "venture_task"

    venture_id: Mapped[UUID] = mapped_column(ForeignKey("venture.id"), index=True)
    phase: Mapped[VenturePhase]
    party: Mapped[VentureParty]
    text: Mapped[str] = mapped_column(String(400))
    due_on: Mapped[date] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    words: Mapped[str] = mapped_column(String(1000), default="")
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("(done_on IS NULL) = (done_by IS NULL)", name="done_has_day_and_person"),)

"""A strategic agreement with universities, its parties, and the dated promises in it (校地合作协议、承诺事项)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Keyed


class AgreementStatus(StrEnum):
    NEGOTIATING = "negotiating"
    SIGNED = "signed"
    EFFECTIVE = "effective"
    REVIEW_DUE = "review_due"
    RENEWED = "renewed"
    EXPIRED = "expired"
    TERMINATED = "terminated"


class CooperationField(StrEnum):
    """The five fields of the cooperation, in the order in which they are always named."""

    TALENT = "talent"  # 人才引进
    INNOVATION = "innovation"  # 科技创新
    EDUCATION = "education"  # 基础教育
    ECOLOGY = "ecology"  # 生态环保
    COUNTRYSIDE = "countryside"  # 乡村振兴


class AgreementPart(StrEnum):
    """What an agreement is in “一体两翼” (docs/decisions/0011)."""

    BODY = "body"  # 一体: the whole partnership of district and university
    TECHNOLOGY_WING = "technology_wing"  # 科技创新之翼
    TALENT_WING = "talent_wing"  # 人才引育之翼


class PartySide(StrEnum):
    DISTRICT = "district"
    INSTITUTE = "institute"
    ENTERPRISE = "enterprise"
    OFFICE = "office"  # another office or park of the district, bound by the district's signature
    AGENCY = "agency"  # helps with the transfer and signs nothing


class CommitmentStatus(StrEnum):
    PLANNED = "planned"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    DELIVERED = "delivered"
    DROPPED = "dropped"


class Agreement(Keyed, Base):
    """One agreement of the district with one or more institutes."""

    __tablename__ = "agreement"

    number: Mapped[str] = mapped_column(String(20), unique=True)  # e.g. AG-2026-0007
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(4000), default="")
    # Assigned only by portal.workflow.advance, which also writes the event.
    status: Mapped[AgreementStatus] = mapped_column(default=AgreementStatus.NEGOTIATING)
    part: Mapped[AgreementPart]
    # First and last day in force, both included.
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    # The day of the ceremony, or of the last signature.
    signed_on: Mapped[date | None] = mapped_column(Date)
    money_fen: Mapped[int | None]
    # The agreement that this one continues.
    renews_id: Mapped[UUID | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    # Who wrote it last does not sign it for the district.
    prepared_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    parties: Mapped[list["AgreementParty"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    covers: Mapped[list["AgreementField"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    steering: Mapped[list["SteeringMember"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="SteeringMember.position"
    )

    __table_args__ = (
        Index("ix_agreement_changed", "changed_at", "id"),
        Index("ix_agreement_status_end", "status", "ends_on"),
        Index("ix_agreement_status_start", "status", "starts_on"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint(
            "signed_on IS NOT NULL OR status IN ('negotiating', 'terminated')", name="signed_has_a_signing_day"
        ),
        CheckConstraint("money_fen > 0", name="money_above_zero"),
    )
    __mapper_args__ = {"version_id_col": version}


class AgreementParty(Keyed, Base):
    """An organisation that is party to an agreement, and its signature."""

    __tablename__ = "agreement_party"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    side: Mapped[PartySide]
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("agreement_id", "organisation_id"),
        Index("ix_agreement_party_organisation", "organisation_id", "agreement_id"),
        CheckConstraint("(signed_by IS NULL) = (signed_at IS NULL)", name="signature_has_person_and_time"),
    )


class AgreementField(Keyed, Base):
    """One of the five fields that an agreement covers."""

    __tablename__ = "agreement_field"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"))
    field: Mapped[CooperationField]

    __table_args__ = (
        UniqueConstraint("agreement_id", "field"),
        Index("ix_agreement_field_field", "field", "agreement_id"),
    )


class SteeringMember(Keyed, Base):
    """Somebody in the steering group; the first of each side is its co-chair."""

    __tablename__ = "steering_member"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    side: Mapped[PartySide]
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    post: Mapped[str] = mapped_column(String(100))


class Commitment(Keyed, Base):
    """One promise: who does what until when, and by what it is measured."""

    __tablename__ = "commitment"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(600))
    field: Mapped[CooperationField]
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    responsible: Mapped[str] = mapped_column(String(60), default="")
    due_on: Mapped[date] = mapped_column(Date)
    measure: Mapped[str] = mapped_column(String(600))
    # Assigned only by portal.workflow.advance, which also writes the event.
    status: Mapped[CommitmentStatus] = mapped_column(default=CommitmentStatus.PLANNED)
    # The day it was delivered or dropped.
    done_on: Mapped[date | None] = mapped_column(Date)
    # Whether the owner was reminded that it is late.
    is_reminded: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        UniqueConstraint("agreement_id", "number"),
        Index("ix_commitment_due", "due_on", "id"),
        Index("ix_commitment_owner", "owner_id", "status", "due_on"),
        Index("ix_commitment_status", "status", "due_on", "id"),
        Index("ix_commitment_reminded", "is_reminded", "status", "due_on"),
        CheckConstraint("(done_on IS NULL) = (status NOT IN ('delivered', 'dropped'))", name="done_has_a_day"),
    )
    __mapper_args__ = {"version_id_col": version}


class CommitmentReport(Keyed, Base):
    """What was said about a commitment: its status from a day on, by what evidence, or why and with whose consent."""

    __tablename__ = "commitment_report"

    commitment_id: Mapped[UUID] = mapped_column(ForeignKey("commitment.id"), index=True)
    status: Mapped[CommitmentStatus]
    happened_on: Mapped[date] = mapped_column(Date)
    words: Mapped[str] = mapped_column(String(2000))
    agreed_by: Mapped[str] = mapped_column(String(200), default="")
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("file_object.id"))
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]

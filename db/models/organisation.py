"""Organisations: enterprises, institutes, agencies, government departments, investors."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Keyed


class OrganisationKind(StrEnum):
    ENTERPRISE = "enterprise"
    INSTITUTE = "institute"
    AGENCY = "agency"
    GOVERNMENT = "government"
    INVESTOR = "investor"


class OrganisationStatus(StrEnum):
    APPLIED = "applied"
    VERIFIED = "verified"
    REJECTED = "rejected"
    DISABLED = "disabled"


class Organisation(Keyed, Base):
    """A legal body, known by its unified social credit code (统一社会信用代码, GB 32100-2015)."""

    __tablename__ = "organisation"

    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[OrganisationKind]
    credit_code: Mapped[str] = mapped_column(String(18), unique=True)
    status: Mapped[OrganisationStatus] = mapped_column(default=OrganisationStatus.APPLIED)
    industry_code: Mapped[str | None] = mapped_column(String(8))  # GB/T 4754 division, e.g. C38
    town_code: Mapped[str | None] = mapped_column(String(40))
    summary: Mapped[str] = mapped_column(String(2000), default="")
    contact_name: Mapped[str] = mapped_column(String(100), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    # In which the application was written; nothing is known of those made by an operator or before.
    contact_language: Mapped[str | None] = mapped_column(String(8))
    proof_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("file_object.id"))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str] = mapped_column(String(2000), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __table_args__ = (Index("ix_organisation_status_name", "status", "name"),)
    __mapper_args__ = {"version_id_col": version}

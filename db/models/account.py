"""People, what they may act as, and how they are signed in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Keyed
from db.models.organisation import Organisation


class Role(StrEnum):
    """What a person acts as; `visitor` and `clock` never stand in a membership."""

    VISITOR = "visitor"
    ENTERPRISE_MEMBER = "enterprise_member"
    ENTERPRISE_ADMIN = "enterprise_admin"
    RESEARCHER = "researcher"
    INSTITUTE_ADMIN = "institute_admin"
    BROKER = "broker"
    EXPERT = "expert"
    STEWARD = "steward"
    LEAD_STEWARD = "lead_steward"
    OPERATOR = "operator"
    APPROVER = "approver"
    LEADER = "leader"
    AUDITOR = "auditor"
    PLATFORM_ADMIN = "platform_admin"
    CLOCK = "clock"


class MembershipStatus(StrEnum):
    PROPOSED = "proposed"  # an official role, waiting for the second person
    ACTIVE = "active"
    REFUSED = "refused"
    DISABLED = "disabled"


class OneTimeLinkKind(StrEnum):
    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"


class Person(Keyed, Base):
    """Someone who signs in; the e-mail is stored normalised and is unique."""

    __tablename__ = "person"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    phone: Mapped[str | None] = mapped_column(String(40))
    # None until the invitation is accepted.
    password_hash: Mapped[str | None] = mapped_column(String(255))
    language: Mapped[str] = mapped_column(String(8), default="zh_CN")
    mail_notices: Mapped[bool] = mapped_column(default=True)
    disabled_at: Mapped[datetime | None]
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __table_args__ = (Index("ix_person_name", "name", "id"),)
    __mapper_args__ = {"version_id_col": version}


class Membership(Keyed, Base):
    """One person in one role, for an organisation or (official roles) for the district."""

    __tablename__ = "membership"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[Role]
    status: Mapped[MembershipStatus] = mapped_column(default=MembershipStatus.ACTIVE)
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    person: Mapped[Person] = relationship(foreign_keys=person_id, lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id", "role"),
        Index("ix_membership_role_status", "role", "status"),
        Index("ix_membership_status", "status", "created_at"),
    )
    __mapper_args__ = {"version_id_col": version}


class LoginSession(Keyed, Base):
    """A browser that is signed in; only the hash of its token is kept."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    # The hat the person wears in this browser; None for somebody without any membership.
    membership_id: Mapped[UUID | None] = mapped_column(ForeignKey("membership.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]


class OneTimeLink(Keyed, Base):
    """An invitation or a password reset; used up by one UPDATE … WHERE used_at IS NULL."""

    __tablename__ = "one_time_link"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[OneTimeLinkKind]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RateCount(Base):
    """How often something was tried in one window, e.g. `sign_in:person:…`; counted atomically."""

    __tablename__ = "rate_count"

    bucket: Mapped[str] = mapped_column(String(120), primary_key=True)
    window: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]

"""A challenge: an enterprise's problem with measurable acceptance metrics (企业出题)."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Keyed
from db.models.organisation import Organisation


class ChallengeStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    REFINING = "refining"
    APPROVED = "approved"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    EVALUATING = "evaluating"
    NEGOTIATING = "negotiating"
    AWARDED = "awarded"
    VALIDATING = "validating"
    SOLVED = "solved"
    UNSOLVED = "unsolved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    NO_AWARD = "no_award"


class SectionKey(StrEnum):
    """The sections an enterprise fills in, in the order of the form."""

    PROBLEM = "problem"
    BACKGROUND = "background"
    TODAY = "today"
    METRICS = "metrics"
    BUDGET = "budget"
    IP = "ip"
    LINE = "line"
    SCHEDULE = "schedule"
    RUBRIC = "rubric"
    CONFIDENTIAL = "confidential"
    ATTACHMENTS = "attachments"


class Disclosure(StrEnum):
    """Who may read a section once the challenge is published."""

    PUBLIC = "public"
    VERIFIED = "verified"  # members of verified organisations
    NDA = "nda"


class IpRegime(StrEnum):
    ENTERPRISE_OWNS = "enterprise_owns"
    JOINTLY_OWNED = "jointly_owned"
    INSTITUTE_LICENSES = "institute_licenses"


class NdaMode(StrEnum):
    SELF_SERVICE = "self_service"
    ON_REQUEST = "on_request"


class Challenge(Keyed, Base):
    """The head of a challenge: what lists filter and sort by, and where it stands."""

    __tablename__ = "challenge"

    number: Mapped[str] = mapped_column(String(20), unique=True)  # e.g. YH-2026-0042
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(600), default="")
    industry_code: Mapped[str | None] = mapped_column(String(8))
    town_code: Mapped[str | None] = mapped_column(String(40))
    trl_wanted: Mapped[int | None]
    # Copies for lists and filters, empty unless the section they come from is public.
    public_budget_fen: Mapped[int | None]
    # Assigned only by portal.workflow.advance, which also writes the event.
    status: Mapped[ChallengeStatus] = mapped_column(default=ChallengeStatus.DRAFT)
    broker_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    refined_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    refining_rounds: Mapped[int] = mapped_column(default=0)
    confidentiality_checked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    nda_mode: Mapped[NdaMode] = mapped_column(default=NdaMode.SELF_SERVICE)
    # [opens_at, closes_at): the first instant that is late is closes_at.
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    # Set once by the clock and never cleared: a stepped-back clock cannot re-open a deadline.
    closed_at: Mapped[datetime | None]
    # Both keys turned: from here on the proposals can be read.
    opened_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(String(2000), default="")
    external_reference: Mapped[str | None] = mapped_column(String(80))
    import_batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    organisation: Mapped[Organisation] = relationship(lazy="raise")

    __table_args__ = (
        # All that the list filters and sorts by: twenty ids are found without reading a row of the table.
        Index(
            "ix_challenge_listing",
            "status",
            "closes_at",
            "id",
            "organisation_id",
            "broker_id",
            "industry_code",
            "town_code",
            "trl_wanted",
            "public_budget_fen",
            "changed_at",
            "submitted_at",
        ),
        Index("ix_challenge_status_changed", "status", "changed_at", "id"),
        Index("ix_challenge_changed", "changed_at", "id"),
        Index("ix_challenge_organisation", "organisation_id", "status", "changed_at"),
        Index("ix_challenge_broker", "broker_id", "status"),
        Index("ix_challenge_opens", "status", "opens_at"),
        UniqueConstraint("organisation_id", "external_reference"),
        CheckConstraint("closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at", name="closes_after_opening"),
    )
    __mapper_args__ = {"version_id_col": version}


class ChallengeSection(Keyed, Base):
    """One section with its own version: two members editing different sections lose nothing."""

    __tablename__ = "challenge_section"

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    key: Mapped[SectionKey]
    disclosure: Mapped[Disclosure] = mapped_column(default=Disclosure.PUBLIC)
    # Shape by key: see portal.challenges.sections.
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __table_args__ = (UniqueConstraint("challenge_id", "key"),)
    __mapper_args__ = {"version_id_col": version}


class AcceptanceMetric(Keyed, Base):
    """A measurable characteristic: lower ≤ value ≤ upper decides, the target says what is hoped for."""

    __tablename__ = "acceptance_metric"

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(40))
    lower: Mapped[Decimal | None]
    upper: Mapped[Decimal | None]
    target: Mapped[Decimal | None]
    mandatory: Mapped[bool] = mapped_column(default=True)
    method: Mapped[str] = mapped_column(String(400), default="")

    __table_args__ = (
        UniqueConstraint("challenge_id", "position"),
        CheckConstraint("lower IS NOT NULL OR upper IS NOT NULL", name="has_a_limit"),
    )


class RubricCriterion(Keyed, Base):
    """What proposals are judged by; the weights of a challenge sum to 100."""

    __tablename__ = "rubric_criterion"

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    weight: Mapped[int]  # per cent
    description: Mapped[str] = mapped_column(String(600), default="")

    __table_args__ = (
        UniqueConstraint("challenge_id", "position"),
        CheckConstraint("weight > 0 AND weight <= 100", name="weight_is_a_percentage"),
    )


class ChallengeFile(Keyed, Base):
    """An attachment of a challenge, read by whoever may read its attachments section."""

    __tablename__ = "challenge_file"

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"), index=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("file_object.id"), unique=True)
    section: Mapped[SectionKey] = mapped_column(default=SectionKey.ATTACHMENTS)


class ReturnComment(Keyed, Base):
    """What to improve in one section, said when a challenge is returned."""

    __tablename__ = "return_comment"

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"), index=True)
    round: Mapped[int]
    section: Mapped[SectionKey]
    text: Mapped[str] = mapped_column(String(2000))
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]


class Addendum(Keyed, Base):
    """A numbered change to an open challenge; prepared by one side, published once the other confirms."""

    __tablename__ = "addendum"

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(String(4000))
    is_material: Mapped[bool] = mapped_column(default=False)
    prepared_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    # Shown outside from here on.
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __table_args__ = (UniqueConstraint("challenge_id", "number"),)
    __mapper_args__ = {"version_id_col": version}


class Question(Keyed, Base):
    """A question asked unnamed and answered in public; who asked is shown to nobody on the page."""

    __tablename__ = "question"

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    text: Mapped[str] = mapped_column(String(2000))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(4000), default="")
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    # Question and answer are public from here on.
    answered_at: Mapped[datetime | None]
    hidden_reason: Mapped[str] = mapped_column(String(600), default="")
    version: Mapped[int] = mapped_column()

    __table_args__ = (Index("ix_question_challenge", "challenge_id", "asked_at"),)
    __mapper_args__ = {"version_id_col": version}


class NdaVersion(Keyed, Base):
    """One wording of a challenge's confidentiality agreement; the highest number is the current one."""

    __tablename__ = "nda_version"

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(8000))
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("challenge_id", "number"),)


class NdaAcceptance(Keyed, Base):
    """One person, for one organisation, accepted (or asked for) one version of the agreement."""

    __tablename__ = "nda_acceptance"

    nda_version_id: Mapped[UUID] = mapped_column(ForeignKey("nda_version.id"))
    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    accepted_at: Mapped[datetime]
    # On request: in force only from here; self-service sets it at once.
    granted_at: Mapped[datetime | None]
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        UniqueConstraint("nda_version_id", "person_id"),
        Index("ix_nda_acceptance_person", "person_id", "challenge_id"),
    )
    __mapper_args__ = {"version_id_col": version}


class OpeningKey(Keyed, Base):
    """One of the two keys that open the proposals: an enterprise admin's and an operator's."""

    __tablename__ = "opening_key"

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    side: Mapped[str] = mapped_column(String(20))  # "enterprise" or "district"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    turned_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("challenge_id", "side"),
        CheckConstraint("side IN ('enterprise', 'district')", name="known_side"),
    )

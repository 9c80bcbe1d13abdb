"""A talent: a person whose arrival, class, work and stay are followed, with consent (人才)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Keyed


class TalentClass(StrEnum):
    A = "a"  # 顶尖人才
    B = "b"  # 国家级领军人才
    C = "c"  # 省级领军人才
    D = "d"  # 市级领军人才
    E = "e"  # 高级人才


class TalentField(StrEnum):
    DIGITAL = "digital"
    MANUFACTURING = "manufacturing"
    MATERIALS = "materials"
    AEROSPACE = "aerospace"
    ENERGY = "energy"
    BIOMEDICINE = "biomedicine"
    AGRICULTURE = "agriculture"
    EDUCATION = "education"
    SERVICES = "services"
    OTHER = "other"


class TalentChannel(StrEnum):
    VISIT = "visit"  # 三访活动
    AGREEMENT = "agreement"  # 校地合作
    CHALLENGE = "challenge"  # 揭榜课题
    VENTURE = "venture"  # 创业科学家计划
    FAIR = "fair"
    ENTERPRISE = "enterprise"  # the enterprise found them itself
    REFERRAL = "referral"  # 以才引才
    RETURN = "return"  # 乡贤回归
    OTHER = "other"


class TalentStage(StrEnum):
    """The steps of the funnel, in order."""

    REACHED = "reached"
    VISITED = "visited"
    REGISTERED = "registered"
    MATCHED = "matched"
    JOINED = "joined"
    RETAINED = "retained_12m"
    LEADS = "leads_project"


class ConsentUse(StrEnum):
    FOLLOW = "follow"  # without it no record is kept
    PUBLIC_CARD = "public_card"
    MATCHING = "matching"
    MAIL = "mail"


class ReadingPurpose(StrEnum):
    REGISTRATION = "registration"
    SERVICE = "service"
    CLASSIFICATION = "classification"
    MATCHING = "matching"
    FOLLOW_UP = "follow_up"
    POOL = "pool"
    REQUEST = "request"  # the person asked for it
    OVERSIGHT = "oversight"
    EXPORT = "export"


class Talent(Keyed, Base):
    """One person. No identity-card number, and the class only as a certificate says it."""

    __tablename__ = "talent"

    number: Mapped[str] = mapped_column(String(20), unique=True)  # e.g. RC-2026-0007
    # The portal account of the same person, who then sees and corrects the record; many have none.
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    field: Mapped[TalentField]
    speciality: Mapped[str] = mapped_column(String(200), default="")
    channel: Mapped[TalentChannel]
    town_code: Mapped[str | None] = mapped_column(String(40))
    arrived_on: Mapped[date | None] = mapped_column(Date)
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(254))
    # Of the certificate: class, edition of the catalogue it was given by, number and day, all or none.
    talent_class: Mapped[TalentClass | None]
    class_edition: Mapped[str | None] = mapped_column(String(40))
    certificate_number: Mapped[str | None] = mapped_column(String(40))
    certificate_on: Mapped[date | None] = mapped_column(Date)
    # How far the person came in the funnel; assigned only by portal.workflow.advance.
    stage: Mapped[TalentStage] = mapped_column(default=TalentStage.REACHED)
    cohort: Mapped[int]  # the year in which the person was reached
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        CheckConstraint(
            "(talent_class IS NULL) = (certificate_number IS NULL)"
            " AND (talent_class IS NULL) = (class_edition IS NULL)"
            " AND (talent_class IS NULL) = (certificate_on IS NULL)",
            name="class_by_certificate",
        ),
        Index("ix_talent_changed", "changed_at", "id"),
        Index("ix_talent_stage", "stage", "changed_at", "id"),
        Index("ix_talent_town", "town_code", "changed_at", "id"),
        # The figures of the funnel are counted along these alone, without a look at the people.
        Index("ix_talent_class_stage", "talent_class", "stage"),
        Index("ix_talent_channel_stage", "channel", "stage"),
        Index("ix_talent_town_stage", "town_code", "stage"),
        Index("ix_talent_funnel", "cohort", "talent_class", "channel", "town_code", "stage"),
    )
    __mapper_args__ = {"version_id_col": version}


class TalentPost(Keyed, Base):
    """A post at an organisation of the portal or at one known by name; posts may overlap, one is the main one."""

    __tablename__ = "talent_post"

    talent_id: Mapped[UUID] = mapped_column(ForeignKey("talent.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    organisation_name: Mapped[str] = mapped_column(String(200), default="")
    post: Mapped[str] = mapped_column(String(100))
    is_main: Mapped[bool]
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)  # the last day of it
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),
        CheckConstraint("organisation_id IS NOT NULL OR organisation_name <> ''", name="is_somewhere"),
        Index("ix_talent_post_talent", "talent_id", "since"),
        Index("ix_talent_post_organisation", "organisation_id", "talent_id"),
        Index(
            "uq_talent_post_main",
            "talent_id",
            unique=True,
            sqlite_where=text("is_main AND until IS NULL"),
            postgresql_where=text("is_main AND until IS NULL"),
        ),
    )


class TalentConsent(Keyed, Base):
    """A use of the data that the person agreed to, in words, until it is withdrawn."""

    __tablename__ = "talent_consent"

    talent_id: Mapped[UUID] = mapped_column(ForeignKey("talent.id"))
    use: Mapped[ConsentUse]
    purpose: Mapped[str] = mapped_column(String(600))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        Index("ix_talent_consent_talent", "talent_id", "use"),
        Index("ix_talent_consent_use", "use", "withdrawn_at", "talent_id"),
        Index(
            "uq_talent_consent_live",
            "talent_id",
            "use",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )


class TalentStep(Keyed, Base):
    """One step of the funnel: the day it happened, and a record of the portal or words that say so."""

    __tablename__ = "talent_step"

    talent_id: Mapped[UUID] = mapped_column(ForeignKey("talent.id"))
    stage: Mapped[TalentStage]
    happened_on: Mapped[date] = mapped_column(Date)
    source_type: Mapped[str | None] = mapped_column(String(40))  # e.g. "landing"
    source_id: Mapped[UUID | None]
    source_words: Mapped[str] = mapped_column(String(300), default="")
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("talent_id", "stage"),
        CheckConstraint("(source_type IS NULL) = (source_id IS NULL)", name="source_whole"),
        CheckConstraint("source_id IS NOT NULL OR source_words <> ''", name="has_a_source"),
        Index("ix_talent_step_happened", "stage", "happened_on", "talent_id"),
    )


class TalentPool(Keyed, Base):
    """A stay in the selection pool (后备人才)."""

    __tablename__ = "talent_pool"

    talent_id: Mapped[UUID] = mapped_column(ForeignKey("talent.id"), index=True)
    selected_on: Mapped[date] = mapped_column(Date)
    selected_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(600))
    plan: Mapped[str] = mapped_column(String(2000), default="")
    left_on: Mapped[date | None] = mapped_column(Date)
    left_reason: Mapped[str] = mapped_column(String(600), default="")

    __table_args__ = (
        CheckConstraint("(left_on IS NULL) = (left_reason = '')", name="leaves_with_a_reason"),
        Index("ix_talent_pool_selected", "left_on", "selected_on", "id"),
        Index(
            "uq_talent_pool_now",
            "talent_id",
            unique=True,
            sqlite_where=text("left_on IS NULL"),
            postgresql_where=text("left_on IS NULL"),
        ),
    )


class TalentNote(Keyed, Base):
    """A note on how somebody in the pool grows."""

    __tablename__ = "talent_note"

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("talent_pool.id"))
    noted_on: Mapped[date] = mapped_column(Date)
    words: Mapped[str] = mapped_column(String(2000))
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]

    __table_args__ = (Index("ix_talent_note_pool", "pool_id", "noted_on"),)


class TalentReading(Keyed, Base):
    """An official opened the record, and for what; the person sees it. It goes with the record, its event stays."""

    __tablename__ = "talent_reading"

    talent_id: Mapped[UUID] = mapped_column(ForeignKey("talent.id"))
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(40))
    purpose: Mapped[ReadingPurpose]
    words: Mapped[str] = mapped_column(String(300), default="")
    read_at: Mapped[datetime]

    __table_args__ = (Index("ix_talent_reading_talent", "talent_id", "reader_id", "read_at"),)

"""A landing: the project that comes to the district (项目落地)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Keyed


class LandingCategory(StrEnum):
    TECHNOLOGY = "technology"  # 科技项目
    TALENT = "talent"  # 人才项目


class LandingLane(StrEnum):
    HEAVY = "heavy"
    LIGHT = "light"


class LandingStage(StrEnum):
    LEAD = "lead"
    AGREEMENT_SIGNED = "agreement_signed"
    COMPANY_REGISTERED = "company_registered"
    SITE_SECURED = "site_secured"
    CONSTRUCTION = "construction"
    ACCEPTANCE = "acceptance"
    IN_PRODUCTION = "in_production"
    AT_CAPACITY = "at_capacity"
    OFFICE_IN_USE = "office_in_use"
    TEAM_ON_BOARD = "team_on_board"
    FIRST_REVENUE = "first_revenue"
    LOST = "lost"
    RELOCATED = "relocated"
    TERMINATED = "terminated"


class LandingFlag(StrEnum):
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    STALLED = "stalled"


class LossCause(StrEnum):
    FINANCING = "financing"
    SITE = "site"
    PERMIT = "permit"
    TEAM = "team"
    MARKET = "market"
    OTHER_DISTRICT = "other_district"
    TECHNOLOGY = "technology"


class FigureKind(StrEnum):
    INVESTMENT = "investment"  # fen
    JOBS = "jobs"  # persons


class MoneySource(StrEnum):
    GOVERNMENT = "government"
    ENTERPRISE = "enterprise"
    VENTURE = "venture"
    BANK = "bank"


class Landing(Keyed, Base):
    """A technology or talent project with its lane, stage, place, money and jobs."""

    __tablename__ = "landing"

    number: Mapped[str] = mapped_column(String(20), unique=True)  # e.g. LD-2026-0007
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(2000), default="")
    category: Mapped[LandingCategory]
    lane: Mapped[LandingLane]
    stage: Mapped[LandingStage] = mapped_column(default=LandingStage.LEAD)
    stage_since: Mapped[date] = mapped_column(Date)
    flag: Mapped[LandingFlag] = mapped_column(default=LandingFlag.ON_TRACK)
    flag_reason: Mapped[str] = mapped_column(String(600), default="")
    town_code: Mapped[str] = mapped_column(String(40))
    place: Mapped[str] = mapped_column(String(200), default="")
    industry_code: Mapped[str | None] = mapped_column(String(8))
    # The challenge it grew from; None for a project that came on its own.
    challenge_id: Mapped[UUID | None] = mapped_column(ForeignKey("challenge.id"), index=True)
    enterprise_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    institute_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    is_public: Mapped[bool] = mapped_column(default=False)
    public_summary: Mapped[str] = mapped_column(String(600), default="")
    loss_cause: Mapped[LossCause | None]
    loss_lesson: Mapped[str] = mapped_column(String(2000), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        Index("ix_landing_stage", "stage", "stage_since"),
        Index("ix_landing_town", "town_code", "stage"),
        Index("ix_landing_changed", "changed_at", "id"),
        Index("ix_landing_public", "is_public", "changed_at", "id"),
        CheckConstraint("stage <> 'lost' OR loss_cause IS NOT NULL", name="loss_has_a_cause"),
    )
    __mapper_args__ = {"version_id_col": version}


class LandingStep(Keyed, Base):
    """One stage reached: when it happened, apart from when it was entered, and by what evidence."""

    __tablename__ = "landing_step"

    landing_id: Mapped[UUID] = mapped_column(ForeignKey("landing.id"))
    stage: Mapped[LandingStage]
    happened_on: Mapped[date] = mapped_column(Date)
    evidence: Mapped[str] = mapped_column(String(600))
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("file_object.id"))
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    verified_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    verified_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("landing_id", "stage"),
        Index("ix_landing_step_happened", "happened_on", "stage"),
        Index("ix_landing_step_verified", "verified_at", "entered_at"),
    )


class LandingFigure(Keyed, Base):
    """A planned or actual figure as of one day: investment in fen by source, or jobs."""

    __tablename__ = "landing_figure"

    landing_id: Mapped[UUID] = mapped_column(ForeignKey("landing.id"), index=True)
    kind: Mapped[FigureKind]
    is_plan: Mapped[bool]
    source: Mapped[MoneySource | None]
    amount: Mapped[int]
    as_of: Mapped[date] = mapped_column(Date)
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("amount >= 0", name="not_negative"),)

"""A landing: the project that comes to the district (项目落地)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
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
    OUTPUT = "output"  # fen in the year of its day (产值)


class MoneySource(StrEnum):
    GOVERNMENT = "government"
    ENTERPRISE = "enterprise"
    VENTURE = "venture"
    BANK = "bank"


class EvidenceType(StrEnum):
    """What proves that a stage is reached; `portal.landings.evidence` says which type fits which stage."""

    INVESTMENT_AGREEMENT = "investment_agreement"  # 投资协议
    BUSINESS_LICENCE = "business_licence"  # 营业执照
    LAND_GRANT = "land_grant"  # 土地出让合同
    LEASE = "lease"  # 租赁合同
    CONSTRUCTION_PERMIT = "construction_permit"  # 施工许可证
    ACCEPTANCE_FILING = "acceptance_filing"  # 竣工验收备案
    PRODUCTION_PROOF = "production_proof"  # 投产证明
    FIRST_INVOICE = "first_invoice"  # 首批发票
    CAPACITY_REPORT = "capacity_report"  # 达产报告
    OCCUPANCY_PROOF = "occupancy_proof"  # 入驻证明
    SOCIAL_INSURANCE = "social_insurance"  # 社保缴纳证明
    REVENUE_VOUCHER = "revenue_voucher"  # 首笔收入凭证
    OTHER = "other"  # recorded before there were types; no new step takes it


class FirstLevel(StrEnum):
    """首: the first of its kind as far as that, or a flagship."""

    NATIONAL = "national"  # 全国首
    PROVINCIAL = "provincial"  # 全省首
    CITY = "city"  # 全市首
    FLAGSHIP = "flagship"  # 旗舰


class FirstStatus(StrEnum):
    CLAIMED = "claimed"
    VERIFIED = "verified"
    REFUSED = "refused"


class SourceKind(StrEnum):
    """Where a project comes from."""

    CHALLENGE = "challenge"
    VENTURE = "venture"
    VISIT = "visit"
    AGREEMENT = "agreement"
    DIRECT = "direct"


class ClaimStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class TalkStatus(StrEnum):
    DUE = "due"
    HELD = "held"
    CLOSED = "closed"


def _first_day(context: Any) -> date:
    """A project that is recorded begins in the stage it is recorded in."""
    found: date = context.get_current_parameters()["stage_since"]
    return found


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
    # The first day of the project as a lead; the expected days of all stages count from it.
    lead_since: Mapped[date] = mapped_column(Date, default=_first_day)
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
        Index("ix_landing_lane", "lane", "stage", "changed_at", "id"),
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
    evidence_type: Mapped[EvidenceType] = mapped_column(default=EvidenceType.OTHER)
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
    """A planned or actual figure as of one day: all investment so far in fen by source, jobs, or the year's output."""

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


class LandingPlan(Keyed, Base):
    """The day on which a stage is to be reached, as the people of the project planned it."""

    __tablename__ = "landing_plan"

    landing_id: Mapped[UUID] = mapped_column(ForeignKey("landing.id"))
    stage: Mapped[LandingStage]
    planned_on: Mapped[date] = mapped_column(Date)
    set_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("landing_id", "stage"),)


class LandingFirst(Keyed, Base):
    """A claim that the project is the first of its kind, or a flagship, with what shows it and who looked at it."""

    __tablename__ = "landing_first"

    landing_id: Mapped[UUID] = mapped_column(ForeignKey("landing.id"))
    level: Mapped[FirstLevel]
    status: Mapped[FirstStatus] = mapped_column(default=FirstStatus.CLAIMED)
    evidence: Mapped[str] = mapped_column(String(600))
    claimed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    claimed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(2000), default="")

    __table_args__ = (
        UniqueConstraint("landing_id", "level"),
        Index("ix_landing_first_level", "level", "status", "landing_id"),
        Index("ix_landing_first_status", "status", "claimed_at"),
        CheckConstraint("(status = 'claimed') = (decided_at IS NULL)", name="decided_when_decided"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_together"),
        CheckConstraint("decided_by IS NULL OR decided_by <> claimed_by", name="two_people"),
    )


class LandingShare(Keyed, Base):
    """How much of the project is owed to one source, in basis points; those of one project sum to 10,000.

    They are only ever replaced all together, with the project locked (`portal.landings.sources`).
    """

    __tablename__ = "landing_share"

    landing_id: Mapped[UUID] = mapped_column(ForeignKey("landing.id"), index=True)
    kind: Mapped[SourceKind]
    # The record of that kind; None where only its name is known.
    object_id: Mapped[UUID | None]
    words: Mapped[str] = mapped_column(String(200), default="")
    points: Mapped[int]

    __table_args__ = (
        CheckConstraint("points > 0 AND points <= 10000", name="within_the_whole"),
        CheckConstraint("kind <> 'challenge' OR object_id IS NOT NULL", name="challenge_is_named"),
        Index("ix_landing_share_source", "kind", "object_id"),
    )


class LandingClaim(Keyed, Base):
    """Somebody says that the project is owed to another source, too; shown beside the shares until it is decided."""

    __tablename__ = "landing_claim"

    landing_id: Mapped[UUID] = mapped_column(ForeignKey("landing.id"))
    status: Mapped[ClaimStatus] = mapped_column(default=ClaimStatus.OPEN)
    kind: Mapped[SourceKind]
    object_id: Mapped[UUID | None]
    words: Mapped[str] = mapped_column(String(200), default="")
    points: Mapped[int]
    reason: Mapped[str] = mapped_column(String(600))
    claimed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    claimed_at: Mapped[datetime]
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))

    __table_args__ = (
        Index("ix_landing_claim_landing", "landing_id", "status"),
        Index("ix_landing_claim_status", "status", "claimed_at"),
        CheckConstraint("points > 0 AND points <= 10000", name="within_the_whole"),
        CheckConstraint("kind <> 'challenge' OR object_id IS NOT NULL", name="challenge_is_named"),
        CheckConstraint("(status = 'open') = (decision_id IS NULL)", name="decided_when_decided"),
    )


class SupportTalk(Keyed, Base):
    """The talk that follows a loss (谈心谈话): due, held by somebody with those who carried the project, closed."""

    __tablename__ = "support_talk"

    landing_id: Mapped[UUID] = mapped_column(ForeignKey("landing.id"), unique=True)
    status: Mapped[TalkStatus] = mapped_column(default=TalkStatus.DUE)
    due_at: Mapped[datetime]
    held_on: Mapped[date | None] = mapped_column(Date)
    held_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    # Read by those who took part alone.
    notes: Mapped[str] = mapped_column(String(4000), default="")
    follow_up: Mapped[str] = mapped_column(String(2000), default="")
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        Index("ix_support_talk_status", "status", "due_at"),
        CheckConstraint("(held_on IS NULL) = (held_by IS NULL)", name="held_by_somebody"),
        CheckConstraint("(status = 'due') = (held_on IS NULL)", name="held_when_held"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_when_closed"),
    )
    __mapper_args__ = {"version_id_col": version}


class TalkPerson(Keyed, Base):
    """Somebody who takes part in a support talk."""

    __tablename__ = "support_talk_person"

    talk_id: Mapped[UUID] = mapped_column(ForeignKey("support_talk.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)

    __table_args__ = (UniqueConstraint("talk_id", "person_id"),)

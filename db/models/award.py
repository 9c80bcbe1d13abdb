"""The award of a challenge, the terms it rests on, and the reply every other proposer gets (中榜)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Keyed


class ReplyReason(StrEnum):
    """Why a proposal was not chosen, as a code beside the words."""

    BELOW_LIMITS = "below_limits"
    OUTRANKED = "outranked"
    BUDGET = "budget"
    READINESS = "readiness"
    PLAN = "plan"
    ELIGIBILITY = "eligibility"
    NO_AWARD = "no_award"
    CHALLENGE_WITHDRAWN = "challenge_withdrawn"
    NEGOTIATION_ENDED = "negotiation_ended"


class Terms(Keyed, Base):
    """What enterprise and investigator agree before the award: sum, dates, IP, payments."""

    __tablename__ = "terms"

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    number: Mapped[int]
    sum_fen: Mapped[int]
    text: Mapped[str] = mapped_column(String(8000))
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    enterprise_accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    enterprise_accepted_at: Mapped[datetime | None]
    investigator_accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    investigator_accepted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __table_args__ = (UniqueConstraint("proposal_id", "number"), Index("ix_terms_challenge", "challenge_id"))
    __mapper_args__ = {"version_id_col": version}


class Award(Keyed, Base):
    """The decision for one proposal; a revoked one stays, and only one can be in force."""

    __tablename__ = "award"

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), index=True)
    terms_id: Mapped[UUID] = mapped_column(ForeignKey("terms.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), unique=True)
    sum_fen: Mapped[int]
    awarded_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(String(2000), default="")
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        # Exactly one award in force, whatever races.
        Index(
            "uq_award_in_force",
            "challenge_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index("ix_award_awarded_at", "awarded_at"),
    )
    __mapper_args__ = {"version_id_col": version}


class Reply(Keyed, Base):
    """The reasoned reply to a proposer that is not chosen: prepared first, released in one batch."""

    __tablename__ = "reply"

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"), index=True)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), unique=True)
    code: Mapped[ReplyReason]
    text: Mapped[str] = mapped_column(String(4000))
    prepared_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

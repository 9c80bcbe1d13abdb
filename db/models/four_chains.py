"""The four chains: what each month came to, frozen; the editions by which it is judged; the scores they give."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Double, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Keyed


class Chain(StrEnum):
    TALENT = "talent"  # 人才链
    INNOVATION = "innovation"  # 创新链
    INDUSTRY = "industry"  # 产业链
    CAPITAL = "capital"  # 资金链


class EditionStatus(StrEnum):
    PREPARED = "prepared"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class Snapshot(Base):
    """A month whose values are frozen; named by its first day in Hangzhou."""

    __tablename__ = "snapshot"

    month: Mapped[date] = mapped_column(Date, primary_key=True)
    frozen_at: Mapped[datetime]


class IndicatorValue(Base):
    """One indicator of one town in one frozen month; a town without a row had nothing, which is 0."""

    __tablename__ = "indicator_value"

    month: Mapped[date] = mapped_column(ForeignKey("snapshot.month"), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(40), primary_key=True)
    town_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[float] = mapped_column(Double)


class Edition(Keyed, Base):
    """Reference points and weights over the town-months of a base period, frozen together under one number."""

    __tablename__ = "edition"

    number: Mapped[int] = mapped_column(unique=True)
    status: Mapped[EditionStatus] = mapped_column(default=EditionStatus.PREPARED)
    # First and last month of the base period, both included.
    base_from: Mapped[date] = mapped_column(Date)
    base_until: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(600), default="")
    prepared_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        CheckConstraint("base_from <= base_until", name="base_in_order"),
        CheckConstraint("(status = 'prepared') = (decided_at IS NULL)", name="decided_once"),
        Index("ix_edition_status", "status", "number"),
    )
    __mapper_args__ = {"version_id_col": version}


class EditionIndicator(Base):
    """The reference points and the weight of one indicator within its chain."""

    __tablename__ = "edition_indicator"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(40), primary_key=True)
    chain: Mapped[Chain]
    low: Mapped[float] = mapped_column(Double)
    high: Mapped[float] = mapped_column(Double)
    weight: Mapped[float] = mapped_column(Double)


class ChainScore(Base):
    """The four scores U of one town in one month by one edition, each in [0, 1]."""

    __tablename__ = "chain_score"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    month: Mapped[date] = mapped_column(ForeignKey("snapshot.month"), primary_key=True)
    town_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    talent: Mapped[float] = mapped_column(Double)
    innovation: Mapped[float] = mapped_column(Double)
    industry: Mapped[float] = mapped_column(Double)
    capital: Mapped[float] = mapped_column(Double)
    # How many indicators lay outside the reference points and were cut off at them.
    clipped: Mapped[int]

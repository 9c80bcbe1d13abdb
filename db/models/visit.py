"""A visit of young talent (三访: 访学, 访工, 访窗口): its programme, who takes part, what came of it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Keyed


class VisitKind(StrEnum):
    STUDY = "study"  # 访学
    WORK = "work"  # 访工
    WINDOW = "window"  # 访窗口


class VisitStatus(StrEnum):
    PLANNED = "planned"
    REGISTRATION_OPEN = "registration_open"
    HELD = "held"
    DEBRIEFED = "debriefed"
    CANCELLED = "cancelled"


class ParticipantStatus(StrEnum):
    REGISTERED = "registered"
    WAITLISTED = "waitlisted"
    ATTENDED = "attended"
    CONTACT_MADE = "contact_made"
    INTERN = "intern"
    JOINED = "joined"
    RETAINED_12M = "retained_12m"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class Visit(Keyed, Base):
    """One visit on one or more days, by an organiser and perhaps a partner, e.g. a town and a university."""

    __tablename__ = "visit"

    number: Mapped[str] = mapped_column(String(20), unique=True)  # e.g. VT-2026-0007
    kind: Mapped[VisitKind]
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(2000), default="")
    status: Mapped[VisitStatus] = mapped_column(default=VisitStatus.PLANNED)
    organiser_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    broker_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    town_code: Mapped[str] = mapped_column(String(40))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    capacity: Mapped[int]
    # [opens, closes)
    registration_opens_at: Mapped[datetime]
    registration_closes_at: Mapped[datetime]
    meeting_point: Mapped[str] = mapped_column(String(200), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    findings: Mapped[str] = mapped_column(String(2000), default="")
    cancel_reason: Mapped[str] = mapped_column(String(2000), default="")
    # From here the code of each day is made; it never leaves the server.
    check_in_secret: Mapped[str] = mapped_column(String(64))
    # How often those who have it in their calendar need to hear of a change (RFC 5545 SEQUENCE).
    sequence: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    # Held, debriefed or cancelled: the personal data are counted from the end.
    ended_at: Mapped[datetime | None]
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        Index("ix_visit_status_starts", "status", "starts_on"),
        Index("ix_visit_status_ends", "status", "ends_on"),
        Index("ix_visit_status_ended", "status", "ended_at"),
        Index("ix_visit_starts", "starts_on", "id"),
        Index("ix_visit_ends", "ends_on", "id"),
        Index("ix_visit_kind", "kind", "starts_on"),
        Index("ix_visit_town", "town_code", "starts_on"),
        CheckConstraint("capacity > 0", name="has_places"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint("registration_closes_at > registration_opens_at", name="closes_after_it_opens"),
        CheckConstraint("partner_id IS NULL OR partner_id <> organiser_id", name="two_organisations"),
        CheckConstraint("status <> 'cancelled' OR cancel_reason <> ''", name="cancelled_with_a_reason"),
    )
    __mapper_args__ = {"version_id_col": version}


class VisitItem(Keyed, Base):
    """One line of the programme; times are minutes since midnight in Hangzhou."""

    __tablename__ = "visit_item"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    position: Mapped[int]
    day: Mapped[date] = mapped_column(Date)
    from_minute: Mapped[int]
    to_minute: Mapped[int]
    place: Mapped[str] = mapped_column(String(120), default="")
    what: Mapped[str] = mapped_column(String(200))
    host: Mapped[str] = mapped_column(String(120), default="")

    __table_args__ = (
        UniqueConstraint("visit_id", "position"),
        CheckConstraint("from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440", name="within_its_day"),
    )


class VisitSite(Keyed, Base):
    """A place that is visited: an organisation of the portal, or any place by its name."""

    __tablename__ = "visit_site"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    position: Mapped[int]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    town_code: Mapped[str | None] = mapped_column(String(40))

    __table_args__ = (UniqueConstraint("visit_id", "position"),)


class VisitAudience(Base):
    """Whose people a visit is for; without any it is for everybody."""

    __tablename__ = "visit_audience"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)


class VisitParticipant(Keyed, Base):
    """Somebody who takes part: registered by themselves, or by their institute's admin in a group.

    Ninety days after the visit's end, name, school, field, phone and account are gone unless the person agreed to be
    followed; what stays counts.
    """

    __tablename__ = "visit_participant"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    registered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    registered_at: Mapped[datetime]
    # In a group: place in its table, so that the waiting list has one order.
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(100))
    school: Mapped[str] = mapped_column(String(200), default="")
    field: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    status: Mapped[ParticipantStatus]
    # Read out or sent to those without an account; it proves nothing without the code of the day.
    ticket: Mapped[str | None] = mapped_column(String(12), unique=True)
    consent_edition: Mapped[int]
    consent_at: Mapped[datetime]
    follow_agreed: Mapped[bool] = mapped_column(default=False)
    attended_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        Index("ix_visit_participant_status", "visit_id", "status", "registered_at"),
        Index("ix_visit_participant_person", "person_id", "visit_id"),
        # Whoever cancelled may register again; nobody takes two places.
        Index(
            "uq_visit_participant_once",
            "visit_id",
            "person_id",
            unique=True,
            sqlite_where=text("status <> 'cancelled'"),
            postgresql_where=text("status <> 'cancelled'"),
        ),
        CheckConstraint("purged_at IS NULL OR (name = '' AND phone = '' AND person_id IS NULL)", name="purged"),
    )
    __mapper_args__ = {"version_id_col": version}


class VisitOutcome(Keyed, Base):
    """A step that somebody reached after a visit: when, and from where it is known."""

    __tablename__ = "visit_outcome"

    participant_id: Mapped[UUID] = mapped_column(ForeignKey("visit_participant.id"))
    step: Mapped[ParticipantStatus]
    happened_on: Mapped[date] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(200))
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("participant_id", "step"),)


class VisitContact(Keyed, Base):
    """A participant met an organisation or a person."""

    __tablename__ = "visit_contact"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("visit_participant.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_name: Mapped[str] = mapped_column(String(100), default="")
    note: Mapped[str] = mapped_column(String(600), default="")
    happened_on: Mapped[date] = mapped_column(Date)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class VisitFeedback(Keyed, Base):
    """What one participant thought of it: 1 to 5, and words."""

    __tablename__ = "visit_feedback"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("visit_participant.id"), unique=True)
    score: Mapped[int]
    words: Mapped[str] = mapped_column(String(1000), default="")
    given_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="one_to_five"),)


class CalendarFeed(Base):
    """The secret address under which somebody's calendar asks for their visits; only its hash is kept."""

    __tablename__ = "calendar_feed"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]

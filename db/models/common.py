"""What every feature shares: events, files, mail, notices, leases, settings, prepared decisions, imports."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Keyed
from db.types import Sealed


class Event(Base):
    """One append-only row per act: the history of a record and the audit trail.

    Holds ids and field names, never a personal or sealed value.
    """

    __tablename__ = "event"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    happened_at: Mapped[datetime]
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[UUID]
    # The record on whose page this act is shown, e.g. the challenge of a question.
    parent_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(60))
    from_status: Mapped[str | None] = mapped_column(String(40))
    to_status: Mapped[str | None] = mapped_column(String(40))
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    role: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(default="")
    fields: Mapped[list[Any]] = mapped_column(default=list)
    # Set on acts about a sealed proposal: nobody outside its team sees the row before this challenge is opened.
    sealed_until_opened: Mapped[UUID | None] = mapped_column(ForeignKey("challenge.id"))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    __table_args__ = (
        Index("ix_event_object", "object_id", "seq"),
        Index("ix_event_parent", "parent_id", "seq"),
        Index("ix_event_happened_at", "happened_at", "seq"),
        Index("ix_event_type_seq", "object_type", "seq"),
        Index("ix_event_organisation", "organisation_id", "seq"),
    )


class EventHead(Base):
    """The last event of the chain, so that a cut-off tail is found too; one row."""

    __tablename__ = "event_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class FileObject(Keyed, Base):
    """An uploaded file under our own id; who may read it is asked of the record it belongs to."""

    __tablename__ = "file_object"

    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]  # bytes of the content as it was uploaded
    sha256: Mapped[str] = mapped_column(String(64))
    # The record that decides who may read it: "organisation", "challenge", "proposal", "validation", "landing".
    parent_type: Mapped[str] = mapped_column(String(40))
    parent_id: Mapped[UUID]
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    is_sealed: Mapped[bool] = mapped_column(default=False)
    # Name and hash would tell something about a sealed file: they are kept here instead, encrypted.
    sealed_facts: Mapped[Sealed | None]

    __table_args__ = (Index("ix_file_object_parent", "parent_type", "parent_id"),)


class OutboxMail(Keyed, Base):
    """A mail to be sent; written with the act that causes it, sent by the worker."""

    __tablename__ = "outbox_mail"

    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(300), default="")
    sent_at: Mapped[datetime | None]
    # The same fact is told to the same person once.
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)

    __table_args__ = (Index("ix_outbox_mail_due", "sent_at", "next_try_at"),)


class Notification(Keyed, Base):
    """A notice in the portal: a message id and its parameters, translated when it is read."""

    __tablename__ = "notification"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    message: Mapped[str] = mapped_column(String(300))
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    page: Mapped[str] = mapped_column(String(60), default="")
    object_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)

    __table_args__ = (Index("ix_notification_person", "person_id", "read_at", "created_at"),)


class Lease(Base):
    """Who does the clock-driven work until when; an extra worker finds it taken."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    expires_at: Mapped[datetime]


class Setting(Base):
    """A rule that the platform admin may change while the portal runs."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(String(400))
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]


class DecisionKind(StrEnum):
    EXTENSION = "extension"
    AWARD = "award"
    ATTRIBUTION = "attribution"  # the shares of a landing project's sources


class DecisionStatus(StrEnum):
    PREPARED = "prepared"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Decision(Keyed, Base):
    """Something that one person prepares and another decides (R9)."""

    __tablename__ = "decision"

    kind: Mapped[DecisionKind]
    object_id: Mapped[UUID] = mapped_column(index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str] = mapped_column(String(2000), default="")
    prepared_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime]
    status: Mapped[DecisionStatus] = mapped_column(default=DecisionStatus.PREPARED)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str] = mapped_column(String(2000), default="")
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        CheckConstraint("decided_by IS NULL OR decided_by <> prepared_by", name="two_people"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_together"),
        Index("ix_decision_status_kind", "status", "kind"),
    )
    __mapper_args__ = {"version_id_col": version}


class ImportStatus(StrEnum):
    DONE = "done"
    UNDONE = "undone"


class ImportBatch(Keyed, Base):
    """One accepted import file; undoing it takes back exactly its rows."""

    __tablename__ = "import_batch"

    kind: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    row_count: Mapped[int]
    status: Mapped[ImportStatus] = mapped_column(default=ImportStatus.DONE)
    imported_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    imported_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __table_args__ = (Index("ix_import_batch_kind", "kind", "imported_at"),)
    __mapper_args__ = {"version_id_col": version}

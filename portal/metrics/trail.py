"""The audit trail: the part of the event table that a reader may see, filtered and in pages."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session

from db.models import Event, Organisation, Person, Role
from portal import clock
from portal.challenges.access import about_readers, unsealed
from portal.metrics.trail_records import TrailRecord, records_of
from portal.paging import FILE_LIMIT, FILE_PART
from portal.permissions import Action, Actor, authorize

SECURITY_TYPES = ("person", "membership", "setting", "organisation")
PROCESS_TYPES = (
    "challenge",
    "proposal",
    "opening_key",
    "validation",
    "landing",
    "landing_claim",
    "landing_first",
    "support_talk",
    "organisation",
    "import",
    "nda",
    "question",
    "addendum",
    "agreement",
    "commitment",
    "visit",
)


class TrailFilter(NamedTuple):
    """What the reader asks for; empty fields do not narrow."""

    object_type: str = ""
    action: str = ""
    object_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    person: str = ""  # part of the name of whoever acted


class TrailRow(NamedTuple):
    """One act; the sequence number stays inside, since its gaps would tell of sealed proposals."""

    happened_at: datetime
    person: str
    role: Role
    organisation: str
    action: str
    object_type: str
    object_id: UUID
    from_status: str
    to_status: str
    reason: str
    fields: tuple[str, ...]
    hash: str
    parent_id: UUID | None = None
    record: TrailRecord = TrailRecord()  # empty where the reader may not see it, or it is gone


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """What this reader may see; acts on a sealed proposal only once its challenge is opened, for everybody."""
    return and_(unsealed(), _by_role(actor))


def _by_role(actor: Actor) -> ColumnElement[bool]:
    if actor.role is Role.AUDITOR:
        return true()
    if actor.role in (Role.OPERATOR, Role.APPROVER):
        # Who read under an agreement is told to the enterprise and the auditor (docs/decisions/0005).
        return and_(Event.object_type.in_(PROCESS_TYPES), ~about_readers())
    if actor.role is Role.PLATFORM_ADMIN:
        return Event.object_type.in_(SECURITY_TYPES)
    if actor.organisation_id is not None:
        return Event.organisation_id == actor.organisation_id
    return false()


def list_trail(
    session: Session, actor: Actor, wanted: TrailFilter | None = None, *, offset: int = 0, limit: int = 20
) -> list[TrailRow]:
    """Newest first; one row more than `limit` tells that there is a next page. Raises: Forbidden."""
    authorize(actor, Action.READ_AUDIT_TRAIL)
    query = _filtered(actor, wanted or TrailFilter()).order_by(Event.seq.desc()).offset(offset).limit(limit + 1)
    return _named(session, actor, [_row(*row) for row in session.execute(query)])


def export_trail(session: Session, actor: Actor, wanted: TrailFilter | None = None) -> Iterator[TrailRow]:
    """Oldest first, at most 200,000 rows, a few at a time. Raises: Forbidden."""
    authorize(actor, Action.READ_AUDIT_TRAIL)
    query = _filtered(actor, wanted or TrailFilter()).order_by(Event.seq).limit(FILE_LIMIT)
    parts = session.execute(query.execution_options(yield_per=FILE_PART)).partitions()
    return (row for part in parts for row in _named(session, actor, [_row(*one) for one in part]))


def _named(session: Session, actor: Actor, rows: list[TrailRow]) -> list[TrailRow]:
    records = records_of(session, actor, ((row.object_type, row.object_id, row.parent_id) for row in rows))
    return [row._replace(record=records.get((row.object_type, row.object_id), TrailRecord())) for row in rows]


def _filtered(actor: Actor, wanted: TrailFilter) -> Select[Event, str | None, str | None]:
    query = (
        select(Event, Person.name, Organisation.name)
        .outerjoin(Person, Person.id == Event.person_id)
        .outerjoin(Organisation, Organisation.id == Event.organisation_id)
        .where(visible_to(actor))
    )
    if wanted.object_type:
        query = query.where(Event.object_type == wanted.object_type)
    if wanted.action:
        query = query.where(Event.action == wanted.action)
    if name := wanted.person.replace("\x00", "").strip():
        named = select(Person.id).where(Person.name.icontains(name, autoescape=True))
        query = query.where(Event.person_id.in_(named.correlate(None)))
    if wanted.object_id is not None:
        query = query.where(or_(Event.object_id == wanted.object_id, Event.parent_id == wanted.object_id))
    if wanted.since is not None:
        query = query.where(Event.happened_at >= _midnight(wanted.since))
    if wanted.until is not None:
        query = query.where(Event.happened_at < _midnight(wanted.until, hour=24))
    return query


def _midnight(day: date, *, hour: int = 0) -> datetime:
    # The year is bounded so that a date typed into the address cannot overflow.
    return clock.from_local(min(max(day.year, 2000), 2999), day.month, day.day, hour)


def _row(event: Event, person: str | None, organisation: str | None) -> TrailRow:
    return TrailRow(
        happened_at=event.happened_at,
        person=person or "",
        role=Role(event.role),
        organisation=organisation or "",
        action=event.action,
        object_type=event.object_type,
        object_id=event.object_id,
        from_status=event.from_status or "",
        to_status=event.to_status or "",
        reason=event.reason,
        fields=tuple(str(field) for field in event.fields),
        hash=event.hash,
        parent_id=event.parent_id,
    )


def record_trail(session: Session, actor: Actor, object_id: UUID, *, limit: int = 100) -> list[TrailRow]:
    """The history of one record that the reader already may see, newest first.

    Acts on a sealed proposal are left out until the opening, for everybody; the page of a proposal shows its own team
    what it did. Sign-ins and reads of single persons stay in the audit trail.
    """
    if not actor.signed_in:
        return []
    query = (
        select(Event, Person.name, Organisation.name)
        .outerjoin(Person, Person.id == Event.person_id)
        .outerjoin(Organisation, Organisation.id == Event.organisation_id)
        .where(Event.object_id == object_id, Event.action != Action.READ_CONFIDENTIAL.value, unsealed())
        .order_by(Event.seq.desc())
        .limit(limit)
    )
    return [_row(*row) for row in session.execute(query)]

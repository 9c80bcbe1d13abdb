"""The one append-only, hash-chained table of acts: history of a record and audit trail."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from db.models import Event, EventHead
from portal import clock
from portal.permissions import Actor

GENESIS = "0" * 64
_CHAIN_LOCK = 7_190_001  # any constant: PostgreSQL's advisory lock of the chain


def record_event(
    session: Session,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: UUID,
    *,
    from_status: str | None = None,
    to_status: str | None = None,
    reason: str = "",
    fields: Sequence[str] = (),
    parent_id: UUID | None = None,
    sealed_until_opened: UUID | None = None,
) -> Event:
    """Append one act to the chain, in the caller's transaction.

    `fields` holds field names and ids, never personal or sealed values. `sealed_until_opened` is the challenge before
    whose opening nobody outside the proposer's team may see that the act happened.
    """
    event = _next_event(
        _locked_head(session),
        actor,
        object_type=object_type,
        object_id=object_id,
        parent_id=parent_id,
        action=str(action),
        from_status=None if from_status is None else str(from_status),
        to_status=None if to_status is None else str(to_status),
        reason=reason,
        fields=list(fields),
        sealed_until_opened=sealed_until_opened,
    )
    session.add(event)
    session.flush()
    return event


def record_events(
    session: Session,
    actor: Actor,
    action: str,
    object_type: str,
    object_ids: Iterable[UUID],
    *,
    to_status: str | None = None,
    fields: Sequence[str] = (),
) -> None:
    """The same act on many records, an event each: the chain's head is read and written once."""
    head = _locked_head(session)
    for object_id in object_ids:
        event = _next_event(
            head,
            actor,
            object_type=object_type,
            object_id=object_id,
            parent_id=None,
            action=str(action),
            from_status=None,
            to_status=None if to_status is None else str(to_status),
            reason="",
            fields=list(fields),
            sealed_until_opened=None,
        )
        session.add(event)
    session.flush()


def _next_event(head: EventHead, actor: Actor, **values: Any) -> Event:
    """The event that follows the head, which moves on to it."""
    event = Event(
        seq=head.seq + 1,
        happened_at=clock.now(),
        person_id=actor.person_id,
        role=str(actor.role),
        organisation_id=actor.organisation_id,
        previous_hash=head.hash,
        **values,
    )
    event.hash = event_hash(event)
    head.seq, head.hash = event.seq, event.hash
    return event


def event_hash(event: Event) -> str:
    """SHA-256 over the canonical JSON of every other column."""
    content = {
        "seq": event.seq,
        "happened_at": event.happened_at.isoformat(timespec="microseconds"),
        "object_type": event.object_type,
        "object_id": str(event.object_id),
        "parent_id": None if event.parent_id is None else str(event.parent_id),
        "action": event.action,
        "from_status": event.from_status,
        "to_status": event.to_status,
        "person_id": None if event.person_id is None else str(event.person_id),
        "role": event.role,
        "organisation_id": None if event.organisation_id is None else str(event.organisation_id),
        "reason": event.reason,
        "fields": event.fields,
        "sealed": None if event.sealed_until_opened is None else str(event.sealed_until_opened),
        "previous_hash": event.previous_hash,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class Fault(NamedTuple):
    """One place where the chain does not hold."""

    seq: int
    what: str  # "changed", "missing", "inserted" or "head"


def verify_chain(session: Session) -> tuple[int, list[Fault]]:
    """Walk the whole chain; returns how many events were read and every fault found."""
    faults: list[Fault] = []
    expected_seq, previous, count = 1, GENESIS, 0
    for event in _all_events(session):
        count += 1
        if event.seq != expected_seq:
            faults.append(Fault(expected_seq, "missing" if event.seq > expected_seq else "inserted"))
        elif event.previous_hash != previous:
            faults.append(Fault(event.seq, "inserted"))
        if event_hash(event) != event.hash:
            faults.append(Fault(event.seq, "changed"))
        expected_seq, previous = event.seq + 1, event.hash
    head = session.get(EventHead, 1)
    if (head.seq, head.hash) != (expected_seq - 1, previous) if head else count:
        faults.append(Fault(expected_seq, "head"))
    return count, faults


def chain_head(session: Session) -> tuple[int, str]:
    """Number and hash of the last event, to be kept outside the machine."""
    head = session.get(EventHead, 1)
    return (head.seq, head.hash) if head else (0, GENESIS)


def _all_events(session: Session) -> Iterator[Event]:
    query = select(Event).order_by(Event.seq).execution_options(yield_per=1000)
    for event in session.scalars(query):
        yield event
        session.expunge(event)


def _locked_head(session: Session) -> EventHead:
    """The chain's head; on PostgreSQL under an advisory lock, on SQLite writers queue anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    head = session.scalars(select(EventHead).where(EventHead.id == 1).execution_options(populate_existing=True)).first()
    if head is None:
        head = EventHead(id=1, seq=0, hash=GENESIS)
        session.add(head)
        session.flush()
    return head

"""How often something may be tried: counters in the database, counted in a transaction of their own.

The figures are PyPI's. A caller counts first, commits, and only then does what is limited: an attempt counts even when
the rest fails.
"""

import hashlib
import ipaddress
import logging
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db.models import RateCount, Role
from portal import clock
from portal.errors import N_
from portal.notifications.commands import notify, people_with_role

log = logging.getLogger(__name__)

_here: dict[tuple[str, datetime], int] = {}
_here_lock = threading.Lock()

FIVE_MINUTES = timedelta(minutes=5)
DAY = timedelta(days=1)


class Limit(NamedTuple):
    """At most `most` tries per window in one bucket."""

    bucket: str
    most: int
    window: timedelta


def sign_in_limits(email: str, address: str, device: str | None) -> list[Limit]:
    """10 per five minutes for a person and for an address, 1,000 overall.

    A device on which this person signed in before has a count of its own, so that others' guesses do not shut the
    owner out.
    """
    if device:
        return [Limit(f"sign_in:device:{_digest(device)}", 10, FIVE_MINUTES)]
    return [
        Limit(f"sign_in:address:{address_group(address)}", 10, FIVE_MINUTES),
        Limit(f"sign_in:person:{_digest(email)}", 10, FIVE_MINUTES),
        Limit("sign_in:all", 1000, FIVE_MINUTES),
    ]


def reset_limits(email: str, address: str) -> list[Limit]:
    """Five a day for a person, 10 per five minutes from an address."""
    return [
        Limit(f"reset:address:{address_group(address)}", 10, FIVE_MINUTES),
        Limit(f"reset:person:{_digest(email)}", 5, DAY),
        Limit("reset:all", 1000, FIVE_MINUTES),
    ]


def link_limits(address: str) -> list[Limit]:
    """How many one-time links an address may try: nobody guesses one."""
    return [Limit(f"link:address:{address_group(address)}", 60, FIVE_MINUTES)]


def apply_limits(address: str) -> list[Limit]:
    """Applications of organisations: 10 a day from an address."""
    return [Limit(f"apply:address:{address_group(address)}", 10, DAY)]


def calendar_limits(address: str) -> list[Limit]:
    """Calendars ask by the hour, those of a whole office from one address: many a day, few of them guesses."""
    return [Limit(f"calendar:address:{address_group(address)}", 300, FIVE_MINUTES)]


def check_in_limits(address: str, who: str, visit: str) -> list[Limit]:
    """Codes of a visit: 5 per five minutes and 20 a day for one ticket or person, since a code has a million values.

    A whole hall may share one address, so that one is generous. `who` is empty where neither is known.
    """
    limits = [Limit(f"check_in:address:{address_group(address)}", 300, FIVE_MINUTES)]
    if who:
        limits.append(Limit(f"check_in:who:{_digest(visit + who)}", 5, FIVE_MINUTES))
        limits.append(Limit(f"check_in:day:{_digest(visit + who)}", 20, DAY))
    return limits


def count_attempt(session: Session, limits: Sequence[Limit]) -> bool:
    """Count one try in each bucket, in order; False as soon as one is full, and nothing further is counted."""
    return all(_count(session, limit) for limit in limits)


def count_here(bucket: str, most: int = 10, window: timedelta = FIVE_MINUTES) -> bool:
    """Count in this process's memory: for an act whose transaction takes the count back when it fails."""
    start = _window(window)
    with _here_lock:
        for old in [key for key in _here if key[1] < start - DAY]:
            del _here[old]
        _here[bucket, start] = _here.get((bucket, start), 0) + 1
        return _here[bucket, start] <= most


def purge(session: Session) -> int:
    """Delete counts of windows that are over; the worker calls it."""
    result = session.execute(delete(RateCount).where(RateCount.window < clock.now() - 2 * DAY))
    return result.rowcount if isinstance(result, CursorResult) else 0


def address_group(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one: whoever has one of them has them all."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def _count(session: Session, limit: Limit) -> bool:
    window = _window(limit.window)
    # A full bucket is only read: a flood must not keep the write log busy.
    query = select(RateCount.count).where(RateCount.bucket == limit.bucket, RateCount.window == window)
    if (session.scalar(query) or 0) >= limit.most:
        return False
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(RateCount).values(bucket=limit.bucket, window=window, count=1)
    counted = session.scalar(
        statement.on_conflict_do_update(
            index_elements=[RateCount.bucket, RateCount.window], set_={"count": RateCount.count + 1}
        ).returning(RateCount.count)
    )
    if counted == limit.most:
        log.warning("rate limit reached: %s of %s in %s", limit.most, limit.bucket.rpartition(":")[0], limit.window)
        if limit.bucket.endswith(":all"):
            _raise_alarm(session, limit)
    return (counted or 0) <= limit.most


def _raise_alarm(session: Session, limit: Limit) -> None:
    """So many tries from everywhere are an attack: the platform admins hear of it, once a day."""
    notify(
        session,
        person_ids=people_with_role(session, Role.PLATFORM_ADMIN),
        message=N_("Somebody is guessing passwords or links: {count} tries within five minutes. See the log."),
        params={"count": limit.most},
        dedupe_key=f"{limit.bucket}:{clock.today()}",
    )


def _window(length: timedelta) -> datetime:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + (clock.now() - epoch) // length * length


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]

"""Pure checks on challenges: who stands where, which deadline can be kept, whether proposals are accepted."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from unicodedata import normalize
from uuid import UUID

from db.models import Challenge, ChallengeStatus
from portal import clock
from portal.errors import N_, DeadlinePassed, Invalid
from portal.permissions import Actor, Role, Side

CONFIDENTIALITY_CHECKS: dict[str, str] = {
    "process": N_("The public sections tell no process window, recipe or real yield."),
    "people": N_("They name no customer, supplier or person who did not agree to it."),
    "levels": N_("Every section has the right level of disclosure, attachments included."),
    "enough": N_("What is public is enough to decide whether to answer."),
}
"""What the broker or operator confirms before the approver sees the challenge."""

BUDGET_BANDS: dict[str, tuple[int | None, int | None]] = {
    "under_100": (None, 10**8),
    "100_300": (10**8, 3 * 10**8),
    "300_1000": (3 * 10**8, 10**9),
    "over_1000": (10**9, None),
}
"""Half-open bands of the public budget in fen, named by 万元."""

_MOMENT = re.compile(
    r"^(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?[T\s]*(\d{1,2})(?::|时|点)(\d{2})?(?::00(?:\.0+)?)?分?"
    r"\s*(Z|[+-]\d{2}:?\d{2}|CST)?$"
)


def sides(actor: Actor, challenge: Challenge) -> frozenset[Side]:
    """The sides of a challenge that somebody is on."""
    found = set()
    if actor.organisation_id is not None and actor.organisation_id == challenge.organisation_id:
        found.add(Side.ENTERPRISE)
    # In the role of a broker alone: whoever is none any more keeps nothing of it under another hat.
    if actor.role is Role.BROKER and actor.person_id is not None and actor.person_id == challenge.broker_id:
        found.add(Side.ASSIGNED)
    return frozenset(found)


def has_closed(challenge: Challenge, now: datetime) -> bool:
    """Whether the deadline has passed; once the clock wrote it, a clock that steps back does not re-open it."""
    if challenge.closed_at is not None:
        return True
    return challenge.closes_at is not None and now >= challenge.closes_at


def accepts_proposals(challenge: Challenge, now: datetime) -> bool:
    """Whether this instant lies in [opens_at, closes_at) of an open challenge."""
    return (
        challenge.status is ChallengeStatus.OPEN
        and challenge.opens_at is not None
        and challenge.opens_at <= now
        and not has_closed(challenge, now)
    )


def require_open(challenge: Challenge, now: datetime) -> None:
    """Raises: DeadlinePassed."""
    if has_closed(challenge, now):
        raise DeadlinePassed


def parse_moment(text: str, *, field: str = "") -> datetime:
    """`2026-03-05 17:00`, `2026/3/5 24:00`, `2026年3月5日 17:00`, with `+08:00` or `Z` if wanted, as an instant.

    Without a zone it is a clock in Hangzhou; 24:00 is the next day 00:00.

    Raises: Invalid for anything else, 31 February included.
    """
    found = _MOMENT.match(normalize("NFKC", str(text)).strip())
    if found is None:
        raise Invalid(
            N_("“{text}” is no date with a time. Write it like 2026-03-05 17:00."), field=field, text=str(text)[:40]
        )
    year, month, day, hour = (int(part) for part in found.group(1, 2, 3, 4))
    minute = int(found.group(5) or 0)
    try:
        if hour > 24 or minute > 59 or (hour == 24 and minute):
            raise ValueError
        local = clock.from_local(year, month, day, hour, minute)
        return local + _behind_hangzhou(found.group(6))
    except (ValueError, OverflowError):
        raise Invalid(
            N_("“{text}” does not exist in the calendar. Write it like 2026-03-05 17:00."),
            field=field,
            text=str(text)[:40],
        ) from None


def _behind_hangzhou(zone: str | None) -> timedelta:
    """How much later the instant is than the same figures on a clock in Hangzhou."""
    if zone in (None, "", "CST"):
        return timedelta(0)
    if zone == "Z":
        return timedelta(hours=8)
    sign = -1 if zone[0] == "-" else 1
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:])) * sign
    return timedelta(hours=8) - offset


def require_future(moment: datetime, now: datetime, *, field: str) -> None:
    """Raises: Invalid."""
    if moment <= now:
        raise Invalid(N_("{moment} is already past."), field=field, moment=moment)


def earliest_close(opens_at: datetime, minimum_open_days: int) -> datetime:
    """The first deadline that keeps the minimum open period."""
    return opens_at + timedelta(days=minimum_open_days)


def next_midnight(moment: datetime) -> datetime:
    """The end of that day in Hangzhou, unless the moment is a midnight itself."""
    local = clock.local(moment)
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return moment if start == local else (start + timedelta(days=1)).astimezone(moment.tzinfo)


def require_open_long_enough(opens_at: datetime, closes_at: datetime, minimum_open_days: int) -> None:
    """Raises: Invalid."""
    earliest = earliest_close(opens_at, minimum_open_days)
    if closes_at < earliest:
        raise Invalid(
            N_("A challenge stays open for at least {days} days: the deadline cannot lie before {earliest}."),
            field="closes_at",
            days=minimum_open_days,
            earliest=earliest,
        )


def took_part_in_refining(person_id: UUID | None, challenge: Challenge) -> bool:
    """Whether this person refined the challenge and so may not approve or reject it (R9)."""
    return person_id is not None and person_id in (
        challenge.refined_by,
        challenge.broker_id,
        challenge.confidentiality_checked_by,
        challenge.created_by,
    )


def unconfirmed(confirmed: Mapping[str, bool]) -> list[str]:
    """The checks that nobody ticked."""
    return [name for name in CONFIDENTIALITY_CHECKS if not confirmed.get(name)]

"""Pure checks on evaluation and award: keys, rankings, promises against limits, what a proposer is told."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from db.models import Challenge, ChallengeStatus, ProposalStatus, ReplyReason, Terms
from portal.errors import N_, Invalid, NotPossibleNow
from portal.permissions import Actor, Role
from portal.proposals.rules import meets

ENTERPRISE, DISTRICT = "enterprise", "district"


class Fit(StrEnum):
    """A promised value against the limits of its metric."""

    MEETS = "meets"
    MISSES = "misses"
    NOT_PROMISED = "not_promised"


class Party(StrEnum):
    """Who walked away from a negotiation."""

    ENTERPRISE = "enterprise"
    INSTITUTE = "institute"


class RankEntry(NamedTuple):
    """The place of one proposal, and why."""

    proposal_id: UUID
    rank: int
    reason: str


def side_of(actor: Actor) -> str:
    """For whom somebody acts in an evaluation that two sides carry out together."""
    return ENTERPRISE if actor.role is Role.ENTERPRISE_ADMIN else DISTRICT


def require_openable(challenge: Challenge, now: datetime) -> None:
    """After the deadline, by the clock now, and closed for good: a clock that ran ahead opens nothing.

    Raises: NotPossibleNow.
    """
    if challenge.closes_at is not None and now < challenge.closes_at:
        message = N_("The proposals stay sealed until the deadline, {closes_at}.")
        raise NotPossibleNow(message, closes_at=challenge.closes_at)
    if challenge.status is not ChallengeStatus.CLOSED or challenge.closed_at is None:
        raise NotPossibleNow(status=challenge.status)


def counts(turned_at: datetime, now: datetime, window_minutes: int) -> bool:
    """Whether a key turned then still opens now; one turned by a clock that ran ahead does not."""
    return timedelta(0) <= now - turned_at <= timedelta(minutes=window_minutes)


def fit(value: Decimal | None, lower: Decimal | None, upper: Decimal | None) -> Fit:
    """Compare exactly; a value on a limit meets it."""
    if value is None:
        return Fit.NOT_PROMISED
    return Fit.MEETS if meets(value, lower, upper) else Fit.MISSES


def check_ranking(entries: Sequence[RankEntry], expected: Collection[UUID]) -> None:
    """Every proposal in evaluation has one rank of its own, 1 to n, and a reason. Raises: Invalid."""
    ids = [entry.proposal_id for entry in entries]
    if set(ids) != set(expected) or len(ids) != len(expected):
        raise Invalid(N_("The ranking must name every proposal in evaluation once."), field="ranking")
    if sorted(entry.rank for entry in entries) != list(range(1, len(ids) + 1)):
        message = N_("Each rank from 1 to {count} must be given exactly once.")
        raise Invalid(message, field="ranking", count=len(ids))
    without = [entry.rank for entry in entries if not entry.reason]
    if without:
        raise Invalid(N_("Rank {rank} has no reason yet."), field="ranking", rank=without[0])


def is_locked(statuses: Iterable[ProposalStatus]) -> bool:
    """Whether the challenge was shortlisted once: its ranking stays as it is, whoever walks away later."""
    after = {ProposalStatus.SHORTLISTED, ProposalStatus.RESERVE, ProposalStatus.DECLINED, ProposalStatus.NOT_SELECTED}
    return any(status in after for status in statuses)


def likely_ground(status: ProposalStatus, rank: int | None, negotiated: int | None) -> ReplyReason | None:
    """The ground of a reply as far as the course of things tells it; None where somebody must choose.

    `rank` is that of the proposal, `negotiated` that of the one which is negotiated with or awarded.
    """
    if status is ProposalStatus.INELIGIBLE:
        return ReplyReason.ELIGIBILITY
    if status is ProposalStatus.SHORTLISTED:
        # Whoever is negotiated with is answered only when that ends.
        return ReplyReason.NEGOTIATION_ENDED
    if rank is not None and negotiated is not None and negotiated < rank:
        return ReplyReason.OUTRANKED
    return None


def is_accepted(terms: Terms | None) -> bool:
    """Whether both sides accepted these terms."""
    return terms is not None and terms.enterprise_accepted_at is not None and terms.investigator_accepted_at is not None

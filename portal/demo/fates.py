"""How far each demonstration challenge has come, and when its story begun, relative to today."""

from datetime import timedelta
from enum import StrEnum

from portal.demo.content import challenges


class Fate(StrEnum):
    """Where a story stops."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REFINING = "refining"
    APPROVED = "approved"
    REJECTED = "rejected"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    OPENED = "opened"
    EVALUATING = "evaluating"
    NEGOTIATING = "negotiating"
    PREPARED = "prepared"  # the award waits for the approver
    AWARDED = "awarded"
    PLANNED = "planned"
    VALIDATING = "validating"
    SOLVED = "solved"
    UNSOLVED = "unsolved"
    NO_AWARD = "no_award"
    WITHDRAWN = "withdrawn"


# Without proposals: they never open.
_BEFORE_OPENING = (Fate.DRAFT, Fate.SUBMITTED, Fate.REFINING, Fate.APPROVED, Fate.REJECTED, Fate.RETURNED)
# With a landing project in the content: solved, and landed.
_AFTER = (
    [Fate.OPEN] * 13
    + [Fate.SUSPENDED, Fate.CLOSED, Fate.CLOSED, Fate.OPENED]
    + [Fate.EVALUATING] * 4
    + [Fate.NEGOTIATING, Fate.NEGOTIATING, Fate.PREPARED]
    + [Fate.AWARDED, Fate.AWARDED, Fate.PLANNED]
    + [Fate.VALIDATING] * 3
    + [Fate.UNSOLVED, Fate.NO_AWARD, Fate.NO_AWARD, Fate.WITHDRAWN]
)

# Days from the first draft to today, by fate; `_spread` sets stories of one fate apart.
_AGE = {
    Fate.DRAFT: 4,
    Fate.SUBMITTED: 4,
    Fate.RETURNED: 9,
    Fate.REFINING: 7,
    Fate.APPROVED: 19,
    Fate.REJECTED: 40,
    Fate.OPEN: 22,
    Fate.SUSPENDED: 27,
    Fate.CLOSED: 42,
    Fate.OPENED: 45,
    Fate.EVALUATING: 54,
    Fate.NEGOTIATING: 66,
    Fate.PREPARED: 72,
    Fate.AWARDED: 84,
    Fate.PLANNED: 95,
    Fate.VALIDATING: 120,
    Fate.SOLVED: 190,
    Fate.UNSOLVED: 180,
    Fate.NO_AWARD: 110,
    Fate.WITHDRAWN: 60,
}
_STEP = {Fate.SOLVED: 14, Fate.EVALUATING: 2, Fate.NEGOTIATING: 2, Fate.AWARDED: 3, Fate.VALIDATING: 5}


def _assign() -> dict[str, Fate]:
    early, late = iter(_BEFORE_OPENING), iter(_AFTER)
    fates: dict[str, Fate] = {}
    # Taken round by enterprise, so that no enterprise has open challenges only.
    for row in sorted(challenges(), key=lambda row: (int(row["key"][1:]) * 7 % 61, row["key"])):
        if not row["proposals"]:
            fates[row["key"]] = next(early)
        elif row["landing"]:
            fates[row["key"]] = Fate.SOLVED
        else:
            fates[row["key"]] = next(late, Fate.SOLVED)
    return fates


FATES: dict[str, Fate] = _assign()


def days_ago(key: str) -> timedelta:
    """How long ago the story of that challenge begun."""
    fate = FATES[key]
    place = sorted(other for other in FATES if FATES[other] is fate).index(key)
    return timedelta(days=_AGE[fate] + place * _STEP.get(fate, 1), hours=place % 5)

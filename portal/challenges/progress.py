"""How far a challenge has come: the list behind each figure of the cockpit."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists

from db.models import Award, Challenge, ChallengeStatus, Landing, ValidationPlan, ValidationStatus
from portal import clock

PERIODS: Mapping[str, int] = {"year": 365, "quarter": 91}
"""Days back from today, by the word in the address."""

_C, _S = Challenge, ChallengeStatus
NEVER_OPEN = (_S.DRAFT, _S.SUBMITTED, _S.REFINING, _S.APPROVED, _S.REJECTED)
REACHED = ("submitted", "published", "closed", "awarded", "solved", "landed")


def since_of(period: str) -> date | None:
    """The first day of a period; None for all that there is."""
    days = PERIODS.get(period)
    return clock.today() - timedelta(days=days) if days else None


def has_reached(step: str) -> list[ColumnElement[bool]]:
    """The conditions of a step of the pipeline; none for a word that is no step."""
    if step not in REACHED:
        return []
    signed = and_(ValidationPlan.challenge_id == _C.id, ValidationPlan.status == ValidationStatus.SIGNED_OFF)
    by_step: dict[str, list[ColumnElement[bool]]] = {
        "submitted": [],
        "published": [_C.status.not_in(NEVER_OPEN), _C.opens_at <= clock.now()],
        "closed": [_C.closed_at.is_not(None)],
        "awarded": [exists().where(Award.challenge_id == _C.id, Award.revoked_at.is_(None)).correlate(_C)],
        "solved": [_C.status == _S.SOLVED, exists().where(signed).correlate(_C)],
        "landed": [exists().where(Landing.challenge_id == _C.id).correlate(_C)],
    }
    return [_C.submitted_at.is_not(None), *by_step[step]]


def submitted_since(period: str) -> list[ColumnElement[bool]]:
    """The condition of a period; none for a word that is no period."""
    first = since_of(period)
    return [] if first is None else [_C.submitted_at >= clock.from_local(first.year, first.month, first.day)]

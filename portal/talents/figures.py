"""The funnel in figures: how many people came at least how far, by class, channel, town and year of first contact."""

from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from db.models import Talent, TalentChannel, TalentClass
from portal.errors import N_, Forbidden
from portal.organisations.places import towns
from portal.permissions import Action, Actor, authorize
from portal.talents.queries import NONE
from portal.talents.rules import LOGGED_READERS, STAGES
from portal.talents.suppression import Shown, protect


class Dimension(StrEnum):
    """What the funnel may be broken down by."""

    CLASS = "class"
    CHANNEL = "channel"
    TOWN = "town"
    COHORT = "cohort"


_COLUMNS: dict[Dimension, Any] = {
    Dimension.CLASS: Talent.talent_class,
    Dimension.CHANNEL: Talent.channel,
    Dimension.TOWN: Talent.town_code,
    Dimension.COHORT: Talent.cohort,
}


class Group(NamedTuple):
    """One row: its code (`none` for people without one) and, step by step, how many came at least that far.

    A count is None where it is hidden from this reader.
    """

    code: str
    counts: Shown


class Funnel(NamedTuple):
    """The total and, when asked for, its rows; every row's counts stand in the order of the steps."""

    total: Shown
    groups: list[Group]
    is_protected: bool  # whether small counts of persons are hidden from this reader


def funnel(
    session: Session,
    actor: Actor,
    *,
    by: Dimension | None = None,
    talent_class: str = "",
    channel: TalentChannel | None = None,
    town: str = "",
    cohort: int | None = None,
) -> Funnel:
    """How many people came at least as far as each step.

    Whoever may not see the persons gets small counts hidden, by one dimension at a time and without filters: with two
    at once, what was hidden could be found by subtracting. Raises: Forbidden.
    """
    authorize(actor, Action.READ_TALENT_FIGURES)
    is_protected = actor.role not in LOGGED_READERS
    filters = _filters(talent_class, channel, town, cohort)
    if is_protected and filters:
        raise Forbidden(N_("In your role these figures are broken down by one thing at a time, without filters."))
    rows = _counts(session, by, filters)
    total = tuple(sum(counts[step] for counts in rows.values()) for step in range(len(STAGES)))
    if by is None:
        rows = {}
    shown: dict[str, Shown] = {code: tuple(counts) for code, counts in rows.items()}
    total_shown: Shown = total
    if is_protected:
        shown, total_shown = protect(rows, total)
    return Funnel(total_shown, [Group(code, shown[code]) for code in _ordered(by, shown)], is_protected)


def cohorts(session: Session, actor: Actor) -> list[int]:
    """The years in which anybody was reached, the latest first. Raises: Forbidden."""
    authorize(actor, Action.READ_TALENT_FIGURES)
    first, last = (session.scalar(select(end(Talent.cohort))) for end in (func.min, func.max))
    return [] if first is None or last is None else list(range(last, first - 1, -1))


def _filters(
    talent_class: str, channel: TalentChannel | None, town: str, cohort: int | None
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if talent_class:
        known = talent_class in set(TalentClass)
        found.append(Talent.talent_class == TalentClass(talent_class) if known else Talent.talent_class.is_(None))
    if channel is not None:
        found.append(Talent.channel == channel)
    if town:
        found.append(Talent.town_code.is_(None) if town == NONE else Talent.town_code == town)
    if cohort is not None:
        found.append(Talent.cohort == cohort)
    return found


def _counts(session: Session, by: Dimension | None, filters: list[ColumnElement[bool]]) -> dict[str, list[int]]:
    """One question, answered by an index alone: exact steps are counted, and added up from the last one back."""
    key: Any = _COLUMNS[by] if by is not None else Talent.stage
    query = select(key, Talent.stage, func.count()).where(*filters).group_by(key, Talent.stage)
    rows: dict[str, list[int]] = {}
    for value, stage, count in session.execute(query):
        code = "" if by is None else NONE if value is None else str(value)
        row = rows.setdefault(code, [0] * len(STAGES))
        for step in range(STAGES.index(stage) + 1):
            row[step] += count
    return rows


def _ordered(by: Dimension | None, rows: dict[str, Shown]) -> list[str]:
    """Classes, channels and towns in the order of their lists, years from the first; those without one last."""
    known: list[str] = []
    if by is Dimension.CLASS:
        known = [str(one) for one in TalentClass]
    elif by is Dimension.CHANNEL:
        known = [str(one) for one in TalentChannel]
    elif by is Dimension.TOWN:
        known = [place.code for place in towns()]
    places = {code: place for place, code in enumerate(known)}
    return sorted(rows, key=lambda code: (code == NONE, places.get(code, len(places)), code))

"""Pure checks on landings: who stands where, which stage comes next, what is late, what a figure or a share may be."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from unicodedata import normalize
from uuid import UUID

from db.models import (
    FigureKind,
    Landing,
    LandingCategory,
    LandingLane,
    LandingStage,
    MoneySource,
    SourceKind,
    SupportTalk,
)
from portal.errors import N_, Invalid
from portal.house_rules import HouseRules
from portal.permissions import Actor, Side
from portal.wording import parse_money, parse_number

MAX_JOBS = 1_000_000
WHOLE = 10_000
"""All shares of a project together, in basis points: hundredths of a per cent."""
PLAN_YEARS = 15
OVERRUN = N_("The present stage takes longer than usual.")
"""The clock's reason for a flag: a message id, worded when it is shown."""


def sides(actor: Actor, landing: Landing) -> frozenset[Side]:
    """The sides of a landing project that somebody is on."""
    if actor.organisation_id is not None and actor.organisation_id in (landing.enterprise_id, landing.institute_id):
        return frozenset({Side.OWN})
    return frozenset()


def talk_sides(actor: Actor, talk: SupportTalk) -> frozenset[Side]:
    """Whoever held the talk stands on its own side."""
    return frozenset({Side.SELF}) if actor.person_id is not None and talk.held_by == actor.person_id else frozenset()


def require_lane(category: LandingCategory, lane: LandingLane) -> None:
    """A talent project has no site and no construction. Raises: Invalid."""
    if category is LandingCategory.TALENT and lane is not LandingLane.LIGHT:
        raise Invalid(N_("A talent project uses the light lane."), field="lane")


def require_past(day: date, today: date, *, field: str) -> None:
    """Raises: Invalid for a day that has not come yet."""
    if day > today:
        raise Invalid(N_("This day lies in the future; only what has happened can be recorded."), field=field)


def require_order(day: date, previous: date) -> None:
    """Raises: Invalid for a stage reached before the one before it."""
    if day < previous:
        raise Invalid(
            N_("The stage before was reached on {day}; this one cannot be earlier."), field="happened_on", day=previous
        )


def require_plannable(day: date, today: date, *, field: str) -> None:
    """A plan reaches no further than fifteen years from now. Raises: Invalid."""
    if abs((day - today).days) > PLAN_YEARS * 366:
        raise Invalid(N_("A planned day lies within fifteen years of today."), field=field)


def norm_of(rules: HouseRules, stage: LandingStage) -> int | None:
    """The days that a project may stay in a stage; None for the last of a lane and for the ends."""
    found: int | None = getattr(rules, f"norm_days_{stage.value}", None)
    return found


def days_over(since: date, today: date, norm: int | None) -> int:
    """How many days a stage lasts beyond its norm; the last day of the norm is still within."""
    return 0 if norm is None else max(0, (today - since).days - norm)


class StageDay(NamedTuple):
    """One stage of a project: when it was to be reached and when it was.

    `is_norm` when nobody planned the day and it follows from the norms; `late` in days, negative when early, None while
    it is neither reached nor due.
    """

    stage: LandingStage
    planned_on: date
    is_norm: bool
    happened_on: date | None
    late: int | None


def stage_days(
    stages: Sequence[LandingStage],
    rules: HouseRules,
    *,
    lead_since: date,
    planned: Mapping[LandingStage, date],
    happened: Mapping[LandingStage, date],
    today: date,
) -> list[StageDay]:
    """Planned against actual day of every stage of a lane; what nobody planned follows the stage before by its norm."""
    found, expected = [], lead_since
    for before, stage in zip((None, *stages), stages, strict=False):
        by_norm = expected + timedelta(days=(norm_of(rules, before) or 0) if before else 0)
        expected = planned.get(stage, by_norm)
        actual = lead_since if before is None else happened.get(stage)
        late = None if actual is None and expected >= today else ((actual or today) - expected).days
        found.append(StageDay(stage, expected, before is not None and stage not in planned, actual, late))
    return found


class Share(NamedTuple):
    """What one source is owed, in basis points of the project; `words` name a record that is known by name alone."""

    kind: SourceKind
    object_id: UUID | None
    words: str
    points: int

    @property
    def source(self) -> tuple[SourceKind, UUID | None, str]:
        return self.kind, self.object_id, "" if self.object_id else self.words


def require_whole(shares: Sequence[Share]) -> None:
    """Shares are above zero, name each source once, and sum to 100 % exactly. Raises: Invalid."""
    for share in shares:
        require_share(share)
    if len({share.source for share in shares}) < len(shares):
        raise Invalid(N_("Each source stands in the shares once."), field="shares")
    if (total := sum(share.points for share in shares)) != WHOLE:
        raise Invalid(
            N_("The shares sum to {total} %, not to 100 %."),
            field="shares",
            total=f"{total / 100:.2f}".rstrip("0").rstrip("."),
        )


def require_share(share: Share) -> None:
    """One share by itself: some of the project, of a source with a name. Raises: Invalid."""
    if not 0 < share.points <= WHOLE:
        raise Invalid(N_("A share lies above 0 and goes up to 100 %."), field="share")
    if share.kind is SourceKind.CHALLENGE:
        if share.object_id is None:
            raise Invalid(N_("Please choose the challenge."), field="source")
    elif share.kind is SourceKind.DIRECT:
        if share.object_id is not None or share.words:
            raise Invalid(N_("A project that came directly names no record."), field="source")
    elif share.object_id is None and not share.words:
        raise Invalid(N_("Please say which one it is."), field="source")


def parse_share(text: str) -> int:
    """Per cent with at most two places as basis points: `33.33`, `５０`, `50 %`. Raises: Invalid."""
    plain = normalize("NFKC", text).strip().removesuffix("%").strip()
    points = parse_number(plain, field="share", said=text) * 100
    if points != points.to_integral_value() or not 0 < points <= WHOLE:
        raise Invalid(N_("A share is a per cent above 0 and up to 100, with at most two places."), field="share")
    return int(points)


def require_source(kind: FigureKind, source: MoneySource | None) -> None:
    """An investment comes from somewhere, jobs and output do not. Raises: Invalid."""
    if kind is FigureKind.INVESTMENT and source is None:
        raise Invalid(N_("Please say where the money comes from."), field="source")
    if kind is not FigureKind.INVESTMENT and source is not None:
        raise Invalid(N_("Only an investment has a source of money."), field="source")


def parse_amount(kind: FigureKind, text: str) -> int:
    """Investment and output as fen (`1200` means 万元, `3000 元` yuan), jobs as whole persons; zero is a figure too.

    Raises: Invalid.
    """
    plain = normalize("NFKC", text).strip()
    if kind is not FigureKind.JOBS:
        return 0 if plain.rstrip("万亿元 ") in ("0", "0.0", "0.00") else parse_money(plain, field="amount")
    people = parse_number(plain, field="amount")
    if people != people.to_integral_value() or not 0 <= people <= MAX_JOBS:
        raise Invalid(N_("Jobs are whole persons, from 0 to {most}."), field="amount", most=MAX_JOBS)
    return int(people)

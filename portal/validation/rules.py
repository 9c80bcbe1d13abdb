"""Pure checks on validations: who stands where, and what measured values say against their limits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from db.models import RunStage, ValidationPlan, ValidationStatus, Verdict
from portal.errors import N_, Invalid
from portal.permissions import Actor, Side
from portal.wording import parse_number

STAGES: tuple[RunStage, ...] = (RunStage.BASELINE, RunStage.FIRST_ARTICLE, RunStage.PILOT, RunStage.AT_RATE)
"""From the first to the one that weighs most."""

ENDED = (ValidationStatus.SIGNED_OFF, ValidationStatus.ABORTED, ValidationStatus.INCONCLUSIVE)
"""A plan that stands here lets the next one be written."""

MAX_SAMPLE = 100_000

VERDICT_RULE = N_(
    "A value on a limit is inside. For each characteristic the value of the highest stage counts, and there the "
    "latest one; baseline runs and excluded runs do not count. A mandatory characteristic outside its limits means "
    "failed; a characteristic without a value means inconclusive; only optional ones outside mean passed with "
    "conditions; otherwise passed."
)
"""`find_verdict` in words, for the page and for both parties before they agree."""


class Judgement(StrEnum):
    """One value against its limits."""

    INSIDE = "inside"
    BELOW = "below"
    ABOVE = "above"


class Limits(NamedTuple):
    """What a characteristic must hold: lower ≤ value ≤ upper, either may be missing."""

    id: UUID
    lower: Decimal | None
    upper: Decimal | None
    mandatory: bool


class Reading(NamedTuple):
    """One value in force (the last correction) of a run that counts."""

    characteristic_id: UUID
    stage: RunStage
    ran_on: date
    run_number: int
    value: Decimal


class Finding(NamedTuple):
    """What decides one characteristic; None where nothing was measured."""

    characteristic_id: UUID
    deciding: Reading | None
    judgement: Judgement | None


def sides(actor: Actor, plan: ValidationPlan) -> frozenset[Side]:
    """The sides of a validation that somebody is on."""
    found = set()
    if actor.organisation_id is not None:
        if actor.organisation_id == plan.enterprise_id:
            found.add(Side.ENTERPRISE)
        if actor.organisation_id == plan.institute_id:
            found.add(Side.INSTITUTE)
    if actor.person_id is not None and actor.person_id == plan.lead_id and actor.organisation_id == plan.institute_id:
        found.add(Side.LEAD)
    return frozenset(found)


def judge(value: Decimal, lower: Decimal | None, upper: Decimal | None) -> Judgement:
    """Compare exactly; a value on a limit is inside."""
    if lower is not None and value < lower:
        return Judgement.BELOW
    if upper is not None and value > upper:
        return Judgement.ABOVE
    return Judgement.INSIDE


def find(limits: Iterable[Limits], readings: Sequence[Reading]) -> list[Finding]:
    """For each characteristic the value that decides: at the highest stage, and there the latest one."""
    deciding: dict[UUID, Reading] = {}
    for reading in readings:
        if reading.stage is RunStage.BASELINE:
            continue
        known = deciding.get(reading.characteristic_id)
        if known is None or _weight(reading) > _weight(known):
            deciding[reading.characteristic_id] = reading
    found = []
    for limit in limits:
        best = deciding.get(limit.id)
        judgement = None if best is None else judge(best.value, limit.lower, limit.upper)
        found.append(Finding(limit.id, best, judgement))
    return found


def find_verdict(limits: Sequence[Limits], readings: Sequence[Reading]) -> Verdict:
    """`VERDICT_RULE` in code: failed before inconclusive before conditional before passed."""
    mandatory: Mapping[UUID, bool] = {limit.id: limit.mandatory for limit in limits}
    found = find(limits, readings)
    outside = [row for row in found if row.judgement not in (None, Judgement.INSIDE)]
    if any(mandatory[row.characteristic_id] for row in outside):
        return Verdict.FAILED
    if not found or any(row.judgement is None for row in found):
        return Verdict.INCONCLUSIVE
    return Verdict.CONDITIONAL if outside else Verdict.PASSED


def _weight(reading: Reading) -> tuple[int, date, int]:
    return (STAGES.index(reading.stage), reading.ran_on, reading.run_number)


def require_limits(name: str, unit: str, lower: Decimal | None, upper: Decimal | None, target: Decimal | None) -> None:
    """A characteristic can be judged only with a unit and with limits that leave room. Raises: Invalid."""
    if not unit.strip():
        raise Invalid(N_("“{name}” has no unit, so nothing can be measured against it."), field="unit", name=name)
    if lower is None and upper is None:
        raise Invalid(N_("“{name}” has neither a lower nor an upper limit."), field="lower", name=name)
    if lower is not None and upper is not None and lower >= upper:
        raise Invalid(N_("“{name}”: the lower limit must be below the upper limit."), field="lower", name=name)
    if target is not None and judge(target, lower, upper) is not Judgement.INSIDE:
        raise Invalid(N_("“{name}”: the target lies outside the limits."), field="target", name=name)


def measured_value(text: str | Decimal | int, *, field: str = "") -> Decimal:
    """A measured value exactly as it was written: `0.10` stays `0.10`. Raises: Invalid."""
    return parse_number(f"{text:f}" if isinstance(text, Decimal) else str(text), field=field)

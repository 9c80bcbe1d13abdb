"""Pure checks on the two tables of a challenge: acceptance metrics and rubric, each refusal naming its row."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from unicodedata import normalize

from db.models import SectionKey
from portal.challenges.sections import Missing
from portal.challenges.texts import one_line, paragraphs
from portal.errors import N_, Invalid
from portal.wording import parse_number

MOST_METRICS = 30
MOST_CRITERIA = 15
WHOLE = 100  # what the weights sum to, in per cent
NAME_LIMIT = 60
UNIT_LIMIT = 20
METHOD_LIMIT = 400
DESCRIPTION_LIMIT = 600

# Nothing is colder; a limit below it is a slip of the unit or the sign.
_ABSOLUTE_ZERO = {"℃": Decimal("-273.15"), "°C": Decimal("-273.15"), "K": Decimal(0), "°F": Decimal("-459.67")}


class Metric(NamedTuple):
    """One acceptance metric: lower ≤ value ≤ upper decides, the target says what is hoped for."""

    name: str
    unit: str
    lower: Decimal | None
    upper: Decimal | None
    target: Decimal | None
    mandatory: bool
    method: str


class Criterion(NamedTuple):
    """One criterion of the rubric; its weight in per cent."""

    name: str
    weight: int
    description: str


def clean_metrics(rows: Sequence[Mapping[str, Any]]) -> list[Metric]:
    """The table as it is stored; wholly empty rows are left out. Raises: Invalid."""
    filled = [(place, row) for place, row in enumerate(rows, 1) if _is_filled(row, ("name", "unit", *_LIMITS))]
    if len(filled) > MOST_METRICS:
        raise Invalid(N_("At most {count} metrics fit."), field="metrics", count=MOST_METRICS)
    found = [_metric(place, row) for place, row in filled]
    _refuse_twins([row.name for row in found], "metrics")
    return found


def clean_rubric(rows: Sequence[Mapping[str, Any]]) -> list[Criterion]:
    """The table as it is stored; while it is a draft its weights need not sum to 100 yet. Raises: Invalid."""
    filled = [(place, row) for place, row in enumerate(rows, 1) if _is_filled(row, ("name", "weight", "description"))]
    if len(filled) > MOST_CRITERIA:
        raise Invalid(N_("At most {count} criteria fit."), field="rubric", count=MOST_CRITERIA)
    found = [_criterion(place, row) for place, row in filled]
    _refuse_twins([row.name for row in found], "rubric")
    return found


def clean_whole_rubric(rows: Sequence[Mapping[str, Any]]) -> list[Criterion]:
    """The same for a table that nobody completes later. Raises: Invalid, also unless the weights sum to 100."""
    found = clean_rubric(rows)
    total = sum(row.weight for row in found)
    if found and total != WHOLE:
        raise Invalid(N_("The weights sum to {total}; they must sum to 100."), field="rubric", total=total)
    return found


def missing_tables(metrics: int, mandatory: int, weights: Sequence[int]) -> list[Missing]:
    """What the two tables lack for submission, by the counts of metrics and the weights of the criteria."""
    found: list[Missing] = []
    if not metrics:
        message = N_("Acceptance metrics: at least one metric with unit and limit is needed.")
        found.append((SectionKey.METRICS.value, message, {}))
    elif not mandatory:
        found.append((SectionKey.METRICS.value, N_("Acceptance metrics: at least one must be mandatory."), {}))
    if not weights:
        found.append((SectionKey.RUBRIC.value, N_("Rubric: at least one criterion is needed."), {}))
    elif sum(weights) != WHOLE:
        message = N_("Rubric: the weights sum to {total}; they must sum to 100.")
        found.append((SectionKey.RUBRIC.value, message, {"total": sum(weights)}))
    return found


_LIMITS = ("lower", "upper", "target")


def _metric(place: int, row: Mapping[str, Any]) -> Metric:
    name = one_line(row.get("name") or "", NAME_LIMIT, section=SectionKey.METRICS, field="name")
    if not name:
        raise Invalid(N_("Row {row}: the name of the characteristic is missing."), field="metrics", row=place)
    unit = one_line(row.get("unit") or "", UNIT_LIMIT, section=SectionKey.METRICS, field="unit")
    if not unit:
        message = N_("Row {row} ({name}): the unit is missing. Write 1 for a pure number.")
        raise Invalid(message, field="metrics", row=place, name=name)
    lower, upper, target = (_limit(place, name, row.get(side)) for side in _LIMITS)
    _check_limits(place, name, unit, lower, upper, target)
    method = paragraphs(row.get("method") or "", METHOD_LIMIT, section=SectionKey.METRICS, field="method")
    mandatory = row.get("mandatory")
    return Metric(name, unit, lower, upper, target, mandatory is None or bool(mandatory), method)


def _check_limits(
    place: int, name: str, unit: str, lower: Decimal | None, upper: Decimal | None, target: Decimal | None
) -> None:
    where: dict[str, Any] = {"row": place, "name": name}
    if lower is None and upper is None:
        message = N_("Row {row} ({name}): give a lower limit, an upper limit or both.")
        raise Invalid(message, field="metrics", **where)
    if lower is not None and upper is not None and lower >= upper:
        message = N_("Row {row} ({name}): the lower limit {lower} must lie below the upper limit {upper}.")
        raise Invalid(message, field="metrics", lower=lower, upper=upper, **where)
    if target is not None and ((lower is not None and target < lower) or (upper is not None and target > upper)):
        message = N_("Row {row} ({name}): the target {target} lies outside the limits.")
        raise Invalid(message, field="metrics", target=target, **where)
    floor = _ABSOLUTE_ZERO.get(unit)
    if floor is not None and any(value is not None and value < floor for value in (lower, upper, target)):
        message = N_("Row {row} ({name}): nothing is colder than {floor} {unit}.")
        raise Invalid(message, field="metrics", floor=floor, unit=unit, **where)


def _limit(place: int, name: str, raw: Any) -> Decimal | None:
    if _is_empty(raw):
        return None
    try:
        return parse_number(str(raw), field="metrics")
    except Invalid:
        message = N_("Row {row} ({name}): “{text}” is not a number. Write digits with a decimal point, like 12.5.")
        raise Invalid(message, field="metrics", row=place, name=name, text=str(raw)[:40]) from None


def _criterion(place: int, row: Mapping[str, Any]) -> Criterion:
    name = one_line(row.get("name") or "", NAME_LIMIT, section=SectionKey.RUBRIC, field="name")
    if not name:
        raise Invalid(N_("Row {row}: the name of the criterion is missing."), field="rubric", row=place)
    weight = _weight(row.get("weight"))
    if weight is None:
        message = N_("Row {row} ({name}): the weight is a whole number from 1 to 100.")
        raise Invalid(message, field="rubric", row=place, name=name)
    text = paragraphs(row.get("description") or "", DESCRIPTION_LIMIT, section=SectionKey.RUBRIC, field="description")
    return Criterion(name, weight, text)


def _weight(raw: Any) -> int | None:
    try:
        value = parse_number(str(raw))
    except Invalid:
        return None
    return int(value) if value == value.to_integral_value() and 1 <= value <= 100 else None


def _is_filled(row: Mapping[str, Any], names: Sequence[str]) -> bool:
    return any(not _is_empty(row.get(name)) for name in names)


def _is_empty(raw: Any) -> bool:
    """Nothing typed; NaN is something, since a table editor can be made to send it."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def _refuse_twins(names: Sequence[str], table: str) -> None:
    seen: set[str] = set()
    for name in names:
        key = normalize("NFKC", name).casefold()
        if key in seen:
            raise Invalid(N_("“{name}” stands in the table twice."), field=table, name=name)
        seen.add(key)

"""The sections of a proposal: what each holds, each value cleaned, and what is still missing."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from db.models import ProposalSectionKey
from portal.challenges.queries import CriterionRow, MetricRow
from portal.challenges.texts import one_line, paragraphs
from portal.errors import N_, Invalid
from portal.wording import MAX_FEN, parse_money, parse_number

Content = dict[str, Any]
Missing = tuple[str, str, dict[str, Any]]

TITLE_LIMIT = 100
LINE_LIMIT = 200
SUMMARY_LIMIT = 600
NOTE_LIMIT = 2_000
TEXT_LIMIT = 10_000

_K = ProposalSectionKey


class TextField(NamedTuple):
    """One field of words: its label and help are message ids, `required` is what is said while it is empty."""

    name: str
    label: str
    limit: int
    help: str = ""
    required: str = ""
    is_line: bool = False


TEXTS: dict[ProposalSectionKey, tuple[TextField, ...]] = {
    _K.COVER: (
        TextField(
            "title",
            N_("Title of the proposal"),
            TITLE_LIMIT,
            N_("What you do, in one line. Your institute's admin reads it when clearing the cover sheet."),
            N_("Cover sheet: the title is missing."),
            is_line=True,
        ),
        TextField(
            "summary",
            N_("Summary"),
            SUMMARY_LIMIT,
            N_("The idea in a few sentences, for a reader of another field."),
            N_("Cover sheet: the summary is missing."),
        ),
    ),
    _K.READINESS: (
        TextField(
            "note",
            N_("Evidence for today's readiness"),
            NOTE_LIMIT,
            N_("Where and on what it was shown: laboratory, pilot line, a customer's line."),
        ),
    ),
    _K.ADVANTAGE: (
        TextField(
            "text",
            N_("Better than today's solution"),
            TEXT_LIMIT,
            N_("Compare with what the enterprise does today."),
            N_("Advantage: please compare with today's solution."),
        ),
        TextField("gain", N_("By how much"), LINE_LIMIT, N_("For example: scrap from 3.1 % to 0.4 %."), is_line=True),
        TextField(
            "cost", N_("At what cost"), LINE_LIMIT, N_("For example: 0.8 yuan more for each part."), is_line=True
        ),
    ),
    _K.PLAN: (
        TextField(
            "text",
            N_("Plan"),
            TEXT_LIMIT,
            N_("Work packages with months and results, and what you need from the enterprise's line."),
            N_("Plan: please describe the steps."),
        ),
    ),
    _K.TEAM: (
        TextField(
            "text",
            N_("Who does what"),
            TEXT_LIMIT,
            N_("Experience, equipment and share of each group."),
            N_("Team: please describe who does what."),
        ),
    ),
    _K.BUDGET: (
        TextField(
            "note",
            N_("What the sum is made of"),
            NOTE_LIMIT,
            N_("People, material, equipment, travel, overhead."),
            N_("Budget: please say what the sum is made of."),
        ),
    ),
}
"""The fields of words by section; figures stand beside them in `clean_content`."""


def empty_content(key: ProposalSectionKey) -> Content:
    """What a fresh draft holds."""
    texts: Content = {field.name: "" for field in TEXTS.get(key, ())}
    if key is _K.COVER:
        texts["sum_fen"] = None
    if key is _K.READINESS:
        texts |= {"now": None, "after": None}
    return texts


def clean_content(
    key: ProposalSectionKey, raw: Mapping[str, Any], metrics: Sequence[MetricRow], rubric: Sequence[CriterionRow]
) -> Content:
    """The section as it is stored: known fields only, each within its limits; empty ones may stay empty.

    Raises: Invalid.
    """
    if key is _K.PROMISES:
        return _promises(raw, metrics)
    if key is _K.APPROACH:
        return _answers(raw, rubric)
    fields = TEXTS[key]
    if unknown := set(raw) - set(empty_content(key)):
        raise Invalid(N_("This section has no such field."), field=min(unknown))
    content: Content = {}
    for field in fields:
        clean = one_line if field.is_line else paragraphs
        content[field.name] = clean(raw.get(field.name), field.limit, section=key, field=field.name)
    if key is _K.COVER:
        content["sum_fen"] = _sum(raw.get("sum_fen"))
    if key is _K.READINESS:
        content |= _levels(raw)
    return content


def missing_fields(
    contents: Mapping[ProposalSectionKey, Content], metrics: Sequence[MetricRow], rubric: Sequence[CriterionRow]
) -> list[Missing]:
    """What a submission still lacks, section by section in the order of the form."""
    return [item for key in _K for item in _missing_in(key, contents.get(key, {}), metrics, rubric)]


def _missing_in(
    key: ProposalSectionKey, content: Content, metrics: Sequence[MetricRow], rubric: Sequence[CriterionRow]
) -> list[Missing]:
    found: list[Missing] = [
        (key.value, field.required, {})
        for field in TEXTS.get(key, ())
        if field.required and not content.get(field.name)
    ]
    if key is _K.COVER and content.get("sum_fen") is None:
        found.append((key.value, N_("Cover sheet: the sum is missing."), {}))
    if key is _K.READINESS and None in (content.get("now"), content.get("after")):
        found.append((key.value, N_("Readiness: please choose the level today and after the work."), {}))
    if key is _K.PROMISES:
        message = N_("Promised values: {name} is missing.")
        found += [
            (key.value, message, {"name": row.name})
            for row in metrics
            if row.mandatory and not content.get(str(row.id))
        ]
    if key is _K.APPROACH:
        message = N_("Approach: the answer to “{name}” is missing.")
        found += [(key.value, message, {"name": row.name}) for row in rubric if not content.get(str(row.id))]
    return found


def promises_of(content: Content) -> dict[UUID, Decimal]:
    """The promised values by the id of their metric."""
    return {UUID(metric_id): Decimal(value) for metric_id, value in content.items() if value}


def _promises(raw: Mapping[str, Any], metrics: Sequence[MetricRow]) -> Content:
    """A plain decimal for each metric, kept as it was written: `0.10` stays `0.10`."""
    names = {str(row.id): row.name for row in metrics}
    return {metric_id: _value(names[metric_id], value) for metric_id, value in _known(raw, names).items()}


def _answers(raw: Mapping[str, Any], rubric: Sequence[CriterionRow]) -> Content:
    names = {str(row.id): row.name for row in rubric}
    return {
        criterion_id: paragraphs(text, TEXT_LIMIT, section=_K.APPROACH, field=criterion_id)
        for criterion_id, text in _known(raw, names).items()
    }


def _known(raw: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    given = {str(name): value for name, value in raw.items()}
    if unknown := set(given) - set(names):
        raise Invalid(N_("This section has no such field."), field=min(unknown))
    return {name: given[name] for name in names if name in given}


def _value(name: str, raw: Any) -> str:
    if _is_empty(raw):
        return ""
    try:
        return f"{parse_number(str(raw)):f}"
    except Invalid:
        message = N_("{name}: “{text}” is not a number. Write digits with a decimal point, like 12.5.")
        raise Invalid(message, field="promises", name=name, text=str(raw)[:40]) from None


def _sum(raw: Any) -> int | None:
    """Fen as a whole number, or a sum as somebody types it."""
    if _is_empty(raw):
        return None
    if isinstance(raw, int) and not isinstance(raw, bool):
        if not 0 < raw <= MAX_FEN:
            raise Invalid(N_("A sum must be above zero and below 1,000 亿元."), field="sum_fen")
        return raw
    return parse_money(str(raw), field="sum_fen")


def _levels(raw: Mapping[str, Any]) -> Content:
    now, after = (_level(raw.get(name), name) for name in ("now", "after"))
    if now is not None and after is not None and after < now:
        raise Invalid(N_("The readiness after the work cannot lie below today's."), field="after")
    return {"now": now, "after": after}


def _level(raw: Any, field: str) -> int | None:
    if _is_empty(raw):
        return None
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= 9:
        raise Invalid(N_("A readiness level is a whole number from 1 to 9."), field=field)
    return raw


def _is_empty(raw: Any) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip())

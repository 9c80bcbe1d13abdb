"""What a section of a challenge holds: each value cleaned, and what is still missing."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from db.models import IpRegime, SectionKey
from portal import clock
from portal.challenges.rules import parse_moment, require_future
from portal.challenges.shapes import SHAPES, Field, Kind, Shape
from portal.challenges.texts import one_line, paragraphs
from portal.errors import N_, Invalid
from portal.organisations.places import is_industry, is_town
from portal.wording import MAX_FEN, parse_money

__all__ = [
    "SHAPES",
    "Content",
    "Field",
    "Kind",
    "Missing",
    "Shape",
    "clean_content",
    "deadline_of",
    "empty_content",
    "missing_fields",
    "opening_of",
]

Content = dict[str, Any]
Missing = tuple[str, str, dict[str, Any]]


def empty_content(key: SectionKey) -> Content:
    """What a fresh draft holds."""
    return {field.name: None if field.kind in _WITHOUT_TEXT else "" for field in SHAPES[key].fields}


def clean_content(key: SectionKey, raw: Mapping[str, Any], *, now: datetime) -> Content:
    """The section's content as it is stored: known fields only, each within its limits.

    Raises: Invalid.
    """
    fields = {field.name: field for field in SHAPES[key].fields}
    if unknown := set(raw) - set(fields):
        raise Invalid(N_("This section has no such field."), field=sorted(unknown)[0])
    content = {name: _CLEAN[field.kind](raw.get(name), field, key, now) for name, field in fields.items()}
    _check_together(key, content)
    return content


def missing_fields(key: SectionKey, content: Mapping[str, Any]) -> list[Missing]:
    """Required fields that are still empty, for the list shown before submission."""
    return [
        (key.value, field.required, {})
        for field in SHAPES[key].fields
        if field.required and content.get(field.name) in (None, "")
    ]


def opening_of(content: Mapping[str, Any]) -> datetime | None:
    """The planned opening of a SCHEDULE section."""
    return datetime.fromisoformat(content["opens_on"]) if content.get("opens_on") else None


def deadline_of(content: Mapping[str, Any]) -> datetime | None:
    """The deadline of a SCHEDULE section."""
    return datetime.fromisoformat(content["closes_at"]) if content.get("closes_at") else None


def _line(raw: Any, field: Field, key: SectionKey, _now: datetime) -> str:
    return one_line(raw, field.limit, section=key, field=field.name, name=field.shown or field.label)


def _text(raw: Any, field: Field, key: SectionKey, _now: datetime) -> str:
    return paragraphs(raw, field.limit, section=key, field=field.name, name=field.shown or field.label)


def _known(test: Callable[[str], bool]) -> Callable[..., str | None]:
    def clean(raw: Any, field: Field, _key: SectionKey, _now: datetime) -> str | None:
        if raw in (None, ""):
            return None
        if not isinstance(raw, str) or not test(raw):
            raise Invalid(N_("Please choose from the list."), field=field.name)
        return raw

    return clean


def _readiness(raw: Any, field: Field, _key: SectionKey, _now: datetime) -> int | None:
    if raw in (None, ""):
        return None
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= 9:
        raise Invalid(N_("A readiness level is a whole number from 1 to 9."), field=field.name)
    return raw


def _money(raw: Any, field: Field, _key: SectionKey, _now: datetime) -> int | None:
    """Fen as a whole number, or a sum as somebody types it."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if isinstance(raw, int) and not isinstance(raw, bool):
        if not 0 < raw <= MAX_FEN:
            raise Invalid(N_("A sum must be above zero and below 1,000 亿元."), field=field.name)
        return raw
    return parse_money(str(raw), field=field.name)


def _moment(raw: Any, field: Field, _key: SectionKey, now: datetime) -> str | None:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    moment = raw if isinstance(raw, datetime) else parse_moment(raw, field=field.name)
    require_future(moment, now, field=field.name)
    return clock.local(moment).isoformat(timespec="minutes")


def _check_together(key: SectionKey, content: Content) -> None:
    if key is SectionKey.SCHEDULE:
        opens, closes = opening_of(content), deadline_of(content)
        if opens and closes and closes <= opens:
            raise Invalid(N_("The deadline must lie after the opening."), field="closes_at")
    if key is SectionKey.PROBLEM:
        now, wanted = content["trl_now"], content["trl_wanted"]
        if now and wanted and now > wanted:
            raise Invalid(N_("The readiness wanted cannot lie below today's."), field="trl_wanted")


_CLEAN: dict[Kind, Callable[[Any, Field, SectionKey, datetime], Any]] = {
    Kind.LINE: _line,
    Kind.TEXT: _text,
    Kind.INDUSTRY: _known(is_industry),
    Kind.TOWN: _known(is_town),
    Kind.READINESS: _readiness,
    Kind.MONEY: _money,
    Kind.IP: _known(lambda text: text in set(IpRegime)),
    Kind.MOMENT: _moment,
}
_WITHOUT_TEXT = frozenset(Kind) - {Kind.LINE, Kind.TEXT}

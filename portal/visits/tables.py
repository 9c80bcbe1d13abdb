"""What people type into tables, read strictly: a group's names, a programme, sites. Pure, as the rules are."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from unicodedata import normalize

from portal.errors import N_, Invalid
from portal.texts import one_line
from portal.visits.rules import LONGEST_DAYS

MOST_IN_A_GROUP = 200
_CLOCK = re.compile(r"([0-9]{1,2})[:.时点]([0-9]{2})分?")
_SPLIT = re.compile(r"\t|[,，;；]")


class GroupRow(NamedTuple):
    """One line of a group's table."""

    name: str
    school: str
    field: str
    phone: str


class Item(NamedTuple):
    """One line of the programme; minutes since midnight in Hangzhou."""

    day: date
    from_minute: int
    to_minute: int
    place: str
    what: str
    host: str


def clean_phone(text: str, *, field: str = "phone") -> str:
    """Figures, `+`, hyphens and blanks. Raises: Invalid, also for what looks like an identity number."""
    plain = one_line(normalize("NFKC", text or ""), 40, field=field)
    digits = "".join(letter for letter in plain if letter.isdigit())
    if len(digits) > 15:
        raise Invalid(N_("This is no phone number. Identity numbers are never collected here."), field=field)
    if plain and (not len(digits) >= 5 or set(plain) - set("0123456789+-() ")):
        raise Invalid(N_("“{text}” is no phone number."), field=field, text=plain[:20])
    return plain


def parse_group(text: str) -> list[GroupRow]:
    """One person a line: name, school, field, phone (optional), as pasted from a sheet or typed with commas.

    Raises: Invalid that names the line.
    """
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in _SPLIT.split(line)]
        while cells and not cells[-1]:
            cells.pop()
        if number == 1 and cells[0] in ("姓名", "Name", "name"):
            continue
        if not 3 <= len(cells) <= 4 or not all(cells[:3]):
            raise Invalid(
                N_("Line {line}: please give name, school, field and, if you like, a phone number."),
                field="rows",
                line=number,
            )
        try:
            phone = clean_phone(cells[3] if len(cells) > 3 else "")
            rows.append(
                GroupRow(
                    one_line(cells[0], 100, field="rows"),
                    one_line(cells[1], 200, field="rows"),
                    one_line(cells[2], 100, field="rows"),
                    phone,
                )
            )
        except Invalid as refusal:
            raise Invalid(
                N_("Line {line}: a name has up to 100 letters, a phone number 5 to 15 figures; no more is collected."),
                field="rows",
                line=number,
            ) from refusal
    if not rows:
        raise Invalid(N_("Please paste at least one person."), field="rows")
    if len(rows) > MOST_IN_A_GROUP:
        raise Invalid(N_("A group has at most {most} people; please divide it."), field="rows", most=MOST_IN_A_GROUP)
    if len(set(rows)) < len(rows):
        raise Invalid(N_("The same person stands in the table twice."), field="rows")
    return rows


def parse_programme(rows: Sequence[dict[str, Any]], starts_on: date, ends_on: date) -> list[Item]:
    """Rows of the editable table as the programme in order of time; empty rows are left out.

    Keys: day (number of the day, from 1), start, end (`9:30`), place, what, host.
    Raises: Invalid that names the row.
    """
    found = []
    for number, row in enumerate(rows, start=1):
        words = {key: str(value).strip() if value is not None else "" for key, value in row.items()}
        if not any(words.get(key) for key in ("start", "end", "place", "what", "host")):
            continue
        day = starts_on + timedelta(days=_day_number(words.get("day", ""), number) - 1)
        start, end = (_minute(words.get(key, ""), number) for key in ("start", "end"))
        if day > ends_on or not start < end or not words.get("what"):
            raise Invalid(
                N_("Programme, row {row}: please say what happens, within the days of the visit, and end it later."),
                field="programme",
                row=number,
            )
        place, host = (one_line(words.get(key, ""), 120, field="programme") for key in ("place", "host"))
        found.append(Item(day, start, end, place, one_line(words["what"], 200, field="programme"), host))
    if len(found) > 60:
        raise Invalid(N_("A programme has at most 60 rows."), field="programme")
    return sorted(found)


def parse_sites(rows: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """(name, town code or nothing) of every row that has a name. Raises: Invalid for a town without a name."""
    found = []
    for number, row in enumerate(rows, start=1):
        name = one_line(str(row.get("name") or ""), 120, field="sites")
        town = str(row.get("town") or "")
        if town and not name:
            raise Invalid(N_("Sites, row {row}: please name the place."), field="sites", row=number)
        if name:
            found.append((name, town))
    if len(found) > 20:
        raise Invalid(N_("A visit goes to at most 20 places."), field="sites")
    return found


def _day_number(text: str, row: int) -> int:
    plain = text or "1"
    if not plain.isdecimal() or not 1 <= int(plain) <= LONGEST_DAYS:
        raise Invalid(N_("Programme, row {row}: the day is counted from 1."), field="programme", row=row)
    return int(plain)


def _minute(text: str, row: int) -> int:
    match = _CLOCK.fullmatch(normalize("NFKC", text).replace(" ", ""))
    minute = int(match[1]) * 60 + int(match[2]) if match and int(match[2]) < 60 else -1
    if not 0 <= minute <= 24 * 60:
        raise Invalid(N_("Programme, row {row}: please write the times like 9:30."), field="programme", row=row)
    return minute

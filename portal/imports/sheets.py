"""A CSV or XLSX file as lines of text cells: bounded, never run, nothing guessed."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from portal.errors import N_, Invalid
from portal.imports.csv_sheets import read_csv
from portal.imports.limits import MAX_BYTES, MAX_COLUMNS, MAX_ROWS
from portal.imports.problems import Problem
from portal.imports.raw import RawSheet
from portal.imports.xlsx_sheets import read_xlsx

__all__ = ["Sheet", "read_sheet"]


class Line(NamedTuple):
    """One filled line, numbered as the spreadsheet shows it."""

    number: int
    cells: dict[str, str]


class Sheet(NamedTuple):
    """The lines below the heading, by heading; `problems` are cells that cannot be taken as text."""

    headings: list[str]
    lines: list[Line]
    problems: list[Problem]
    notes: list[str]  # message ids: what was left out on purpose


def read_sheet(file_name: str, content: bytes) -> Sheet:
    """The file's table.

    Raises: Invalid for an empty, too large, unknown, mislabelled, damaged or dangerous file, and for a heading that is
    missing or stands twice.
    """
    if not content:
        raise Invalid(N_("The file is empty."), field="file")
    if len(content) > MAX_BYTES:
        raise Invalid(
            N_("An import file may have at most {limit} MB; please split it."), field="file", limit=MAX_BYTES // 1024**2
        )
    ending = PurePosixPath(file_name.lower()).suffix
    is_zip = content.startswith(b"PK\x03\x04")
    if ending == ".csv" and not is_zip:
        raw = read_csv(content)
    elif ending == ".xlsx" and is_zip:
        raw = read_xlsx(content)
    elif ending in (".csv", ".xlsx"):
        raise Invalid(N_("The content of “{name}” is not what its ending says."), field="file", name=file_name[-80:])
    elif ending in (".xlsm", ".xltm", ".xls", ".xlsb"):
        raise Invalid(N_("Workbooks with macros and old workbooks are not taken. Save it as .xlsx."), field="file")
    else:
        raise Invalid(N_("Only .csv and .xlsx files are taken."), field="file")
    return _by_heading(raw)


def _by_heading(raw: RawSheet) -> Sheet:
    if not raw.rows:
        raise Invalid(N_("The file holds no table."), field="file")
    number, first = raw.rows[0]
    headings = [cell.strip() for cell in first]
    while headings and not headings[-1]:
        headings.pop()
    _check_headings(headings, number)
    problems = list(raw.problems)
    lines = []
    for line_number, cells in raw.rows[1:]:
        if any(cell.strip() for cell in cells[len(headings) :]):
            message = N_("This line has more cells than there are headings.")
            problems.append(Problem(line_number, "", message, {}))
        lines.append(Line(line_number, _named(headings, cells)))
    if len(lines) > MAX_ROWS:
        raise Invalid(
            N_("At most {count} rows fit into one import; please split the file."), field="file", count=MAX_ROWS
        )
    named = [problem._replace(column=_heading_at(headings, problem.column)) for problem in problems]
    return Sheet(headings, lines, named, raw.notes)


def _check_headings(headings: Sequence[str], number: int) -> None:
    if not headings or number != 1:
        raise Invalid(N_("The first line must hold the headings; see the template."), field="file")
    if len(headings) > MAX_COLUMNS:
        raise Invalid(N_("At most {count} columns fit."), field="file", count=MAX_COLUMNS)
    if "" in headings:
        column = headings.index("") + 1
        raise Invalid(N_("Column {column} has no heading."), field="file", column=column)
    seen: set[str] = set()
    for heading in headings:
        if heading.casefold() in seen:
            raise Invalid(N_("The heading “{heading}” stands twice."), field="file", heading=heading[:60])
        seen.add(heading.casefold())


def _named(headings: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {heading: cells[place] if place < len(cells) else "" for place, heading in enumerate(headings)}


def _heading_at(headings: Sequence[str], place: str) -> str:
    """Readers of the file know columns by place."""
    if place.isdigit():
        return headings[int(place)] if int(place) < len(headings) else place
    return place

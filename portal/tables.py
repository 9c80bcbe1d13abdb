"""A table as a file, row by row: CSV and XLSX that open right in Excel in Chinese Windows, with nothing that runs."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from portal import clock

_RUNS = re.compile(r"^[\s\x00]*[=+\-@\t\r\x00＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d+)?")
# What XML cannot hold (ECMA-376 writes such signs as _xHHHH_, which nobody reads).
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CELL_LONGEST = 32_767
EXACT = 10**15  # beyond fifteen digits Excel rounds a number
LOOKED_AT = 100  # rows that the widths of the columns are taken from
NARROWEST, WIDEST = 8, 60
TIME_FORMAT, DAY_FORMAT = "yyyy-mm-dd hh:mm", "yyyy-mm-dd"

Row = Sequence[object]


class About(NamedTuple):
    """The second sheet: what the file is, as pairs of words, under its name."""

    table: str
    about: str
    facts: Sequence[tuple[str, str]]


def write_csv(target: Path, header: Sequence[str], rows: Iterable[Row]) -> int:
    """UTF-8 with a BOM, CRLF lines; returns how many rows.

    Text that a spreadsheet would run is quoted; long digits stay text; times are those of a clock in Hangzhou.
    """
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        return _write_csv(file, header, rows)


def csv_bytes(header: Sequence[str], rows: Iterable[Row]) -> bytes:
    """The same for a short table, without a file."""
    target = io.StringIO()
    _write_csv(target, header, rows)
    return codecs.BOM_UTF8 + target.getvalue().encode()


def _write_csv(target: Any, header: Sequence[str], rows: Iterable[Row]) -> int:
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([safe_cell(cell) for cell in header])
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 – the last number is the count
        writer.writerow([safe_cell(cell) for cell in row])
    return count


def write_xlsx(target: Path, header: Sequence[str], rows: Iterable[Row], about: About) -> int:
    """A sheet with a frozen header, and a second one that says what the file is; returns how many rows.

    Row by row through a temporary file of the library, so that a long list costs no memory. Text is text, also when it
    begins like a formula; numbers, days and times are themselves.
    """
    book = Workbook(write_only=True)
    try:
        return _write_book(book, target, header, rows, about)
    except BaseException:
        _discard(book)
        raise


def _write_book(book: Any, target: Path, header: Sequence[str], rows: Iterable[Row], about: About) -> int:
    sheet = book.create_sheet(_sheet_name(about.table))
    sheet.freeze_panes = "A2"
    rest = iter(rows)
    first = list(islice(rest, LOOKED_AT))
    for place, width in enumerate(_widths([header, *first]), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append(_header(sheet, header))
    count = 0
    for count, row in enumerate(chain(first, rest), start=1):  # noqa: B007 – the last number is the count
        sheet.append([_cell(sheet, value) for value in row])
    _describe(book, about, count)
    book.save(target)
    return count


def _discard(book: Any) -> None:
    """The library keeps the rows of a sheet in a temporary file until the workbook is saved, or the process ends."""
    for sheet in book.worksheets:
        writer = getattr(sheet, "_writer", None)
        if writer is not None:
            with suppress(Exception):
                sheet.close()
            Path(writer.out).unlink(missing_ok=True)


def safe_cell(value: object) -> str:
    """A cell as text: a number stays a number, a formula becomes its own words (CSV injection, ASVS 1.2.10)."""
    text = _plain(value)
    if _NUMBER.fullmatch(text) or not text:
        return text
    if _RUNS.match(text) or (text.isdigit() and len(text) > 12):
        return f"'{text}"
    return text.replace("\x00", "")


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return f"{clock.local(value):%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


def _header(sheet: Any, header: Sequence[str]) -> list[Any]:
    found = [_text_cell(sheet, name) for name in header]
    for cell in found:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    return found


def _cell(sheet: Any, value: object) -> Any:
    """What a spreadsheet counts and sorts as itself; everything else as text."""
    if value is None or isinstance(value, bool):
        return None if value is None else _text(sheet, str(value))
    if isinstance(value, (int, float, Decimal)):
        return value if -EXACT < value < EXACT else _text(sheet, str(value))
    if isinstance(value, datetime):
        return _instant(sheet, clock.local(value).replace(tzinfo=None), TIME_FORMAT)
    if isinstance(value, date):
        return _instant(sheet, value, DAY_FORMAT)
    return _text(sheet, str(value))


def _instant(sheet: Any, value: Any, form: str) -> Any:
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = form
    return cell


def _text(sheet: Any, text: str) -> Any:
    """Text that stays text, whatever it looks like."""
    plain = _UNSTORABLE.sub("", text)[:CELL_LONGEST]
    # A cell of its own for each word would cost twice the time.
    return _text_cell(sheet, plain) if _RUNS.match(plain) or plain.startswith("#") else plain


def _text_cell(sheet: Any, text: str) -> Any:
    """Marked like one that was typed with an apostrophe: it stays text also when somebody edits it."""
    cell = WriteOnlyCell(sheet)
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _widths(rows: Sequence[Sequence[object]]) -> list[float]:
    """Of each column as wide as its widest cell among the first rows, within bounds; a Chinese sign counts twice."""
    columns = max(map(len, rows), default=0)
    found = [NARROWEST] * columns
    for row in rows:
        for place, value in enumerate(row):
            lines = _plain(value).splitlines() or [""]
            found[place] = max(found[place], max(sum(map(_half_widths, line)) for line in lines))
    return [min(width, WIDEST) + 2.0 for width in found]


def _half_widths(sign: str) -> int:
    return 2 if east_asian_width(sign) in "WF" else 1


def _describe(book: Any, about: About, count: int) -> None:
    sheet = book.create_sheet(_sheet_name(about.about))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24.0, 80.0
    for name, value in about.facts:
        sheet.append([*_header(sheet, [name]), _text(sheet, value.replace("{rows}", f"{count:,}"))])


def _sheet_name(name: str) -> str:
    """At most 31 letters, none that Excel forbids."""
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31].strip() or "1"

"""An XLSX workbook, looked at from its table of contents before anything is unpacked; formulas are never run."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

import openpyxl

from portal.errors import N_, Invalid
from portal.imports.limits import MAX_CELL, MAX_COLUMNS, MAX_ENTRIES, MAX_ROWS, MAX_UNPACKED
from portal.imports.problems import Problem
from portal.imports.raw import RawSheet

INSTRUCTIONS = frozenset({"填写说明", "How to fill it in"})
_DECLARATIONS = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    ValueError,
    NotImplementedError,
    RuntimeError,  # an encrypted entry
    EOFError,
    OSError,
)
_DAMAGED = N_("The workbook is damaged. Please open it, save it anew as .xlsx and try again.")


def read_xlsx(content: bytes) -> RawSheet:
    """Raises: Invalid for a bomb, macros, declarations of entities, or a damaged workbook."""
    _check_archive(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Exception as error:
        # openpyxl raises whatever its XML parser and its own assumptions raise.
        raise Invalid(_DAMAGED, field="file") from error
    try:
        return _read_book(book)
    except Invalid:
        raise
    except Exception as error:
        raise Invalid(_DAMAGED, field="file") from error
    finally:
        book.close()


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise Invalid(N_("This workbook unpacks to far more than a table of challenges."), field="file")
            names = [entry.filename.lower() for entry in entries]
            if any(name.endswith(("vbaproject.bin", ".bin.rels")) or "/macrosheets/" in name for name in names):
                raise Invalid(
                    N_("Workbooks with macros and old workbooks are not taken. Save it as .xlsx."), field="file"
                )
            if len(set(names)) != len(names) or any(name.startswith("/") or ".." in name for name in names):
                raise Invalid(_DAMAGED, field="file")
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")) and _DECLARATIONS.search(archive.read(entry)):
                    message = N_("The workbook declares entities of its own, which no spreadsheet program does.")
                    raise Invalid(message, field="file")
    except _UNREADABLE as error:
        raise Invalid(_DAMAGED, field="file") from error


def _read_book(book: Any) -> RawSheet:
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    notes = []
    if len(shown) != len(book.worksheets):
        notes.append(N_("Hidden sheets were left out."))
    shown = [sheet for sheet in shown if sheet.title not in INSTRUCTIONS]
    if not shown:
        raise Invalid(N_("The file holds no table."), field="file")
    if len(shown) > 1:
        notes.append(N_("Only the first sheet is read."))
    # A false size in the file must not decide how much is read.
    shown[0].reset_dimensions()
    rows, problems = _read_rows(shown[0].iter_rows())
    return RawSheet(rows, problems, notes)


def _read_rows(lines: Iterable[Any]) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    rows: list[tuple[int, list[str]]] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_COLUMNS * 10:
            raise Invalid(N_("At most {count} columns fit."), field="file", count=MAX_COLUMNS)
        cells = []
        for place, cell in enumerate(line):
            text, fault = _text_of(cell)
            cells.append(text)
            if fault:
                problems.append(Problem(number, str(place), fault, {"count": MAX_CELL}))
        if any(cell.strip() for cell in cells):
            rows.append((number, cells))
        if len(rows) > MAX_ROWS + 1:
            break
        if number > 20 * MAX_ROWS:
            raise Invalid(N_("The table has rows far below its end; please delete the empty rows."), field="file")
    return rows, problems


def _text_of(cell: Any) -> tuple[str, str]:
    """The cell as somebody would have typed it, and what is wrong with it."""
    value = cell.value
    if value is None:
        return "", ""
    if cell.data_type == "f":
        return "=", N_("A formula stands here; write its value.")
    if cell.data_type == "e":
        return str(value), N_("The spreadsheet shows an error here.")
    if isinstance(value, bool):
        return ("是" if value else "否"), ""
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, datetime):
        has_time = "h" in str(cell.number_format).lower()
        return (f"{value:%Y-%m-%d %H:%M}" if has_time else f"{value:%Y-%m-%d}"), ""
    if isinstance(value, (date, time)):
        return str(value), ""
    text = str(value)
    return text, N_("At most {count} characters fit into a cell.") if len(text) > MAX_CELL else ""


def _number(value: int | float) -> tuple[str, str]:
    """As Excel shows it: fifteen digits, no exponent."""
    if isinstance(value, int):
        return str(value), ""
    text = f"{value:.15g}"
    if any(sign in text for sign in ("n", "e")):
        return text, N_("This number is too large, too small or no number at all.")
    return text, ""

"""CSV as people send it: UTF-8 with or without BOM, UTF-16, GB18030; comma, semicolon or tab."""

import csv
import io

from portal.errors import N_, Invalid
from portal.imports.limits import MAX_CELL, MAX_COLUMNS, MAX_ROWS
from portal.imports.problems import Problem
from portal.imports.raw import RawSheet

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_TELLING = 6  # so many Chinese characters in a row do not turn out as UTF-8 by chance


def read_csv(content: bytes) -> RawSheet:
    """Raises: Invalid naming the line where the file is cut off, damaged or not text."""
    text = decode(content)
    if "\x00" in text:
        raise Invalid(
            N_("Line {line} holds a NUL character: this is no plain text."), field="file", line=_line_at(text, "\x00")
        )
    rows: list[tuple[int, list[str]]] = []
    problems: list[Problem] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    begins = 1
    try:
        for cells in reader:
            number, begins = begins, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > MAX_COLUMNS * 10:
                raise Invalid(N_("At most {count} columns fit."), field="file", count=MAX_COLUMNS)
            problems += _formulas(number, cells) if rows else []
            rows.append((number, cells))
            if len(rows) > MAX_ROWS + 1:
                break
    except csv.Error as error:
        message = N_("The table breaks off at line {line}: a quote is not closed, or a cell is too long.")
        raise Invalid(message, field="file", line=begins) from error
    return RawSheet(rows, problems, [])


def decode(content: bytes) -> str:
    """The text, in the encoding that it is really in; a damaged file is refused rather than shown as gibberish."""
    if content.startswith(_UTF16):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise _damaged(content, error) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if content.startswith(b"\xef\xbb\xbf") or _was_utf8(content, error):
            raise _damaged(content, error) from error
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise _damaged(content, error) from error


def _was_utf8(content: bytes, error: UnicodeDecodeError) -> bool:
    before = content[: error.start].decode("utf-8")
    return sum(letter > "\x7f" for letter in before) >= _TELLING


def _damaged(content: bytes, error: UnicodeDecodeError) -> Invalid:
    line = content[: error.start].count(b"\n") + 1
    message = N_("The text is cut off or damaged at line {line}. Please save the file anew, best as UTF-8.")
    return Invalid(message, field="file", line=line)


def _delimiter(text: str) -> str:
    """Whatever divides the first line: comma unless another divides it more often."""
    first = text.lstrip("\ufeff\r\n").splitlines()[:1]
    return max(",;\t", key=lambda sign: (first[0].count(sign) if first else 0, sign == ","))


def _formulas(number: int, cells: list[str]) -> list[Problem]:
    found = []
    for place, cell in enumerate(cells):
        if cell.lstrip().startswith(("=", "＝")):
            found.append(Problem(number, str(place), N_("A formula stands here; write its value."), {}))
        elif len(cell) > MAX_CELL:
            found.append(
                Problem(number, str(place), N_("At most {count} characters fit into a cell."), {"count": MAX_CELL})
            )
    return found


def _line_at(text: str, sign: str) -> int:
    return text[: text.index(sign)].count("\n") + 1

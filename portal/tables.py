"""A table as a file: CSV that Excel in Chinese Windows opens right, with nothing in it that runs."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_RUNS = re.compile(r"^[\s\x00]*[=+\-@\t\r\x00＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d+)?")


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a BOM, CRLF lines. Text that a spreadsheet would run is quoted; long digits stay text."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([safe_cell(cell) for cell in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def safe_cell(value: object) -> str:
    """A cell as text: a number stays a number, a formula becomes its own words (CSV injection, ASVS 1.2.10)."""
    text = "" if value is None else str(value)
    if _NUMBER.fullmatch(text) or not text:
        return text
    if _RUNS.match(text) or (text.isdigit() and len(text) > 12):
        return f"'{text}"
    return text.replace("\x00", "")

"""Import files as people make them."""

import csv
import io
import zipfile
from typing import Any

from openpyxl import Workbook

from portal.imports.columns import COLUMNS

HEADINGS = [column.heading_zh for column in COLUMNS]


def row(code: str, number: int = 1, **changes: str) -> dict[str, str]:
    """A complete row by column key."""
    found = {column.key: column.example for column in COLUMNS}
    found |= {"reference": f"XQ-{number:03d}", "credit_code": code, "closes_at": "2099-06-01 17:00"}
    return found | changes


def csv_file(
    rows: list[dict[str, str]], *, encoding: str = "utf-8", language: str = "zh_CN", delimiter: str = ","
) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([column.heading(language) for column in COLUMNS])
    writer.writerows([[one.get(column.key, "") for column in COLUMNS] for one in rows])
    return target.getvalue().encode(encoding)


def xlsx_file(rows: list[dict[str, Any]], *, sheets: dict[str, str] | None = None) -> bytes:
    """`sheets` adds further sheets by name, with their state."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADINGS)
    for one in rows:
        sheet.append([one.get(column.key) or None for column in COLUMNS])
    for name, state in (sheets or {}).items():
        extra = book.create_sheet(name)
        extra.append(["内部"])
        extra.sheet_state = state
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same workbook with one part added or replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, part)
    return target.getvalue()


def bomb(megabytes: int = 200) -> bytes:
    """A workbook of some hundred kB that unpacks to hundreds of MB."""
    filler = b"<!-- " + b"0" * (megabytes * 1024 * 1024) + b" -->"
    return with_part(xlsx_file([]), "xl/comments.xml", filler)

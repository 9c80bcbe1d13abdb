"""Files that spreadsheets open: nothing in them runs, numbers stay numbers, days and times stay what they are."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from portal.tables import About, csv_bytes, write_csv, write_xlsx

ABOUT = About("项目/清单", "关于本文件", [("筛选", "=1+1"), ("行数", "{rows}")])
CELLS = [
    ("=1+1", "'=1+1"),
    ("+cmd", "'+cmd"),
    ("-2.5", "-2.5"),
    ("-2.5a", "'-2.5a"),
    ("@x", "'@x"),
    ("＝1", "'＝1"),
    ("\tx", "'\tx"),
    (" =x", "' =x"),
    ("张三", "张三"),
    ("6222020200112233445", "'6222020200112233445"),
    ("2026", "2026"),
    (None, ""),
    ("a\nb,c", "a\nb,c"),
]


@pytest.mark.parametrize(("cell", "shown"), CELLS)
def test_a_cell_is_what_it_says(cell, shown) -> None:
    content = csv_bytes(["甲"], [[cell]])

    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:] == [[shown]]


def test_a_file_is_the_same_as_the_bytes(tmp_path: Path) -> None:
    rows = [[cell, 1] for cell, _shown in CELLS]
    path = tmp_path / "a.csv"

    assert write_csv(path, ["甲", "乙"], iter(rows)) == len(rows)
    assert path.read_bytes() == csv_bytes(["甲", "乙"], rows)


def book_of(tmp_path: Path, header, rows):
    path = tmp_path / "a.xlsx"
    count = write_xlsx(path, header, iter(rows), ABOUT)
    return count, load_workbook(path)


@pytest.mark.parametrize(
    "text", [cell for cell, _shown in CELLS if cell] + ["+86 571", "=HYPERLINK(1)", "0012", "#REF!"]
)
def test_text_in_a_workbook_is_text(tmp_path: Path, text: str) -> None:
    """Row 33: no cell of text is a formula, and long digits keep every digit."""
    _count, book = book_of(tmp_path, ["甲"], [[text]])
    cell = book.worksheets[0]["A2"]

    assert (cell.value, cell.data_type) == (text, "s")


def test_numbers_days_and_times_are_themselves(tmp_path: Path) -> None:
    instant = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)  # half past five in the afternoon in Hangzhou
    row = [12, -2.5, Decimal("0.10"), date(2026, 3, 5), instant, 10**16, None]

    _count, book = book_of(tmp_path, list("abcdefg"), [row])

    cells = next(iter(book.worksheets[0].iter_rows(min_row=2)))
    assert [cell.data_type for cell in cells] == ["n", "n", "n", "d", "d", "s", "n"]
    assert [cell.value for cell in cells[:3]] == [12, -2.5, 0.1]
    assert (cells[3].value, cells[3].number_format) == (datetime(2026, 3, 5), "yyyy-mm-dd")
    assert (cells[4].value, cells[4].number_format) == (datetime(2026, 3, 5, 17, 30), "yyyy-mm-dd hh:mm")
    assert (cells[5].value, cells[6].value) == (str(10**16), None)
    assert "2026-03-05 17:30" in csv_bytes(["a"], [[instant]]).decode()


def test_a_workbook_has_a_frozen_header_fitting_widths_and_says_what_it_is(tmp_path: Path) -> None:
    rows = [["很长的项目名称" * 20, "x", "坏\x00字\x0b符\ud83d"]] * 3

    count, book = book_of(tmp_path, ["标题", "x", "y"], rows)

    sheet, about = book.worksheets
    assert (count, sheet.title, sheet.freeze_panes, sheet.max_row) == (3, "项目 清单", "A2", 4)
    assert sheet["A1"].font.bold
    widths = [sheet.column_dimensions[name].width for name in "ABC"]
    assert widths == [62, 10, 10]
    assert sheet["C2"].value == "坏字符"
    assert [[cell.value for cell in row] for row in about.iter_rows()] == [["筛选", "=1+1"], ["行数", "3"]]
    assert about["B1"].data_type == "s"


def test_a_list_without_rows_is_a_workbook_with_a_header(tmp_path: Path) -> None:
    count, book = book_of(tmp_path, ["甲"], [])

    assert (count, book.worksheets[0].max_row, book.worksheets[0]["A1"].value) == (0, 1, "甲")

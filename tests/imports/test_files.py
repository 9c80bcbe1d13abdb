"""What an import file may be: encodings, shapes and hostile ones (quality.md c, rows 1–4, 23, 24, 27, 28, 33)."""

import resource
import time
from datetime import datetime

import pytest

from portal.errors import Invalid
from portal.imports.limits import MAX_BYTES, MAX_ROWS
from portal.imports.rows import prepare_file
from portal.imports.sheets import read_sheet
from tests.factories import credit_code
from tests.imports.samples import HEADINGS, bomb, csv_file, row, with_part, xlsx_file

CODE = credit_code(7)


def refusal(name: str, content: bytes) -> Invalid:
    with pytest.raises(Invalid) as refused:
        prepare_file(name, content)
    return refused.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_usual_encoding_reads_right(encoding: str) -> None:
    title = "𠮷田㐂 漆膜 µm ℃"
    prepared = prepare_file("课题.csv", csv_file([row(CODE, title=title)], encoding=encoding))
    assert prepared.problems == []
    assert next(iter(prepared.rows[0].contents.values()))["title"] == title


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_headings_in_either_language_and_any_usual_divider(language: str, delimiter: str) -> None:
    prepared = prepare_file("a.csv", csv_file([row(CODE)], language=language, delimiter=delimiter))
    assert (len(prepared.rows), prepared.problems) == (1, [])


def test_carriage_returns_alone_and_quoted_line_breaks_are_understood() -> None:
    content = csv_file([row(CODE, problem="第一行\n第二行，带逗号"), row(CODE, 2)])
    prepared = prepare_file("a.csv", content)
    assert [one.line for one in prepared.rows] == [2, 4]
    alone = csv_file([row(CODE), row(CODE, 2)]).replace(b"\r\n", b"\r")
    assert len(prepare_file("a.csv", alone).rows) == 2


@pytest.mark.parametrize("cut", [1, 2])
def test_a_file_cut_within_a_character_is_named_and_never_shown_as_gibberish(cut: int) -> None:
    content = csv_file([row(CODE, confidential="炉温窗口仅±6 ℃保密")]).rstrip(b"\r\n")
    error = refusal("a.csv", content[:-cut])
    assert "cut off or damaged" in error.message
    assert error.params["line"] == 2


def test_damage_in_the_middle_and_a_strange_encoding_are_refused() -> None:
    content = csv_file([row(CODE)])
    middle = content.index("企业自筹".encode())
    assert "damaged" in refusal("a.csv", content[:middle] + b"\xff" + content[middle:]).message
    big5 = "外部編號,課題名稱\r\n1,測試\r\n".encode("big5")
    assert "not known" in refusal("a.csv", big5).message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "no table"),
        (b"\r\n\r\n", "no table"),
        ("、".join(HEADINGS).encode(), "not known"),
        (",".join(HEADINGS).encode(), "no rows"),
        ((",".join(HEADINGS) + ",摘要\r\n").encode(), "stands twice"),
        ((",".join(HEADINGS) + ",Summary\r\n").encode(), "stands twice"),
        (("\r\n" + ",".join(HEADINGS) + "\r\n1\r\n").encode(), "first line"),
        (("外部编号,,课题名称\r\n1,2,3\r\n").encode(), "no heading"),
        (("外部编号,课题名称\r\n1,甲\r\n").encode(), "missing"),
        (("外部编号,课题名称,提案数\r\n1,甲,3\r\n").encode(), "not known"),
        ((",".join(HEADINGS) + '\r\n"未闭合,1\r\n').encode(), "breaks off"),
        ((",".join(HEADINGS) + "\r\n1\x00\r\n").encode(), "NUL"),
        ((",".join(HEADINGS) + "\r\n" + "长" * 200_000 + "\r\n").encode(), "too long"),
        ((",".join(["列"] * 5000) + "\r\n").encode(), "columns"),
    ],
)
def test_files_that_are_no_table_of_challenges_are_refused_with_the_reason(content: bytes, words: str) -> None:
    assert words in refusal("a.csv", content).message


def test_size_and_row_limits() -> None:
    assert "at most" in refusal("a.csv", b"a" * (MAX_BYTES + 1)).message
    rows = [{"reference": str(number)} for number in range(MAX_ROWS + 1)]
    for name, content in (("a.csv", csv_file(rows)), ("a.xlsx", xlsx_file(rows))):
        assert refusal(name, content).params["count"] == MAX_ROWS
    assert len(read_sheet("a.csv", csv_file(rows[:-1])).lines) == MAX_ROWS


def test_an_import_of_5000_rows_is_refused_as_a_whole_before_anything_is_looked_at() -> None:
    rows = [row(CODE, number) for number in range(5000)]
    content = csv_file([{key: one[key] for key in ("reference", "credit_code", "title")} for one in rows])
    assert "split" in refusal("a.csv", content).message


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.xlsm", "macros"),
        ("a.xls", "macros"),
        ("a.csv", "ending says"),
        ("a.pdf", "Only"),
        ("xlsx", "Only"),
        ("a.xlsx.exe", "Only"),
    ],
)
def test_the_kind_is_judged_by_name_and_content(name: str, words: str) -> None:
    assert words in refusal(name, xlsx_file([row(CODE)])).message
    assert "ending says" in refusal("a.xlsx", csv_file([row(CODE)])).message


def test_a_workbook_reads_like_the_same_table() -> None:
    prepared = prepare_file("a.xlsx", xlsx_file([row(CODE), row(CODE, 2)]))
    same = prepare_file("a.csv", csv_file([row(CODE), row(CODE, 2)]))
    assert prepared.rows == same.rows
    assert prepared.problems == []


def test_numbers_dates_and_booleans_of_a_workbook_are_what_excel_shows() -> None:
    cells = row(CODE) | {"budget": 0.1 + 0.2, "trl_wanted": 7.0, "closes_at": datetime(2099, 6, 1, 17, 0)}
    (found,) = prepare_file("a.xlsx", xlsx_file([cells])).rows
    contents = {key.value: content for key, content in found.contents.items()}
    assert contents["budget"]["sum_fen"] == 300_000
    assert contents["problem"]["trl_wanted"] == 7
    assert contents["schedule"]["closes_at"] == "2099-06-01T17:00+08:00"


def test_formulas_and_errors_are_refused_by_cell() -> None:
    cells = row(CODE) | {"budget": "=1+1", "title": '=HYPERLINK("http://evil")'}
    prepared = prepare_file("a.xlsx", xlsx_file([cells]))
    assert [(one.line, one.column) for one in prepared.problems] == [(2, "title"), (2, "budget")]
    assert prepared.rows == []
    prepared = prepare_file("a.csv", csv_file([row(CODE, summary=" =cmd|' /C calc'!A0")]))
    assert [(one.line, one.column) for one in prepared.problems] == [(2, "summary")]


def test_hidden_and_further_sheets_are_announced() -> None:
    content = xlsx_file([row(CODE)], sheets={"底稿": "hidden", "其他": "visible"})
    prepared = prepare_file("a.xlsx", content)
    assert prepared.notes == ["Hidden sheets were left out.", "Only the first sheet is read."]
    assert len(prepared.rows) == 1


def test_a_bomb_is_refused_from_its_table_of_contents() -> None:
    content = bomb()
    assert len(content) < 400_000
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    assert "unpacks" in refusal("a.xlsx", content).message
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (("xl/vbaProject.bin", b"x"), "macros"),
        (("xl/externalLinks/../../evil.xml", b"<a/>"), "damaged"),
        (
            (
                "xl/sharedStrings.xml",
                b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a/>',
            ),
            "entities",
        ),
        (("xl/workbook.xml", b"<workbook"), "damaged"),
    ],
)
def test_hostile_parts_are_refused(part: tuple[str, bytes], words: str) -> None:
    assert words in refusal("a.xlsx", with_part(xlsx_file([row(CODE)]), *part)).message


def test_a_truncated_workbook_is_damaged_at_every_cut() -> None:
    content = xlsx_file([row(CODE)])
    for cut in range(4, len(content), 397):
        assert "damaged" in refusal("a.xlsx", content[:cut]).message


def test_a_row_a_million_lines_down_costs_nothing() -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>外部编号</t></is></c></row>'
        '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'
    )
    content = with_part(xlsx_file([]), "xl/worksheets/sheet1.xml", sheet.encode())
    assert "far below" in refusal("a.xlsx", content).message

"""The import page: template, faults by line and column, all or nothing, undo."""

import io

import openpyxl
import pytest
from sqlalchemy import func, select

from db.models import Challenge, Role
from portal.imports.columns import COLUMNS
from portal.imports.rows import prepare_file
from portal.imports.template import template
from portal.transactions import reading, writing
from tests.apptest import open_as, texts
from tests.factories import add_member, add_organisation
from tests.imports.samples import csv_file, row

PAGE = "imports/challenges.py"


@pytest.fixture
def scene(sqlite_url):
    with writing() as session:
        return add_member(session, Role.OPERATOR), add_organisation(session).credit_code


def count() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(Challenge))


def upload(at, name: str, content: bytes):
    at.file_uploader[0].set_value((name, content, "text/csv"))
    at.run()
    assert not at.exception, at.exception
    return at


def labels(at) -> list[str]:
    return [button.label for button in at.button]


def cells(at) -> str:
    return "\n".join(table.value.to_string() for table in at.table)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_faults_are_named_and_nothing_can_be_imported(scene, language) -> None:
    operator, code = scene
    at = open_as(operator, PAGE, language=language)
    upload(at, "坏.csv", csv_file([row(code, 1), row(code, 2, town="**西湖**", budget="-1")]))

    assert len(at.error) == 1
    assert "import_now" not in [button.key for button in at.button]
    seen = cells(at)
    headings = [column.heading(language) for column in COLUMNS if column.key in ("town", "budget")]
    assert all(heading.split("（")[0].split(" (")[0] in seen.replace("\\", "") for heading in headings)
    assert count() == 0


def test_a_good_file_is_imported_at_a_click_and_taken_back_at_another(scene) -> None:
    operator, code = scene
    at = upload(open_as(operator, PAGE), "课题.csv", csv_file([row(code, 1), row(code, 2)]))
    assert "2 rows can be imported." in texts(at)
    assert count() == 0

    at.button(key="import_now").click().run()
    assert not at.exception
    assert "2 challenges were imported." in texts(at)
    assert "课题.csv" in texts(at)
    assert count() == 2

    next(button for button in at.button if button.label == "Undo").click()
    at.run()
    next(button for button in at.button if str(button.key).endswith("_confirm")).click()
    at.run()
    assert count() == 0


def test_an_unreadable_file_is_refused_in_a_sentence(scene) -> None:
    operator, _code = scene
    at = upload(open_as(operator, PAGE), "a.csv", b"\x00\x01")
    assert at.error[0].value
    assert labels(at).count("Import all of it") == 0


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_templates_are_what_the_import_reads(language) -> None:
    name, _media_type, content = template("xlsx", language)
    assert name.endswith(".xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert [cell.value for cell in book.worksheets[0][1]] == [column.heading(language) for column in COLUMNS]
    example = {column.key: column.example for column in COLUMNS} | {"closes_at": "2099-06-01 17:00"}
    book.worksheets[0].append([example[column.key] or None for column in COLUMNS])
    # What a person types goes below the heading, not below the two hundred prepared rows.
    for place, column in enumerate(COLUMNS, 1):
        book.worksheets[0].cell(2, place).value = example[column.key] or None
    book.worksheets[0].delete_rows(3, 400)
    filled = io.BytesIO()
    book.save(filled)
    prepared = prepare_file(name, filled.getvalue())
    assert (prepared.problems, len(prepared.rows), prepared.notes) == ([], 1, [])

    _name, _type, text = template("csv", language)
    assert text.startswith(b"\xef\xbb\xbf")
    body = text + csv_file([row("91350100M000100Y43")]).split(b"\r\n", 1)[1]
    assert prepare_file("a.csv", body).problems == []

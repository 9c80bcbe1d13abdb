"""Lists as workbooks: what the reader sees, what the file says of itself, what is recorded, and that nothing stays."""

import io
import tempfile

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from db.models import Event, Role
from portal import clock
from portal.landings.commands import publish_landing
from portal.transactions import reading, writing
from portal.web import exports
from tests.factories import add_organisation
from tests.landings.world import create, solved_world
from tests.web.browsing import sign_in


def book(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("application/vnd.openxmlformats")
    assert response.headers["cache-control"] == "private, no-store"
    return load_workbook(io.BytesIO(response.content))


def rows(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.fixture
def world(sqlite_url):
    with writing() as session:
        world = solved_world(session)
        create(session, world.admin, challenge_id=world.challenge.id, title="=内部项目")
        public = create(session, world.admin, challenge_id=world.challenge.id, title="+公开项目", town_code="xianlin")
        publish_landing(
            session, world.admin, landing_id=public.id, version=None, is_public=True, public_summary="公开简介"
        )
        return world


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """Where temporary files go meanwhile: our folders, and the rows that the library keeps until it saves."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_workbook_says_what_it_is_and_for_whom(client, make_person, world, scratch):
    sign_in(client, make_person(Role.OPERATOR, name="经办甲"))

    found = book(client, "/export/landings.xlsx?lang=zh_CN&town=xianlin&stage=running&view=board")

    table, about = found.worksheets
    assert (table.title, table.freeze_panes) == ("落地项目", "A2")
    assert rows(table)[0][:4] == ["编号", "名称", "类型", "落地通道"]
    assert [row[1] for row in rows(table)[1:]] == ["+公开项目"]
    assert table["B2"].data_type == "s"
    said = dict(rows(about))
    assert (said["清单"], said["导出人"], said["行数"]) == ("落地项目", "经办甲 · 经办", "1")
    assert (said["镇街"], said["阶段"]) == ("闲林街道", "推进中（全部）")
    assert f"{clock.today().year}年" in said["导出时间"]
    with reading() as session:
        event = session.scalars(select(Event).where(Event.object_type == "export")).one()
    # Which list and which filters, never what was looked for.
    assert event.fields == ["landings", "xlsx", "stage", "town", "rows=1"]
    assert list(scratch.iterdir()) == []


def test_the_same_address_is_another_file_for_another_reader(client, make_person, world):
    """Row 82: a shared link gives the other reader's own view, and a visitor only what is public."""
    address = "/export/landings.xlsx"
    assert [row[1] for row in rows(book(client, address).worksheets[0])[1:]] == ["+公开项目"]
    assert [cell.value for cell in book(client, address).worksheets[0]["F"]][1:] == [None]

    sign_in(client, make_person(Role.OPERATOR))

    assert {row[1] for row in rows(book(client, address).worksheets[0])[1:]} == {"=内部项目", "+公开项目"}


@pytest.mark.parametrize("name", sorted(set(exports.EXPORTS) - {"visit-participants"}))  # the list of one visit
@pytest.mark.parametrize("form", sorted(exports.MEDIA))
def test_every_list_comes_in_every_form(client, make_person, world, name, form):
    sign_in(client, make_person(Role.AUDITOR))

    response = client.get(f"/export/{name}.{form}")

    assert response.status_code == 200
    assert f"{name}-" in response.headers["content-disposition"]
    assert f".{form}" in response.headers["content-disposition"]


def test_a_list_may_be_longer_than_a_page_can_count(client, make_person, sqlite_url):
    with writing() as session:
        for number in range(1001):
            add_organisation(session, name=f"机构{number:04d}")
    sign_in(client, make_person(Role.OPERATOR))

    lines = client.get("/export/organisations.csv").content.decode("utf-8-sig").splitlines()

    assert len(lines) == 1 + 1001
    assert len(set(lines)) == len(lines)


def test_a_file_that_fails_leaves_nothing(client, make_person, world, scratch, monkeypatch):
    sign_in(client, make_person(Role.OPERATOR))

    def broken(*_given):
        yield ["a"]
        raise RuntimeError("the disk is full")

    monkeypatch.setitem(exports.EXPORTS, "landings", lambda *_given: (("Number",), broken()))

    assert client.get("/export/landings.xlsx").status_code == 500
    assert list(scratch.iterdir()) == []
    with reading() as session:
        assert not session.scalars(select(Event).where(Event.object_type == "export")).all()

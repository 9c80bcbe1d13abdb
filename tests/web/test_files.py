"""Attachments through our own route: rows 3, 7, 39 and 69 of the bad inputs."""

import re
import subprocess
import sys
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from db.models import Role
from portal.errors import NotFound
from portal.files.commands import store_file
from portal.files.queries import READERS
from portal.permissions import VISITOR
from portal.settings import ROOT
from portal.transactions import writing
from tests.web.browsing import sign_in

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@pytest.fixture
def add_file(sqlite_url, monkeypatch):
    """Adds a file of a record that only operators may read."""

    def read(session, actor, row):
        if actor.role is not Role.OPERATOR:
            raise NotFound

    monkeypatch.setitem(READERS, "record of the test", read)

    def add(name: str, content: bytes) -> UUID:
        with writing() as session:
            return store_file(
                session, VISITOR, name=name, content=content, parent_type="record of the test", parent_id=uuid4()
            )

    return add


def test_a_file_is_saved_under_its_name_and_kept_by_no_cache(client, make_person, add_file):
    file_id = add_file("报价 单“终稿”.csv", "项目,金额\r\n漆包线,12\r\n".encode())
    sign_in(client, make_person(Role.OPERATOR))

    response = client.get(f"/files/{file_id}")

    assert response.status_code == 200
    assert response.content.decode().startswith("项目")
    disposition = response.headers["content-disposition"]
    assert disposition.startswith("attachment; ")
    assert f"filename*=UTF-8''{quote('报价 单“终稿”.csv', safe='')}" in disposition
    assert disposition.isascii()
    assert response.headers["cache-control"] == "private, no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert client.head(f"/files/{file_id}").status_code == 200


def test_whoever_may_not_read_the_record_finds_no_file(client, make_person, add_file):
    file_id = add_file("a.png", PNG)
    unknown = client.get(f"/files/{uuid4()}")
    forbidden = client.get(f"/files/{file_id}")
    assert (unknown.status_code, forbidden.status_code) == (404, 404)
    assert re.sub(r"/files/[0-9a-f-]+", "", unknown.text) == re.sub(r"/files/[0-9a-f-]+", "", forbidden.text)
    assert "/login" in forbidden.text  # a mailed link leads to the sign-in, not to the file

    sign_in(client, make_person(Role.EXPERT))
    assert client.get(f"/files/{file_id}").status_code == 404


def test_a_right_that_ends_ends_the_download(client, make_person, add_file, monkeypatch):
    file_id = add_file("a.png", PNG)
    sign_in(client, make_person(Role.OPERATOR))
    assert client.get(f"/files/{file_id}").status_code == 200

    client.post("/logout", data={})
    monkeypatch.setitem(READERS, "record of the test", lambda *_: (_ for _ in ()).throw(NotFound()))
    assert client.get(f"/files/{file_id}").status_code == 404


def test_every_feature_that_owns_files_is_known_to_the_route():
    owners = [
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for path in (ROOT / "portal").rglob("*.py")
        if "\nregister_reader(" in path.read_text(encoding="utf-8")
    ]
    code = f"import sys, portal.web.files; print([name for name in {owners!r} if name not in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert owners and found.stdout.strip() == "[]", found.stdout

"""Nothing in the address of an export breaks it, on either database: row 36 of the bad inputs."""

import csv

import pytest
from starlette.applications import Starlette

from db.models import Role
from portal.accounts.sessions import create_session
from portal.transactions import writing
from portal.web.app import app_parts
from tests.factories import add_member
from tests.web.browsing import sign_in
from tests.web.conftest import BASE, TestClient


@pytest.mark.parametrize("name", ["challenges", "landings", "organisations", "talents", "trail", "visits"])
def test_a_nul_in_a_filter_is_no_filter(database_url, name) -> None:
    parts = app_parts()
    app = Starlette(
        routes=parts["routes"], middleware=parts["middleware"], exception_handlers=parts["exception_handlers"]
    )
    client = TestClient(app, base_url=BASE, client=("127.0.0.1", 50000))
    with writing() as session:
        auditor = add_member(session, Role.AUDITOR)
        token = create_session(session, auditor.acting_person, auditor.membership_id)
    client.cookies.set("portal_session", token)

    # Row 45: nothing of it is there any more for whoever goes back after the sign-out.
    assert client.get(f"/export/{name}.csv").headers["cache-control"] == "private, no-store"
    for field in (
        "town",
        "industry",
        "text",
        "kind",
        "band",
        "group",
        "order",
        "stage",
        "class",
        "reached",
        "cohort",
        "purpose",
    ):
        assert client.get(f"/export/{name}.csv?{field}=%00").status_code == 200, field
        assert client.get(f"/export/{name}.csv?{field}=a%00b").status_code == 200, field


def test_the_trail_is_exported_in_words_and_opens_right_in_excel(client, make_person):
    """No code of ours in a file that an auditor hands on; the mark at the start says that it is UTF-8."""
    sign_in(client, make_person(Role.AUDITOR))
    rows = {}
    for language in ("zh_CN", "en"):
        content = client.get(f"/export/trail.csv?lang={language}").content
        assert content.startswith(b"\xef\xbb\xbf")
        rows[language] = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    assert rows["zh_CN"][0][:5] == ["时间", "操作人", "角色", "机构", "操作"]
    assert rows["en"][0][:5] == ["Time", "Who", "Role", "Organisation", "Act"]
    assert rows["zh_CN"][1][4:6] == ["登录", "账号"]
    assert rows["en"][-1][4:6] == ["Export", "Export"]
    assert (rows["en"][0][6], rows["en"][1][6]) == ("Number and title", rows["en"][1][1])
    signed_in = rows["en"][1][7]
    one = client.get(f"/export/trail.csv?lang=en&record={signed_in}").text.splitlines()
    assert len(one) == 2 and signed_in in one[1]

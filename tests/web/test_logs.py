"""Row 85 of the bad inputs, and the error number that a user can quote."""

import logging

import pytest
from streamlit.testing.v1 import AppTest

from portal.web import logs
from portal.web.faults import guarded
from portal.web.logs import LONGEST_LINE, LONGEST_RECORD, SafeFormatter, safe
from tests.web.conftest import TestClient

SECRETS = [
    ("/_stcore/upload_file/0f8fad5b-d9cb-469f-a165-70867728950e/7c9e6679-7425", "0f8fad5b"),
    ("GET /invitation/Zk3-q_pY8w2sVb1XcT7uNn0LrJhGfDeAaQmWzPoIiUy HTTP/1.1", "Zk3-q_pY8w2"),
    ("GET /calendar/Zk3-q_pY8w2sVb1XcT7uNn0LrJhGfDeAaQmWzPoIiUy.ics HTTP/1.1", "Zk3-q_pY8w2"),
    ("http://localhost:8501/reset/abc?lang=en", "abc"),
    ("cookie: portal_session=Zk3qpY8w; portal_visitor=abcdef.0123", "Zk3qpY8w"),
    ("cookie: portal_session=Zk3qpY8w; portal_visitor=abcdef.0123", "abcdef.0123"),
    ("_streamlit_xsrf=2|9d1e|aaaa", "9d1e"),
    ("password=correct horse", "correct"),
    ('{"password": "correct horse battery"}', "horse"),
    ("{'new_password': 'correct horse battery'}", "battery"),
    ("Authorization: Bearer abcdef123456", "abcdef123456"),
    ("csrf=0123456789abcdef", "0123456789abcdef"),
    ("postgresql+psycopg://portal:hunter2hunter2@db/portal", "hunter2hunter2"),
    ("mail to zhang.wei@example.org failed", "zhang.wei"),
    ("ID 11010519491231002X of a person", "11010519491231002X"),
    ("session 5f4dcc3b5aa765d61d8327deb882cf995f4dcc3b5aa765d61d8327deb882cf99", "5f4dcc3b"),
    ("token_urlsafe Zk3-q_pY8w2sVb1XcT7uNn0LrJhGfDeAaQmWzPoIiUy", "Zk3-q_pY8w2"),
    ("PLACEHOLDER_AUTH_TOKEN, 0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5b"),
]


@pytest.mark.parametrize(("line", "secret"), SECRETS)
def test_secrets_are_masked(line, secret):
    assert secret not in safe(line)
    assert "…" in safe(line)


@pytest.mark.parametrize(
    "line",
    [
        "fault 4F2A91C0 /files",
        "portal: development, SQLite 3.53.4, bound to 127.0.0.1:8501",
        "in test_actor_of_session_joins_person_membership_and_organisation",
        "统一社会信用代码 91330100799655058B",
        "challenge 7c9e6679-7425-40de-944b-e07fc1f90ae7 closed",
    ],
)
def test_what_helps_to_find_a_fault_stays(line):
    assert safe(line) == line


def test_a_line_break_forges_no_line():
    assert safe("name\n2026-01-01 INFO portal signed in") == "name\n    | 2026-01-01 INFO portal signed in"
    assert "\r" not in safe("a\rb") and "\x1b" not in safe("a\x1b[2Jb")
    assert "\u202e" not in safe("gnp\u202eexe") and "\u2028" not in safe("a\u2028b")


def test_a_line_of_a_megabyte_is_cut():
    for line in ("x" * 1_000_000, "y " * 500_000, "a.b" * 300_000, "short line\n" * 100_000):
        assert max(len(part) for part in safe(line).split("\n")) < LONGEST_LINE + 100
        assert len(safe(line)) < LONGEST_RECORD * 2


def test_the_traceback_is_kept_and_masked():
    try:
        raise ValueError("password=hunter2hunter2\nforged line")
    except ValueError:
        record = logging.getLogger("x").makeRecord("x", 40, "f", 1, "fault", (), __import__("sys").exc_info())
    text = SafeFormatter().format(record)
    assert "ValueError" in text and "test_logs.py" in text
    assert "hunter2" not in text
    assert all(line.startswith("    | ") for line in text.splitlines()[1:])


def test_every_handler_gets_the_safe_formatter():
    stray = logging.getLogger("streamlit.test_logs")
    handler = logging.StreamHandler()
    stray.addHandler(handler)
    logs.install()
    assert isinstance(handler.formatter, SafeFormatter)
    assert logging.getLogger("uvicorn.access").disabled
    stray.removeHandler(handler)


def test_a_bug_in_a_route_shows_a_number_that_the_log_has(client: TestClient, caplog):
    async def broken(request):
        raise ZeroDivisionError("secret detail")

    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.routing import Route

    from portal.web.gate import Gate
    from portal.web.routes import WebRoute, Who

    rows = (WebRoute("/broken", broken, ("GET",), Who.ANYBODY),)
    app = Starlette(
        routes=[Route("/broken", guarded(broken), methods=["GET"])], middleware=[Middleware(Gate, routes=rows)]
    )
    response = TestClient(app, base_url="http://localhost:8501").get("/broken")

    assert response.status_code == 500
    assert "secret detail" not in response.text and "Traceback" not in response.text
    record = next(record for record in caplog.records if record.name == "portal.fault")
    number = record.args[0]
    assert len(number) == 8 and number in response.text
    assert record.exc_info[0] is ZeroDivisionError


def test_a_bug_in_a_page_shows_a_number_that_the_log_has(caplog):
    shown = AppTest.from_function(_broken_page).run().error[0].value
    record = next(record for record in caplog.records if record.name == "portal.fault")
    assert record.args[0] in shown and "secret detail" not in shown
    assert record.exc_info[0] is ZeroDivisionError


def test_a_refusal_that_nothing_caught_is_still_a_sentence():
    assert AppTest.from_function(_refusing_page).run().error[0].value == "该记录不存在，或您无权查看。"


def _broken_page():
    from portal.web.faults import show_script_error

    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError as error:
        assert show_script_error(error)


def _refusing_page():
    from portal.errors import NotFound
    from portal.web.faults import show_script_error

    assert show_script_error(NotFound())

"""Rows of the bad inputs that belong to no feature alone: addresses, searches, pages of lists, zones and locales."""

import os
import subprocess
import sys
from datetime import date
from functools import partial
from urllib.parse import quote

import pytest
from sqlalchemy.orm import Session

from db.models import OrganisationKind, Role
from portal.agreements.commitment_queries import list_commitments
from portal.agreements.queries import list_agreements
from portal.challenges.queries import ORDERS, ListFilter, list_challenges
from portal.errors import Invalid
from portal.landings.queries import list_landings
from portal.metrics.trail import TrailFilter, list_trail
from portal.organisations.commands import apply_for_organisation
from portal.organisations.queries import list_organisations
from portal.paging import first_row
from portal.permissions import VISITOR
from portal.reviews.queries import list_evaluations
from portal.settings import ROOT
from portal.ui.words import escape
from portal.validation.queries import list_plans
from portal.ventures.queries import list_ventures
from portal.visits.queries import list_visits
from portal.web.lists.asked import PAGE, every_row
from tests.apptest import open_as, texts
from tests.factories import add_organisation, credit_code
from tests.matrix import table
from tests.matrix.test_routes import Browsers, browsers  # noqa: F401 – the fixture
from tests.matrix.world import World
from tests.web.test_gate import example

HOSTILE = "![x](http://evil.example/p) [y](javascript:alert(1)) <b>z</b> $a$ :red[q]"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.mark.parametrize(("zone", "locale"), [("America/New_York", ""), ("Asia/Shanghai", "C")])
def test_dates_parsing_and_exports_in_every_zone_and_locale(zone: str, locale: str) -> None:
    """Row 96; a machine in UTC runs the same tests without this one."""
    tests = ["tests/challenges/test_rules.py", "tests/unit/test_core.py", "tests/unit/test_tables.py"]
    tests += ["tests/metrics/test_trail.py", "tests/imports/test_files.py", "tests/imports/test_rows.py"]
    kept = {name: value for name, value in os.environ.items() if name not in ("LANG", "LC_ALL", "LC_CTYPE", "TZ")}
    kept = {name: value for name, value in kept.items() if not name.startswith(("PORTAL_", "PYTEST_"))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]
    # What is slow has nothing to do with zones.
    command += ["-m", "not postgres", "-k", "not flood and not bomb and not row_limits and not two_thousand"]

    run = subprocess.run(
        command,
        cwd=ROOT,
        env=kept | {"TZ": zone} | ({"LC_ALL": locale} if locale else {}),
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert run.returncode == 0, run.stdout[-3000:]


TWISTS = ["/..%2f{0}", "{0}%00", "/{0}", "{0}.", "{0}%5c", "{0}%0a", "{0}//", "{0}%20x", "{0}%252f"]


@pytest.mark.parametrize("path", table.ROUTES)
def test_odd_paths_of_every_route(browsers: Browsers, path: str) -> None:  # noqa: F811
    """Row 94: the path that is routed is the path that was checked."""
    own = example(path)
    for twist in [*TWISTS, own.upper()]:
        address = twist.format(own)
        if address == own:
            continue
        for _role, _where, browser in (browsers[0], browsers[-1]):
            status = browser.get("http://localhost:8501" + address).status_code
            assert status in (400, 404), (address, status)


QUERIES = {
    "trl": ["²", "10" * 40, "-1", "7'", "NaN"],
    "industry": ["\U0010ffff", "%", "C' OR 1=1 --", "", "x" * 5000],
    "town": ["%", "'; DROP TABLE challenge; --"],
    "band": ["none", "under_100' --"],
    "group": ["draft", "preparing'"],
    "order": ["id; DROP TABLE challenge", "-", "CLOSING"],
    "text": ["%", "_", "' OR '1'='1", "\\", "x" * 10_000, " ", "\x00", "(a+)+$", "𠮷"],
    "stage": ["lead'", "LEAD"],
    "category": ["x"],
    "flag": ["x"],
    "lane": ["x", "HEAVY"],
    "first": ["x", "NATIONAL' --"],
    "kind": ["person' OR 1=1 --"],
    "since": ["0001-01-01", "9999-12-31", "2026-02-31", "²"],
    "until": ["0001-01-01", "9999-12-31", "2026-13-01"],
    "mine": ["true", "x"],
    "when": ["never' --", "mine"],
    "university": ["x", "' OR 1=1 --", "00000000-0000-0000-0000-000000000000"],
    "owner": ["x", "²"],
    "field": ["talent'", "TALENT"],
    "status": ["x", "effective' --"],
    "state": ["late'", "LATE"],
    "within": ["²", "-1", "10" * 40, "9999", "NaN"],
}


LISTS = ["agreements", "commitments", "challenges", "landings", "organisations", "trail", "ventures"]


@pytest.mark.parametrize("name", LISTS)
def test_nothing_in_an_address_breaks_an_export(browsers: Browsers, name: str) -> None:  # noqa: F811
    """Rows 36, 37, 39: literal, by allow-list, bounded."""
    browser = next(browser for role, _where, browser in browsers if role is Role.OPERATOR)
    broken = []
    for key, values in QUERIES.items():
        for value in values:
            status = browser.get(f"/export/{name}.csv?{key}={quote(value)}").status_code
            if status not in (200, 400, 414, 431):
                broken.append((key, value[:20], status))
    assert broken == []


@pytest.mark.parametrize("text", ["%", "no%award", "' OR 1=1 --", "\\", "课题_名"])
def test_a_search_is_literal(session: Session, world: World, text: str) -> None:
    """Row 36."""
    operator = world.insiders[Role.OPERATOR]

    assert list_challenges(session, operator, ListFilter(text=text)).total == 0
    assert list_organisations(session, operator, text=text).total == 0


def test_blanks_give_the_list_and_long_words_nothing(session: Session, world: World) -> None:
    """Row 37."""
    operator = world.insiders[Role.OPERATOR]
    everything = list_challenges(session, operator).total

    assert list_challenges(session, operator, ListFilter(text="   ")).total == everything
    assert list_organisations(session, operator, text=" \t ").total == list_organisations(session, operator).total
    assert list_challenges(session, operator, ListFilter(text="课" * 10_000)).total == 0


@pytest.mark.parametrize("order", ["", "title", "id; DROP TABLE challenge", *ORDERS])
def test_an_unknown_order_is_the_first_one(session: Session, world: World, order: str) -> None:
    """Row 36."""
    rows = [row.id for row in list_challenges(session, VISITOR, order=order, limit=100).rows]

    if order not in ORDERS:
        assert rows == [row.id for row in list_challenges(session, VISITOR, limit=100).rows]
    assert len(rows) == 10


@pytest.mark.parametrize(("offset", "limit"), [(-1, 20), (-(10**9), 20), (0, 10**9), (10**9, 20), (0, 0), (0, -5)])
def test_pages_of_lists_are_clamped(session: Session, world: World, offset: int, limit: int) -> None:
    """Row 40."""
    operator = world.insiders[Role.OPERATOR]

    for ask in (
        list_challenges,
        list_organisations,
        list_landings,
        list_evaluations,
        list_plans,
        list_agreements,
        list_visits,
        list_commitments,
        list_ventures,
    ):
        page = ask(session, operator, offset=offset, limit=limit)
        assert 1 <= len(page.rows) <= min(page.total, 100), ask.__name__
        # A number past the end is the last page, not an empty one that says there is nothing.
        last = ask(session, operator, offset=(page.total - 1) // 20 * 20).rows
        assert offset < 10**9 or page.rows == last, ask.__name__


@pytest.mark.parametrize(
    ("offset", "limit", "total", "first"),
    [(0, 20, 0, 0), (20, 20, 20, 0), (20, 20, 21, 20), (40, 20, 21, 20), (-20, 20, 5, 0), (5000, 20, 1001, 980)],
)
def test_where_a_page_begins(offset: int, limit: int, total: int, first: int) -> None:
    assert first_row(offset, limit, total) == first


def test_a_file_of_full_pages_holds_every_row_once(session: Session, world: World) -> None:
    operator = world.insiders[Role.OPERATOR]
    while list_organisations(session, operator).total < PAGE:
        add_organisation(session)

    rows = [row.id for row in every_row(partial(list_organisations, session, operator))]

    assert len(rows) == len(set(rows)) == PAGE


@pytest.mark.parametrize("days", [(date.min, None), (None, date.max), (date.max, date.min)])
def test_days_at_the_ends_of_the_calendar(session: Session, world: World, days: tuple) -> None:
    """Row 52."""
    since, until = days

    rows = list_trail(session, world.insiders[Role.AUDITOR], TrailFilter(since=since, until=until))

    assert bool(rows) is (since != date.max)


@pytest.mark.parametrize("page", ["-1", "0", "999", "1000000000", "²", "２"])
@pytest.mark.parametrize("script", ["challenges/list.py", "organisations/list.py"])
def test_a_page_number_from_the_address(world: World, script: str, page: str) -> None:
    """Row 40, on the page itself."""
    at = open_as(None, script, page=page)

    assert not at.exception, at.exception
    assert "Error number" not in texts(at)
    # A number beyond the last page is the last page; what is no number is the first one.
    said = texts(at)
    assert "No challenge is open now" not in said
    assert "fits these filters" not in said


@pytest.mark.parametrize(
    "typed", [HOSTILE, "# a", "- a", "1. a", "> a", "a\n\n# b", "```x```", "~~a~~", "||", "a  \nb"]
)
def test_user_text_stays_text(typed: str) -> None:
    """Rows 33 to 35: no sign that Markdown, HTML or a formula begins with is left bare."""
    shown = escape(typed)

    assert "\n" not in shown
    bare = shown.replace("\\\\", "")
    for place, sign in enumerate(bare):
        if sign in "`*_{}[]()<>#+-.!|~$:":
            assert bare[place - 1] == "\\", (place, sign)


def application(**changes: object) -> dict:
    values = {
        "name": "示例申请机构",
        "kind": OrganisationKind.ENTERPRISE,
        "credit_code": credit_code(888_888_888),
        "contact_name": "示例人员",
        "contact_email": "rows@example.org",
        "contact_phone": "0571-88886666",
        "proof_name": "证照.pdf",
        "proof": PDF,
    }
    return values | changes


def test_two_organisations_of_one_name_are_two(session: Session, world: World) -> None:
    """Row 78: the code is the key."""
    first = apply_for_organisation(session, VISITOR, **application())
    second = apply_for_organisation(session, VISITOR, **application(credit_code=credit_code(777_777_777)))

    assert first != second
    with pytest.raises(Invalid):
        apply_for_organisation(session, VISITOR, **application(name="改了名的机构"))


@pytest.mark.parametrize("summary", ["长" * 2001, "半\ud83d"])
def test_what_an_applicant_writes_is_refused_with_a_count(session: Session, world: World, summary: str) -> None:
    """Rows 11, 14."""
    with pytest.raises(Invalid):
        apply_for_organisation(session, VISITOR, **application(summary=summary))


def test_what_cannot_be_seen_is_not_kept(session: Session, world: World) -> None:
    """Rows 12, 13, 16."""
    typed = " 研发\u202e𠮷\u200b㐂\x00\r\n第二行 "
    made = apply_for_organisation(session, VISITOR, **application(summary=typed))

    from db.models import Organisation

    assert session.get_one(Organisation, made).summary == "研发𠮷㐂\n第二行"

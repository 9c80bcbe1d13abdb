"""Every route of our own for every role: what it answers, and to whom files, receipts and the trail are sent."""

import warnings

import pytest
from starlette.applications import Starlette

from db.models import ChallengeStatus, Role
from portal.accounts.sessions import create_session
from portal.permissions import Actor
from portal.transactions import writing
from portal.web.app import app_parts
from portal.web.identity import SESSION_COOKIE
from portal.web.lists import EXPORTS
from portal.web.routes import ROUTES
from tests.matrix import table
from tests.matrix.table import READS, expected
from tests.matrix.world import World

with warnings.catch_warnings():
    # Starlette would rather have another client package; the pinned one does.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

S = ChallengeStatus
Browsers = list[tuple[Role, str, TestClient]]


@pytest.fixture
def browsers(world: World) -> Browsers:
    """A signed-in browser for everybody of the world."""
    parts = app_parts()
    app = Starlette(
        routes=parts["routes"], middleware=parts["middleware"], exception_handlers=parts["exception_handlers"]
    )
    return [(role, where, _browser(app, actor)) for role, where, actor in world.everybody()]


def _browser(app: Starlette, actor: Actor) -> TestClient:
    client = TestClient(app, base_url="http://localhost:8501", follow_redirects=False, client=("127.0.0.1", 50000))
    if actor.person_id is not None:
        with writing() as session:
            token = create_session(session, actor.person_id, actor.membership_id)
        client.headers["cookie"] = f"{SESSION_COOKIE}={token}"
    return client


def test_what_every_route_answers(browsers: Browsers) -> None:
    # What is served, not only what stands in the list it is made from.
    served = {(route.path, frozenset(route.methods) - {"HEAD"}) for route in app_parts()["routes"]}
    assert served == {(row.path, frozenset(row.methods)) for row in ROUTES}
    assert {row.path for row in ROUTES} == set(table.ROUTES)
    differences = []
    for path, (address, visitor, signed_in) in table.ROUTES.items():
        for role, where, browser in browsers:
            status = browser.get(address).status_code
            if status != (visitor if role is Role.VISITOR else signed_in):
                differences.append((path, role.value, where, status))
    assert differences == []


def test_the_trail_is_exported_to_whom_the_table_names(browsers: Browsers) -> None:
    for role, where, browser in browsers:
        expected = 401 if role is Role.VISITOR else 200 if READS["audit trail"][role] != "-" else 403
        assert browser.get("/export/trail.csv").status_code == expected, (role, where)


def test_every_list_is_a_file_of_what_the_reader_sees(browsers: Browsers, world: World) -> None:
    for role, where, browser in browsers:
        for name in set(EXPORTS) - {"trail", "talents", "visit-participants"}:
            response = browser.get(f"/export/{name}.csv")
            assert response.status_code == 200, (name, role, where)
            content = response.content.decode("utf-8-sig")
            if name in ("agreements", "commitments", "ventures"):
                row = {"agreements": "agreement, its existence", "ventures": "venture, since its notice"}.get(
                    name, "agreement, whole"
                )
                assert (len(content.splitlines()) > 1) is expected(row, role, where), (name, role, where)
                assert ("承诺之言" in content) is (expected(row, role, where) and name == "commitments")
                continue
            assert len(content.splitlines()) > 1, (name, role, where)
            reads = expected("landing, whole", role, where)
            assert ("落地详情" in content) is (reads and name == "landings"), (name, role, where)
            reads = expected("organisation, applied", role, where)
            assert ("申请中的机构" in content) is (reads and name == "organisations"), (name, role, where)
            assert not {"封面之言", "封存之言", "保密之言", "验证后之言"} & set(content.split(",")), (name, role, where)
            assert "谈话之言" not in content


def test_talents_are_a_file_of_whom_the_reader_sees(browsers: Browsers, world: World) -> None:
    for role, where, browser in browsers:
        response = browser.get("/export/talents.csv")
        seen = READS["talent, public card"][role] != "-"
        assert response.status_code == (200 if seen else 403), (role, where)
        content = response.content.decode("utf-8-sig")
        # Officials get no name without a purpose, and of those who may not be shown nobody else gets one.
        for row, name in TALENT_NAMES.items():
            logged = READS[row][role].endswith("l")
            assert (name in content) is (not logged and expected(row, role, where)), (row, role, where)
        named = browser.get("/export/talents.csv?purpose=service")
        assert named.status_code == (200 if role is Role.OPERATOR else 401 if role is Role.VISITOR else 403), role
        assert ("众人不见" in named.content.decode("utf-8-sig")) is (role is Role.OPERATOR)


TALENT_NAMES = {"talent, public card": "名片之人", "talent, consented": "对接之人", "talent, whole": "众人不见"}


def test_participants_are_a_file_for_those_who_read_the_names(browsers: Browsers, world: World) -> None:
    address = f"/export/visit-participants.csv?id={world.shared['visit_id']}"
    for role, where, browser in browsers:
        response = browser.get(address)
        reads = expected("visit, participants", role, where)
        assert response.status_code == (200 if reads else 404), (role, where)
        assert ("随团之人" in response.text) is reads
        # The organiser alone has whole numbers; the partner and the district's desk can tell two people apart.
        is_organiser = reads and role is Role.ENTERPRISE_ADMIN
        assert ("13700001234" in response.text) is is_organiser, (role, where)
        assert browser.get("/export/visit-participants.csv").status_code == 404


@pytest.mark.parametrize(
    "name", ["", "people", "proposals", "trail.csv", "challenges.xlsx", "../trail", "Trail", "chal lenges"]
)
def test_there_is_no_other_export(browsers: Browsers, name: str) -> None:
    for _role, _where, browser in browsers[-3:]:
        assert browser.get(f"/export/{name}.csv").status_code in (400, 404)


def test_a_hidden_challenge_is_in_nobody_elses_file(browsers: Browsers, world: World) -> None:
    for role, where, browser in browsers:
        content = browser.get("/export/challenges.csv").content.decode("utf-8-sig")
        found = {status for status in S if f"课题之名{status.value}," in content}
        inside = where == "inside"
        assert found == {status for status in S if table.sees_challenge(role, status, inside=inside)}, (role, where)
        assert "封面之言" not in content


@pytest.mark.parametrize("status", [S.OPEN, S.CLOSED, S.EVALUATING], ids=str)
def test_files_and_receipts_of_proposals(browsers: Browsers, world: World, status: ChallengeStatus) -> None:
    records = world.places[status].records
    for role, where, browser in browsers:
        is_team = where == "team" or (where == "inside" and role is Role.RESEARCHER)
        is_admin = where == "inside" and role is Role.INSTITUTE_ADMIN
        duty = role in (Role.OPERATOR, Role.APPROVER, Role.AUDITOR)
        is_reader = duty or is_admin or (where == "inside" and role is Role.ENTERPRISE_ADMIN)
        file = browser.get(f"/files/{records['file_id']}")
        receipt = browser.get(f"/receipts/{records['submission_id']}")
        opened = status is S.EVALUATING
        assert file.status_code == (200 if is_team or (opened and is_reader) else 404), (role, where)
        assert receipt.status_code == (200 if is_team or is_admin else 404), (role, where)

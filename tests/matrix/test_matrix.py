"""The tables of this folder against the code: what stands in no row fails."""

import ast
import inspect
from collections import Counter

import pytest

from db.models import Role
from portal.permissions import GRANTS, VISITOR, Action, Actor, Grant, Side, authorize, can
from portal.settings import ROOT
from portal.ui import page_table
from portal.web.lists import EXPORTS
from portal.web.routes import ROUTES
from tests.matrix import table
from tests.matrix.doors import asking_nobody, doors, functions, written
from tests.matrix.table import ACTS, BY_THE_CLOCK, CODES, READS


def granted() -> dict[tuple[str, str, str], str]:
    """(act, role, side) → object, from the table."""
    found = {}
    for name, rows in ACTS.items():
        for who, actions in rows.items():
            for action in actions.split():
                for one in who.split():
                    code, _, side = one.partition("@")
                    found[action, CODES[code].value, side or "any"] = name
    return found


def test_the_table_names_every_role() -> None:
    assert set(CODES.values()) == set(Role)
    for name, row in READS.items():
        assert set(row) == set(Role) - {Role.CLOCK}, name


@pytest.mark.parametrize("action", Action, ids=str)
def test_every_act_for_every_role_and_side(action: Action) -> None:
    rows = granted()
    assert any(act == action.value for act, _role, _side in rows), "this act stands in no row of the table"
    differences = []
    for role in Role:
        for side in (*Side, None):
            actor = Actor(role)
            sides = [side] if side else []
            expected = (action.value, role.value, "any") in rows or (
                side is not None and (action.value, role.value, side.value) in rows
            )
            if can(actor, action, sides) is not expected:
                differences.append((role.value, side, expected))
    assert differences == []


def test_grants_and_table_hold_the_same_rows() -> None:
    code = {(action.value, grant.role.value, grant.side.value) for action, grants in GRANTS.items() for grant in grants}

    assert code == set(granted())
    assert set(GRANTS) == set(Action)
    for grants in GRANTS.values():
        assert Counter(grants).most_common(1)[0][1] == 1
        assert all(isinstance(grant, Grant) for grant in grants)


def test_an_act_stands_in_one_row_alone() -> None:
    names = [action for rows in ACTS.values() for actions in rows.values() for action in actions.split()]

    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert set(names) == {action.value for action in Action}


def test_a_refused_visitor_is_asked_to_sign_in() -> None:
    for action in Action:
        # A ticket of a visit is all that somebody without an account needs.
        if not can(VISITOR, action, list(Side)):
            with pytest.raises(Exception, match="sign in"):
                authorize(VISITOR, action, list(Side))


def test_every_command_and_read_stands_in_the_table() -> None:
    found = {(row.module, row.name) for row in functions() if not row.is_inner}

    assert found - set(written()) == set(), "please say in tests/matrix/table.py which act fires it, or what it reads"
    assert set(written()) - found == set(), "these are gone"


def test_every_act_has_a_command() -> None:
    fired = {action.value for door in doors() for action in door.actions}

    assert {action.value for action in Action} - fired - BY_THE_CLOCK == ACTS_WITHOUT_A_DOOR


ACTS_WITHOUT_A_DOOR = {
    # Written when a command or a query lets somebody read; each has tests of its own.
    "read_proposal",
    "read_cockpit",
    "read_audit_trail",
    "read_talent_figures",
}


def test_a_command_takes_ids_and_names_its_parameters() -> None:
    for door in doors():
        if door.actions:
            kinds = {parameter.kind for parameter in door.found.parameters}
            assert kinds <= {inspect.Parameter.KEYWORD_ONLY}, door.found.name


def test_every_read_stands_for_a_row_of_the_table() -> None:
    assert {door.reads for door in doors() if door.reads} - set(READS) == set()


KNOWN = {
    # Three public counts, and whether the portal has two admins: nothing in them depends on the reader.
    ("pages", "metrics.queries", "public_figures"),
    ("pages", "accounts.queries", "count_platform_admins"),
    # Who is there at all is what these find out.
    ("portal/ui", "accounts.sessions", "actor_of_session"),
    ("portal/web", "accounts.sessions", "actor_of_session"),
    ("portal/web", "accounts.sessions", "ending_of"),
    ("portal/web", "accounts.sessions", "is_live"),
    ("portal/web", "accounts.sessions", "is_touch_due"),
    ("portal/web", "accounts.sessions", "touch"),
    # Of a file that the reader has just been given: whether the handing over is recorded.
    ("portal/web", "challenges.confidential", "is_recorded_download"),
    # What was exported is recorded by the route itself.
    ("portal/web", "events", "record_event"),
    # A calendar holds no session: the public feed is for everybody, the other for whoever has its secret address.
    ("portal/web", "visits.feeds", "public_feed"),
    ("portal/web", "visits.feeds", "feed_of_token"),
    # The one history of a record: its pages show it below a record that they have just read.
    ("portal/ui", "metrics.trail", "record_trail"),
}


@pytest.mark.parametrize("folder", ["pages", "portal/ui", "portal/web"])
def test_what_asks_no_rights_is_out_of_reach(folder: str) -> None:
    """Pages and routes call neither inner functions, which take records already loaded, nor what asks nobody."""
    inner = {(row.module, row.name) for row in functions() if row.is_inner}
    inner |= {place for place, behind in written().items() if behind == "!"}
    used = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("portal."):
                module = node.module.removeprefix("portal.")
                used |= {
                    (folder, module, one.name) for one in node.names if (module, one.name) in inner | asking_nobody()
                }

    assert used == {row for row in KNOWN if row[0] == folder}


def test_every_route_stands_in_the_table() -> None:
    assert {row.path for row in ROUTES} == set(table.ROUTES)


def test_every_page_stands_in_the_table_with_its_roles() -> None:
    expected = {path: {CODES[code] for code in who.split()} for path, who in table.PAGES.items()}

    assert {row.url_path: set(row.roles) for row in page_table.PAGES} == expected


def test_pages_for_is_the_column_of_its_role() -> None:
    for code, role in CODES.items():
        mine = {row.url_path for row in page_table.pages_for(Actor(role))}
        assert mine == {path for path, who in table.PAGES.items() if code in who.split()}, role


def test_every_script_is_a_page_of_the_table() -> None:
    pages = ROOT / "pages"
    scripts = {str(path.relative_to(pages)) for path in pages.rglob("*.py")}
    shared = {path for path in scripts if {"panels", "parts"} & set(path.split("/"))}

    assert scripts - shared - {"main.py", "not_yours.py", "__init__.py"} == {row.script for row in page_table.PAGES}


def test_every_export_is_a_list_of_the_table() -> None:
    lists = {"agreements", "challenges", "commitments", "landings", "organisations", "talents", "trail", "visits"}
    assert set(EXPORTS) == {*lists, "ventures", "visit-participants"}

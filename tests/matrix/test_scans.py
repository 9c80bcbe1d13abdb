"""No list and no record reads a growing table from end to end: every question of every page, as SQLite plans it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from db.models import ChallengeStatus, Role
from portal.permissions import VISITOR
from portal.transactions import database
from portal.ui.page_table import pages_for
from tests.apptest import MAIN, open_as
from tests.matrix.world import ROLES, World

S = ChallengeStatus

COUNTS_EVERYTHING = frozenset({"cockpit", "chain-records"})
"""Figures of the whole district, kept until the next event."""
COUNTS_EVERYTHING = frozenset({"cockpit", "talent-funnel"})
"""Figures of the whole district: kept until the next event, or counted along one index."""

FIXED = frozenset({"setting", "snapshot", "edition"})
"""Tables that do not grow with use, or by a row a month."""


@contextmanager
def questions() -> Iterator[dict[str, Any]]:
    """Every SELECT that is asked meanwhile, with the parameters of its first time."""
    asked: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.startswith(("SELECT", "WITH")):
            asked.setdefault(statement, parameters)

    event.listen(database().engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database().engine, "before_cursor_execute", note)


def scans(statement: str, parameters: Any = ()) -> list[str]:
    """The steps that read a whole growing table.

    Walking along an index and stopping at a LIMIT is none: that is how a page of a sorted list is read.
    """
    if "WHERE 0 = 1" in statement:
        return []  # SQLite answers this without looking
    with database().engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    sorted_later = {step.parent for step in plan if "TEMP B-TREE FOR ORDER BY" in step.detail}
    return [
        step.detail
        for step in plan
        if step.detail.startswith("SCAN ")
        and not step.detail.split()[1].startswith(("(", "anon_", "CONSTANT"))
        and step.detail.split()[1] not in FIXED
        and not ("LIMIT" in statement and " USING " in step.detail and step.parent not in sorted_later)
    ]


def records(world: World) -> dict[str, list[Any]]:
    """What each page of one record is opened with."""
    places = world.places
    proposals = [places[status].records["proposal_id"] for status in (S.OPEN, S.EVALUATING)]
    return {
        "challenge": [places[status].id for status in (S.OPEN, S.SOLVED)],
        "challenge-edit": [places[S.DRAFT].id],
        "proposal": proposals,
        "proposal-edit": proposals[:1],
        "evaluation": [places[status].id for status in (S.CLOSED, S.NEGOTIATING)],
        "validation": [places[S.VALIDATING].records["plan_id"]],
        "validation-plan": [places[S.VALIDATING].records["plan_id"]],
        "landing": [world.shared["landing_id"]],
        "talent": [world.shared[name] for name in ("talent_id", "public_talent_id")],
        "talent-edit": [world.shared["talent_id"]],
        "agreement": [world.shared["agreement_id"], world.shared["running_agreement_id"]],
        "agreement-edit": [world.shared["agreement_id"]],
        "venture": [world.shared["noticed_venture_id"], world.shared["venture_id"]],
        "venture-edit": [world.shared["draft_venture_id"]],
        "university": [world.shared["institute_id"]],
        "visit": [world.shared["visit_id"], world.shared["planned_visit_id"]],
        "visit-edit": [world.shared["planned_visit_id"]],
        "visit-group": [world.shared["visit_id"]],
        "organisation": [world.insiders[Role.ENTERPRISE_ADMIN].organisation_id],
    }


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_no_page_reads_a_whole_table(world: World, role: Role) -> None:
    actor = world.insiders[role]
    found = set()
    with questions() as first:
        at = open_as(None if actor is VISITOR else actor, language="zh_CN")
    asked = dict(first)
    for row in pages_for(actor):
        if row.url_path in COUNTS_EVERYTHING or row.script == "home.py":
            continue
        for record in records(world).get(row.url_path, [None]):
            asked |= questions_of(at, row.script, record)
    assert asked
    for statement, parameters in asked.items():
        found |= {f"{step}: {statement}" for step in scans(statement, parameters)}
    assert not found, "\n\n".join(sorted(found))


def questions_of(at: AppTest, script: str, record: Any) -> dict[str, Any]:
    at.switch_page(str(MAIN.parent / script))
    at.query_params.clear()
    if record is not None:
        at.query_params["id"] = str(record)
    with questions() as asked:
        at.run()
    assert not at.exception, (script, at.exception)
    return asked


@pytest.mark.parametrize(
    ("statement", "is_scan"),
    [
        ("SELECT * FROM person WHERE phone = '1'", True),
        ("SELECT * FROM person ORDER BY name LIMIT 20", False),
        ("SELECT * FROM person ORDER BY phone LIMIT 20", True),
        ("SELECT count(*) FROM person", True),
        ("SELECT * FROM person WHERE email = 'a@example.org'", False),
    ],
)
def test_a_scan_is_told_from_a_search(world: World, statement: str, is_scan: bool) -> None:
    assert bool(scans(statement)) is is_scan

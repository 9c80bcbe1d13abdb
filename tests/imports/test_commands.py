"""All or nothing, each row with its own reference, and an undo that destroys nobody's work."""

import sys

import pytest
from sqlalchemy import func, select

from db.models import (
    AcceptanceMetric,
    Challenge,
    ChallengeSection,
    ChallengeStatus,
    Event,
    ImportBatch,
    ImportStatus,
    OrganisationKind,
    OrganisationStatus,
    Role,
    RubricCriterion,
    SectionKey,
)
from portal.challenges.commands import save_section
from portal.challenges.details import challenge_detail
from portal.challenges.flow import submit_challenge
from portal.challenges.nda import write_nda
from portal.cli import main
from portal.errors import Forbidden, NotFound, NotPossibleNow, Stale
from portal.events import verify_chain
from portal.imports.commands import import_challenges, undo_import
from portal.imports.queries import check_import, list_imports
from portal.imports.rows import prepare_file
from portal.permissions import VISITOR
from portal.transactions import reading, writing
from tests.factories import add_member, add_organisation, credit_code
from tests.imports.samples import csv_file, row, xlsx_file


@pytest.fixture
def operator(any_session):
    return add_member(any_session, Role.OPERATOR)


def prepared(*rows, name="课题.csv"):
    return prepare_file(name, csv_file(list(rows)))


def count(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def test_each_row_becomes_a_complete_draft_of_its_enterprise(any_session, operator) -> None:
    session = any_session
    first, second = add_organisation(session), add_organisation(session)
    report = import_challenges(
        session, operator, prepared=prepared(row(first.credit_code, 1), row(second.credit_code, 1, title="另一题"))
    )

    assert (report.total, report.problems) == (2, [])
    batch = session.get(ImportBatch, report.batch_id)
    assert (batch.row_count, batch.status, batch.file_name) == (2, ImportStatus.DONE, "课题.csv")
    made = session.scalars(select(Challenge).order_by(Challenge.number)).all()
    assert [(one.organisation_id, one.title, one.external_reference, one.status) for one in made] == [
        (first.id, "800 V 电机扁线漆膜减薄", "XQ-001", ChallengeStatus.DRAFT),
        (second.id, "另一题", "XQ-001", ChallengeStatus.DRAFT),
    ]
    assert (made[0].industry_code, made[0].town_code, made[0].public_budget_fen) == ("C38", "pingyao", 360_000_000)
    assert count(session, ChallengeSection) == 2 * len(SectionKey)
    assert (count(session, AcceptanceMetric), count(session, RubricCriterion)) == (2, 4)
    assert verify_chain(session)[1] == []
    events = session.scalars(select(Event).where(Event.object_id == made[0].id)).all()
    assert [(event.action, event.to_status, event.person_id) for event in events] == [
        ("import_challenges", "draft", operator.person_id)
    ]
    admin = add_member(session, Role.ENTERPRISE_ADMIN, first)
    assert challenge_detail(session, admin, made[0].id).title == "800 V 电机扁线漆膜减薄"
    submit_challenge(session, admin, challenge_id=made[0].id)
    assert made[0].status is ChallengeStatus.SUBMITTED


def test_one_bad_row_leaves_nothing_behind(any_session, operator) -> None:
    session = any_session
    enterprise = add_organisation(session)
    rows = [row(enterprise.credit_code, number) for number in range(50)]
    for place in (3, 20, 49):
        rows[place]["budget"] = "免费"
    events = count(session, Event)

    report = import_challenges(session, operator, prepared=prepared(*rows))

    assert (report.batch_id, report.bad_lines, report.total) == (None, 3, 50)
    assert [(one.line, one.column) for one in report.problems] == [(5, "budget"), (22, "budget"), (51, "budget")]
    assert (count(session, Challenge), count(session, ImportBatch), count(session, Event)) == (0, 0, events)


def test_a_dry_run_writes_nothing(any_session, operator) -> None:
    session = any_session
    file = prepared(row(add_organisation(session).credit_code))
    report = import_challenges(session, operator, prepared=file, dry_run=True)
    assert (report.batch_id, report.problems, count(session, Challenge)) == (None, [], 0)
    assert check_import(session, operator, file).problems == []


def test_enterprises_are_known_by_code_and_must_be_verified_enterprises(any_session, operator) -> None:
    session = any_session
    institute = add_organisation(session, OrganisationKind.INSTITUTE)
    applied = add_organisation(session, status=OrganisationStatus.APPLIED)
    report = import_challenges(
        session,
        operator,
        prepared=prepared(row(institute.credit_code, 1), row(applied.credit_code, 2), row(credit_code(999_999_9), 3)),
    )
    assert [(one.line, one.column, one.message) for one in report.problems] == [
        (2, "credit_code", "This organisation is no enterprise."),
        (3, "credit_code", "This enterprise is not verified."),
        (4, "credit_code", "No organisation with this credit code takes part in the portal."),
    ]


def test_a_reference_is_imported_once_for_an_enterprise(any_session, operator) -> None:
    session = any_session
    one, other = add_organisation(session), add_organisation(session)
    import_challenges(session, operator, prepared=prepared(row(one.credit_code, 1)))
    number = session.scalars(select(Challenge.number)).one()

    again = import_challenges(
        session, operator, prepared=prepared(row(one.credit_code, 1), row(one.credit_code, 2), row(other.credit_code))
    )

    assert [(fault.line, fault.column, fault.params) for fault in again.problems] == [
        (2, "reference", {"number": number})
    ]
    assert count(session, Challenge) == 1


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OPERATOR, Role.VISITOR, Role.CLOCK)])
def test_only_operators_import_look_and_undo(session, role) -> None:
    actor = add_member(session, role, add_organisation(session))
    file = prepared(row(credit_code(5)))
    for act in (
        lambda: import_challenges(session, actor, prepared=file),
        lambda: check_import(session, actor, file),
        lambda: list_imports(session, actor),
        lambda: undo_import(session, actor, batch_id=actor.person_id),
    ):
        with pytest.raises(Forbidden):
            act()
    assert VISITOR.person_id is None


def test_an_undo_takes_back_exactly_its_rows(any_session, operator) -> None:
    session = any_session
    enterprise = add_organisation(session)
    kept = import_challenges(session, operator, prepared=prepared(row(enterprise.credit_code, 1)))
    gone = import_challenges(session, operator, prepared=prepared(*(row(enterprise.credit_code, n) for n in (2, 3))))

    assert undo_import(session, operator, batch_id=gone.batch_id) == 2

    assert [one.import_batch_id for one in session.scalars(select(Challenge))] == [kept.batch_id]
    assert (count(session, ChallengeSection), count(session, AcceptanceMetric)) == (len(SectionKey), 1)
    latest = list_imports(session, operator)[0]
    assert (latest.status, latest.row_count) == (ImportStatus.UNDONE, 2)
    written = session.scalars(select(Event).where(Event.object_id == gone.batch_id).order_by(Event.seq))
    assert [act.action for act in written] == ["import_challenges", "undo_import"]
    with pytest.raises(NotPossibleNow):
        undo_import(session, operator, batch_id=gone.batch_id)
    with pytest.raises(NotFound):
        undo_import(session, operator, batch_id=enterprise.id)
    again = import_challenges(session, operator, prepared=prepared(row(enterprise.credit_code, 2)))
    assert again.batch_id is not None
    assert verify_chain(session)[1] == []


def edit(session, admin, challenge) -> None:
    save_section(session, admin, challenge_id=challenge.id, key=SectionKey.BACKGROUND, content={"text": "有人在改"})


def agree(session, admin, challenge) -> None:
    write_nda(session, admin, challenge_id=challenge.id, text="企业文本")


def submit(session, admin, challenge) -> None:
    submit_challenge(session, admin, challenge_id=challenge.id)


@pytest.mark.parametrize("work", [edit, agree, submit])
def test_an_undo_is_refused_once_somebody_worked_on_a_row(any_session, operator, work) -> None:
    session = any_session
    enterprise = add_organisation(session)
    admin = add_member(session, Role.ENTERPRISE_ADMIN, enterprise)
    report = import_challenges(session, operator, prepared=prepared(*(row(enterprise.credit_code, n) for n in (1, 2))))
    challenge = session.scalars(select(Challenge).order_by(Challenge.number)).first()
    work(session, admin, challenge)

    with pytest.raises(NotPossibleNow) as refused:
        undo_import(session, operator, batch_id=report.batch_id)

    assert refused.value.params == {"count": 1, "numbers": [challenge.number]}
    assert count(session, Challenge) == 2


def test_a_stale_undo_is_refused(any_session, operator) -> None:
    session = any_session
    report = import_challenges(session, operator, prepared=prepared(row(add_organisation(session).credit_code)))
    with pytest.raises(Stale):
        undo_import(session, operator, batch_id=report.batch_id, version=9)


def test_the_command_line_imports_names_faults_and_ends_with_code_one(sqlite_url, tmp_path, monkeypatch, capsys):
    with writing() as session:
        code = add_organisation(session).credit_code
    good, bad = tmp_path / "好.xlsx", tmp_path / "坏.csv"
    good.write_bytes(xlsx_file([row(code, 1), row(code, 2)]))
    bad.write_bytes(csv_file([row(code, 3), row(code, 4, town="西湖", trl_now="99")]))

    def run(*arguments: str) -> tuple[object, str]:
        monkeypatch.setattr(sys, "argv", ["portal", "import", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, capsys.readouterr().out

    code_of_bad, _out = run("challenges", str(bad))
    assert "1 of 2 rows have faults" in str(code_of_bad)
    assert "line 3, Town:" in str(code_of_bad)
    assert "line 3, Readiness today:" in str(code_of_bad)
    assert run("challenges", str(good), "--dry-run") == (0, "2 rows can be imported; nothing was written.\n")
    ended, out = run("challenges", str(good))
    assert (ended, out.startswith("2 challenges were imported")) == (0, True)
    assert "already" in str(run("challenges", str(good))[0])
    assert "cannot be read" in str(run("challenges", str(tmp_path / "none.csv"))[0])
    assert "Only" in str(run("proposals", str(good))[0])
    with reading() as session:
        assert count(session, Challenge) == 2

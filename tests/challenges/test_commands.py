"""Writing a challenge: sections, tables, levels, files, copies, numbers."""

import threading
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import select

from db.models import (
    AcceptanceMetric,
    Challenge,
    ChallengeSection,
    ChallengeStatus,
    Disclosure,
    Event,
    FileObject,
    OrganisationKind,
    Role,
    SectionKey,
)
from portal import clock
from portal.challenges.commands import (
    attach_file,
    create_challenge,
    remove_attachment,
    save_metrics,
    save_rubric,
    save_section,
    set_disclosure,
)
from portal.challenges.copies import copy_challenge
from portal.challenges.numbers import next_numbers
from portal.challenges.queries import metrics_of, rubric_of
from portal.errors import Forbidden, Invalid, NotFound, NotPossibleNow, NotSignedIn, Stale
from portal.permissions import VISITOR
from portal.transactions import writing
from tests.challenges.samples import METRICS, RUBRIC, add_cast, draft, section_of, submitted
from tests.factories import add_challenge, add_member, add_organisation

TODAY = {"text": "双边170 µm的漆膜。", "cost_fen": None, "cost_note": ""}


def test_a_draft_begins_with_every_section_and_the_confidential_one_under_nda(session):
    cast = add_cast(session)

    challenge = session.get(Challenge, create_challenge(session, cast.member, title=" 漆膜\u200b减薄 "))

    assert (challenge.title, challenge.status) == ("漆膜减薄", ChallengeStatus.DRAFT)
    assert challenge.organisation_id == cast.enterprise.id
    levels = {row.key: row.disclosure for row in session.scalars(select(ChallengeSection))}
    assert levels == dict.fromkeys(SectionKey, Disclosure.PUBLIC) | {SectionKey.CONFIDENTIAL: Disclosure.NDA}
    assert session.scalars(select(Event)).one().action == "draft_challenge"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_MEMBER, Role.CLOCK}))
def test_only_an_enterprise_sets_challenges(session, role):
    actor = VISITOR if role is Role.VISITOR else add_member(session, role, add_organisation(session))

    with pytest.raises(NotSignedIn if role is Role.VISITOR else Forbidden):
        create_challenge(session, actor, title="x")


def test_numbers_count_within_the_year_beyond_9999_too(any_session):
    year = clock.today().year
    add_challenge(any_session, number=f"YH-{year - 1}-0777")
    assert next_numbers(any_session) == [f"YH-{year}-0001"]
    add_challenge(any_session, number=f"YH-{year}-9999")
    assert next_numbers(any_session, 2) == [f"YH-{year}-10000", f"YH-{year}-10001"]
    add_challenge(any_session, number=f"YH-{year}-10000")
    assert next_numbers(any_session) == [f"YH-{year}-10001"]


def test_numbers_are_unique_whoever_creates_at_the_same_moment(database_url):
    with writing() as session:
        cast = add_cast(session)
    faults: list[BaseException] = []

    def create() -> None:
        try:
            with writing() as own:
                create_challenge(own, cast.admin, title="x")
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    with writing() as session:
        numbers = session.scalars(select(Challenge.number).order_by(Challenge.number)).all()
        assert numbers == [f"YH-{clock.today().year}-{number:04d}" for number in range(1, 9)]


def test_saving_the_problem_keeps_what_lists_show_in_step(session):
    challenge = draft(session, add_cast(session))

    assert (challenge.title, challenge.summary) == ("800 V电机扁线漆膜减薄", "减薄漆膜而不降低局部放电起始电压。")
    assert (challenge.industry_code, challenge.town_code, challenge.trl_wanted) == ("C38", "pingyao", 7)
    assert challenge.public_budget_fen == 360_000_000


def test_the_budget_stands_in_lists_only_while_it_is_public(session):
    cast = add_cast(session)
    challenge = draft(session, cast)

    set_disclosure(
        session, cast.member, challenge_id=challenge.id, key=SectionKey.BUDGET, disclosure=Disclosure.VERIFIED
    )
    assert challenge.public_budget_fen is None
    set_disclosure(session, cast.member, challenge_id=challenge.id, key=SectionKey.BUDGET, disclosure=Disclosure.PUBLIC)
    assert challenge.public_budget_fen == 360_000_000


@pytest.mark.parametrize("key", [SectionKey.PROBLEM, SectionKey.METRICS, SectionKey.RUBRIC, SectionKey.SCHEDULE])
def test_what_lists_and_form_are_made_of_stays_public(session, key):
    cast = add_cast(session)
    challenge = draft(session, cast)

    with pytest.raises(Invalid):
        set_disclosure(session, cast.member, challenge_id=challenge.id, key=key, disclosure=Disclosure.NDA)


def test_two_members_editing_different_sections_are_both_kept(session):
    cast = add_cast(session)
    challenge = draft(session, cast)
    today, background = (section_of(session, challenge, key) for key in (SectionKey.TODAY, SectionKey.BACKGROUND))
    drawn = today.version, background.version

    save_section(session, cast.member, challenge_id=challenge.id, key=SectionKey.TODAY, content=TODAY, version=drawn[0])
    save_section(
        session,
        cast.admin,
        challenge_id=challenge.id,
        key=SectionKey.BACKGROUND,
        content={"text": "两家电机厂"},
        version=drawn[1],
    )

    assert today.content["text"] == "双边170 µm的漆膜。"
    assert background.content["text"] == "两家电机厂"


def test_two_members_at_the_same_moment_are_both_kept_on_each_database(database_url):
    with writing() as session:
        cast = add_cast(session)
        challenge_id = draft(session, cast).id
    both = threading.Barrier(2, timeout=10)
    faults: list[BaseException] = []

    def save(key: SectionKey) -> None:
        try:
            both.wait()
            for number in range(5):
                with writing() as own:
                    content = {"text": f"{key.value} {number}"}
                    if key is SectionKey.TODAY:
                        content = TODAY | content
                    save_section(own, cast.member, challenge_id=challenge_id, key=key, content=content)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=save, args=(key,)) for key in (SectionKey.TODAY, SectionKey.BACKGROUND)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    with writing() as session:
        challenge = session.get_one(Challenge, challenge_id)
        assert section_of(session, challenge, SectionKey.TODAY).content["text"] == "today 4"
        assert section_of(session, challenge, SectionKey.BACKGROUND).content["text"] == "background 4"


def test_a_second_tab_on_the_same_section_is_refused_and_nothing_is_lost(session):
    cast = add_cast(session)
    challenge = draft(session, cast)
    section = section_of(session, challenge, SectionKey.TODAY)
    drawn = section.version
    first = save_section(
        session,
        cast.member,
        challenge_id=challenge.id,
        key=SectionKey.TODAY,
        content=TODAY | {"text": "第一个标签页"},
        version=drawn,
    )
    assert first.version == drawn + 1

    with pytest.raises(Stale):
        save_section(
            session,
            cast.admin,
            challenge_id=challenge.id,
            key=SectionKey.TODAY,
            content=TODAY | {"text": "第二个标签页"},
            version=drawn,
        )
    assert section.content["text"] == "第一个标签页"


def test_saving_what_did_not_change_writes_nothing(session):
    cast = add_cast(session)
    challenge = draft(session, cast)
    events = len(session.scalars(select(Event)).all())
    section = section_of(session, challenge, SectionKey.METRICS)

    again = save_metrics(session, cast.member, challenge_id=challenge.id, rows=METRICS, version=section.version)
    save_rubric(session, cast.member, challenge_id=challenge.id, rows=RUBRIC)
    save_section(
        session, cast.member, challenge_id=challenge.id, key=SectionKey.IP, content={"regime": "jointly_owned"}
    )

    assert again.version == section.version
    assert len(session.scalars(select(Event)).all()) == events


def test_metrics_are_replaced_in_order_with_their_digits(session):
    cast = add_cast(session)
    challenge = draft(session, cast)

    rows = metrics_of(session, challenge.id)
    assert [(row.position, row.name, row.upper, row.mandatory) for row in rows] == [
        (1, "双边漆膜厚度", Decimal(140), True),
        (2, "局部放电起始电压", None, True),
        (3, "表面颗粒", Decimal("0.10"), False),
    ]
    assert str(rows[1].target) == "1350.50"
    save_metrics(session, cast.member, challenge_id=challenge.id, rows=[METRICS[2] | {"upper": "0.1"}, METRICS[0]])
    assert [(row.name, str(row.upper)) for row in metrics_of(session, challenge.id)] == [
        ("表面颗粒", "0.1"),
        ("双边漆膜厚度", "140"),
    ]
    assert [(row.name, row.weight) for row in rubric_of(session, challenge.id)] == [("绝缘性能", 60), ("成本", 40)]


def test_a_bad_table_leaves_the_old_one(session):
    cast = add_cast(session)
    challenge = draft(session, cast)

    with pytest.raises(Invalid):
        save_metrics(session, cast.member, challenge_id=challenge.id, rows=[METRICS[0] | {"lower": "NaN"}])
    with pytest.raises(Invalid):
        save_rubric(session, cast.member, challenge_id=challenge.id, rows=[RUBRIC[0] | {"weight": 0}])
    assert len(metrics_of(session, challenge.id)) == 3
    assert len(rubric_of(session, challenge.id)) == 2


def test_another_enterprise_meets_a_draft_that_does_not_exist(session):
    challenge = draft(session, add_cast(session))
    other = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))

    for stranger in (other, VISITOR, add_member(session, Role.OPERATOR), add_member(session, Role.PLATFORM_ADMIN)):
        with pytest.raises(NotFound):
            save_section(session, stranger, challenge_id=challenge.id, key=SectionKey.TODAY, content=TODAY)
    with pytest.raises(NotFound):
        save_section(session, other, challenge_id=uuid4(), key=SectionKey.TODAY, content=TODAY)


def test_after_submission_nobody_edits(session):
    cast = add_cast(session)
    challenge = submitted(session, cast)
    where = {"challenge_id": challenge.id}

    for attempt in (
        lambda: save_section(session, cast.admin, key=SectionKey.TODAY, content=TODAY, **where),
        lambda: save_metrics(session, cast.admin, rows=METRICS, **where),
        lambda: save_rubric(session, cast.admin, rows=RUBRIC, **where),
        lambda: set_disclosure(session, cast.admin, key=SectionKey.TODAY, disclosure=Disclosure.NDA, **where),
        lambda: attach_file(session, cast.admin, name="a.txt", content="图".encode(), **where),
    ):
        with pytest.raises(NotPossibleNow):
            attempt()
    with pytest.raises(Forbidden):
        save_section(session, cast.operator, key=SectionKey.TODAY, content=TODAY, **where)


def test_events_of_a_draft_hold_names_of_fields_and_no_words(session):
    cast = add_cast(session)
    challenge = draft(session, cast)

    save_section(
        session,
        cast.member,
        challenge_id=challenge.id,
        key=SectionKey.CONFIDENTIAL,
        content={"text": "成材率91.3%"},
    )

    event = session.scalars(select(Event).order_by(Event.seq.desc()).limit(1)).one()
    assert (event.action, event.fields, event.reason) == ("edit_challenge", ["confidential", "text"], "")


def test_files_come_and_go(session):
    cast = add_cast(session)
    challenge = draft(session, cast)

    file_id = attach_file(session, cast.member, challenge_id=challenge.id, name="报价　.txt", content="甲".encode())
    other = draft(session, cast)
    with pytest.raises(NotFound):
        remove_attachment(session, cast.member, challenge_id=other.id, file_id=file_id)
    remove_attachment(session, cast.member, challenge_id=challenge.id, file_id=file_id)

    assert session.scalars(select(FileObject)).all() == []


def test_a_copy_takes_words_tables_and_levels_but_no_dates_and_files(session):
    cast = add_cast(session)
    source = draft(session, cast)
    attach_file(session, cast.member, challenge_id=source.id, name="a.txt", content="甲".encode())
    set_disclosure(session, cast.member, challenge_id=source.id, key=SectionKey.BUDGET, disclosure=Disclosure.VERIFIED)

    copy = session.get_one(Challenge, copy_challenge(session, cast.admin, challenge_id=source.id))

    assert (copy.title, copy.summary, copy.industry_code) == (source.title, source.summary, "C38")
    assert copy.number != source.number
    assert copy.public_budget_fen is None
    assert section_of(session, copy, SectionKey.BUDGET).content["sum_fen"] == 360_000_000
    assert section_of(session, copy, SectionKey.SCHEDULE).content["closes_at"] is None
    assert [row.name for row in metrics_of(session, copy.id)] == [row["name"] for row in METRICS]
    assert len(session.scalars(select(AcceptanceMetric)).all()) == 6


def test_nobody_copies_another_enterprises_challenge(session):
    cast = add_cast(session)
    open_one = add_challenge(session, cast.enterprise, status=ChallengeStatus.OPEN)
    other = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    researcher = add_member(session, Role.RESEARCHER, add_organisation(session, OrganisationKind.INSTITUTE))

    for stranger in (other, researcher):
        with pytest.raises(Forbidden):
            copy_challenge(session, stranger, challenge_id=open_one.id)

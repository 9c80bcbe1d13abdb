"""Registering, steps, posts, class and pool: what is kept, and what is refused in words."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from db.models import (
    ConsentUse,
    Event,
    Landing,
    LandingCategory,
    LandingLane,
    Person,
    ReadingPurpose,
    Role,
    Talent,
    TalentClass,
    TalentField,
    TalentPost,
    TalentReading,
    TalentStage,
    TalentStep,
)
from portal import clock
from portal.errors import Forbidden, Invalid, NotFound, NotPossibleNow, Stale
from portal.events import verify_chain
from portal.landings.commands import create_landing
from portal.talents.commands import classify_talent, edit_talent, open_talent
from portal.talents.pool import leave_pool, list_pool, note_growth, select_for_pool
from portal.talents.posts import end_post, record_post
from portal.talents.queries import talent_detail
from portal.talents.steps import record_talent_step, take_back_talent_step
from tests.factories import add_member, add_organisation
from tests.talents.world import make_world

S = TalentStage


@pytest.fixture
def world(session):
    return make_world(session)


def day(back: int):
    return clock.today() - timedelta(days=back)


# registering


def test_registered_with_consent_source_and_main_post(session, world):
    talent = world.employed(
        session, speciality="  铝箔\u200b轧制 ", phone="１３８００００００００", email=" A@Example.org "
    )

    detail = talent_detail(session, world.operator, talent.id)

    assert (talent.speciality, talent.phone, talent.email) == ("铝箔轧制", "13800000000", "a@example.org")
    assert talent.stage is S.REACHED
    assert [(step.stage, step.source) for step in detail.steps] == [(S.REACHED, "三访签到表")]
    assert [(post.employer, post.is_main) for post in detail.posts] == [(world.enterprise.name, True)]
    assert [row.use for row in detail.consents if row.is_live] == [ConsentUse.FOLLOW]
    assert [row.purpose for row in detail.readings] == [ReadingPurpose.REGISTRATION]
    assert talent.talent_class is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"consent": False}, "consent"),
        ({"name": " \u200b"}, "cannot be seen"),
        ({"name": ""}, "write the name"),
        ({"name": "330110199003071234"}, "identity-card"),
        ({"speciality": "证号330110199003071234"}, "identity-card"),
        ({"speciality": "长" * 201}, "Please shorten it"),
        ({"speciality": "半\ud83d"}, "half a character"),
        ({"field": None}, "choose the field"),
        ({"channel": None}, "choose the channel"),
        ({"source": " "}, "known from"),
        ({"source": "LD-2026-9999"}, "There is no challenge or landing"),
        ({"town_code": "atlantis"}, "choose the town"),
        ({"email": "ａ＠ｂ．ｃｎ"}, "full-width"),
        ({"phone": "abc"}, "not a phone"),
        ({"account_email": "nobody@example.org"}, "no account"),
        ({"post": "工程师"}, "name the organisation"),
        ({"employer_name": "某厂"}, "write the post"),
        ({"reached_on": clock.today() + timedelta(days=1)}, "lies in the future"),
        ({"arrived_on": clock.today() + timedelta(days=1)}, "lies in the future"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused_at_registering(session, world, changes, words):
    nested = session.begin_nested()
    with pytest.raises(Invalid, match=words):
        world.register(session, **changes)
    nested.rollback()
    assert session.scalar(select(func.count()).select_from(Talent)) == 0


def test_the_same_form_twice_is_one_record(session, world):
    token = uuid4()

    first = world.register(session, talent_id=token)

    assert world.register(session, talent_id=token).id == first.id == token
    assert session.scalar(select(func.count()).select_from(Talent)) == 1


def test_an_admin_registers_people_of_the_own_organisation(session, world):
    world.operator = world.admin
    other = add_organisation(session)

    talent = world.register(session, post="技术员", employer_id=other.id, account_email=world.person_email)

    assert session.scalars(select(TalentPost.organisation_id)).all() == [world.enterprise.id]
    assert talent.person_id is None
    with pytest.raises(Forbidden):
        classify_talent(session, world.admin, talent_id=talent.id, version=None, talent_class=TalentClass.A)


def test_an_account_has_one_record(session, world):
    first = world.mine(session)

    with pytest.raises(Invalid, match="belongs to this account"):
        world.mine(session)
    other = world.register(session)
    same = {"name": first.name, "field": first.field, "channel": first.channel}
    unchanged = edit_talent(
        session, world.operator, talent_id=first.id, version=None, account_email=world.person_email, **same
    )
    assert unchanged is False
    with pytest.raises(Invalid, match="belongs to this account"):
        edit_talent(
            session,
            world.operator,
            talent_id=other.id,
            version=None,
            name="甲",
            field=TalentField.OTHER,
            account_email=world.person_email,
        )


def test_two_who_edit_the_same_record(session, world):
    """Row 41."""
    talent = world.register(session)
    drawn = talent.version
    common = {"talent_id": talent.id, "version": drawn, "field": TalentField.ENERGY}
    assert edit_talent(session, world.operator, name="林先", **common) is True
    session.flush()

    with pytest.raises(Stale):
        edit_talent(session, world.operator, name="林后", **common)

    assert talent.name == "林先"


def test_an_edit_that_changes_nothing_writes_nothing(session, world):
    talent = world.register(session)
    before = session.scalar(select(func.max(Event.seq)))
    same = {"name": talent.name, "field": talent.field, "talent_id": talent.id, "version": talent.version}

    assert edit_talent(session, world.operator, **same) is False
    assert session.scalar(select(func.max(Event.seq))) == before


# the class


CERTIFICATE = {"class_edition": "2024 版", "certificate_number": "YH0007", "certificate_on": clock.today()}


def test_a_class_comes_with_its_certificate(session, world):
    talent = world.register(session)

    def classify(talent_class, **changes):
        values = CERTIFICATE | changes
        classify_talent(session, world.operator, talent_id=talent.id, version=None, talent_class=talent_class, **values)

    for missing in ({"class_edition": " "}, {"certificate_number": ""}, {"certificate_on": None}):
        with pytest.raises(Invalid):
            classify(TalentClass.C, **missing)
    with pytest.raises(Invalid, match="future"):
        classify(TalentClass.C, certificate_on=day(-1))
    classify(TalentClass.C)
    assert (talent.talent_class, talent.certificate_number) == (TalentClass.C, "YH0007")
    classify(None)
    session.flush()
    assert (talent.talent_class, talent.class_edition, talent.certificate_on) == (None, None, None)


def test_the_database_refuses_a_class_without_a_certificate(session, world):
    talent = world.register(session)
    talent.talent_class = TalentClass.A

    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_nobody_decides_about_oneself(session, world):
    world.operator = add_member(session, Role.OPERATOR)
    email = session.get_one(Person, world.operator.acting_person).email
    talent = world.register(session, account_email=email)

    for act, values in (
        (classify_talent, {"version": None, "talent_class": TalentClass.A, **CERTIFICATE}),
        (select_for_pool, {"selected_on": day(0), "reason": "我"}),
        (record_talent_step, {"version": None, "stage": S.VISITED, "happened_on": day(0), "source": "我"}),
    ):
        with pytest.raises(Forbidden, match="own record"):
            act(session, world.operator, talent_id=talent.id, **values)


# steps


def test_the_whole_way_and_one_step_back(session, world):
    talent = world.register(session)
    world.walk(session, talent, S.LEADS, day(800))

    assert talent.stage is S.LEADS
    assert talent.arrived_on == day(800)
    take_back_talent_step(session, world.operator, talent_id=talent.id, version=None)
    assert talent.stage is S.RETAINED
    assert session.scalar(select(func.count()).select_from(TalentStep)) == 6
    assert verify_chain(session)[1] == []


def test_the_first_step_cannot_be_taken_back(session, world):
    talent = world.register(session)

    with pytest.raises(NotPossibleNow):
        take_back_talent_step(session, world.operator, talent_id=talent.id, version=None)


def test_only_the_next_step_in_order(session, world):
    talent = world.register(session, reached_on=day(100))

    with pytest.raises(NotPossibleNow):
        world.step(session, talent, S.JOINED, day(10))
    with pytest.raises(NotPossibleNow):
        world.step(session, talent, S.REACHED, day(10))
    with pytest.raises(Invalid, match="step before"):
        world.step(session, talent, S.VISITED, day(101))
    with pytest.raises(Invalid, match="future"):
        world.step(session, talent, S.VISITED, day(-1))
    with pytest.raises(Invalid, match="known from"):
        world.step(session, talent, S.VISITED, day(10), source="")
    world.step(session, talent, S.VISITED, day(100))
    assert talent.stage is S.VISITED


def test_staying_takes_twelve_months(session, world):
    talent = world.register(session)
    world.walk(session, talent, S.JOINED, day(300))

    with pytest.raises(Invalid, match="Twelve months"):
        world.step(session, talent, S.RETAINED, day(0))
    with pytest.raises(NotPossibleNow):
        world.step(session, talent, S.LEADS, day(0))


def test_a_step_is_known_from_a_project(session, world):
    landing_id = create_landing(
        session,
        world.operator,
        title="人才项目",
        category=LandingCategory.TALENT,
        lane=LandingLane.LIGHT,
        town_code="wuchang",
        since=day(5),
        enterprise_id=world.enterprise.id,
    )
    number = session.get_one(Landing, landing_id).number
    talent = world.employed(session)

    world.step(session, talent, S.VISITED, day(1), source=f" {number.lower()} ")

    step = talent_detail(session, world.operator, talent.id).steps[-1]
    assert (step.source, step.page, step.object_id) == (number, "landing", landing_id)
    # What is not published cannot be found out by trying numbers.
    world.walk(session, talent, S.REACHED, day(1))
    for stage in (S.REGISTERED, S.MATCHED):
        world.step(session, talent, stage, day(1))
    elsewhere = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    record_post(
        session,
        world.operator,
        talent_id=talent.id,
        version=None,
        post="顾问",
        since=day(1),
        employer_id=elsewhere.organisation_id,
    )
    joined = {"version": None, "stage": S.JOINED, "happened_on": day(0), "talent_id": talent.id}
    with pytest.raises(Invalid, match="that you may see"):
        record_talent_step(session, elsewhere, source=number, **joined)
    assert record_talent_step(session, world.admin, source=number, **joined)


def test_the_employer_records_joining_and_staying_alone(session, world):
    talent = world.employed(session)

    with pytest.raises(Forbidden, match="joining and staying"):
        record_talent_step(
            session,
            world.admin,
            talent_id=talent.id,
            version=None,
            stage=S.VISITED,
            happened_on=day(1),
            source="考勤",
        )


# posts


def posts(session, talent):
    rows = talent_detail_posts(session, talent)
    return [(row.post, row.is_main, row.since, row.until) for row in rows]


def talent_detail_posts(session, talent):
    query = select(TalentPost).where(TalentPost.talent_id == talent.id)
    return session.scalars(query.order_by(TalentPost.since, TalentPost.is_main.desc())).all()


def test_dual_posts_beside_one_main_post(session, world):
    talent = world.employed(session)
    common = {"talent_id": talent.id, "version": None}

    record_post(session, world.operator, post="兼职教授", since=day(90), employer_id=world.institute.id, **common)
    assert [(post, main) for post, main, _since, _until in posts(session, talent)] == [
        ("工程师", True),
        ("兼职教授", False),
    ]
    record_post(session, world.operator, post="总监", since=day(30), employer_name="某厂", is_main=True, **common)

    assert posts(session, talent)[0][3] == day(31)
    assert talent_detail(session, world.operator, talent.id).row.employer == "某厂"


def test_the_present_main_post_may_go_on_beside_the_next(session, world):
    talent = world.employed(session)

    record_post(
        session,
        world.operator,
        talent_id=talent.id,
        version=None,
        post="教授",
        since=day(30),
        employer_id=world.institute.id,
        is_main=True,
        keeps_present=True,
    )

    assert [(post, main, until) for post, main, _since, until in posts(session, talent)] == [
        ("工程师", True, day(31)),
        ("教授", True, None),
        ("工程师", False, None),
    ]


def test_the_same_post_again_is_one_post(session, world):
    talent = world.employed(session)
    again = {"post": "顾问", "since": day(3), "employer_name": "某厂", "talent_id": talent.id, "version": None}

    assert record_post(session, world.operator, **again) == record_post(session, world.operator, **again)
    assert len(posts(session, talent)) == 2


def test_the_end_of_the_main_post_names_the_next_one(session, world):
    talent = world.employed(session)
    beside = record_post(
        session,
        world.operator,
        talent_id=talent.id,
        version=None,
        post="教授",
        since=day(90),
        employer_id=world.institute.id,
    )
    main = next(row.id for row in talent_detail_posts(session, talent) if row.is_main)
    end = {"talent_id": talent.id, "post_id": main, "version": None, "until": day(10)}
    nested = session.begin_nested()
    with pytest.raises(Invalid, match="must be a main post"):
        end_post(session, world.operator, **end)
    nested.rollback()

    end_post(session, world.operator, successor=beside, **end)

    assert [(post, main, until) for post, main, _since, until in posts(session, talent)] == [
        ("工程师", True, day(10)),
        ("教授", False, day(10)),
        ("教授", True, None),
    ]


@pytest.mark.parametrize(("until", "words"), [(-1, "future"), (5000, "before it begins")])
def test_the_last_day_lies_within(session, world, until, words):
    talent = world.employed(session)
    main = talent_detail_posts(session, talent)[0].id

    with pytest.raises(Invalid, match=words):
        end_post(session, world.operator, talent_id=talent.id, post_id=main, version=None, until=day(until))


def test_an_admin_touches_no_post_elsewhere(session, world):
    talent = world.employed(session)
    main = talent_detail_posts(session, talent)[0].id
    common = {"talent_id": talent.id, "version": None}
    with pytest.raises(NotFound):
        record_post(session, world.institute_admin, post="教授", since=day(9), **common)
    record_post(session, world.operator, post="教授", since=day(90), employer_id=world.institute.id, **common)

    with pytest.raises(Forbidden, match="another organisation"):
        end_post(session, world.institute_admin, post_id=main, until=day(1), **common)
    with pytest.raises(Forbidden, match="another organisation"):
        record_post(session, world.institute_admin, post="首席", since=day(9), is_main=True, **common)


def test_whoever_has_left_is_nobody_of_ours(session, world):
    """Hard case 11: rights follow the post at the time of each read."""
    talent = world.employed(session)
    main = talent_detail_posts(session, talent)[0].id
    assert talent_detail(session, world.admin, talent.id).row.name == talent.name

    end_post(session, world.admin, talent_id=talent.id, post_id=main, version=None, until=day(1))

    with pytest.raises(NotFound):
        talent_detail(session, world.admin, talent.id)


def test_two_open_main_posts_are_impossible_even_by_hand(any_session):
    world = make_world(any_session)
    talent = world.employed(any_session)
    row = talent_detail_posts(any_session, talent)[0]
    any_session.add(
        TalentPost(
            talent_id=talent.id,
            organisation_name="某厂",
            post="总监",
            is_main=True,
            since=day(0),
            entered_by=row.entered_by,
            entered_at=clock.now(),
        )
    )

    with pytest.raises(IntegrityError):
        any_session.flush()
    any_session.rollback()


# reading for a purpose


def test_an_official_reads_after_saying_what_for(session, world):
    talent = world.register(session)
    colleague = add_member(session, Role.OPERATOR)
    closed = talent_detail(session, colleague, talent.id)
    assert (closed.row.name, closed.steps, closed.phone) == ("林**", [], "")
    with pytest.raises(Invalid, match="open the record first"):
        record_talent_step(
            session,
            colleague,
            talent_id=talent.id,
            version=None,
            stage=S.VISITED,
            happened_on=day(0),
            source="名单",
        )
    with pytest.raises(Invalid, match="choose what"):
        open_talent(session, colleague, talent_id=talent.id, purpose=None)

    for _twice in range(2):
        open_talent(session, colleague, talent_id=talent.id, purpose=ReadingPurpose.FOLLOW_UP, words="年度回访")

    opened = talent_detail(session, colleague, talent.id)
    assert opened.row.name == "林示例"
    assert [(row.purpose, row.words) for row in opened.readings if row.reader == colleague.name] == [
        (ReadingPurpose.FOLLOW_UP, "年度回访")
    ]
    event = session.scalars(select(Event).where(Event.action == "open_talent")).one()
    assert (event.fields, event.reason, event.person_id) == (["follow_up"], "", colleague.person_id)


def test_a_reading_holds_for_an_hour_and_for_one_role(session, world):
    talent = world.register(session)
    colleague = add_member(session, Role.APPROVER)
    world.open(session, talent.id, colleague)
    assert talent_detail(session, colleague, talent.id).row.name == talent.name

    clock.set_offset(3700)
    assert talent_detail(session, colleague, talent.id).row.name == "林**"
    clock.set_offset(0)
    session.execute(TalentReading.__table__.update().values(role="auditor"))
    assert talent_detail(session, colleague, talent.id).row.name == "林**"


# the pool


def test_into_the_pool_and_out_again(session, world):
    talent = world.register(session)
    common = {"talent_id": talent.id}
    with pytest.raises(Invalid, match="why"):
        select_for_pool(session, world.operator, selected_on=day(30), reason=" ", **common)
    first = select_for_pool(session, world.operator, selected_on=day(30), reason="骨干", plan="轮岗", **common)
    assert select_for_pool(session, world.operator, selected_on=day(1), reason="再次", **common) == first
    with pytest.raises(Invalid, match="before the selection"):
        note_growth(session, world.operator, noted_on=day(31), words="好", **common)
    note_growth(session, world.operator, noted_on=day(10), words="完成轮岗", **common)

    [row] = list_pool(session, world.operator).rows
    assert (row.name, row.notes, row.last_note_on) == ("林**", 1, day(10))
    with pytest.raises(Invalid, match="why"):
        leave_pool(session, world.operator, left_on=day(0), reason="", **common)
    leave_pool(session, world.operator, left_on=day(0), reason="提任", **common)

    assert list_pool(session, world.operator).total == 0
    [stay] = talent_detail(session, world.operator, talent.id).stays
    assert (stay.plan, stay.left_reason, [note.words for note in stay.notes]) == ("轮岗", "提任", ["完成轮岗"])
    with pytest.raises(Invalid, match="not in the selection pool"):
        note_growth(session, world.operator, noted_on=day(0), words="好", **common)


def test_events_hold_no_personal_value(session, world):
    talent = world.employed(session, name="甲名", speciality="乙专长", phone="13811112222", email="c@example.org")
    world.step(session, talent, S.VISITED, day(3), source="丙来源")
    select_for_pool(session, world.operator, talent_id=talent.id, selected_on=day(2), reason="丁理由", plan="戊")
    note_growth(session, world.operator, talent_id=talent.id, noted_on=day(1), words="己记录")
    leave_pool(session, world.operator, talent_id=talent.id, left_on=day(0), reason="庚出库")

    said = repr([(row.reason, row.fields) for row in session.scalars(select(Event))])

    for word in ("甲名", "乙专长", "13811112222", "c@example", "丙来源", "丁理由", "己记录", "庚出库"):
        assert word not in said

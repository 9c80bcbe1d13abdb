"""The pages of talents, run as each role."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from db.models import ConsentUse, ReadingPurpose, Role, Talent, TalentPost, TalentReading, TalentStage, TalentStep
from portal import clock
from portal.talents.consents import give_consent
from portal.talents.pool import select_for_pool
from portal.transactions import reading, writing
from tests.apptest import open_as, texts
from tests.factories import add_member
from tests.talents.test_figures import fill
from tests.talents.world import make_world

TALENT, MINE, LIST, FUNNEL = "talents/talent.py", "account/my_data.py", "talents/list.py", "talents/funnel.py"


@pytest.fixture
def made(sqlite_url):
    """A person with an account, employed and open to matching; `more` goes on from there."""

    def make(more=None):
        with writing() as session:
            world = make_world(session)
            talent = world.mine(
                session,
                speciality="铝箔**轧制**",
                phone="13800000000",
                post="教授",
                employer_id=world.institute.id,
                reached_on=clock.today() - timedelta(days=900),
            )
            if more:
                more(session, world, talent)
            return world, talent.id

    return make


def shown(at):
    assert not at.exception, at.exception
    return (texts(at) + "\n".join(str(table.value.to_csv()) for table in at.table)).replace("\\", "")


def keys(at):
    return [button.key for button in at.button]


def submit(at, words):
    [button] = [button for button in at.button if button.label == words]
    button.click()
    at.run()
    return shown(at)


def count(table):
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_an_operator_says_what_for_before_a_name_is_shown(made):
    world, talent_id = made()
    with writing() as session:
        colleague = add_member(session, Role.OPERATOR)
    at = open_as(colleague, TALENT, id=talent_id)
    assert "林**" in shown(at)
    assert not {"林示例", "13800000000", "三访签到表"} & set(shown(at).split())
    assert not at.tabs

    assert "Please choose what you read it for" in submit(at, "Open the talent record")
    at.selectbox(key="purpose").set_value(ReadingPurpose.SERVICE)
    at.text_input(key="purpose_words").set_value("年度回访")
    text = submit(at, "Open the talent record")

    assert "林示例" in text
    at = open_as(world.person, MINE)
    at.session_state["tab"] = "Who read it"
    at.run()
    assert "年度回访" in shown(at) and colleague.name in shown(at)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_tab_opens_for_every_reader(made, language):
    def more(session, world, talent):
        for use in ConsentUse:
            give_consent(session, world.operator, talent_id=talent.id, use=use)
        select_for_pool(
            session, world.operator, talent_id=talent.id, selected_on=clock.today(), reason="骨干", plan="轮岗"
        )

    world, talent_id = made(more)
    for actor in (world.operator, world.admin, world.institute_admin, world.person, None):
        at = open_as(actor, TALENT, language=language, id=talent_id)
        assert "铝箔**轧制**" in shown(at)
        for tab in [tab.label for tab in at.tabs]:
            at.session_state["tab"] = tab
            at.run()
            assert shown(at) and not at.error, (actor, tab)
    assert not at.tabs  # a visitor has the card alone


def test_registering_on_the_page(made):
    world, _talent_id = made()
    at = open_as(world.operator, "talents/edit.py")
    at.text_input(key="name").set_value("周新来")
    at.button(key="save").click().run()
    assert "Without the person's consent" in shown(at)
    assert at.text_input(key="name").value == "周新来"
    at.checkbox(key="consent").check()
    at.button(key="save").click().run()
    assert "choose the channel" in shown(at)
    at.selectbox(key="channel").set_value("fair")
    at.selectbox(key="field_of_work").set_value("energy")
    at.text_input(key="source").set_value("登记表")
    at.button(key="save").click().run()

    assert "周新来" in shown(at)
    assert count(Talent) == 2


def test_an_admin_registers_for_the_own_organisation(made):
    world, _talent_id = made()
    at = open_as(world.admin, "talents/edit.py")
    assert f"Employer: {world.enterprise.name}" in shown(at)
    for key, value in (("name", "吴同事"), ("source", "花名册"), ("first_post", "技术员")):
        at.text_input(key=key).set_value(value)
    at.selectbox(key="channel").set_value("enterprise")
    at.selectbox(key="field_of_work").set_value("energy")
    at.checkbox(key="consent").check()
    at.button(key="save").click().run()

    assert "吴同事" in shown(at)
    with reading() as session:
        assert world.enterprise.id in session.scalars(select(TalentPost.organisation_id)).all()
    assert "edit_record" not in keys(at)


def test_a_record_is_edited_on_the_page_and_not_unopened(made):
    world, talent_id = made()
    with writing() as session:
        colleague = add_member(session, Role.OPERATOR)
    at = open_as(colleague, "talents/edit.py", id=talent_id)
    assert "Please open the record first" in shown(at)
    assert "save" not in keys(at)

    at = open_as(world.operator, "talents/edit.py", id=talent_id)
    assert at.text_input(key="account_email").value == world.person_email
    at.text_input(key="speciality").set_value("固态电解质")
    at.button(key="save").click().run()

    assert "固态电解质" in shown(at)
    with reading() as session:
        assert session.get_one(Talent, talent_id).person_id == world.person.person_id


def test_a_step_and_a_post_on_the_page(made):
    world, talent_id = made()
    at = open_as(world.operator, TALENT, id=talent_id)
    assert "known from" in submit(at, "Record a step")
    at.text_input(key="source_0").set_value("接待记录")
    assert "is recorded" in submit(at, "Record a step")
    # The next one begins empty.
    assert at.text_input(key="source_1").value == ""
    at.session_state["tab"] = "Posts"
    at.run()
    posts = count(TalentPost)
    at.text_input(key="post_name_1").set_value("某厂")
    assert "write the post" in submit(at, "Record a post")
    assert at.text_input(key="post_name_1").value == "某厂"
    at.text_input(key="post_1").set_value("顾问")
    assert "The post is recorded" in submit(at, "Record a post")

    assert (count(TalentStep), count(TalentPost)) == (2, posts + 1)


def test_consents_are_given_and_withdrawn_by_the_person(made):
    world, talent_id = made()
    at = open_as(world.person, MINE)
    at.session_state["tab"] = "Consents"
    at.run()
    at.button(key="give_public_card").click().run()
    assert "The consent is recorded" in shown(at)
    assert "林示例" in shown(open_as(None, LIST))
    assert "13800000000" not in shown(open_as(None, TALENT, id=talent_id))

    at.button(key="withdraw_public_card").click().run()

    assert "holds nowhere any more" in shown(at)
    assert "林示例" not in shown(open_as(None, LIST))
    assert "does not exist" in shown(open_as(None, TALENT, id=talent_id))


def test_one_corrects_oneself_on_the_page(made):
    world, talent_id = made()
    at = open_as(world.person, MINE)
    at.text_input(key="phone").set_value("330110199003071234")
    assert "identity-card" in submit(at, "Save")
    assert at.text_input(key="phone").value == "330110199003071234"
    at.text_input(key="phone").set_value("0571-88886666")
    submit(at, "Save")

    with reading() as session:
        assert session.get_one(Talent, talent_id).phone == "0571-88886666"
    assert "delete_mine" in keys(at)


def test_whoever_is_not_followed_reads_so(made):
    world, _talent_id = made()
    assert "No talent record about you is kept" in shown(open_as(world.admin, MINE))
    assert "Data about me" in shown(open_as(world.admin, "account/profile.py"))


def test_filters_of_the_list_stand_in_the_address(made):
    world, _talent_id = made()
    assert "1 people" in shown(open_as(world.operator, LIST, field="materials"))
    for query in ({"field": "energy"}, {"reached": "joined"}, {"class": "a"}, {"pool": "True"}, {"town": "wuchang"}):
        assert "Nobody fits these filters" in shown(open_as(world.operator, LIST, **query)), query
    for query in ({"class": "none"}, {"town": "none"}, {"view": "table"}, {"channel": "visit"}, {"cohort": "junk"}):
        assert "林**" in shown(open_as(world.operator, LIST, **query)), query
    # A filter that a visitor does not have tells a visitor nothing.
    assert "class" not in [box.key for box in open_as(None, LIST).selectbox]


@pytest.mark.parametrize("by", ["class", "channel", "town", "cohort"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_funnel_in_figures(sqlite_url, by, language):
    with writing() as session:
        fill(session)
        operator, leader = (add_member(session, role) for role in (Role.OPERATOR, Role.LEADER))
    at = open_as(operator, FUNNEL, language=language, by=by)
    assert "120" in shown(at)
    lists = [link for link in at.get("page_link") if "talents" in link.proto.page]
    assert len(lists) > 20
    assert all("reached=" in link.proto.query_string for link in lists)
    at = open_as(leader, FUNNEL, language=language, by=by)
    assert ("hidden" if language == "en" else "已隐去") in shown(at)
    assert not [link for link in at.get("page_link") if "talents" in link.proto.page]
    assert not at.selectbox


def test_a_leader_who_writes_a_filter_into_the_address_gets_the_same_figures(sqlite_url):
    with writing() as session:
        fill(session, 40)
        leader = add_member(session, Role.LEADER)

    assert shown(open_as(leader, FUNNEL, **{"class": "a", "town": "wuchang"})) == shown(open_as(leader, FUNNEL))


def test_the_pool_is_shown_with_what_is_missing(made):
    def more(session, world, talent):
        select_for_pool(session, world.operator, talent_id=talent.id, selected_on=clock.today(), reason="骨干")

    world, _talent_id = made(more)

    text = shown(open_as(world.operator, "talents/pool.py"))

    assert "林**" in text and "note missing" in text
    assert count(TalentReading) == 1


def test_a_stay_is_not_recorded_before_its_time(made):
    def more(session, world, talent):
        world.walk(session, talent, TalentStage.JOINED, clock.today() - timedelta(days=100))

    world, _talent_id = made(more)
    at = open_as(world.operator, TALENT, id=_talent_id)
    assert "Twelve months are complete on" in shown(at)
    at.text_input(key="source_0").set_value("社保")
    assert "Twelve months are complete on" in submit(at, "Record a step")

    assert count(TalentStep) == 5

"""The pages of ventures, run as each party and as the district."""

import pytest

from db.models import Venture, VentureStatus, VentureTask
from portal.transactions import reading, writing
from tests.apptest import open_as, texts
from tests.ventures.world import active, make_world, noticed, submitted, written

PAGE = "ventures/venture.py"
S = VentureStatus


@pytest.fixture
def made(sqlite_url):
    def make(state):
        with writing() as session:
            world = make_world(session)
            return world, state(session, world).id

    return make


def page(actor, venture_id, **query):
    at = open_as(actor, PAGE, id=venture_id, **query)
    assert not at.exception, at.exception
    return at


def shown(at):
    return texts(at).replace("\\", "")


def keys(at):
    return {button.key for button in at.button}


def press(at, key):
    at.button(key=key).click().run()
    assert not at.exception, at.exception


def status(venture_id):
    with reading() as session:
        return session.get_one(Venture, venture_id).status


def test_a_researcher_writes_and_three_sign(sqlite_url) -> None:
    with writing() as session:
        world = make_world(session)
    at = open_as(world.scientist, "ventures/edit.py")
    at.text_input(key="title_new").set_value("固态锂电池创业项目")
    press(at, "save")
    assert "Please write the summary" in shown(at)
    assert at.text_input(key="title_new").value == "固态锂电池创业项目"
    at.text_area(key="summary_new").set_value("公示摘要")
    at.text_area(key="plan_new").set_value("内部方案")
    at.selectbox(key="enterprise_new").set_value(world.enterprise.id)
    press(at, "save")
    with reading() as session:
        venture_id = session.query(Venture).one().id

    for actor, act, after in (
        (world.institute_admin, "endorse_venture", S.INSTITUTE_CONSENTED),
        (world.enterprise_admin, "host_venture", S.ENTERPRISE_CONSENTED),
        (world.scientist, "submit_venture", S.SUBMITTED),
    ):
        at = page(actor, venture_id)
        press(at, act)
        press(at, "act_confirm")
        assert status(venture_id) is after
    assert "does not exist" not in shown(page(world.operator, venture_id))


def test_the_form_changes_what_is_not_submitted(made) -> None:
    world, venture_id = made(written)
    at = open_as(world.scientist, "ventures/edit.py", id=venture_id)
    at.text_input(key=f"title_{venture_id}").set_value("改了名的项目")
    press(at, "save")
    assert "改了名的项目" in shown(page(world.scientist, venture_id))

    world, venture_id = made(submitted)
    at = open_as(world.scientist, "ventures/edit.py", id=venture_id)
    assert "cannot be changed now" in shown(at)


def test_experts_are_chosen_and_give_advice(made) -> None:
    world, venture_id = made(submitted)
    at = page(world.operator, venture_id)
    press(at, "review_venture")
    at.multiselect(key="experts").set_value([one.acting_person for one in world.experts])
    press(at, "act_confirm")
    assert status(venture_id) is S.EXPERT_REVIEW

    at = page(world.experts[0], venture_id)
    at.session_state["tab"] = "Advice and objections"
    at.run()
    at.text_area(key="advice_words").set_value("团队完整")
    [button] = [one for one in at.button if one.label == "Give advice"]
    button.click().run()

    assert "Your advice is recorded" in shown(at)


def test_the_notice_says_until_when(made) -> None:
    world, venture_id = made(noticed)

    at = page(world.approver, venture_id)

    assert "Public notice until" in shown(at)
    assert "approve_venture" not in keys(at)
    assert "object_to_venture" not in keys(page(world.scientist, venture_id))


def test_a_task_is_given_and_done(made) -> None:
    world, venture_id = made(active)
    at = page(world.operator, venture_id)
    at.session_state["tab"] = "Tasks"
    at.run()
    at.text_input(key="task_text_0").set_value("离岗创业手续")
    at.selectbox(key="task_party").set_value("institute")
    [button] = [one for one in at.button if one.label == "Add a task"]
    button.click().run()
    assert "The task is added" in shown(at)

    at = page(world.institute_admin, venture_id)
    at.session_state["tab"] = "Tasks"
    at.run()
    press(at, "finish_attract_0")
    at.text_area(key="task_words").set_value("批复文件")
    press(at, "act_confirm")

    with reading() as session:
        assert session.query(VentureTask).one().words == "批复文件"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_tab_opens_for_every_reader(made, language) -> None:
    world, venture_id = made(noticed)
    for actor in (world.operator, world.scientist, world.enterprise_admin, world.broker, world.experts[0]):
        at = page(actor, venture_id, language=language)
        for tab in [tab.label for tab in at.tabs]:
            at.session_state["tab"] = tab
            at.run()
            assert not at.exception and not at.error, (actor.role, tab)


def test_the_list_keeps_its_filters_in_the_address(made) -> None:
    world, _venture_id = made(noticed)
    for query, is_there in (
        ({}, True),
        ({"view": "table"}, True),
        ({"status": "public_notice"}, True),
        ({"status": "active"}, False),
        ({"phase": "grow"}, False),
        ({"phase": "x'"}, True),
    ):
        at = open_as(world.operator, "ventures/list.py", **query)
        assert not at.exception
        assert ("固态锂电池创业项目" in shown(at)) is is_there, query
    assert "create" in keys(open_as(world.scientist, "ventures/list.py"))

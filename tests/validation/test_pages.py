"""The pages of a validation, run as each role."""

import pytest

from db.models import Role, ValidationPlan, ValidationRun, ValidationStatus
from portal.transactions import reading, writing
from portal.validation.commands import close_actions, exclude_run, judge_validation, lock_data
from tests.apptest import links, open_as, texts
from tests.validation import world as w

VALIDATION = "validation/validation.py"


@pytest.fixture
def made(sqlite_url):
    """Build a state in a transaction of its own; pages read in theirs."""

    def make(state):
        with writing() as session:
            world = w.make_world(session)
            plan = state(session, world)
            return world, plan.id

    return make


def stored(plan_id):
    with reading() as session:
        return session.get_one(ValidationPlan, plan_id)


def page(actor, plan_id, **query):
    at = open_as(actor, VALIDATION, id=plan_id, **query)
    assert not at.exception
    return at


def tables(at):
    return "\n".join(str(table.value.to_csv()) for table in at.table)


def press(at, key):
    at.button(key=key).click()
    at.run()
    assert not at.exception
    return at


def test_the_list_offers_a_plan_to_both_parties(sqlite_url):
    with writing() as session:
        world = w.make_world(session)
    key = f"plan_{world.challenge.id}"

    for actor, offered in ((world.admin, True), (world.lead, True), (world.operator, False), (None, False)):
        at = open_as(actor, "validation/list.py")
        assert not at.exception
        assert (key in [button.key for button in at.button]) is offered

    at = press(open_as(world.admin, "validation/list.py"), key)
    with reading() as session:
        assert session.query(ValidationPlan).count() == 1
    assert "Validation plan" in texts(at)


def test_writing_the_plan_keeps_what_was_typed(made):
    world, plan_id = made(w.written)
    at = open_as(world.lead, "validation/plan.py", id=plan_id)
    assert not at.exception
    assert "line" not in [field.key for field in at.text_input]

    at.text_area(key="sampling").set_value("每卷取五片")
    at.number_input(key="sample_1").set_value(30)
    [button] = [button for button in at.button if button.label == "Save the plan"]
    button.click().run()

    assert not at.exception
    assert "Saved at" in texts(at)
    assert stored(plan_id).sampling == "每卷取五片"
    assert stored(plan_id).line == "二号箔轧线"


def test_a_frozen_plan_has_no_form(made):
    world, plan_id = made(w.agreed)

    at = open_as(world.admin, "validation/plan.py", id=plan_id)

    assert not at.exception
    assert "cannot be changed now" in texts(at)


def test_the_plan_shows_the_rule_and_both_agreements(made):
    world, plan_id = made(w.written)

    at = page(world.admin, plan_id)

    assert "A value on a limit is inside." in texts(at)
    assert "二号箔轧线" in texts(at)
    assert "8.0 – 10.0" in tables(at).replace("\\", "")
    assert "agree_plan" in [button.key for button in at.button]


def test_recording_a_run_judges_live_and_saves(made):
    world, plan_id = made(w.running)
    at = page(world.member, plan_id)

    at.text_input(key="value_1").set_value("10.0").run()
    assert ":green-badge[inside]" in texts(at)
    at.text_input(key="value_2").set_value("3").run()
    assert ":red-badge[too high]" in texts(at)
    at.text_input(key="value_2").set_value("abc").run()
    assert ":orange-badge[not a number]" in texts(at)
    press(at, "record_run")
    assert "is not a number" in texts(at).replace("\\", "")
    assert at.text_input(key="value_1").value == "10.0"  # a refusal keeps what was typed
    at.text_input(key="value_2").set_value("2").run()
    press(at, "record_run")

    with reading() as session:
        assert session.query(ValidationRun).count() == 1
    assert "The run was recorded." in texts(at)
    assert at.text_input(key="value_1").value == ""
    assert "10.0 :green-badge[inside]" in tables(at).replace("\\", "")


def test_the_institute_sees_neither_line_nor_device_nor_operator(made):
    def state(session, world):
        plan = w.running(session, world)
        w.run(session, world, plan, "9", "1")
        return plan

    world, plan_id = made(state)
    for actor in (world.lead, world.institute_admin, world.broker):
        at = page(actor, plan_id)
        shown = (texts(at) + tables(at)).replace("\\", "")
        assert "L-01" in shown
        for hidden in ("二号箔轧线", "测厚仪", world.member.name):
            assert hidden not in shown
        assert "record_run" not in [button.key for button in at.button]
    at = page(world.member, plan_id)
    assert "测厚仪 3 号" in tables(at).replace("\\", "")
    assert world.member.name in tables(at).replace("\\", "")


def test_user_text_is_shown_literally(made):
    def state(session, world):
        plan = w.running(session, world)
        world.challenge.title = "**粗** :red[红] ![](http://beacon.example/x)"
        w.record_run(
            session,
            world.member,
            plan_id=plan.id,
            version=None,
            stage=w.RunStage.PILOT,
            ran_on=w.clock.today(),
            values={w.keys(session, plan)[0]: "9"},
            lot="![](http://b.example)",
            note="[x](javascript:1)",
        )
        return plan

    world, plan_id = made(state)

    at = page(world.admin, plan_id)

    for text in ("![](http", ":red[", "[x](javascript"):
        assert text not in "\n".join(str(m.value) for m in (*at.title, *at.markdown, *at.caption)) + tables(at)


def test_correcting_keeps_the_old_value_on_the_page(made):
    def state(session, world):
        plan = w.running(session, world)
        w.run(session, world, plan, "90", "1")
        return plan

    world, plan_id = made(state)
    at = page(world.member, plan_id)

    at.text_input(key="correct_value").set_value("9.0")
    at.text_area(key="correct_reason").set_value("小数点抄错")
    press(at, "do_correct")

    shown = texts(at).replace("\\", "")
    assert "90 was replaced, because: 小数点抄错" in shown


def test_an_excluded_run_says_why(made):
    def state(session, world):
        plan = w.running(session, world)
        w.run(session, world, plan, "90", "1")
        return plan

    world, plan_id = made(state)
    at = page(world.member, plan_id)
    press(at, "do_exclude")
    assert "Please give a reason" in texts(at).replace("\\", "")

    at.text_area(key="correct_reason").set_value("断电")
    press(at, "do_exclude")

    assert "excluded, because: 断电" in texts(at).replace("\\", "")


@pytest.mark.parametrize("role", [Role.LEADER, Role.PLATFORM_ADMIN, None])
def test_the_result_alone(made, role):
    world, plan_id = made(w.signed)

    at = page(world.officials[role] if role else None, plan_id)

    shown = texts(at) + tables(at)
    assert "inside" in shown
    for hidden in ("二号箔轧线", "L-01", world.member.name, world.admin.name, "每卷头中尾"):
        assert hidden not in shown
    assert [button.key for button in at.button if button.key == "sign_off"] == []


@pytest.mark.parametrize("role", [Role.LEADER, Role.STEWARD, None])
def test_before_the_verdict_it_does_not_exist(made, role):
    world, plan_id = made(w.running)

    at = page(world.officials[role] if role else None, plan_id)

    assert "does not exist" in texts(at)
    assert world.challenge.title not in texts(at)


def test_the_operator_is_offered_the_countersignature_last(made):
    def half(session, world):
        plan = w.judged(session, world, "9", "1")
        w.sign_off(session, world.admin, plan_id=plan.id, version=None)
        return plan

    world, plan_id = made(half)
    assert "sign_off" not in [button.key for button in page(world.operator, plan_id).button]
    assert "sign_off" in [button.key for button in page(world.lead, plan_id).button]
    with writing() as session:
        w.sign_off(session, world.lead, plan_id=plan_id, version=None)
    assert "sign_off" in [button.key for button in page(world.operator, plan_id).button]
    assert stored(plan_id).status is ValidationStatus.PASSED


def test_a_passed_validation_leads_to_the_project(made):
    world, plan_id = made(w.signed)
    link = "Record a landing project"
    assert link in links(page(world.admin, plan_id))
    assert link in links(page(world.operator, plan_id))
    assert link not in links(page(world.officials[Role.AUDITOR], plan_id))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("state", [w.written, w.agreed, w.running, w.signed])
def test_every_party_can_open_every_state(made, state, language):
    world, plan_id = made(state)
    for actor in (world.admin, world.lead, world.operator, world.officials[Role.AUDITOR]):
        at = page(actor, plan_id, language=language)
        assert world.challenge.title in texts(at).replace("\\", "")
        assert not at.error


def test_closed_actions_stand_closed_beside_the_verdict(made):
    def state(session, world):
        plan = w.judged(session, world, "9", "3", open_actions="更换过滤芯")
        close_actions(session, world.admin, plan_id=plan.id, version=None, reason="已更换并复测")
        return plan

    world, plan_id = made(state)
    for actor in (world.admin, world.lead, world.operator):
        shown = texts(page(actor, plan_id))
        assert "更换过滤芯" in shown and "已更换并复测" in shown
        assert "Closed on " in shown


def test_nobody_is_asked_to_sign_an_inconclusive_verdict(made):
    def state(session, world):
        plan = w.running(session, world)
        w.run(session, world, plan, "9", "1")
        lock_data(session, world.admin, plan_id=plan.id, version=None)
        exclude_run(
            session, world.admin, run_id=session.query(ValidationRun).one().id, reason="来料批次错误", version=None
        )
        judge_validation(session, world.admin, plan_id=plan.id, version=None)
        assert plan.status is ValidationStatus.INCONCLUSIVE
        return plan

    world, plan_id = made(state)
    at = page(world.admin, plan_id)
    assert "not signed yet" not in texts(at)
    assert "Write the next validation plan" in links(at)


def test_who_signs_reads_the_verdict_and_its_consequence(made):
    _world, failed = made(lambda session, world: w.judged(session, world, "900", "1"))
    at = press(page(_world.admin, failed), "sign_off")
    assert stored(failed).status is ValidationStatus.FAILED
    assert "The verdict: not passed" in texts(at)
    assert "ends as unsolved" in texts(at)

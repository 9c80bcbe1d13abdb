"""The pages of landing projects, run as each role."""

from datetime import timedelta

import pytest

from db.models import FigureKind, Landing, LandingFigure, LandingStage, LossCause, MoneySource, Role
from portal import clock
from portal.landings.commands import end_landing, publish_landing, record_figure
from portal.transactions import reading, writing
from tests.apptest import open_as, texts
from tests.landings.world import create, solved_world, step

LANDING = "landings/landing.py"


@pytest.fixture
def made(sqlite_url):
    """A project with one stage and figures; `more` goes on from there."""

    def make(more=None):
        with writing() as session:
            world = solved_world(session)
            since = clock.today() - timedelta(days=30)
            landing = create(session, world.admin, challenge_id=world.challenge.id, since=since, summary="内部说明")
            step(session, world.admin, landing, LandingStage.AGREEMENT_SIGNED)
            for plan, sum_wan in ((True, "1200"), (False, "300")):
                record_figure(
                    session,
                    world.admin,
                    landing_id=landing.id,
                    kind=FigureKind.INVESTMENT,
                    is_plan=plan,
                    amount=sum_wan,
                    source=MoneySource.BANK,
                    as_of=clock.today(),
                )
            if more:
                more(session, world, landing)
            return world, landing.id

    return make


def page(actor, landing_id, **query):
    at = open_as(actor, LANDING, id=landing_id, **query)
    assert not at.exception
    return at


def shown(at):
    return (texts(at) + "\n".join(str(table.value.to_csv()) for table in at.table)).replace("\\", "")


def keys(at):
    return [button.key for button in at.button]


def submit(at, words):
    [button] = [button for button in at.button if button.label == words]
    button.click()
    at.run()
    assert not at.exception


def stored(landing_id):
    with reading() as session:
        return session.get_one(Landing, landing_id)


def publish(session, world, landing):
    publish_landing(
        session, world.admin, landing_id=landing.id, version=None, is_public=True, public_summary="公开简介"
    )


def test_recording_from_a_solved_challenge(sqlite_url):
    with writing() as session:
        world = solved_world(session)
    at = open_as(world.admin, "landings/create.py")
    assert not at.exception
    at.selectbox(key="source").set_value(str(world.challenge.id)).run()
    assert not at.exception

    at.button(key="save").click().run()

    assert not at.exception
    with reading() as session:
        landing = session.query(Landing).one()
    assert (landing.title, landing.institute_id) == (world.challenge.title, world.institute.id)
    assert world.challenge.title in shown(at)


def test_whoever_comes_from_the_validation_finds_its_challenge_chosen(sqlite_url):
    with writing() as session:
        world = solved_world(session)

    at = open_as(world.admin, "landings/create.py", id=world.challenge.id)

    assert at.selectbox(key="source").value == str(world.challenge.id)


def test_a_day_in_the_future_is_refused_and_not_replaced_by_another(made):
    world, landing_id = made()
    at = page(world.member, landing_id)
    at.text_area(key="evidence_company_registered").set_value("营业执照")
    # The browser keeps a day beyond the field's own limit to itself and sends the one before.
    assert at.date_input(key="happened_on").max > clock.today()

    at.date_input(key="happened_on").set_value(clock.today() + timedelta(days=9))
    submit(at, "Record a stage")

    assert "lies in the future" in shown(at)
    assert stored(landing_id).stage is LandingStage.AGREEMENT_SIGNED


def test_a_talent_project_is_offered_the_light_lane_alone(sqlite_url):
    with writing() as session:
        world = solved_world(session)
    at = open_as(world.operator, "landings/create.py")
    at.selectbox(key="new_category").set_value("talent").run()

    lane = next(box for box in at.selectbox if (box.key or "").startswith("lane_"))
    assert lane.options == ["Light lane"]


def test_a_refusal_keeps_what_was_typed(sqlite_url):
    with writing() as session:
        world = solved_world(session)
    at = open_as(world.admin, "landings/create.py")
    at.text_input(key="title_own").set_value("示范线")
    at.button(key="save").click().run()

    assert "Please choose the town" in shown(at)
    assert at.text_input(key="title_own").value == "示范线"


@pytest.mark.parametrize("role", [Role.LEADER, Role.APPROVER])
def test_others_record_no_project(sqlite_url, role):
    with writing() as session:
        world = solved_world(session)

    at = open_as(world.officials[role], "landings/create.py")

    assert not at.exception
    assert "save" not in keys(at)


def test_the_project_shows_money_and_evidence(made):
    world, landing_id = made()

    at = page(world.officials[Role.LEADER], landing_id)

    assert "CNY 3 million / CNY 12 million" in shown(at)
    assert "协议扫描件" in shown(at)
    assert "not verified yet" in shown(at)
    assert "verify_agreement_signed" not in keys(at)


def test_an_operator_verifies_on_the_page(made):
    world, landing_id = made()
    at = page(world.operator, landing_id)

    at.button(key="verify_agreement_signed").click().run()

    assert "The stage is verified" in shown(at)
    assert "verify_agreement_signed" not in keys(at)


def test_the_next_stage_is_recorded_on_the_page(made):
    world, landing_id = made()
    at = page(world.member, landing_id)

    submit(at, "Record a stage")
    assert "Please say what proves" in shown(at)
    at.text_area(key="evidence_company_registered").set_value("营业执照")
    submit(at, "Record a stage")

    assert stored(landing_id).stage is LandingStage.COMPANY_REGISTERED
    assert "an operator verifies it" in shown(at)


def test_a_sum_is_echoed_before_it_is_saved(made):
    world, landing_id = made()
    at = page(world.admin, landing_id)
    at.session_state["tab"] = "Money and jobs"
    at.run()

    at.text_input(key="figure_amount").set_value("１２．５万").run()
    assert "That is CNY 125,000, or 125,000.00 yuan." in shown(at)
    at.text_input(key="figure_amount").set_value("12,5").run()
    assert "is not a number" in shown(at)
    at.text_input(key="figure_amount").set_value("500").run()
    at.button(key="save_figure").click().run()

    assert "The figure is recorded" in shown(at)
    with reading() as session:
        assert session.query(LandingFigure).count() == 3


def test_a_visitor_reads_the_published_summary_alone(made):
    _world, landing_id = made(publish)

    at = page(None, landing_id)

    text = shown(at)
    assert "公开简介" in text
    for hidden in ("协议扫描件", "内部说明", "CNY", "On track"):
        assert hidden not in text


def test_what_is_not_published_does_not_exist(made):
    _world, landing_id = made()

    at = page(None, landing_id)

    assert "does not exist" in shown(at)
    assert "铝箔中试线落户" not in shown(at)


def test_a_loss_is_answered_kindly(made):
    def lose(session, world, landing):
        end_landing(
            session,
            world.operator,
            landing_id=landing.id,
            version=None,
            end=LandingStage.LOST,
            reason="融资未到位",
            cause=LossCause.FINANCING,
            lesson="更早联系基金",
        )

    world, landing_id = made(lose)

    text = shown(page(world.admin, landing_id))

    assert "support talk" in text
    assert "Cause: Financing" in text
    assert "更早联系基金" in text


def test_the_list_keeps_its_filters_in_the_address(made):
    world, _landing_id = made()

    at = open_as(world.operator, "landings/list.py", language="zh_CN")
    assert "铝箔中试线落户" in shown(at)
    assert "create" in keys(at)
    at = open_as(world.operator, "landings/list.py", language="zh_CN", town="xianlin")
    assert "铝箔中试线落户" not in shown(at)
    at = open_as(world.operator, "landings/list.py", language="zh_CN", view="table")
    assert "铝箔中试线落户" in shown(at)


def test_a_visitor_sees_no_flags_in_the_list(made):
    made(publish)

    at = open_as(None, "landings/list.py")

    assert "铝箔中试线落户" in shown(at)
    assert "flag" not in [box.key for box in at.selectbox]
    assert "create" not in keys(at)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_tab_opens_for_every_reader(made, language):
    world, landing_id = made()
    readers = (world.admin, world.institute_admin, world.lead, world.operator, *world.officials.values())
    for actor in readers:
        at = page(actor, landing_id, language=language)
        if actor.role in (Role.PLATFORM_ADMIN, Role.STEWARD):
            continue
        assert not at.error
        for tab in [tab.label for tab in at.tabs]:
            at.session_state["tab"] = tab
            at.run()
            assert not at.exception and not at.error, (actor.role, tab)

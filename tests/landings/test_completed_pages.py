"""The panels of a project that were added to it, and the other views of the list, run as each role."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.models import (
    FigureKind,
    FirstLevel,
    LandingClaim,
    LandingFirst,
    LandingPlan,
    LandingStage,
    LossCause,
    MoneySource,
    Role,
    SourceKind,
    SupportTalk,
    TalkStatus,
)
from portal import clock
from portal.landings.commands import claim_source, end_landing, prepare_shares, publish_landing, record_figure
from portal.landings.rules import WHOLE, Share
from portal.transactions import reading, writing
from tests.apptest import open_as
from tests.landings.test_pages import keys, page, shown, submit
from tests.landings.world import create, solved_world, step


@pytest.fixture
def made(sqlite_url):
    """A public project that stands in its second stage too long, with money of two sources, jobs and output."""
    with writing() as session:
        world = solved_world(session)
        since = clock.today() - timedelta(days=160)
        landing = create(session, world.admin, challenge_id=world.challenge.id, since=since)
        step(session, world.admin, landing, LandingStage.AGREEMENT_SIGNED, happened_on=since + timedelta(days=88))
        public = {"is_public": True, "public_summary": "公开"}
        publish_landing(session, world.admin, landing_id=landing.id, version=None, **public)
        for kind, amount, source in (
            (FigureKind.INVESTMENT, "300", MoneySource.BANK),
            (FigureKind.INVESTMENT, "100", MoneySource.GOVERNMENT),
            (FigureKind.JOBS, "12", None),
            (FigureKind.OUTPUT, "80", None),
        ):
            figure = {"kind": kind, "amount": amount, "source": source, "as_of": clock.today()}
            record_figure(session, world.admin, landing_id=landing.id, is_plan=False, **figure)
        return world, landing.id


def tab(at, name):
    at.session_state["tab"] = name
    at.run()
    assert not at.exception
    return at


@pytest.mark.parametrize(("view", "language"), [("board", "en"), ("timeline", "zh_CN"), ("map", "en")])
def test_every_view_of_the_list_opens_for_every_reader(made, view, language):
    world, _landing_id = made
    for actor in (None, world.operator):
        at = open_as(actor, "landings/list.py", view=view, language=language)
        assert not at.exception, (view, actor)
    empty = open_as(world.lead, "landings/list.py", view=view, language=language, town="baizhang")
    assert not empty.exception
    assert "clear_filters" in keys(empty)


def test_the_money_of_the_map_is_for_those_who_read_it(made):
    world, _landing_id = made
    query = {"view": "map", "size": "money", "language": "en"}

    assert "CNY 4 million" in shown(open_as(world.operator, "landings/list.py", **query))
    visitor = open_as(None, "landings/list.py", **query)
    assert "CNY" not in shown(visitor)
    assert visitor.segmented_control(key="view").options == ["Cards", "Table", "Board", "Map"]


def test_an_overrun_says_by_how_many_days(made):
    world, landing_id = made

    at = page(world.operator, landing_id)

    assert "12 days over the norm of 60" in shown(at)
    assert "2 days early" in shown(tab(at, "Time line"))
    assert "days over" not in shown(page(None, landing_id))


def test_days_are_planned_on_the_page(made):
    world, landing_id = made
    at = tab(page(world.member, landing_id), "Time line")
    wanted = clock.today() + timedelta(days=20)

    at.date_input(key="plan_company_registered").set_value(wanted)
    submit(at, "Save")

    with reading() as session:
        assert session.scalars(select(LandingPlan.planned_on)).all() == [wanted]


def test_money_jobs_and_output_are_drawn_with_their_tables(made):
    world, landing_id = made

    text = shown(tab(page(world.officials[Role.LEADER], landing_id), "Money and jobs"))

    for words in ("Government (public money)", "25 % of the investment", "Output of the year", "CNY 800,000"):
        assert words in text


def test_a_first_is_claimed_and_verified_on_the_page(made):
    world, landing_id = made
    at = tab(page(world.admin, landing_id), "About it")
    submit(at, "Claim a first")
    assert "Please say what shows it" in shown(at)
    at.text_area(key="first_evidence_0").set_value("查新报告")
    submit(at, "Claim a first")
    assert "First in the country" not in shown(page(None, landing_id))

    at = tab(page(world.operator, landing_id), "About it")
    at.button(key="verify_first_national").click().run()

    assert not at.exception
    with reading() as session:
        assert session.scalars(select(LandingFirst.level)).all() == [FirstLevel.NATIONAL]
    assert "First in the country" in shown(page(None, landing_id))


def test_a_source_is_claimed_and_the_shares_are_prepared_on_the_page(made):
    world, landing_id = made
    at = tab(page(world.admin, landing_id), "Sources")
    at.selectbox(key="claim_kind_0").set_value(SourceKind.VISIT).run()
    at.text_input(key="claim_words_0").set_value("三访第一期")
    at.text_input(key="claim_share_0").set_value("40,5")
    at.text_area(key="claim_reason_0").set_value("最早的接触")
    at.button(key="save_claim").click().run()
    assert "is not a number" in shown(at)
    assert at.text_input(key="claim_words_0").value == "三访第一期"
    at.text_input(key="claim_share_0").set_value("40.5")
    at.button(key="save_claim").click().run()
    with reading() as session:
        assert session.scalars(select(LandingClaim.points)).all() == [4050]

    at = tab(page(world.operator, landing_id), "Sources (1 claimed)")
    assert "三访第一期" in shown(at)
    at.selectbox(key="share0_kind_0").set_value(SourceKind.DIRECT).run()
    at.text_input(key="share0_points_0").set_value("90")
    at.text_area(key="shares_reason_0").set_value("核对")
    at.button(key="save_shares").click().run()
    assert "The shares sum to 90 %, not to 100 %." in shown(at)
    at.text_input(key="share0_points_0").set_value("100")
    at.button(key="save_shares").click().run()

    assert "an approver decides" in shown(at)
    assert "save_shares" not in keys(at)


def test_the_approver_is_asked_once_before_shares_are_put_in_force(made):
    world, landing_id = made
    with writing() as session:
        claim = {"kind": SourceKind.AGREEMENT, "words": "战略协议", "share": "50", "reason": "协议成果"}
        claim_source(session, world.admin, landing_id=landing_id, **claim)
        shares = [Share(SourceKind.AGREEMENT, None, "战略协议", WHOLE)]
        prepare_shares(session, world.operator, landing_id=landing_id, version=None, shares=shares, reason="核对")
    at = tab(page(world.officials[Role.APPROVER], landing_id), "Sources (1 claimed)")

    at.button(key="approve_shares").click().run()
    assert "replace those in force" in shown(at)

    assert "approve_shares_confirm" in keys(at)
    assert "approve_shares" not in keys(tab(page(world.operator, landing_id), "Sources (1 claimed)"))


def test_the_talk_is_recorded_on_the_page_of_the_lost_project(made):
    world, landing_id = made
    with writing() as session:
        end = {"end": LandingStage.LOST, "reason": "无", "cause": LossCause.MARKET, "lesson": "早问客户"}
        end_landing(session, world.operator, landing_id=landing_id, version=None, **end)
    approver = world.officials[Role.APPROVER]
    assert "hold_talk" not in keys(page(world.admin, landing_id))
    at = page(approver, landing_id)
    at.button(key="hold_talk").click().run()
    at.text_area(key="talk_notes").set_value("团队还想再试")
    at.button(key="do_hold").click().run()
    assert not at.exception

    with reading() as session:
        assert session.scalars(select(SupportTalk.status)).all() == [TalkStatus.HELD]
    assert "团队还想再试" in shown(page(approver, landing_id))
    assert "团队还想再试" in shown(page(world.operator, landing_id))
    assert "团队还想再试" not in shown(page(world.admin, landing_id))

"""Board, time line and map: the same projects as the list, for everybody only those that they may see."""

from datetime import timedelta

import pytest

from db.models import FigureKind, LandingCategory, LandingLane, LandingStage, LossCause, MoneySource, Role
from portal import clock
from portal.landings.commands import end_landing, publish_landing, record_figure
from portal.landings.filters import LandingFilter
from portal.landings.queries import every_landing, list_landings
from portal.landings.views import IN_A_COLUMN, landing_board, landing_timeline, landing_towns
from portal.organisations.places import town_seats, towns
from portal.permissions import VISITOR
from tests.factories import add_member, add_organisation
from tests.landings.world import create, solved_world, step

S = LandingStage


@pytest.fixture
def world(session):
    return solved_world(session)


@pytest.fixture
def landings(session, world):
    """One from the challenge that went on, one public talent project in another town, one that is lost."""
    since = clock.today() - timedelta(days=30)
    grown = create(session, world.admin, challenge_id=world.challenge.id, since=since)
    step(session, world.admin, grown, S.AGREEMENT_SIGNED, happened_on=since + timedelta(days=10))
    other = add_organisation(session)
    light = {"category": LandingCategory.TALENT, "lane": LandingLane.LIGHT, "town_code": "xianlin"}
    talent = create(session, world.operator, enterprise_id=other.id, title="公开的人才项目", **light)
    publish_landing(session, world.operator, landing_id=talent.id, version=None, is_public=True, public_summary="简介")
    lost = create(session, world.admin, challenge_id=world.challenge.id, title="流失的项目")
    end = {"end": S.LOST, "cause": LossCause.SITE, "lesson": "选址", "reason": "无地"}
    end_landing(session, world.operator, landing_id=lost.id, version=None, **end)
    return grown, talent, lost


def test_each_lane_has_a_board_with_a_column_a_stage(session, world, landings):
    grown, talent, _lost = landings

    board = landing_board(session, world.operator)

    heavy, light = board.lanes[LandingLane.HEAVY], board.lanes[LandingLane.LIGHT]
    assert [column.total for column in heavy] == [0, 1, 0, 0, 0, 0, 0, 0]
    assert [row.id for row in heavy[1].rows] == [grown.id]
    assert ([column.total for column in light], light[0].rows[0].id) == ([1, 0, 0, 0, 0, 0], talent.id)
    assert board.ended == {S.LOST: 1}


def test_a_column_counts_all_and_shows_the_last(session, world, landings):
    for _again in range(IN_A_COLUMN + 1):
        create(session, world.admin, challenge_id=world.challenge.id)

    lead = landing_board(session, world.operator).lanes[LandingLane.HEAVY][0]

    assert (lead.total, len(lead.rows)) == (IN_A_COLUMN + 1, IN_A_COLUMN)


@pytest.mark.parametrize(
    "wanted",
    [
        LandingFilter(),
        LandingFilter(town="xianlin"),
        LandingFilter(lane=LandingLane.HEAVY),
        LandingFilter(running=True),
        LandingFilter(stage=S.LOST),
        LandingFilter(category=LandingCategory.TALENT),
        LandingFilter(town="' OR 1=1 --"),
    ],
)
def test_every_view_holds_the_projects_of_the_list(session, world, landings, wanted):
    stranger = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    for actor in (world.operator, world.admin, world.lead, stranger, VISITOR):
        listed = list_landings(session, actor, **wanted._asdict())
        board = landing_board(session, actor, wanted)
        columns = [column for lane in board.lanes.values() for column in lane]
        assert sum(column.total for column in columns) + sum(board.ended.values()) == listed.total
        assert {row.id for column in columns for row in column.rows} <= {row.id for row in listed.rows}
        timeline = landing_timeline(session, actor, wanted)
        assert [row.id for row, _spans in timeline.rows] == [row.id for row in listed.rows]
        assert sum(row.total for row in landing_towns(session, actor, wanted, money=True)) == listed.total
        assert [row.id for row in every_landing(session, actor, wanted)] == [row.id for row in listed.rows]


def test_a_time_line_is_without_gaps_and_ends_today_or_at_the_end(session, world, landings):
    grown, _talent, lost = landings
    spans = {row.id: found for row, found in landing_timeline(session, world.operator).rows}

    today = clock.today()
    assert [(span.stage, (span.end - span.start).days) for span in spans[grown.id]] == [
        (S.LEAD, 10),
        (S.AGREEMENT_SIGNED, 20),
    ]
    assert spans[grown.id][-1].end == today
    assert spans[lost.id][-1].end == lost.stage_since


def test_of_a_published_project_others_see_no_days_and_no_money(session, world, landings):
    _grown, talent, _lost = landings
    money = {"kind": FigureKind.INVESTMENT, "is_plan": False, "amount": "120", "source": MoneySource.BANK}
    record_figure(session, world.operator, landing_id=talent.id, as_of=clock.today(), **money)

    assert [found for _row, found in landing_timeline(session, VISITOR).rows] == [[]]
    assert [row.stage_since for row in every_landing(session, VISITOR)] == [None]
    assert [row.invested_fen for row in landing_towns(session, VISITOR, money=True)] == [0]
    by_town = {row.town_code: row.invested_fen for row in landing_towns(session, world.operator, money=True)}
    assert by_town == {"wuchang": 0, "xianlin": 120_000_000}


def test_every_town_has_a_seat_in_the_district():
    seats = town_seats()

    assert [seat.code for seat in seats] == [town.code for town in towns()]
    assert all(119.6 < seat.longitude < 120.2 and 30.1 < seat.latitude < 30.6 for seat in seats)
    assert len({(seat.longitude, seat.latitude) for seat in seats}) == 12

"""Every figure of the cockpit opens its list: the list under the same filters holds as many records."""

from datetime import timedelta

import pytest

from db.models import ChallengeStatus, Landing, LandingCategory, LandingLane, LandingStage, LossCause, Role
from portal import clock
from portal.challenges.progress import REACHED, since_of
from portal.challenges.queries import ListFilter, list_challenges
from portal.landings.queries import list_landings
from portal.landings.workflow import ENDS
from portal.metrics.queries import STEPS, landings_by_stage, landings_by_town, pipeline, posted_between
from portal.permissions import VISITOR
from tests.factories import add_challenge, add_member
from tests.validation.world import make_world, signed

S = ChallengeStatus


def add_landing(session, number: int, *, stage=LandingStage.LEAD, town="cangqian", challenge_id=None, public=False):
    now = clock.now()
    landing = Landing(
        number=f"LD-{number}",
        title=f"示例项目{number}",
        category=LandingCategory.TECHNOLOGY,
        lane=LandingLane.HEAVY,
        stage=stage,
        stage_since=clock.today(),
        town_code=town,
        challenge_id=challenge_id,
        is_public=public,
        loss_cause=LossCause.MARKET if stage in ENDS else None,
        loss_lesson="更早确认订单" if stage in ENDS else "",
        created_at=now,
        changed_at=now,
    )
    session.add(landing)
    return landing


@pytest.fixture
def journeys(any_session):
    """A solved and landed challenge, others that came less far, one that was submitted long ago, and a draft."""
    world = make_world(any_session)
    world.challenge.submitted_at = clock.now() - timedelta(days=60)
    world.challenge.opens_at = clock.now() - timedelta(days=40)
    world.challenge.closed_at = clock.now() - timedelta(days=10)
    signed(any_session, world)
    add_landing(any_session, 1, challenge_id=world.challenge.id)
    add_challenge(any_session)
    for days_ago, status in ((400, S.OPEN), (100, S.OPEN), (20, S.SUBMITTED), (20, S.DRAFT), (20, S.REJECTED)):
        submitted_at = clock.now() - timedelta(days=days_ago)
        opens_at = submitted_at + timedelta(days=5) if status is S.OPEN else None
        add_challenge(any_session, status=status, submitted_at=submitted_at, opens_at=opens_at)
    any_session.flush()
    return world


@pytest.mark.parametrize("period", ["", "year", "quarter"])
@pytest.mark.parametrize("role", [Role.LEADER, Role.OPERATOR, Role.AUDITOR])
def test_the_list_of_a_step_holds_as_many_challenges_as_its_figure(any_session, journeys, role, period) -> None:
    reader = add_member(any_session, role)
    figures = {step.key: step.total for step in pipeline(any_session, reader, since=since_of(period))}

    lists = {
        step: list_challenges(any_session, reader, ListFilter(reached=step, period=period)).total for step in REACHED
    }

    assert lists == figures
    assert figures["submitted"] > figures["published"] >= figures["closed"] == figures["landed"] == 1


def test_the_steps_have_the_same_names_on_both_pages() -> None:
    assert tuple(key for key, _label in STEPS) == REACHED


def test_the_period_before_counts_up_to_its_last_day(any_session, journeys) -> None:
    leader, since = add_member(any_session, Role.LEADER), since_of("year")

    assert since is not None
    assert posted_between(any_session, leader, since - timedelta(days=365), since) == 1


def test_others_learn_nothing_by_asking_how_far_a_challenge_has_come(any_session, journeys) -> None:
    everything = list_challenges(any_session, VISITOR).total
    for step in (*REACHED, "nonsense"):
        assert list_challenges(any_session, VISITOR, ListFilter(reached=step, period="quarter")).total == everything


def test_projects_by_stage_and_town_open_lists_of_the_same_length(any_session) -> None:
    leader = add_member(any_session, Role.LEADER)
    for number, stage in enumerate((LandingStage.LEAD, LandingStage.IN_PRODUCTION, *sorted(ENDS))):
        add_landing(any_session, number, stage=stage)
    add_landing(any_session, 99, town="renhe")
    any_session.flush()

    stages = landings_by_stage(any_session, leader)
    towns = landings_by_town(any_session, leader)

    assert [list_landings(any_session, leader, stage=row.stage).total for row in stages] == [r.total for r in stages]
    lists = {row.town_code: list_landings(any_session, leader, running=True, town=row.town_code).total for row in towns}
    assert lists == {row.town_code: row.total for row in towns} == {"cangqian": 2, "renhe": 1}
    assert list_landings(any_session, leader, running=True).total == 3

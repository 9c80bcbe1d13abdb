"""The cockpit's figures, counted by hand: pipeline, medians, what is late, and when a kept figure is made anew."""

from datetime import timedelta

from db.models import (
    ChallengeStatus,
    FigureKind,
    Landing,
    LandingCategory,
    LandingFigure,
    LandingLane,
    LandingStage,
    MoneySource,
    Role,
)
from portal import clock
from portal.challenges.desk import desk_queues
from portal.events import record_event
from portal.landings.queries import list_landings
from portal.metrics.queries import Step, TownCount, landings_by_town, overdue, pipeline, public_figures
from portal.permissions import VISITOR
from tests.challenges_life.samples import jump
from tests.factories import add_challenge, add_member
from tests.validation.world import make_world, signed

S = ChallengeStatus


def posted(session, *, days_ago: int, opened_after: float | None = None, **fields):
    """A challenge submitted so many days ago and opened so many days after that."""
    submitted_at = clock.now() - timedelta(days=days_ago)
    opens_at = submitted_at + timedelta(days=opened_after) if opened_after is not None else None
    return add_challenge(session, submitted_at=submitted_at, opens_at=opens_at, **fields)


def numbers(steps: list[Step]) -> list[tuple[str, int, float | None]]:
    return [(step.key, step.total, step.median_days) for step in steps]


def test_the_pipeline_counts_steps_and_median_days(any_session) -> None:
    leader = add_member(any_session, Role.LEADER)
    assert numbers(pipeline(any_session, leader))[0] == ("submitted", 0, None)
    add_challenge(any_session)  # a draft is not posted
    posted(any_session, days_ago=90, status=S.REFINING)
    for opened_after in (10, 12, 20):
        posted(any_session, days_ago=100, opened_after=opened_after, status=S.OPEN)
    closed = posted(any_session, days_ago=100, opened_after=14.5, status=S.CLOSED)
    closed.closed_at = closed.opens_at + timedelta(days=30)
    any_session.flush()

    assert numbers(pipeline(any_session, leader)) == [
        ("submitted", 5, None),
        ("published", 4, 13.2),  # of 10, 12, 14.5, 20: 13.25
        ("closed", 1, 30.0),
        ("awarded", 0, None),
        ("solved", 0, None),
        ("landed", 0, None),
    ]
    since = clock.today() - timedelta(days=95)
    assert [step.total for step in pipeline(any_session, leader, since=since)][:2] == [1, 0]


def test_a_solved_challenge_counts_once_whatever_became_of_it(any_session) -> None:
    leader = add_member(any_session, Role.LEADER)
    world = make_world(any_session)
    world.challenge.submitted_at = clock.now() - timedelta(days=60)
    world.challenge.opens_at = clock.now() - timedelta(days=40)
    world.challenge.closed_at = clock.now() - timedelta(days=10)
    signed(any_session, world)
    for number in range(2):
        any_session.add(_landing(number, challenge_id=world.challenge.id))
    any_session.flush()

    totals = {step.key: step.total for step in pipeline(any_session, leader)}
    assert totals == {"submitted": 1, "published": 1, "closed": 1, "awarded": 1, "solved": 1, "landed": 1}


def test_a_figure_is_kept_until_an_event_is_written(any_session) -> None:
    leader = add_member(any_session, Role.LEADER)
    first = posted(any_session, days_ago=1, status=S.SUBMITTED)
    record_event(any_session, leader, "submit_challenge", "challenge", first.id)
    assert pipeline(any_session, leader)[0].total == 1

    second = posted(any_session, days_ago=1, status=S.SUBMITTED)
    record_event(any_session, leader, "submit_challenge", "challenge", second.id)
    assert pipeline(any_session, leader)[0].total == 2


def test_money_and_jobs_by_town_take_the_newest_actual_figure(any_session) -> None:
    leader = add_member(any_session, Role.LEADER)
    landing = _landing(1)
    any_session.add(landing)
    any_session.flush()
    today = clock.today()

    def figure(kind, amount, days_ago, *, source=None, is_plan=False):
        any_session.add(
            LandingFigure(
                landing_id=landing.id,
                kind=kind,
                is_plan=is_plan,
                source=source,
                amount=amount,
                as_of=today - timedelta(days=days_ago),
                entered_by=leader.person_id,
                entered_at=clock.now(),
            )
        )

    figure(FigureKind.INVESTMENT, 100, 30, source=MoneySource.BANK)
    figure(FigureKind.INVESTMENT, 250, 1, source=MoneySource.BANK)
    figure(FigureKind.INVESTMENT, 40, 9, source=MoneySource.GOVERNMENT)
    figure(FigureKind.INVESTMENT, 9_999, 1, source=MoneySource.BANK, is_plan=True)
    figure(FigureKind.JOBS, 12, 1)
    any_session.flush()

    assert landings_by_town(any_session, leader) == [TownCount("cangqian", 1, 290, 12)]


def test_what_is_late_stands_with_whose_turn_it_is_oldest_first(any_session) -> None:
    leader = add_member(any_session, Role.LEADER)
    now = clock.now()
    add_challenge(any_session, title="刚提交", status=S.SUBMITTED, submitted_at=now)
    add_challenge(any_session, title="久未受理", status=S.SUBMITTED, submitted_at=now - timedelta(days=20))
    add_challenge(any_session, title="评审太久", status=S.EVALUATING, changed_at=now - timedelta(days=31))
    add_challenge(any_session, title="批准未发布", status=S.APPROVED, changed_at=now - timedelta(days=40))
    add_challenge(any_session, title="评审中", status=S.EVALUATING, changed_at=now - timedelta(days=29))

    assert [(row.title, row.turn) for row in overdue(any_session, leader)] == [
        ("批准未发布", Role.OPERATOR),
        ("评审太久", Role.OPERATOR),
        ("久未受理", Role.OPERATOR),
    ]


def test_the_cockpit_counts_the_same_workdays_as_the_desk(session) -> None:
    leader, operator = add_member(session, Role.LEADER), add_member(session, Role.OPERATOR)
    add_challenge(session, status=S.SUBMITTED, submitted_at=clock.now())
    due = next(row.due for queue in desk_queues(session, operator) for row in queue.rows)

    jump(due, -60)
    assert overdue(session, leader) == []
    jump(due)
    assert [row.turn for row in overdue(session, leader)] == [Role.OPERATOR]


def _landing(number: int, **fields) -> Landing:
    now = clock.now()
    return Landing(
        number=f"LD-{number}",
        title=f"示例项目{number}",
        category=LandingCategory.TECHNOLOGY,
        lane=LandingLane.HEAVY,
        stage_since=clock.today(),
        town_code="cangqian",
        created_at=now,
        changed_at=now,
        **fields,
    )


def test_home_counts_the_projects_under_way_as_their_list_does(session) -> None:
    stages = (LandingStage.LEAD, LandingStage.AGREEMENT_SIGNED, LandingStage.AT_CAPACITY, LandingStage.RELOCATED)
    session.add_all(_landing(number, stage=stage, is_public=True) for number, stage in enumerate(stages))
    session.add(_landing(9, stage=LandingStage.AGREEMENT_SIGNED))
    session.flush()

    assert public_figures(session).under_way == list_landings(session, VISITOR, running=True).total == 3

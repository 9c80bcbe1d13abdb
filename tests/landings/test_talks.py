"""A loss opens a support talk: a task with a due date, held with those who carried the project, read by them alone."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from db.models import Event, LandingStage, LossCause, Notification, Role, SupportTalk, TalkStatus
from portal import clock
from portal.challenges.workdays import add_workdays
from portal.errors import Forbidden, Invalid, NotFound, NotPossibleNow, Stale
from portal.landings.commands import close_talk, end_landing, hold_talk
from portal.landings.queries import landing_detail
from portal.metrics.waiting import waiting_for
from tests.factories import add_member
from tests.landings.world import create, solved_world

HOLD, CLOSE = "Hold a support talk after a lost project", "Close a support talk"


@pytest.fixture
def world(session):
    return solved_world(session)


@pytest.fixture
def landing(session, world):
    landing = create(session, world.admin, challenge_id=world.challenge.id)
    lose(session, world, landing)
    return landing


def lose(session, world, landing, end=LandingStage.LOST):
    values = {"landing_id": landing.id, "version": None, "end": end, "reason": "融资未到位"}
    end_landing(session, world.operator, cause=LossCause.FINANCING, lesson="先落实资金", **values)


def talk(session, landing):
    return session.scalars(select(SupportTalk).where(SupportTalk.landing_id == landing.id)).one()


def hold(session, world, landing, actor=None, **changes):
    values = {"held_on": clock.today(), "notes": "先听团队说", "people": [world.operator.person_id], "version": None}
    hold_talk(session, actor or world.officials[Role.APPROVER], talk_id=talk(session, landing).id, **(values | changes))


def waits(session, actor):
    return {row.message: row for row in waiting_for(session, actor)}


def test_a_loss_asks_the_lead_for_a_talk_within_five_workdays(session, world, landing):
    row = talk(session, landing)

    assert row.status is TalkStatus.DUE
    assert row.due_at == add_workdays(row.created_at, 5).at
    approver = world.officials[Role.APPROVER]
    waiting = waits(session, approver)[HOLD]
    assert (waiting.subject, waiting.object_id, waiting.due) == (landing.title, landing.id, row.due_at)
    assert HOLD not in waits(session, world.operator)
    told = {row.person_id: row.message for row in session.scalars(select(Notification))}
    assert "support, not blame" in told[approver.person_id]
    assert "Thank you" in told[world.operator.person_id]
    assert "no fault" in told[world.institute_admin.person_id]


@pytest.mark.parametrize("end", [LandingStage.RELOCATED, LandingStage.TERMINATED])
def test_other_ends_ask_for_none(session, world, end):
    landing = create(session, world.admin, challenge_id=world.challenge.id)
    lose(session, world, landing, end)

    assert landing_detail(session, world.operator, landing.id).talk is None


def test_what_was_said_is_read_by_those_who_took_part_alone(session, world, landing):
    hold(session, world, landing)

    approver, other = world.officials[Role.APPROVER], add_member(session, Role.APPROVER)
    for actor in (approver, world.operator):
        seen = landing_detail(session, actor, landing.id).talk
        assert (seen.takes_part, seen.notes, len(seen.people)) == (True, "先听团队说", 2)
    for actor in (other, world.admin, world.lead, add_member(session, Role.OPERATOR), *world.officials.values()):
        if actor in (approver, world.operator) or actor.role in (Role.PLATFORM_ADMIN, Role.STEWARD):
            continue
        seen = landing_detail(session, actor, landing.id).talk
        assert (seen.notes, seen.people, seen.follow_up) == ("", [], ""), actor.role
        assert (seen.status, seen.held_on) == (TalkStatus.HELD, clock.today())
    events = session.scalars(select(Event).where(Event.object_type == "support_talk"))
    assert not any("先听团队说" in f"{row.reason}{row.fields}" for row in events)


def test_whoever_held_it_closes_it(session, world, landing):
    hold(session, world, landing)
    approver, talk_id = world.officials[Role.APPROVER], talk(session, landing).id
    assert set(waits(session, approver)) & {HOLD, CLOSE} == {CLOSE}
    for actor in (add_member(session, Role.APPROVER), world.operator):
        with pytest.raises(Forbidden):
            close_talk(session, actor, talk_id=talk_id, version=None, follow_up="培训")
    with pytest.raises(Invalid):
        close_talk(session, approver, talk_id=talk_id, version=None, follow_up=" ")

    close_talk(session, approver, talk_id=talk_id, version=None, follow_up="参加投融资培训")

    assert not set(waits(session, approver)) & {HOLD, CLOSE}
    assert landing_detail(session, world.operator, landing.id).talk.follow_up == "参加投融资培训"
    with pytest.raises(NotPossibleNow):
        close_talk(session, approver, talk_id=talk_id, version=None, follow_up="再来一次")


def test_bad_records_of_a_talk(session, world, landing):
    today = clock.today()
    for wrong in (
        {"held_on": today + timedelta(days=1)},
        {"held_on": today - timedelta(days=1)},
        {"notes": " "},
        {"notes": "长" * 4001},
        {"people": []},
        {"people": [world.officials[Role.APPROVER].person_id]},
    ):
        with pytest.raises(Invalid):
            hold(session, world, landing, **wrong)
    with pytest.raises(NotFound):
        hold(session, world, landing, people=[add_member(session, Role.RESEARCHER).person_id])
    with pytest.raises(Stale):
        hold(session, world, landing, version=99)
    for actor in (world.operator, world.admin, world.officials[Role.LEADER]):
        with pytest.raises(Forbidden):
            hold(session, world, landing, actor)
    assert talk(session, landing).status is TalkStatus.DUE
    hold(session, world, landing)
    with pytest.raises(NotPossibleNow):
        hold(session, world, landing)


def test_the_people_of_the_parties_can_take_part(session, world, landing):
    seen = landing_detail(session, world.officials[Role.APPROVER], landing.id).talk
    people = [person_id for person_id, _name in seen.invited]
    # Whoever carried it stands first.
    assert people[0] == world.operator.person_id
    assert {world.admin.person_id, world.institute_admin.person_id, world.lead.person_id} <= set(people)

    hold(session, world, landing, people=[world.admin.person_id])

    assert landing_detail(session, world.admin, landing.id).talk.notes == "先听团队说"
    assert landing_detail(session, world.operator, landing.id).talk.notes == ""


def test_an_overdue_talk_says_since_when_it_waits(session, world, landing):
    row = talk(session, landing)
    row.due_at = clock.now() - timedelta(days=1)
    session.flush()

    waiting = waits(session, world.officials[Role.APPROVER])[HOLD]

    assert waiting.due is None
    assert isinstance(waiting.since, datetime)

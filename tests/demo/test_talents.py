"""The people of the demonstration: a funnel that narrows, posts beside each other, a pool, and stays that wait."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from db.models import Role, Talent, TalentPool, TalentPost, TalentStage
from portal import clock
from portal.demo.commands import tell
from portal.demo.parties import add_cast
from portal.demo.talents import DUE, PEOPLE, REACH, talent_stories
from portal.events import verify_chain
from portal.permissions import Actor
from portal.talents.figures import Dimension, funnel
from portal.talents.jobs import remind_of_stays


@pytest.fixture
def told(session):
    now = clock.now()
    clock.set_offset(-timedelta(days=500).total_seconds())
    cast = add_cast(session, clock.now())
    tell(session, list(talent_stories(session, cast, now)), now)
    clock.set_offset(0)
    return session


def test_the_story_of_the_people(told) -> None:
    found = funnel(told, Actor(Role.OPERATOR), by=Dimension.COHORT)

    assert found.total == tuple(REACH.values())
    assert found.total[0] == PEOPLE == told.scalar(select(func.count()).select_from(Talent).where(Talent.is_demo))
    assert len(found.groups) >= 3
    names = told.scalars(select(Talent.name)).all()
    assert all(name.endswith("（演示）") for name in names)
    assert told.scalar(select(func.count()).select_from(TalentPost).where(~TalentPost.is_main)) > 10
    assert 15 < told.scalar(select(func.count()).select_from(TalentPool).where(TalentPool.left_on.is_(None))) < 25
    assert told.scalar(select(func.count()).select_from(Talent).where(Talent.person_id.is_not(None))) > 20
    assert {row.stage for row in told.scalars(select(Talent))} == set(TalentStage)
    assert remind_of_stays(told) == len(DUE)
    # Nothing small is told to a leader, and the total is told whole.
    leader = funnel(told, Actor(Role.LEADER), by=Dimension.TOWN)
    assert leader.total == found.total
    assert verify_chain(told)[1] == []

"""The landing projects of the demonstration: they move, and some do not, so that the cockpit has something overdue."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from db.models import (
    ClaimStatus,
    Event,
    FirstLevel,
    Landing,
    LandingCategory,
    LandingClaim,
    LandingFirst,
    LandingFlag,
    LandingShare,
    LandingStage,
    Role,
    SupportTalk,
    TalkStatus,
)
from portal import clock
from portal.demo.commands import tell
from portal.demo.landed import landed_stories
from portal.demo.landing import pace_of
from portal.demo.parties import add_cast
from portal.demo.stories import direct_landing_story
from portal.house_rules import house_rules
from portal.landings.jobs import flag_overruns
from portal.landings.rules import WHOLE, norm_of
from portal.landings.workflow import ENDS
from portal.metrics.queries import overdue
from portal.permissions import Actor

LEADER = Actor(Role.LEADER)


@pytest.fixture
def told(session):
    now = clock.now()
    clock.set_offset(-timedelta(days=400).total_seconds())
    cast = add_cast(session, clock.now())
    tell(session, list(direct_landing_story(session, cast, now)), now)
    clock.set_offset(0)
    return session


@pytest.fixture
def landed(session):
    """The projects of 北航 that came without a challenge."""
    now = clock.now()
    clock.set_offset(-timedelta(days=400).total_seconds())
    cast = add_cast(session, clock.now())
    tell(session, list(landed_stories(session, cast, now)), now)
    clock.set_offset(0)
    return session


def test_the_institute_has_its_projects_beyond_the_lead(landed) -> None:
    """With the two of the other stories (one direct, one from a challenge): 6 technology and 4 talent projects."""
    rows = landed.scalars(select(Landing)).all()
    kinds = [row.category for row in rows]

    assert (kinds.count(LandingCategory.TECHNOLOGY), kinds.count(LandingCategory.TALENT)) == (4, 4)
    assert all(row.stage not in (LandingStage.LEAD, *ENDS) for row in rows)
    assert {"韵达无人机", "固态锂电池"} == {
        row.title[:5] for row in rows if row.title[:5] in ("韵达无人机", "固态锂电池")
    }


def test_their_shares_sum_to_the_whole_and_one_is_disputed(landed) -> None:
    totals = landed.execute(select(func.sum(LandingShare.points)).group_by(LandingShare.landing_id)).scalars().all()

    assert set(totals) == {WHOLE} and len(totals) == 8
    assert landed.scalars(select(LandingClaim.status)).all().count(ClaimStatus.OPEN) == 1
    assert set(landed.scalars(select(LandingFirst.level))) == set(FirstLevel)


def test_two_projects_are_overdue_with_a_reason(told) -> None:
    late = [row for row in overdue(told, LEADER) if row.page == "landing"]
    halted = (Landing.flag != LandingFlag.ON_TRACK, Landing.stage != LandingStage.LOST)
    flagged = told.scalars(select(Landing).where(*halted)).all()

    assert {row.flag for row in flagged} == {LandingFlag.AT_RISK, LandingFlag.STALLED}
    assert len(late) == len(flagged) == 2
    assert all(row.flag_reason for row in flagged)


def test_one_was_lost_with_cause_and_lesson(told) -> None:
    lost = told.scalars(select(Landing).where(Landing.stage == LandingStage.LOST)).one()

    assert lost.loss_cause
    assert lost.loss_lesson


def test_the_loss_was_followed_by_a_talk(told) -> None:
    talk = told.scalars(select(SupportTalk)).one()

    assert talk.status is TalkStatus.CLOSED
    assert talk.notes and talk.follow_up


def test_the_clock_finds_nothing_that_the_stories_forgot(told) -> None:
    assert flag_overruns(told) == 0
    acts = set(told.scalars(select(Event.action).where(Event.object_type == "landing")))
    assert {"flag_landing", "end_landing"} <= acts


def test_a_project_that_moves_is_never_overrun(session) -> None:
    rules = house_rules(session)
    norm = min(days for stage in LandingStage if (days := norm_of(rules, stage)) is not None)

    assert all(timedelta(days=14) < pace_of(key) < timedelta(days=norm) for key in range(60))

"""The funnel's figures against the records counted one by one, the lists behind them, the reminder and the export."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from db.models import (
    Event,
    Notification,
    ReadingPurpose,
    Role,
    Talent,
    TalentChannel,
    TalentClass,
    TalentReading,
    TalentStage,
    TalentStep,
)
from portal import clock
from portal.errors import Forbidden, NotSignedIn
from portal.permissions import VISITOR, Actor
from portal.talents.exports import export_rows, export_talents
from portal.talents.figures import Dimension, cohorts, funnel
from portal.talents.jobs import remind_of_stays
from portal.talents.queries import NONE, TalentFilter, list_talents
from portal.talents.rules import STAGES, a_year_before
from portal.talents.suppression import FEWEST
from tests.factories import add_member
from tests.talents.world import make_world

OPERATOR, LEADER = Actor(Role.OPERATOR), Actor(Role.LEADER)


def fill(session, count=120, seed=5):
    """People at random, written past the commands: only what the figures are counted from."""
    dice = Random(seed)
    operator = add_member(session, Role.OPERATOR)
    now = clock.now()
    for number in range(count):
        talent_class = dice.choice([None, None, *TalentClass])
        has = talent_class is not None
        session.add(
            Talent(
                number=f"RC-2026-{number:06d}",
                name=f"某人{number}",
                field="other",
                channel=dice.choice(list(TalentChannel)),
                town_code=dice.choice([None, "wuchang", "pingyao", "cangqian"]),
                talent_class=talent_class,
                class_edition="2024" if has else None,
                certificate_number="1" if has else None,
                certificate_on=date(2024, 1, 1) if has else None,
                stage=dice.choice(STAGES),
                cohort=dice.choice([2024, 2025, 2026]),
                created_by=operator.person_id,
                created_at=now,
                changed_at=now,
            )
        )
    session.flush()
    return session.scalars(select(Talent)).all()


def code_of(talent, by):
    value = {
        Dimension.CLASS: talent.talent_class,
        Dimension.CHANNEL: talent.channel,
        Dimension.TOWN: talent.town_code,
        Dimension.COHORT: talent.cohort,
    }[by]
    return NONE if value is None else str(value)


def counted(people, by, code):
    mine = [one for one in people if code is None or code_of(one, by) == code]
    furthest = Counter(STAGES.index(one.stage) for one in mine)
    return tuple(sum(number for place, number in furthest.items() if place >= step) for step in range(len(STAGES)))


@pytest.mark.parametrize("by", Dimension, ids=str)
def test_every_figure_is_what_the_records_say(any_session, by):
    people = fill(any_session)

    found = funnel(any_session, OPERATOR, by=by)

    assert found.total == counted(people, by, None)
    assert {group.code for group in found.groups} == {code_of(one, by) for one in people}
    for group in found.groups:
        assert group.counts == counted(people, by, group.code), group.code


def test_every_figure_opens_as_many_people(any_session):
    people = fill(any_session, 60)
    found = funnel(any_session, OPERATOR, by=Dimension.TOWN, talent_class="b", cohort=2025)
    mine = [one for one in people if one.talent_class == "b" and one.cohort == 2025]
    assert found.total == counted(mine, Dimension.TOWN, None)
    for group in found.groups:
        for stage, count in zip(STAGES, group.counts, strict=True):
            wanted = TalentFilter(talent_class="b", cohort=2025, town=group.code, reached=stage)
            assert list_talents(any_session, OPERATOR, wanted).total == count
    unclassified = TalentFilter(talent_class=NONE)
    assert list_talents(any_session, OPERATOR, unclassified).total == sum(one.talent_class is None for one in people)


def test_a_leader_learns_of_no_small_number(session):
    people = fill(session)

    for by in Dimension:
        found = funnel(session, LEADER, by=by)
        assert found.is_protected
        for group in found.groups:
            true = counted(people, by, group.code)
            for shown, count in zip(group.counts, true, strict=True):
                assert shown in (None, count)
                assert shown is None or shown == 0 or shown >= FEWEST
        # The total is the same whatever it is broken down by.
        assert found.total == funnel(session, LEADER).total


@pytest.mark.parametrize(
    "filters", [{"talent_class": "a"}, {"town": "wuchang"}, {"cohort": 2025}, {"channel": TalentChannel.FAIR}]
)
def test_a_leader_cannot_filter_and_subtract(session, filters):
    """Row 79, hard case 15: the difference of two filters."""
    fill(session, 30)

    with pytest.raises(Forbidden, match="one thing at a time"):
        funnel(session, LEADER, **filters)
    with pytest.raises(Forbidden):
        funnel(session, LEADER, by=Dimension.CLASS, **filters)
    assert funnel(session, OPERATOR, **filters).is_protected is False


def test_who_reads_figures(session):
    for role in Role:
        if role in (Role.OPERATOR, Role.APPROVER, Role.AUDITOR, Role.LEADER):
            assert set(funnel(session, Actor(role)).total) == {0}
            assert cohorts(session, Actor(role)) == []
        elif role is not Role.CLOCK:
            with pytest.raises((Forbidden, NotSignedIn)):
                funnel(session, Actor(role))


def test_years(session):
    fill(session, 30)

    assert cohorts(session, OPERATOR) == [2026, 2025, 2024]


# the reminder


@pytest.fixture
def world(session):
    return make_world(session)


def joined(session, world, day):
    talent = world.register(session)
    world.walk(session, talent, TalentStage.JOINED, day)
    return talent


def test_the_operators_are_reminded_once_a_day(session, world):
    complete = a_year_before(clock.today())
    waiting = joined(session, world, complete)
    joined(session, world, complete + timedelta(days=1))
    world.step(session, joined(session, world, complete), TalentStage.RETAINED, clock.today())
    session.execute(Notification.__table__.delete())

    assert [remind_of_stays(session) for _twice in range(2)] == [1, 1]

    notice = session.scalars(select(Notification)).one()
    assert (notice.person_id, notice.page, notice.params) == (world.operator.person_id, "talents", {"count": 1})
    found = list_talents(session, world.operator, TalentFilter(is_due=True))
    assert [row.id for row in found.rows] == [waiting.id]
    # It moves nobody by itself.
    assert waiting.stage is TalentStage.JOINED


def test_nobody_is_reminded_of_nobody(session, world):
    joined(session, world, clock.today())
    session.execute(Notification.__table__.delete())

    assert remind_of_stays(session) == 0
    assert session.scalar(select(func.count()).select_from(Notification)) == 0


# the file


def test_a_file_with_names_is_seen_by_everybody_in_it(session, world):
    talent = world.mine(session)
    world.register(session, name="王另一")
    assert {row.name for row in export_rows(session, world.operator)} == {"林**", "王**"}

    rows = export_talents(session, world.operator, purpose=ReadingPurpose.SERVICE)

    assert {row.name for row in rows} == {"林示例", "王另一"}
    query = select(TalentReading.purpose).where(TalentReading.talent_id == talent.id)
    assert sorted(session.scalars(query)) == ["registration", "service"]
    exported = session.scalars(select(Event).where(Event.action == "export_talents")).all()
    assert {event.object_id for event in exported} == {row.id for row in rows}
    for role in (Role.APPROVER, Role.AUDITOR, Role.LEADER, Role.ENTERPRISE_ADMIN):
        with pytest.raises(Forbidden):
            export_talents(session, add_member(session, role), purpose=ReadingPurpose.SERVICE)
    with pytest.raises(NotSignedIn):
        export_talents(session, VISITOR, purpose=ReadingPurpose.SERVICE)


def test_more_than_a_thousand_persons_are_not_one_persons_to_take(session):
    """Row “export”: over 1,000 persons two people."""
    fill(session, 1001)

    for ask in (export_rows, lambda *of: export_talents(*of, purpose=ReadingPurpose.SERVICE)):
        with pytest.raises(Forbidden, match="too many for one person"):
            ask(session, add_member(session, Role.OPERATOR))
    wanted = TalentFilter(cohort=2025)
    assert len(export_rows(session, OPERATOR, wanted)) == list_talents(session, OPERATOR, wanted).total > 200
    assert session.scalar(select(func.count()).select_from(TalentStep)) == 0


@pytest.mark.parametrize("text", ["%", "_", "' OR 1=1 --", "\\", "%" * 9, "课" * 10_000])
def test_a_search_is_literal(any_session, text):
    """Rows 36, 37."""
    world = make_world(any_session)
    world.register(any_session)

    assert list_talents(any_session, world.operator, TalentFilter(text=text)).total == 0
    assert list_talents(any_session, world.operator, TalentFilter(text="  \t")).total == 1


@pytest.mark.parametrize(("offset", "limit"), [(-1, 20), (0, 10**9), (10**9, 20), (0, 0)])
def test_pages_are_clamped(session, offset, limit):
    """Row 40."""
    fill(session, 45)

    page = list_talents(session, OPERATOR, offset=offset, limit=limit)

    assert 1 <= len(page.rows) <= 45
    assert page.total == 45

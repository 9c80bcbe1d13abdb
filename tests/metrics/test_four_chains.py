"""Months frozen, editions published by two people, and every degree recomputed from the records by another way."""

import random
from datetime import date, timedelta
from uuid import UUID

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    Chain,
    ChainScore,
    ChallengeStatus,
    EditionStatus,
    FigureKind,
    IndicatorValue,
    Landing,
    LandingCategory,
    LandingFigure,
    LandingLane,
    LandingStage,
    LandingStep,
    LossCause,
    MoneySource,
    Role,
    Snapshot,
    Talent,
    TalentChannel,
    TalentClass,
    TalentField,
    TalentPost,
    TalentStage,
    TalentStep,
)
from portal import clock
from portal.errors import Forbidden, Invalid, NotFound, NotPossibleNow
from portal.events import verify_chain
from portal.metrics.four_chains.degrees import (
    degrees_by_town,
    degrees_over_time,
    district,
    list_editions,
    weights_of,
)
from portal.metrics.four_chains.editions import discard_edition, prepare_edition, publish_edition
from portal.metrics.four_chains.evidence import parts_of, records_of
from portal.metrics.four_chains.indicators import INDICATORS, of_chain
from portal.metrics.four_chains.months import Month, months_between
from portal.metrics.four_chains.snapshots import freeze_due, months_to_freeze
from portal.organisations.places import towns
from portal.permissions import Actor
from tests.factories import add_challenge, add_member

TOWNS = [place.code for place in towns()]
LAST = Month.before_this()
FIRST = LAST.shift(-11)


def add_landing(session: Session, actor: Actor, number: int, town: str, since: date, **fields) -> Landing:
    landing = Landing(
        number=f"LD-T-{number}",
        title=f"示例项目{number}",
        category=LandingCategory.TECHNOLOGY,
        lane=LandingLane.HEAVY,
        stage_since=since,
        town_code=town,
        created_at=clock.now(),
        changed_at=clock.now(),
        created_by=actor.person_id,
        **fields,
    )
    session.add(landing)
    session.flush()
    return landing


def add_step(session: Session, actor: Actor, landing: Landing, stage: LandingStage, day: date) -> None:
    session.add(
        LandingStep(
            landing_id=landing.id,
            stage=stage,
            happened_on=day,
            evidence="执照",
            entered_by=actor.person_id,
            entered_at=clock.now(),
        )
    )


def add_figure(
    session: Session, actor: Actor, landing: Landing, source: MoneySource | None, amount: int, day: date, plan=False
) -> None:
    session.add(
        LandingFigure(
            landing_id=landing.id,
            kind=FigureKind.INVESTMENT if source else FigureKind.JOBS,
            is_plan=plan,
            source=source,
            amount=amount,
            as_of=day,
            entered_by=actor.person_id,
            entered_at=clock.now(),
        )
    )


@pytest.fixture
def operator(any_session) -> Actor:
    return add_member(any_session, Role.OPERATOR)


@pytest.fixture
def approver(any_session) -> Actor:
    return add_member(any_session, Role.APPROVER)


@pytest.fixture
def leader(any_session) -> Actor:
    return add_member(any_session, Role.LEADER)


@pytest.fixture
def a_year(any_session, operator) -> Session:
    """A year of challenges and landings in four towns, by the throw of dice."""
    dice = random.Random(11)
    add_challenge(any_session, status=ChallengeStatus.CLOSED, town_code=TOWNS[0], opens_at=FIRST.starts_at)
    for number in range(40):
        day = FIRST.first + timedelta(days=dice.randrange(360))
        town = dice.choice(TOWNS[:4])
        if number % 2:
            opens_at = clock.from_local(day.year, day.month, day.day, 9)
            add_challenge(any_session, status=ChallengeStatus.CLOSED, town_code=town, opens_at=opens_at)
            continue
        landing = add_landing(any_session, operator, number, town, day)
        add_step(any_session, operator, landing, LandingStage.COMPANY_REGISTERED, day)
        for source in (None, *MoneySource):
            add_figure(any_session, operator, landing, source, dice.randrange(1, 900), day)
            add_figure(any_session, operator, landing, source, dice.randrange(900, 2000), day + timedelta(days=70))
    any_session.flush()
    freeze_due(any_session)
    return any_session


def published(session: Session, operator: Actor, approver: Actor, first: Month = FIRST, last: Month = LAST) -> UUID:
    edition_id = prepare_edition(session, operator, base_from=first.first, base_until=last.first)
    publish_edition(session, approver, edition_id=edition_id, version=None)
    return edition_id


def test_a_month_is_a_month_in_hangzhou() -> None:
    month = Month.of(date(2026, 3, 5))

    assert month.starts_at.isoformat() == "2026-02-28T16:00:00+00:00"
    assert month.ends_at.isoformat() == "2026-03-31T16:00:00+00:00"
    assert Month(date(2026, 12, 1)).shift(1).first == date(2027, 1, 1)
    assert Month(date(2026, 1, 1)).shift(-1).first == date(2025, 12, 1)
    assert len(months_between(FIRST, LAST)) == 12
    assert months_between(LAST, FIRST) == []


def test_every_month_that_is_over_is_frozen_once(any_session) -> None:
    assert months_to_freeze(any_session) == []
    add_challenge(any_session, status=ChallengeStatus.CLOSED, town_code=TOWNS[0], opens_at=LAST.shift(-2).starts_at)

    assert freeze_due(any_session) == 3
    assert freeze_due(any_session) == 0

    assert list(any_session.scalars(select(Snapshot.month).order_by(Snapshot.month))) == [
        LAST.shift(-2).first,
        LAST.shift(-1).first,
        LAST.first,
    ]
    values = any_session.execute(select(IndicatorValue.indicator, IndicatorValue.month, IndicatorValue.value)).all()
    assert values == [("challenges_published", LAST.shift(-2).first, 1.0)]
    assert verify_chain(any_session)[1] == []


def test_what_is_entered_later_changes_no_frozen_month(any_session, leader) -> None:
    add_challenge(any_session, status=ChallengeStatus.CLOSED, town_code=TOWNS[0], opens_at=LAST.starts_at)
    freeze_due(any_session)
    late = add_challenge(any_session, status=ChallengeStatus.OPEN, town_code=TOWNS[0], opens_at=LAST.starts_at)
    any_session.flush()

    found = records_of(any_session, leader, key="challenges_published", month=LAST.first, town=TOWNS[0])

    assert (found.now, found.frozen, found.total) == (2, 1, 2)
    assert late.title in [row.title for row in found.rows]


def test_the_instants_around_a_month_and_records_without_a_town(any_session, leader) -> None:
    for opens_at, town in (
        (LAST.starts_at, TOWNS[0]),
        (LAST.ends_at - timedelta(microseconds=1), TOWNS[1]),
        (LAST.ends_at, TOWNS[0]),
        (LAST.starts_at, None),
    ):
        add_challenge(any_session, status=ChallengeStatus.CLOSED, town_code=town, opens_at=opens_at)
    add_challenge(any_session, status=ChallengeStatus.APPROVED, town_code=TOWNS[0], opens_at=LAST.starts_at)

    assert records_of(any_session, leader, key="challenges_published", month=LAST.first).now == 2


def test_money_counts_the_newest_actual_figure_of_living_projects(any_session, operator, leader) -> None:
    day = LAST.first + timedelta(days=3)
    alive, lost = (add_landing(any_session, operator, number, TOWNS[2], day) for number in (1, 2))
    for landing in (alive, lost):
        add_figure(any_session, operator, landing, MoneySource.VENTURE, 100, day)
        add_figure(any_session, operator, landing, MoneySource.VENTURE, 500, day + timedelta(days=1))
        add_figure(any_session, operator, landing, MoneySource.GOVERNMENT, 250, day)
        add_figure(any_session, operator, landing, MoneySource.VENTURE, 9_999, day, plan=True)
        add_figure(any_session, operator, landing, MoneySource.VENTURE, 8_888, LAST.next_first)
    lost.stage, lost.loss_cause = LandingStage.LOST, LossCause.FINANCING
    any_session.flush()

    venture = records_of(any_session, leader, key="venture_money", month=LAST.first, town=TOWNS[2])
    leverage = records_of(any_session, leader, key="leverage", month=LAST.first, town=TOWNS[2])

    assert [(row.object_id, row.amount) for row in venture.rows] == [(alive.id, 500)]
    assert leverage.now == 2


def test_every_score_and_degree_is_recomputed_from_the_frozen_values(a_year, operator, approver, leader) -> None:
    """By pandas, in the order of the formulae, over a base period of eight months: the other four may be cut off."""
    edition_id = published(a_year, operator, approver, FIRST, FIRST.shift(7))
    months = [month.first for month in months_between(FIRST, LAST)]
    index = pd.MultiIndex.from_product([months, TOWNS])
    table = pd.DataFrame(0.0, index=index, columns=[one.key for one in INDICATORS])
    for row in a_year.scalars(select(IndicatorValue)):
        table.loc[(row.month, row.town_code), row.indicator] = row.value
    base = table.loc[months[:8]]
    span = base.max() - base.min()
    shares = ((table - base.min()) / span.where(span > 0)).fillna(0.0)
    clipped = ((shares < 0) | (shares > 1) | ((span == 0) & (table != base.min()))).sum(axis=1)
    shares = shares.clip(0, 1)
    p = shares.loc[months[:8]] + 1e-4
    p = p / p.sum()
    divergence = (1 + (p * np.log(p)).sum() / np.log(len(base))).where(span > 0, 0.0)
    scores = {}
    for chain in Chain:
        keys = [one.key for one in of_chain(chain)]
        total = divergence[keys].sum()
        weights = (
            divergence[keys] / total if total else pd.Series(1 / len(keys), index=keys) if keys else divergence[[]]
        )
        scores[chain] = (shares[keys] * weights).sum(axis=1)
    u = pd.DataFrame(scores)

    for row in a_year.scalars(select(ChainScore).where(ChainScore.edition_id == edition_id)):
        place = (row.month, row.town_code)
        assert [getattr(row, chain.value) for chain in Chain] == pytest.approx(list(u.loc[place]), abs=1e-9)
        assert row.clipped == clipped.loc[place]
    assert clipped.sum() > 0 and (u.max() > 0).sum() >= 3
    for month, degree in zip(months, degrees_over_time(a_year, leader, edition_id=edition_id), strict=True):
        mean = u.loc[month].mean()
        assert [degree.scores[chain] for chain in Chain] == pytest.approx(list(mean))
        expected = (mean.prod() ** 0.25 / mean.mean() * mean.mean()) ** 0.5
        assert degree.result.d == pytest.approx(expected)
    parts = parts_of(a_year, leader, edition_id=edition_id, month=LAST.first, chain=Chain.CAPITAL, town=TOWNS[1])
    assert sum(part.gives for part in parts) == pytest.approx(u.loc[(LAST.first, TOWNS[1]), Chain.CAPITAL])


def test_towns_stand_by_their_degree_and_the_district_is_their_mean(a_year, operator, approver, leader) -> None:
    edition_id = published(a_year, operator, approver)

    rows = degrees_by_town(a_year, leader, edition_id=edition_id, month=LAST.first)

    assert sorted(row.town_code for row in rows) == sorted(TOWNS)
    assert [row.result.d is None for row in rows] == sorted(row.result.d is None for row in rows)
    assert rows[-1].result.d is None  # nothing ever happened there: no data, not 0
    whole = degrees_over_time(a_year, leader, edition_id=edition_id)[-1]
    assert whole.scores == pytest.approx(district(rows).scores)
    one = degrees_over_time(a_year, leader, edition_id=edition_id, town=TOWNS[1])
    assert [row.month for row in one] == [month.first for month in months_between(FIRST, LAST)]


def test_the_weights_of_each_chain_sum_to_one(a_year, operator, approver, leader) -> None:
    weights = weights_of(a_year, leader, published(a_year, operator, approver))
    for chain in Chain:
        mine = [row.weight for row in weights if row.chain is chain]
        assert not mine or sum(mine) == pytest.approx(1)
    with pytest.raises(NotFound):
        weights_of(a_year, leader, UUID(int=1))


def test_an_edition_is_published_by_another_person_and_never_changes(a_year, operator, approver) -> None:
    edition_id = prepare_edition(a_year, operator, base_from=FIRST.first, base_until=LAST.first, note="首版")
    assert a_year.scalars(select(ChainScore)).all() == []
    both = add_member(a_year, Role.APPROVER, person=None)
    own = Actor(Role.APPROVER, person_id=operator.person_id, membership_id=both.membership_id)
    with pytest.raises(Forbidden):
        publish_edition(a_year, own, edition_id=edition_id, version=None)
    with pytest.raises(Forbidden):
        publish_edition(a_year, operator, edition_id=edition_id, version=None)

    publish_edition(a_year, approver, edition_id=edition_id, version=None)

    with pytest.raises(NotPossibleNow):
        discard_edition(a_year, operator, edition_id=edition_id, version=None, reason="再算")
    row = list_editions(a_year, approver)[0]
    assert (row.number, row.status, row.note, row.actions) == (1, EditionStatus.PUBLISHED, "首版", ())
    assert row.prepared_by == operator.name and row.decided_by == approver.name
    assert len(a_year.scalars(select(ChainScore)).all()) == 12 * len(TOWNS)


def test_a_discarded_edition_keeps_its_number(a_year, operator, approver) -> None:
    first = prepare_edition(a_year, operator, base_from=FIRST.first, base_until=LAST.first)
    with pytest.raises(Invalid, match="reason"):
        discard_edition(a_year, operator, edition_id=first, version=None, reason=" ")
    discard_edition(a_year, operator, edition_id=first, version=None, reason="基期太短")
    published(a_year, operator, approver)

    assert [(row.number, row.status) for row in list_editions(a_year, operator)] == [
        (2, EditionStatus.PUBLISHED),
        (1, EditionStatus.DISCARDED),
    ]


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (LAST, FIRST, "base_until"),
        (LAST.shift(-4), LAST, "base_until"),
        (FIRST.shift(-1), LAST, "base_from"),
        (FIRST, LAST.shift(1), "base_until"),
    ],
)
def test_a_base_period_of_other_than_frozen_months_is_refused(a_year, operator, first, last, field) -> None:
    with pytest.raises(Invalid) as refused:
        prepare_edition(a_year, operator, base_from=first.first, base_until=last.first)
    assert refused.value.field == field


def test_a_month_frozen_later_is_scored_by_every_published_edition(a_year, operator, approver) -> None:
    editions = {published(a_year, operator, approver), published(a_year, operator, approver, FIRST, FIRST.shift(6))}
    clock.set_offset(timedelta(days=32).total_seconds())
    try:
        assert freeze_due(a_year) >= 1
        newest = Month.before_this().first
    finally:
        clock.set_offset(0)

    assert set(a_year.scalars(select(ChainScore.edition_id).where(ChainScore.month == newest))) == editions


def test_others_than_the_cockpits_readers_are_refused(any_session) -> None:
    for role in (Role.RESEARCHER, Role.ENTERPRISE_ADMIN, Role.BROKER, Role.PLATFORM_ADMIN):
        actor = add_member(any_session, role)
        for ask in (
            lambda actor=actor: list_editions(any_session, actor),
            lambda actor=actor: records_of(any_session, actor, key="jobs", month=LAST.first),
            lambda actor=actor: prepare_edition(any_session, actor, base_from=FIRST.first, base_until=LAST.first),
        ):
            with pytest.raises(Forbidden):
                ask()


def test_an_unknown_indicator_or_town_is_not_found(any_session, leader) -> None:
    for key, town in (("charm", ""), ("jobs", "atlantis")):
        with pytest.raises(NotFound):
            records_of(any_session, leader, key=key, month=LAST.first, town=town)


def add_talent(session: Session, number: int, town: str, **fields) -> Talent:
    talent = Talent(
        number=f"RC-T-{number}",
        name=f"示例人才{number}",
        field=TalentField.MATERIALS,
        channel=TalentChannel.VISIT,
        town_code=town,
        cohort=2026,
        created_at=clock.now(),
        changed_at=clock.now(),
        **fields,
    )
    session.add(talent)
    session.flush()
    return talent


def certified(talent_class: TalentClass, day: date) -> dict[str, object]:
    return {
        "talent_class": talent_class,
        "class_edition": "2024",
        "certificate_number": "示例0001",
        "certificate_on": day,
    }


def test_people_count_by_certificate_and_day_of_arrival(any_session, operator) -> None:
    day = LAST.first + timedelta(days=2)
    high = add_talent(any_session, 1, TOWNS[0], arrived_on=day, **certified(TalentClass.C, day))
    add_talent(any_session, 2, TOWNS[0], arrived_on=day, **certified(TalentClass.D, day))
    add_talent(any_session, 3, TOWNS[0], arrived_on=LAST.last)
    add_talent(any_session, 4, TOWNS[0], arrived_on=LAST.next_first)
    add_talent(any_session, 5, TOWNS[1])
    for is_main, until in ((True, None), (False, None), (False, LAST.last), (False, LAST.last - timedelta(days=1))):
        any_session.add(
            TalentPost(
                talent_id=high.id,
                organisation_name="示例机构",
                post="研究员",
                is_main=is_main,
                since=LAST.first,
                until=until,
                entered_by=operator.person_id,
                entered_at=clock.now(),
            )
        )
    any_session.add(
        TalentStep(
            talent_id=high.id,
            stage=TalentStage.RETAINED,
            happened_on=day,
            source_words="社保记录",
            entered_by=operator.person_id,
            entered_at=clock.now(),
        )
    )
    any_session.flush()

    def count(key: str) -> float | None:
        return records_of(any_session, operator, key=key, month=LAST.first, town=TOWNS[0]).now

    assert [count(key) for key in ("arrivals_high", "arrivals", "dual_posts", "retained")] == [1, 2, 2, 1]
    assert records_of(any_session, operator, key="arrivals_high", month=LAST.first).rows[0].title == high.number


@pytest.mark.parametrize(("people", "told"), [(4, None), (5, 5), (0, 0)])
def test_who_may_see_no_person_reads_no_small_count_and_none_by_town(
    any_session, operator, approver, leader, people, told
) -> None:
    for month in range(6):
        add_challenge(
            any_session, status=ChallengeStatus.CLOSED, town_code=TOWNS[0], opens_at=LAST.shift(-month).starts_at
        )
    for number in range(people):
        add_talent(any_session, number, TOWNS[number % 2], arrived_on=LAST.first)
    freeze_due(any_session)
    edition_id = published(any_session, operator, approver, LAST.shift(-5))

    def read(actor: Actor, town: str = ""):
        found = records_of(any_session, actor, key="arrivals", month=LAST.first, town=town)
        parts = parts_of(any_session, actor, edition_id=edition_id, month=LAST.first, chain=Chain.TALENT, town=town)
        part = next(part for part in parts if part.indicator.key == "arrivals")
        return found, part

    found, part = read(leader)
    assert (found.now, found.frozen, part.value) == (told, told, told)
    assert found.rows == [] and (found.hidden is None) == (told is None) == (part.share is None)
    found, part = read(leader, TOWNS[0])
    assert (found.now, found.frozen, found.hidden, part.value, part.gives) == (None,) * 5
    found, part = read(operator, TOWNS[0])
    assert (found.now, part.value, len(found.rows)) == ((people + 1) // 2,) * 3

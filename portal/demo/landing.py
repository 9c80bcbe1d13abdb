"""The story of a landing project: its stages with evidence, money and jobs."""

from collections.abc import Generator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    FigureKind,
    LandingCategory,
    LandingFlag,
    LandingLane,
    LandingStage,
    LandingStep,
    LossCause,
    MoneySource,
    Role,
    SupportTalk,
)
from portal import clock
from portal.demo.parties import Cast
from portal.house_rules import house_rules
from portal.landings.commands import (
    close_talk,
    create_landing,
    end_landing,
    flag_landing,
    hold_talk,
    publish_landing,
)
from portal.landings.evidence import EVIDENCE as EVIDENCE_TYPES
from portal.landings.jobs import flag_overruns
from portal.landings.rules import norm_of
from portal.landings.steps import record_figure, record_step, verify_step
from portal.landings.workflow import LANES
from portal.organisations.places import find_town

Story = Generator[datetime, None, None]
DAY = timedelta(days=1)
HALTS = 6  # of so many projects one comes to a halt
EVIDENCE = {
    LandingStage.AGREEMENT_SIGNED: "各方签署页扫描件（演示）",
    LandingStage.COMPANY_REGISTERED: "登记日期与住所同申报（演示）",
    LandingStage.SITE_SECURED: "地块或厂房编号见扫描件（演示）",
    LandingStage.CONSTRUCTION: "许可范围含一期厂房（演示）",
    LandingStage.ACCEPTANCE: "备案表与消防验收意见（演示）",
    LandingStage.IN_PRODUCTION: "首批产品出货单与检验记录（演示）",
    LandingStage.AT_CAPACITY: "连续三个月产量报表（演示）",
    LandingStage.OFFICE_IN_USE: "租期三年，已交付使用（演示）",
    LandingStage.TEAM_ON_BOARD: "核心成员缴纳清单（演示）",
    LandingStage.FIRST_REVENUE: "合同与到账回单（演示）",
}


def landing_story(session: Session, cast: Cast, row: dict[str, Any], challenge_id: UUID, start: datetime) -> Story:
    """From a solved challenge to as many stages as the time since then allows; a few come to a halt on the way."""
    project = row["landing"]
    admin = cast.one(row["enterprise"], Role.ENTERPRISE_ADMIN)
    category = LandingCategory(project["kind"])
    lane = LandingLane.LIGHT if category is LandingCategory.TALENT else LandingLane.HEAVY
    yield start
    landing_id = create_landing(
        session,
        admin,
        title=project["title"],
        category=category,
        lane=lane,
        town_code=find_town(row["town"]) or "",
        since=clock.today(),
        summary=project["summary"],
        industry_code=row["industry"],
        challenge_id=challenge_id,
    )
    publish_landing(
        session,
        cast.one("", Role.OPERATOR),
        landing_id=landing_id,
        version=None,
        is_public=True,
        public_summary=project["summary"],
    )
    number, whole = int(row["key"][1:]), len(LANES[lane]) - 1
    yield from grow(
        session,
        cast,
        landing_id,
        lane,
        start,
        steps=whole if number % HALTS else 2,
        pace=pace_of(number),
        money_wan=project["investment_wan"],
        jobs=project["jobs"],
    )


def pace_of(number: int) -> timedelta:
    """The time between two stages of a project that moves."""
    return timedelta(days=24 + 8 * (number % 4))


def grow(
    session: Session,
    cast: Cast,
    landing_id: UUID,
    lane: LandingLane,
    start: datetime,
    *,
    steps: int,
    pace: timedelta = 16 * DAY,
    money_wan: float,
    jobs: int,
) -> Story:
    """Plan figures at once, then stage after stage with what was actually spent; the clock sees where it halts."""
    operator, checker = cast.one("", Role.OPERATOR, 0), cast.one("", Role.OPERATOR, 1)
    whole = len(LANES[lane]) - 1
    _plan(session, cast, landing_id, lane, pace * whole, money_wan=money_wan, jobs=jobs)
    for number, stage in enumerate(LANES[lane][1 : 1 + steps], start=1):
        yield start + pace * number
        record_step(
            session,
            operator,
            landing_id=landing_id,
            version=None,
            stage=stage,
            happened_on=clock.today(),
            evidence_type=EVIDENCE_TYPES[stage][0],
            evidence=EVIDENCE[stage],
        )
        # Late at first, then quicker: money never comes as evenly as it was planned.
        share = (number / whole) ** 1.3
        _money(session, cast, landing_id, lane, is_plan=False, money_wan=money_wan * share)
        _people(session, cast, landing_id, is_plan=False, jobs=max(1, round(jobs * share)))
        if stage in EARNS:
            earned = money_wan * (0.8 if stage is LANES[lane][-1] else 0.3)
            _output(session, cast, landing_id, is_plan=False, money_wan=earned)
        yield start + pace * number + 2 * DAY
        last = select(LandingStep.id).where(LandingStep.landing_id == landing_id, LandingStep.stage == stage)
        verify_step(session, checker, step_id=session.scalars(last).one())
    norm = norm_of(house_rules(session), LANES[lane][steps]) or 0
    if steps < len(LANES[lane]) - 1:
        yield start + pace * steps + (norm + 1) * DAY
        flag_overruns(session)


def halt(session: Session, cast: Cast, landing_id: UUID, flag: LandingFlag, reason: str) -> None:
    """An operator says that it does not move, and why."""
    flag_landing(session, cast.one("", Role.OPERATOR), landing_id=landing_id, version=None, flag=flag, reason=reason)


def lose(session: Session, cast: Cast, landing_id: UUID) -> Story:
    """The seed page opens with a project lost to financing, and with the talk that followed."""
    operator, lead = cast.one("", Role.OPERATOR), cast.one("", Role.APPROVER)
    end_landing(
        session,
        operator,
        landing_id=landing_id,
        version=None,
        end=LandingStage.LOST,
        cause=LossCause.FINANCING,
        lesson="融资节奏与建设进度脱节，后续项目应在签约前落实首轮资金。",
        reason="本轮融资未能按期到账，团队决定终止落地。",
    )
    talk_id = session.scalars(select(SupportTalk.id).where(SupportTalk.landing_id == landing_id)).one()
    lost = clock.now()
    yield lost + 3 * DAY
    hold_talk(
        session,
        lead,
        talk_id=talk_id,
        version=None,
        held_on=clock.today(),
        notes="肯定前期投入，一起复盘融资节点；请放下包袱，手上两个新线索仍由原班人马跟进。",
        people=[operator.acting_person],
    )
    yield lost + 5 * DAY
    close_talk(session, lead, talk_id=talk_id, version=None, follow_up="安排参加投融资对接培训，两周后再聊一次近况。")


MIX = {
    LandingLane.HEAVY: ((MoneySource.ENTERPRISE, 0.55), (MoneySource.BANK, 0.3), (MoneySource.GOVERNMENT, 0.15)),
    LandingLane.LIGHT: ((MoneySource.ENTERPRISE, 0.45), (MoneySource.VENTURE, 0.35), (MoneySource.GOVERNMENT, 0.2)),
}
EARNS = (LandingStage.IN_PRODUCTION, LandingStage.AT_CAPACITY, LandingStage.FIRST_REVENUE)


def _plan(
    session: Session, cast: Cast, landing_id: UUID, lane: LandingLane, whole: timedelta, *, money_wan: float, jobs: int
) -> None:
    """Half of the money by half of the time, all of it and the first output at the end."""
    for share in (0.5, 1.0):
        day = clock.today() + timedelta(days=round(whole.days * share))
        _money(session, cast, landing_id, lane, is_plan=True, money_wan=money_wan * share, day=day)
        _people(session, cast, landing_id, is_plan=True, jobs=max(1, round(jobs * share)), day=day)
    _output(session, cast, landing_id, is_plan=True, money_wan=money_wan, day=clock.today() + whole)


def _money(
    session: Session,
    cast: Cast,
    landing_id: UUID,
    lane: LandingLane,
    *,
    is_plan: bool,
    money_wan: float,
    day: date | None = None,
) -> None:
    for source, weight in MIX[lane]:
        _figure(
            session,
            cast,
            landing_id,
            kind=FigureKind.INVESTMENT,
            is_plan=is_plan,
            amount=f"{round(money_wan * weight)} 万元",
            source=source,
            day=day,
        )


def _people(
    session: Session, cast: Cast, landing_id: UUID, *, is_plan: bool, jobs: int, day: date | None = None
) -> None:
    _figure(session, cast, landing_id, kind=FigureKind.JOBS, is_plan=is_plan, amount=str(jobs), day=day)


def _output(
    session: Session, cast: Cast, landing_id: UUID, *, is_plan: bool, money_wan: float, day: date | None = None
) -> None:
    amount = f"{round(money_wan)} 万元"
    _figure(session, cast, landing_id, kind=FigureKind.OUTPUT, is_plan=is_plan, amount=amount, day=day)


def _figure(
    session: Session,
    cast: Cast,
    landing_id: UUID,
    *,
    kind: FigureKind,
    is_plan: bool,
    amount: str,
    source: MoneySource | None = None,
    day: date | None = None,
) -> None:
    record_figure(
        session,
        cast.one("", Role.OPERATOR),
        landing_id=landing_id,
        kind=kind,
        is_plan=is_plan,
        amount=amount,
        as_of=day or clock.today(),
        source=source,
    )

"""The stories of scientists who found a company: one in every part of the way, one that left."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Role, VentureAdvice, VentureParty, VenturePhase, VentureTask
from portal import clock
from portal.challenges.workdays import add_workdays
from portal.demo.parties import Cast
from portal.demo.stories import Story
from portal.ventures import commands
from portal.ventures.growing import add_task, finish_task, move_phase, start_venture
from portal.ventures.rules import NOTICE_WORKDAYS

DAY = timedelta(days=1)


class Plot(NamedTuple):
    """One story: whose, with whom, how many days ago it begins, and the step at which it stops."""

    title: str
    summary: str
    institute: str
    enterprise: str
    agency: str | None
    days_ago: int
    stops_at: str


PLOTS = (
    Plot(
        "硫化物固态锂电池创业项目",
        "以北航国际创新研究院固态电解质成果为基础，与固态电池企业共建中试线，面向无人机与储能提供电芯。",
        "i02",
        "e03",
        "a02",
        260,
        "active",
    ),
    Plot(
        "城市物流无人机飞控创业项目",
        "研发面向城市低空物流的高可靠飞控与避障系统，在承接企业的试飞场地完成验证后量产。",
        "i02",
        "e04",
        None,
        200,
        "active",
    ),
    Plot(
        "连续流生物制剂工艺创业项目",
        "将连续流纯化工艺用于生物制剂规模化生产，在承接企业的中试车间完成放大。",
        "i01",
        "e07",
        "a01",
        30,
        "notice",
    ),
    Plot(
        "工业废水膜回用创业项目",
        "以抗污染复合膜为核心，为园区企业提供废水深度处理与回用装备。",
        "i09",
        "e11",
        None,
        12,
        "review",
    ),
    Plot(
        "工业视觉小样本检测创业项目",
        "面向多品种小批量产线提供小样本缺陷检测软件，与承接企业共建示范线。",
        "i11",
        "e09",
        None,
        6,
        "consent",
    ),
    Plot(
        "柔性压力传感创业项目",
        "研发卷对卷柔性压力传感薄膜，面向可穿戴与机器人触觉应用。",
        "i12",
        "e14",
        None,
        150,
        "exited",
    ),
)
PLAN = (
    "一、依托成果：团队已取得的专利与样机，权属清晰。\n二、团队：科学家任首席科学家，另聘专职总经理。\n"
    "三、资金：企业出资、团队入股，申请区级专项支持。\n四、节点：首年完成中试，次年取得首批订单。"
)
TASKS = (
    (VenturePhase.ATTRACT, VentureParty.INSTITUTE, "办理离岗创业与成果作价入股手续", 20),
    (VenturePhase.ATTRACT, VentureParty.DISTRICT, "落实注册场地与人才公寓", 30),
    (VenturePhase.ATTRACT, VentureParty.ENTERPRISE, "签订中试线共用协议", 35),
    (VenturePhase.NURTURE, VentureParty.ENTERPRISE, "开放产线完成两轮验证", 100),
    (VenturePhase.NURTURE, VentureParty.DISTRICT, "对接产业基金与首贷", 120),
    (VenturePhase.NURTURE, VentureParty.INSTITUTE, "安排博士后进入企业工作站", 220),
    (VenturePhase.GROW, VentureParty.ENTERPRISE, "采购首批产品", 330),
)


def venture_stories(session: Session, cast: Cast, now: datetime) -> Iterator[Story]:
    for number, plot in enumerate(PLOTS):
        yield _story(session, cast, plot, number, now - plot.days_ago * DAY)


def _story(session: Session, cast: Cast, plot: Plot, number: int, start: datetime) -> Story:
    scientist = cast.one(plot.institute, Role.RESEARCHER, number)
    admin, host = cast.one(plot.institute, Role.INSTITUTE_ADMIN), cast.one(plot.enterprise, Role.ENTERPRISE_ADMIN)
    operator, approver = cast.one("", Role.OPERATOR, number), cast.one("", Role.APPROVER, number)
    yield start
    made = commands.create_venture(
        session,
        scientist,
        title=plot.title,
        summary=plot.summary,
        plan=PLAN,
        enterprise_id=cast.organisations[plot.enterprise].id,
        agency_id=cast.organisations[plot.agency].id if plot.agency else None,
    )
    target: dict[str, Any] = {"venture_id": made, "version": None}
    yield start + 2 * DAY
    commands.endorse_venture(session, admin, **target)
    if plot.stops_at == "consent":
        return
    yield start + 4 * DAY
    commands.host_venture(session, host, **target)
    yield start + 5 * DAY
    commands.submit_venture(session, scientist, **target)
    yield start + 7 * DAY
    experts = cast.actors["", Role.EXPERT]
    commands.review_venture(session, operator, experts=[one.acting_person for one in experts], **target)
    for place, expert in enumerate(experts[:2] if plot.stops_at == "review" else experts):
        yield start + (9 + place) * DAY
        words = "成果与企业需求匹配，团队分工清晰，建议支持。"
        commands.advise_venture(session, expert, advice=VentureAdvice.FOR, words=words, **target)
    if plot.stops_at == "review":
        return
    # The one in its notice stands there whenever the demonstration is looked at.
    noticed = start + (29 if plot.stops_at == "notice" else 13) * DAY
    yield noticed
    commands.propose_venture(session, operator, **target)
    if plot.stops_at == "notice":
        return
    over = add_workdays(noticed, NOTICE_WORKDAYS).at + DAY
    yield over
    commands.approve_venture(session, approver, **target)
    yield from _grow(session, cast, plot, target, over + DAY)


def _grow(session: Session, cast: Cast, plot: Plot, target: dict[str, Any], start: datetime) -> Story:
    """Tasks of three parties; what is due long ago is done, and some of it late."""
    operator = cast.one("", Role.OPERATOR)
    by = {
        VentureParty.INSTITUTE: cast.one(plot.institute, Role.INSTITUTE_ADMIN),
        VentureParty.ENTERPRISE: cast.one(plot.enterprise, Role.ENTERPRISE_ADMIN),
        VentureParty.DISTRICT: operator,
    }
    yield start
    start_venture(session, operator, **target)
    first = clock.local(start).date()
    for phase, party, text, due in TASKS:
        add_task(
            session,
            operator,
            venture_id=target["venture_id"],
            phase=phase,
            party=party,
            text=text,
            due_on=first + due * DAY,
        )
    for number, (phase, party, text, due) in enumerate(TASKS):
        if number and phase is not TASKS[number - 1][0]:
            yield start + (due - 60) * DAY
            move_phase(session, operator, **target)
        yield start + (due - 3) * DAY
        if plot.stops_at == "exited":
            scientist = cast.one(plot.institute, Role.RESEARCHER, PLOTS.index(plot))
            reason = "中试项目融资未到位，团队商定回校继续研发。"
            commands.exit_venture(session, scientist, reason=reason, **target)
            return
        query = select(VentureTask.id).where(VentureTask.venture_id == target["venture_id"], VentureTask.text == text)
        task_id = session.scalars(query).one()
        finish_task(session, by[party], task_id=task_id, done_on=clock.today(), words="相关材料已归档。")

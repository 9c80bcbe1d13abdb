"""The visits of the demonstration (三访): what was held over a year and a half, what is announced, what came of it."""

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ParticipantStatus, Role, Visit, VisitKind, VisitParticipant
from portal import clock
from portal.demo.content import parties
from portal.demo.parties import Cast
from portal.organisations.places import find_town
from portal.permissions import VISITOR, Actor
from portal.visits.attendance import give_feedback, record_contact, record_outcome, tick_off
from portal.visits.commands import cancel_visit, debrief_visit, open_registration, plan_visit
from portal.visits.jobs import hold_due, purge_visits
from portal.visits.registration import register_for_visit, register_group
from portal.visits.rules import VisitForm
from portal.visits.workflow import OUTCOMES

Story = Generator[datetime, None, None]
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
_S = ParticipantStatus
_FIELDS = ("材料科学", "自动化", "飞行器设计", "机械工程", "电子信息", "生物医学工程", "计算机科学", "能源与动力")
_WORDS = (
    (5, "展厅讲解很细，产线能近距离看。"),
    (4, "希望多留一些和工程师交流的时间。"),
    (5, "对镇里的创业政策有了直观的了解。"),
    (3, "路上时间偏长，建议减少一个点位。"),
    (4, "想了解实习岗位怎么申请。"),
    (5, ""),
)
_SOURCES = {_S.INTERN: "实习协议", _S.JOINED: "劳动合同", _S.RETAINED_12M: "社保缴纳记录"}
_PINGYAO = (("梦航智谷科技园", "瓶窑镇"), ("彭公数字农场", "瓶窑镇"), ("奇鹤村于安集合店", "瓶窑镇"))
_CANGQIAN = (("仓前双创园区（演示）", "仓前街道"), ("杭州见微工业视觉软件有限公司（演示）", "仓前街道"))
_LINES = (("浙江细线电磁材料有限公司（演示）", "瓶窑镇"), ("杭州薄元铝业有限公司（演示）", "瓶窑镇"))
_FLIGHT = (("浙江云梭航空科技有限公司（演示）", "中泰街道"), ("天目山实验室（演示）", "仓前街道"))
_LABS = (("之江实验室（演示）", "仓前街道"), ("良渚实验室（演示）", "仓前街道"), ("湖畔实验室（演示）", "仓前街道"))
_HALL = (("余杭区政务服务中心", "余杭街道"), ("余杭人才服务窗口", "余杭街道"))
_TEA = (("余杭径山茶业有限公司（演示）", "径山镇"), ("径山草莓种植专业合作社（演示）", "径山镇"))
_CHIPS = (("杭州五常光电半导体有限公司（演示）", "五常街道"), ("杭州闲林智能仓储有限公司（演示）", "闲林街道"))
_TOOLS = (("杭州良工数控机床有限公司（演示）", "良渚街道"), ("杭州良渚生物制剂有限公司（演示）", "良渚街道"))
_POWER = (("杭州固能电池科技有限公司（演示）", "仁和街道"), ("浙江仁和功能纺织有限公司（演示）", "仁和街道"))


class Plan(NamedTuple):
    """One visit: its first day from today, who asks whom to where, and how many come from which institute."""

    days: int
    kind: VisitKind
    title: str
    organiser: str
    partner: str
    sites: tuple[tuple[str, str], ...]
    group: int
    capacity: int = 30
    enterprise: str = ""
    follows: bool = False
    fate: str = ""  # "planned", "cancelled", or what the days say


K = VisitKind
PLANS: tuple[Plan, ...] = (
    Plan(-462, K.STUDY, "走进瓶窑：北航学子访学首站", "g03", "i02", _PINGYAO, 14, enterprise="e01", follows=True),
    Plan(-441, K.WORK, "漆包线与铝箔产线访工", "e01", "i01", _LINES, 10, enterprise="e02", follows=True),
    Plan(-415, K.WINDOW, "人才政策与办事窗口一日访", "g01", "i09", _HALL, 12),
    Plan(-388, K.STUDY, "四大省实验室访学", "i03", "i11", _LABS, 12),
    Plan(-352, K.WORK, "低空飞行器试制车间访工", "e04", "i02", _FLIGHT, 12, enterprise="e04", follows=True),
    Plan(-330, K.WORK, "数控机床装配线访工", "e06", "i10", _TOOLS, 9, enterprise="e06"),
    Plan(-301, K.STUDY, "径山茶业与设施农业访学", "g01", "i08", _TEA, 13),
    Plan(-274, K.WINDOW, "企业开办一窗通办体验", "g04", "i01", _HALL, 8),
    Plan(-245, K.WORK, "固态电池中试线访工", "e03", "i02", _POWER, 11, enterprise="e03", follows=True),
    Plan(-221, K.STUDY, "瓶窑产城融合访学", "g03", "i12", _PINGYAO, 10),
    Plan(-195, K.WORK, "光电半导体洁净车间访工", "e13", "i11", _CHIPS, 10, enterprise="e13"),
    Plan(-166, K.STUDY, "未来科技城青年人才访学", "g04", "i01", _CANGQIAN, 15, follows=True, enterprise="e09"),
    Plan(-140, K.WINDOW, "青年创业服务窗口开放日", "g01", "i02", _HALL, 9),
    Plan(-118, K.WORK, "工业视觉应用现场访工", "e09", "i09", _CANGQIAN, 12, enterprise="e09", follows=True),
    Plan(-84, K.STUDY, "余杭青年人才夏令访学", "g01", "i01", (*_LABS, *_CANGQIAN), 16, enterprise="e08"),
    Plan(-62, K.WORK, "无人机物流运营中心访工", "e04", "i06", _FLIGHT, 8, enterprise="e04", fate="cancelled"),
    Plan(-41, K.STUDY, "梦航智谷科技园与彭公数字农场访学", "g03", "i02", _PINGYAO, 18, enterprise="e01", follows=True),
    Plan(-16, K.WORK, "良渚生物制剂中试车间访工", "e07", "i04", _TOOLS, 10, enterprise="e07"),
    Plan(-3, K.WINDOW, "人才安居与子女入学窗口访问", "g01", "i11", _HALL, 11),
    Plan(0, K.STUDY, "走进瓶窑：国际创新研究院秋季访学", "g03", "i02", _PINGYAO, 20, enterprise="e02", follows=True),
    Plan(9, K.WORK, "智能仓储与光电企业访工", "e12", "i09", _CHIPS, 18, capacity=20),
    Plan(17, K.STUDY, "超重力大科学装置访学", "i07", "i01", (("超重力离心模拟与实验装置（演示）", "仓前街道"),), 6),
    Plan(24, K.WINDOW, "科技成果转化服务窗口访问", "g01", "i12", _HALL, 0),
    Plan(45, K.STUDY, "寒假返乡学子看余杭", "g04", "i08", (*_CANGQIAN, *_PINGYAO), 0, fate="planned"),
)


def visit_stories(session: Session, cast: Cast, now: datetime) -> Iterator[Story]:
    """Each visit with those who came to it."""
    for number, row in enumerate(PLANS):
        yield _story(session, cast, number, row, now)


def _story(session: Session, cast: Cast, number: int, row: Plan, now: datetime) -> Story:
    first = clock.local(now + row.days * DAY).date()
    midnight = clock.from_local(first.year, first.month, first.day)
    actor = _organiser(cast, row, number)
    opens = midnight - 26 * DAY + 9 * HOUR
    yield min(midnight - 30 * DAY + 10 * HOUR, now - 2 * DAY)
    visit_id = plan_visit(
        session, actor, form=_form(cast, row, midnight, opens), organiser_id=cast.organisations[row.organiser].id
    )
    if row.fate == "planned":
        return
    yield min(opens, now - DAY)
    open_registration(session, actor, visit_id=visit_id, version=None)
    yield from _register(session, cast, number, row, visit_id, min(opens, now - DAY))
    if row.fate == "cancelled":
        yield midnight - 2 * DAY + 17 * HOUR
        reason = "受台风影响，气象部门发布橙色预警，为保障人员安全取消本次活动，另行安排。"
        cancel_visit(session, actor, visit_id=visit_id, version=None, reason=reason)
        yield midnight + 95 * DAY
        purge_visits(session)
        return
    yield min(midnight + 10 * HOUR, max(now - HOUR, midnight + HOUR))
    _arrive(session, actor, visit_id)
    yield midnight + DAY + HOUR
    hold_due(session)
    yield midnight + DAY + 12 * HOUR
    _say(session, visit_id)
    yield midnight + 2 * DAY + 10 * HOUR
    _meet(session, cast, actor, row, visit_id)
    yield midnight + 8 * DAY + 15 * HOUR
    findings = f"共走访 {len(row.sites)} 个点位。学员关注实习岗位和住房政策，已将名单交人才窗口逐一回访。"
    debrief_visit(session, actor, visit_id=visit_id, version=None, findings=findings)
    yield from _follow(session, actor, row, visit_id, midnight)


def _form(cast: Cast, row: Plan, midnight: datetime, opens: datetime) -> VisitForm:
    day = clock.local(midnight).date()
    programme = []
    for number, (name, _town) in enumerate(row.sites):
        start = 9 * 60 + 30 + 75 * number
        programme.append(
            {
                "day": "1",
                "start": f"{start // 60}:{start % 60:02d}",
                "end": f"{(start + 60) // 60}:{(start + 60) % 60:02d}",
                "what": "实地参观与讲解" if number else "集合、展厅参观与讲解",
                "place": name,
                "host": "讲解员（演示）",
            }
        )
    last = 9 * 60 + 30 + 75 * len(row.sites)
    talk = {"start": f"{last // 60}:{last % 60:02d}", "end": f"{(last + 45) // 60}:{(last + 45) % 60:02d}"}
    programme.append({"day": "1", **talk, "what": "座谈交流：岗位、课题与政策", "place": row.sites[-1][0], "host": ""})
    return VisitForm(
        kind=row.kind,
        title=row.title,
        town_code=find_town(row.sites[0][1]) or "",
        starts_on=day,
        ends_on=day,
        capacity=row.capacity,
        registration_opens_at=opens,
        registration_closes_at=midnight + 8 * HOUR,
        partner_id=cast.organisations[row.partner].id,
        summary="组织青年人才实地参观探访，感受余杭的产业活力与创新创业氛围，与企业和服务窗口面对面交流。",
        meeting_point=f"{cast.organisations[row.partner].name}正门",
        contact="人才服务窗口（演示） 0571-00000000",
        programme=programme,
        sites=[{"name": name, "town": find_town(town) or ""} for name, town in row.sites],
    )


def _organiser(cast: Cast, row: Plan, number: int) -> Actor:
    """An admin of the organiser; an operator acts for offices and parks."""
    for role in (Role.ENTERPRISE_ADMIN, Role.INSTITUTE_ADMIN):
        if (row.organiser, role) in cast.actors:
            return cast.one(row.organiser, role)
    return cast.one("", Role.OPERATOR, number)


def _register(session: Session, cast: Cast, number: int, row: Plan, visit_id: UUID, since: datetime) -> Story:
    """A group of the partner's students, its researchers by themselves, and a few from enterprises."""
    school, names = cast.organisations[row.partner].name, parties()["surnames"]
    yield since + 2 * HOUR
    if row.group:
        lines = [
            f"{names[(number * 7 + one) % len(names)]}同学{one + 1:02d}（演示）\t{school}\t"
            f"{_FIELDS[(number + one) % len(_FIELDS)]}\t0571-0000{number:02d}{one:02d}"
            for one in range(row.group)
        ]
        admin = cast.one(row.partner, Role.INSTITUTE_ADMIN)
        register_group(session, admin, visit_id=visit_id, rows="\n".join(lines), consent=True, follow=row.follows)
    yield since + 5 * HOUR
    guests = [cast.one(row.partner, Role.RESEARCHER, one) for one in range(1 + number % 3)]
    guests += [cast.one(f"e{(number + one) % 15 + 1:02d}", Role.ENTERPRISE_MEMBER, one) for one in range(number % 3)]
    for one in guests:
        register_for_visit(session, one, visit_id=visit_id, consent=True, follow=number % 2 == 0, field="产学合作")


def _arrive(session: Session, actor: Actor, visit_id: UUID) -> None:
    """Nine of ten come."""
    visit = session.get_one(Visit, visit_id)
    if clock.today() < visit.starts_on:
        return
    for number, participant_id in enumerate(_ids(session, visit_id, _S.REGISTERED)):
        if number % 10 != 7:
            tick_off(session, actor, participant_id=participant_id)


def _say(session: Session, visit_id: UUID) -> None:
    query = select(VisitParticipant.ticket).where(
        VisitParticipant.visit_id == visit_id, VisitParticipant.status == _S.ATTENDED
    )
    for ticket, (score, words) in zip(session.scalars(query).all(), _WORDS, strict=False):
        give_feedback(session, VISITOR, visit_id=visit_id, score=score, words=words, ticket=ticket or "")


def _meet(session: Session, cast: Cast, actor: Actor, row: Plan, visit_id: UUID) -> None:
    """A third of those who came exchange addresses with an enterprise."""
    if not row.enterprise:
        return
    for participant_id in _ids(session, visit_id, _S.ATTENDED)[::3]:
        record_contact(
            session,
            actor,
            participant_id=participant_id,
            happened_on=session.get_one(Visit, visit_id).starts_on,
            organisation_id=cast.organisations[row.enterprise].id,
            note="交换联系方式，约定投递简历。",
        )


def _follow(session: Session, actor: Actor, row: Plan, visit_id: UUID, midnight: datetime) -> Story:
    """Internships, jobs, a year of staying; and the personal data of all others go in time."""
    if row.follows:
        for step, after, share in ((_S.INTERN, 40, 2), (_S.JOINED, 88, 2)):
            yield midnight + after * DAY + 14 * HOUR
            _reach(session, actor, visit_id, step, share)
    yield midnight + 100 * DAY + 3 * HOUR
    purge_visits(session)
    if row.follows:
        yield midnight + (88 + 366) * DAY + 14 * HOUR
        _reach(session, actor, visit_id, _S.RETAINED_12M, 1)


def _reach(session: Session, actor: Actor, visit_id: UUID, step: ParticipantStatus, share: int) -> None:
    """One in so many of those who came as far as the step before."""
    before = OUTCOMES[OUTCOMES.index(step) - 1]
    for participant_id in _ids(session, visit_id, before, followed=True)[::share]:
        record_outcome(
            session,
            actor,
            participant_id=participant_id,
            step=step,
            happened_on=clock.today(),
            source=f"{_SOURCES[step]}（演示）",
        )


def _ids(session: Session, visit_id: UUID, status: ParticipantStatus, *, followed: bool = False) -> list[UUID]:
    query = select(VisitParticipant.id).where(
        VisitParticipant.visit_id == visit_id, VisitParticipant.status == status, VisitParticipant.purged_at.is_(None)
    )
    if followed:
        query = query.where(VisitParticipant.follow_agreed)
    order = (VisitParticipant.registered_at, VisitParticipant.position, VisitParticipant.id)
    return list(session.scalars(query.order_by(*order)))

"""The story of one challenge as a generator: act, then say when the next act happens."""

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from db.models import Challenge, Disclosure, LandingCategory, LandingFlag, LandingLane, Role, SectionKey
from portal import clock
from portal.challenges.commands import create_challenge, save_metrics, save_rubric, save_section, set_disclosure
from portal.challenges.extensions import suspend_challenge
from portal.challenges.flow import (
    approve_challenge,
    confirm_confidentiality,
    publish_challenge,
    reject_challenge,
    return_challenge,
    submit_challenge,
    take_challenge,
)
from portal.challenges.jobs import close_due
from portal.challenges.questions import answer_question, ask_question
from portal.challenges.rules import CONFIDENTIALITY_CHECKS
from portal.demo.answers import answer_stories
from portal.demo.fates import Fate
from portal.demo.landing import grow, halt, landing_story, lose
from portal.demo.parties import Cast
from portal.demo.proving import proving_story
from portal.demo.ruling import ruling_story
from portal.landings.commands import create_landing, publish_landing
from portal.organisations.places import find_town
from portal.permissions import Actor

Story = Generator[datetime, None, None]
OPEN_DAYS = 28
LINE_LETTERS = 120
DAY = timedelta(days=1)


def challenge_story(session: Session, cast: Cast, row: dict[str, Any], fate: Fate, start: datetime) -> Story:
    """From the first draft to wherever the fate says."""
    admin = cast.one(row["enterprise"], Role.ENTERPRISE_ADMIN)
    member = cast.one(row["enterprise"], Role.ENTERPRISE_MEMBER)
    yield start
    closes_at = _five_pm(start + (10 + OPEN_DAYS) * DAY)
    challenge_id = _write(session, member, row, closes_at)
    if fate is Fate.DRAFT:
        return
    yield start + 2 * DAY
    submit_challenge(session, admin, challenge_id=challenge_id)
    if fate is Fate.SUBMITTED:
        return
    yield from _refine(session, cast, row, fate, start, challenge_id)
    if fate in (Fate.RETURNED, Fate.REFINING, Fate.REJECTED, Fate.APPROVED):
        return
    yield start + 9 * DAY
    publish_challenge(session, _operator(cast, row), challenge_id=challenge_id)
    yield from _while_open(session, cast, row, fate, challenge_id, closes_at)
    if fate in (Fate.OPEN, Fate.SUSPENDED):
        return
    yield closes_at + timedelta(seconds=1)
    close_due(session)
    yield from ruling_story(session, cast, row, fate, challenge_id, closes_at)
    if fate not in (Fate.PLANNED, Fate.VALIDATING, Fate.SOLVED, Fate.UNSOLVED):
        return
    yield from proving_story(session, cast, row, fate, challenge_id, closes_at + 42 * DAY)
    if row["landing"] and fate is Fate.SOLVED:
        yield from landing_story(session, cast, row, challenge_id, closes_at + 100 * DAY)


def direct_landing_story(session: Session, cast: Cast, now: datetime) -> Iterator[Story]:
    """Projects that came without a challenge: one was lost, and two do not move."""
    for title, words, institute, town, category, ago, halt_words in _DIRECT:
        start = now - timedelta(days=ago)
        yield _direct(session, cast, (title, words), institute, town, category, start, halted=halt_words)


_DIRECT: tuple[tuple[str, str, str, str, LandingCategory, int, tuple[LandingFlag, str] | None], ...] = (
    (
        "低空飞行器适航检测服务平台",
        "在中泰街道建设无人机噪声、振动与电磁兼容检测场地，为区内整机和部件企业提供适航符合性试验。",
        "i02",
        "zhongtai",
        LandingCategory.TECHNOLOGY,
        240,
        (LandingFlag.STALLED, "消声检测场地的消防改造方案未通过审查，施工许可暂缓，开工时间待定。"),
    ),
    (
        "柔性传感材料中试项目",
        "拟在仁和街道建设柔性压力传感薄膜卷对卷中试线，面向可穿戴与机器人触觉应用送样。",
        "i12",
        "renhe",
        LandingCategory.TECHNOLOGY,
        300,
        None,
    ),
    (
        "脑机接口青年团队引进",
        "引进无创脑电采集与解码方向青年团队到仓前街道办公，先在康复训练场景开展试用。",
        "i01",
        "cangqian",
        LandingCategory.TALENT,
        150,
        (LandingFlag.AT_RISK, "两名核心成员的到岗时间推迟，康复训练场景的试用合同未按期签订。"),
    ),
)


def _direct(
    session: Session,
    cast: Cast,
    words: tuple[str, str],
    institute: str,
    town: str,
    category: LandingCategory,
    start: datetime,
    *,
    halted: tuple[LandingFlag, str] | None,
) -> Story:
    title, summary = words
    operator = cast.one("", Role.OPERATOR)
    lane = LandingLane.LIGHT if category is LandingCategory.TALENT else LandingLane.HEAVY
    yield start
    landing_id = create_landing(
        session,
        operator,
        title=title,
        summary=summary,
        category=category,
        lane=lane,
        town_code=town,
        since=clock.today(),
        institute_id=cast.organisations[institute].id,
    )
    publish_landing(session, operator, landing_id=landing_id, version=None, is_public=True, public_summary=summary)
    yield from grow(session, cast, landing_id, lane, start, steps=3 if halted else 2, money_wan=3000, jobs=24)
    yield start + 140 * DAY
    if halted:
        halt(session, cast, landing_id, *halted)
    else:
        yield from lose(session, cast, landing_id)


def _write(session: Session, member: Actor, row: dict[str, Any], closes_at: datetime) -> UUID:
    challenge_id = create_challenge(session, member, title=row["title"])
    challenge = session.get(Challenge, challenge_id)
    assert challenge is not None
    challenge.is_demo = True
    contents = {
        SectionKey.PROBLEM: {
            "title": row["title"],
            "summary": row["summary"],
            "text": row["problem"],
            "industry_code": row["industry"],
            "town_code": find_town(row["town"]) or "",
            "trl_wanted": row["trl_wanted"],
            "trl_now": row["trl_now"],
        },
        SectionKey.BACKGROUND: {"text": row["background"]},
        SectionKey.TODAY: {"text": row["today"], "cost_fen": None, "cost_note": ""},
        SectionKey.BUDGET: {"sum_fen": f"{row['budget_wan']} 万元", "source": row["budget_source"], "note": ""},
        SectionKey.IP: {"regime": row["ip_regime"], "note": row["ip_note"]},
        SectionKey.LINE: _line(row["line_site"]),
        SectionKey.SCHEDULE: {"opens_on": "", "closes_at": f"{clock.local(closes_at):%Y-%m-%d %H:%M}", "note": ""},
        SectionKey.CONFIDENTIAL: {"text": row["confidential"]},
    }
    for key, content in contents.items():
        save_section(session, member, challenge_id=challenge_id, key=key, content=content)
    set_disclosure(session, member, challenge_id=challenge_id, key=SectionKey.TODAY, disclosure=Disclosure.VERIFIED)
    metrics = [
        metric | {name: _text(metric[name]) for name in ("lower", "upper", "target")} for metric in row["metrics"]
    ]
    save_metrics(session, member, challenge_id=challenge_id, rows=metrics)
    save_rubric(session, member, challenge_id=challenge_id, rows=row["rubric"])
    return challenge_id


def _line(words: str) -> dict[str, str]:
    """Where it is proven: in the field of one line if it fits, so that nothing is said twice."""
    fits = len(words) <= LINE_LETTERS
    return {"line": words if fits else words[:LINE_LETTERS], "site": "", "text": "" if fits else words}


def _refine(
    session: Session, cast: Cast, row: dict[str, Any], fate: Fate, start: datetime, challenge_id: UUID
) -> Story:
    number = int(row["key"][1:])
    broker = cast.one(f"a0{number % 3 + 1}", Role.BROKER)
    approver = cast.one("", Role.APPROVER, number)
    yield start + 3 * DAY
    take_challenge(session, broker, challenge_id=challenge_id)
    if fate is Fate.REFINING:
        return
    if fate is Fate.RETURNED:
        yield start + 5 * DAY
        comments = {
            SectionKey.METRICS: "请补充每项指标的测试方法和抽样数量。",
            SectionKey.TODAY: "请说明现有方案的年度成本。",
        }
        return_challenge(
            session, broker, challenge_id=challenge_id, comments=comments, reason="验收指标与成本说明需要补充。"
        )
        return
    yield start + 6 * DAY
    confirm_confidentiality(
        session, broker, challenge_id=challenge_id, confirmed=dict.fromkeys(CONFIDENTIALITY_CHECKS, True)
    )
    yield start + 8 * DAY
    if fate is Fate.REJECTED:
        reject_challenge(
            session,
            approver,
            challenge_id=challenge_id,
            reason="该需求可由成熟商品设备满足，建议直接采购，不再组织揭榜。",
        )
    else:
        approve_challenge(session, approver, challenge_id=challenge_id)


def _while_open(
    session: Session, cast: Cast, row: dict[str, Any], fate: Fate, challenge_id: UUID, closes_at: datetime
) -> Story:
    """Questions and answers, then the proposals' own stories, woven in the order of time."""
    opened = closes_at - (OPEN_DAYS + 1) * DAY
    acts = [_question_story(session, cast, row, challenge_id, opened)]
    acts += answer_stories(session, cast, row, challenge_id, opened + 4 * DAY, drafts=fate in (Fate.OPEN,))
    yield from weave(acts)
    if fate is Fate.SUSPENDED:
        yield opened + 16 * DAY
        approver = cast.one("", Role.APPROVER)
        suspend_challenge(session, approver, challenge_id=challenge_id, reason="企业产线临时检修，揭榜暂停两周。")


def _question_story(session: Session, cast: Cast, row: dict[str, Any], challenge_id: UUID, opened: datetime) -> Story:
    askers = [proposal["institute"] for proposal in row["proposals"]] or ["i01"]
    member = cast.one(row["enterprise"], Role.ENTERPRISE_MEMBER)
    for number, question in enumerate(row["questions"]):
        yield opened + (2 + 2 * number) * DAY
        asker = cast.one(askers[number % len(askers)], Role.RESEARCHER, number)
        question_id = ask_question(session, asker, challenge_id=challenge_id, text=question["q"])
        yield opened + (3 + 2 * number) * DAY
        answer_question(session, member, question_id=question_id, answer=question["a"])


def weave(stories: list[Story]) -> Story:
    """Several stories as one, always the earliest act first."""
    waiting = [(at, number, story) for number, story in enumerate(stories) if (at := next(story, None)) is not None]
    while waiting:
        waiting.sort(key=lambda item: item[:2])
        at, number, story = waiting.pop(0)
        yield at
        if (following := next(story, None)) is not None:
            waiting.append((following, number, story))


def _operator(cast: Cast, row: dict[str, Any]) -> Actor:
    return cast.one("", Role.OPERATOR, int(row["key"][1:]))


def _five_pm(instant: datetime) -> datetime:
    at = clock.local(instant)
    return clock.from_local(at.year, at.month, at.day, 17)


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if abs(value) < 1e6 else str(value)

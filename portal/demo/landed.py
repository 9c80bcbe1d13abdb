"""What came of the agreement with 北航 in the seed page: six technology and four talent projects, and how they grew."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from db.models import FirstLevel, LandingCategory, LandingLane, Role, SourceKind
from portal import clock
from portal.demo.landing import Story, grow
from portal.demo.parties import Cast
from portal.demo.stories import weave
from portal.landings.commands import (
    claim_first,
    claim_source,
    create_landing,
    decide_shares,
    plan_stages,
    prepare_shares,
    publish_landing,
    verify_first,
)
from portal.landings.rules import WHOLE, Share
from portal.landings.workflow import LANES

DAY = timedelta(days=1)
AGREEMENT = "余杭区与北京航空航天大学战略合作协议"


class Project(NamedTuple):
    """One project of 北航: since how many days ago, at what pace, with how much money (万元) and how many jobs."""

    title: str
    summary: str
    category: LandingCategory
    lane: LandingLane
    town: str
    enterprise: str
    ago: int
    pace: int
    money_wan: float
    jobs: int
    first: FirstLevel | None = None
    is_verified: bool = True
    share: int = 0  # of the agreement, in basis points, as two people decided; the rest came directly
    claim: str = ""  # a visit that is claimed too, not decided yet


T, P, H, L = LandingCategory.TECHNOLOGY, LandingCategory.TALENT, LandingLane.HEAVY, LandingLane.LIGHT
# Two more technology projects of 北航 stand in the other stories: the test bench for low-altitude craft, and what grew
# from a challenge.
PROJECTS: tuple[Project, ...] = (
    Project(
        "韵达无人机末端配送研发试飞项目",
        "在中泰街道建设末端配送无人机研发与试飞场地，面向山区乡镇快递投送开展常态化验证。",
        T,
        H,
        "zhongtai",
        "",
        330,
        40,
        5200,
        62,
        FirstLevel.PROVINCIAL,
        share=7000,
        claim="“访学访工访窗口”瓶窑站",
    ),
    Project(
        "固态锂电池中试与产业化项目",
        "在仁和街道建设固态锂电池中试线，先为低空飞行器供应高比能电芯，再扩展到储能场景。",
        T,
        H,
        "renhe",
        "e03",
        360,
        42,
        9800,
        120,
        FirstLevel.NATIONAL,
        share=6000,
    ),
    Project(
        "航空轻量化结构件成形中试线",
        "在瓶窑镇依托铝加工基础建设航空级薄壁件成形中试线，服务区内压铸与轧制企业。",
        T,
        H,
        "pingyao",
        "e15",
        260,
        44,
        3600,
        40,
        FirstLevel.CITY,
        is_verified=False,
    ),
    Project(
        "低空通信导航一体化终端研发中心",
        "在仓前街道设立低空通信导航终端研发团队，完成样机后在试飞场地联调。",
        T,
        L,
        "cangqian",
        "",
        200,
        38,
        1600,
        32,
    ),
    Project(
        "飞控安全青年教授创业团队",
        "北航青年教授带队落户仓前街道，开展飞行控制软件安全评测与工具开发。",
        P,
        L,
        "cangqian",
        "",
        300,
        46,
        600,
        18,
        FirstLevel.FLAGSHIP,
    ),
    Project(
        "储能电芯安全评测人才团队",
        "引进电化学安全方向博士团队，在仁和街道与电池企业共建评测平台。",
        P,
        L,
        "renhe",
        "e03",
        210,
        45,
        420,
        12,
        share=5000,
    ),
    Project(
        "农业遥感监测青年博士工作站",
        "引进遥感方向青年博士在径山镇驻点，为茶园和草莓园提供长势与病害监测。",
        P,
        L,
        "jingshan",
        "e10",
        150,
        40,
        180,
        7,
    ),
    Project(
        "工业检测机器人创业团队",
        "机器人方向团队落户闲林街道，面向仓储与机加工现场提供检测机器人。",
        P,
        L,
        "xianlin",
        "e12",
        95,
        36,
        360,
        10,
    ),
)


def landed_stories(session: Session, cast: Cast, now: datetime) -> Iterator[Story]:
    """One story for each project."""
    for number, row in enumerate(PROJECTS):
        yield _landed(session, cast, row, number, now - timedelta(days=row.ago, hours=number % 5))


def _landed(session: Session, cast: Cast, row: Project, number: int, start: datetime) -> Story:
    operator, admin = cast.one("", Role.OPERATOR, number), cast.one("i02", Role.INSTITUTE_ADMIN)
    yield start
    landing_id = create_landing(
        session,
        operator,
        title=row.title,
        summary=row.summary,
        category=row.category,
        lane=row.lane,
        town_code=row.town,
        since=clock.today(),
        institute_id=cast.organisations["i02"].id,
        enterprise_id=cast.organisations[row.enterprise].id if row.enterprise else None,
    )
    publish_landing(session, operator, landing_id=landing_id, version=None, is_public=True, public_summary=row.summary)
    stages = LANES[row.lane]
    days = {
        stage: clock.today() + timedelta(days=(row.pace - 4) * place) for place, stage in enumerate(stages) if place
    }
    plan_stages(session, admin, landing_id=landing_id, version=None, days=days)
    if row.share:
        yield start + 5 * DAY
        yield from _shared(session, cast, landing_id, row, number)
    grown = grow(
        session,
        cast,
        landing_id,
        row.lane,
        start,
        steps=len(stages) - 1,
        pace=row.pace * DAY,
        money_wan=row.money_wan,
        jobs=row.jobs,
    )
    yield from weave([grown, _besides(session, cast, landing_id, row, start)])


def _besides(session: Session, cast: Cast, landing_id: UUID, row: Project, start: datetime) -> Story:
    """What happens while it grows: a first is claimed, and another source."""
    yield start + 80 * DAY
    if row.first is not None:
        _first(session, cast, landing_id, row)
    yield start + 150 * DAY
    if row.claim:
        _claimed(session, cast, landing_id, row)


def _shared(session: Session, cast: Cast, landing_id: UUID, row: Project, number: int) -> Story:
    """The institute says what it is owed to, an operator prepares the shares, an approver decides."""
    operator, approver = cast.one("", Role.OPERATOR, number), cast.one("", Role.APPROVER, number)
    claim: dict[str, Any] = {"kind": SourceKind.AGREEMENT, "words": AGREEMENT, "share": str(row.share / 100)}
    reason = "项目由校地合作专班对接，协议约定的首批成果之一。"
    claim_source(session, cast.one("i02", Role.INSTITUTE_ADMIN), landing_id=landing_id, reason=reason, **claim)
    at = clock.now()
    yield at + 2 * DAY
    shares = [
        Share(SourceKind.AGREEMENT, None, AGREEMENT, row.share),
        Share(SourceKind.DIRECT, None, "", WHOLE - row.share),
    ]
    decision_id = prepare_shares(
        session,
        operator,
        landing_id=landing_id,
        version=None,
        shares=shares,
        reason="经核对接洽记录，协议与企业自主对接均有贡献。",
    )
    yield at + 4 * DAY
    decide_shares(session, approver, decision_id=decision_id, approve=True)


def _first(session: Session, cast: Cast, landing_id: UUID, row: Project) -> None:
    """Claimed by the institute; an operator has looked at most of them."""
    assert row.first is not None
    first_id = claim_first(
        session,
        cast.one("i02", Role.INSTITUTE_ADMIN),
        landing_id=landing_id,
        level=row.first,
        evidence="主管部门查新报告与同类项目登记情况（演示）。",
    )
    if row.is_verified:
        verify_first(session, cast.one("", Role.OPERATOR, 1), first_id=first_id)


def _claimed(session: Session, cast: Cast, landing_id: UUID, row: Project) -> None:
    claim_source(
        session,
        cast.one("", Role.OPERATOR, 2),
        landing_id=landing_id,
        kind=SourceKind.VISIT,
        words=row.claim,
        share="20",
        reason="团队负责人首次来余杭是参加三访活动，之后才开始接洽落户。",
    )

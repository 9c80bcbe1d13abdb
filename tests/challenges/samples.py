"""Challenges brought by the portal's own commands to the status that a test needs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Challenge, ChallengeSection, Organisation, OrganisationKind, Role, SectionKey
from portal import clock
from portal.challenges.commands import create_challenge, save_metrics, save_rubric, save_section
from portal.challenges.flow import (
    approve_challenge,
    confirm_confidentiality,
    publish_challenge,
    submit_challenge,
    take_challenge,
)
from portal.challenges.rules import CONFIDENTIALITY_CHECKS
from portal.permissions import Actor
from tests.factories import add_member, add_organisation

METRICS: list[dict[str, Any]] = [
    {"name": "双边漆膜厚度", "unit": "µm", "lower": "120", "upper": "140", "target": "132", "method": "每轴首尾各3点"},
    {"name": "局部放电起始电压", "unit": "V", "lower": "1300", "upper": None, "target": "1350.50", "mandatory": True},
    {"name": "表面颗粒", "unit": "个/m", "lower": None, "upper": "0.10", "target": None, "mandatory": False},
]
RUBRIC: list[dict[str, Any]] = [
    {"name": "绝缘性能", "weight": 60, "description": "厚度与起始电压同时满足"},
    {"name": "成本", "weight": 40, "description": ""},
]


@dataclass
class Cast:
    """Everybody who brings a challenge to the opening."""

    enterprise: Organisation
    admin: Actor
    member: Actor
    operator: Actor
    approver: Actor
    broker: Actor


def add_cast(session: Session) -> Cast:
    enterprise = add_organisation(session)
    agency = add_organisation(session, OrganisationKind.AGENCY)
    return Cast(
        enterprise,
        add_member(session, Role.ENTERPRISE_ADMIN, enterprise),
        add_member(session, Role.ENTERPRISE_MEMBER, enterprise),
        add_member(session, Role.OPERATOR),
        add_member(session, Role.APPROVER),
        add_member(session, Role.BROKER, agency),
    )


def contents(**changes: dict[str, Any]) -> dict[SectionKey, dict[str, Any]]:
    """What a complete draft holds, section by section; `problem={"title": …}` changes fields of one."""
    closes_at = clock.local(clock.now() + timedelta(days=40)).replace(hour=17, minute=0)
    found: dict[SectionKey, dict[str, Any]] = {
        SectionKey.PROBLEM: {
            "title": "800 V电机扁线漆膜减薄",
            "summary": "减薄漆膜而不降低局部放电起始电压。",
            "text": "现有填料漆放置两周后出现沉降。\n希望在现有立式漆包机上连续生产。",
            "industry_code": "C38",
            "town_code": "pingyao",
            "trl_wanted": 7,
            "trl_now": 4,
        },
        SectionKey.TODAY: {"text": "双边170 µm的漆膜。", "cost_fen": "410 万元", "cost_note": ""},
        SectionKey.BUDGET: {"sum_fen": "360", "source": "企业自筹", "note": ""},
        SectionKey.IP: {"regime": "jointly_owned", "note": ""},
        SectionKey.LINE: {"line": "5号立式漆包机", "site": "瓶窑厂区二车间", "text": ""},
        SectionKey.SCHEDULE: {"opens_on": None, "closes_at": f"{closes_at:%Y-%m-%d %H:%M}", "note": ""},
        SectionKey.CONFIDENTIAL: {"text": "炉温窗口仅±6 ℃。"},
    }
    for name, values in changes.items():
        found[SectionKey(name)] = found.get(SectionKey(name), {}) | values
    return found


def fill(session: Session, actor: Actor, challenge_id: UUID, **changes: dict[str, Any]) -> None:
    for key, content in contents(**changes).items():
        save_section(session, actor, challenge_id=challenge_id, key=key, content=content)
    save_metrics(session, actor, challenge_id=challenge_id, rows=METRICS)
    save_rubric(session, actor, challenge_id=challenge_id, rows=RUBRIC)


def draft(session: Session, cast: Cast, **changes: dict[str, Any]) -> Challenge:
    challenge_id = create_challenge(session, cast.member, title="草稿")
    fill(session, cast.member, challenge_id, **changes)
    return session.get_one(Challenge, challenge_id)


def submitted(session: Session, cast: Cast, **changes: dict[str, Any]) -> Challenge:
    challenge = draft(session, cast, **changes)
    submit_challenge(session, cast.admin, challenge_id=challenge.id)
    return challenge


def refining(session: Session, cast: Cast, **changes: dict[str, Any]) -> Challenge:
    challenge = submitted(session, cast, **changes)
    take_challenge(session, cast.operator, challenge_id=challenge.id, broker_id=cast.broker.person_id)
    return challenge


def checked(session: Session, cast: Cast, **changes: dict[str, Any]) -> Challenge:
    challenge = refining(session, cast, **changes)
    confirmed = dict.fromkeys(CONFIDENTIALITY_CHECKS, True)
    confirm_confidentiality(session, cast.broker, challenge_id=challenge.id, confirmed=confirmed)
    return challenge


def approved(session: Session, cast: Cast, **changes: dict[str, Any]) -> Challenge:
    challenge = checked(session, cast, **changes)
    approve_challenge(session, cast.approver, challenge_id=challenge.id)
    return challenge


def opened_to_answers(session: Session, cast: Cast, **changes: dict[str, Any]) -> Challenge:
    """An open challenge."""
    challenge = approved(session, cast, **changes)
    publish_challenge(session, cast.operator, challenge_id=challenge.id)
    return challenge


def section_of(session: Session, challenge: Challenge, key: SectionKey) -> ChallengeSection:
    query = select(ChallengeSection).where(ChallengeSection.challenge_id == challenge.id, ChallengeSection.key == key)
    return session.scalars(query).one()

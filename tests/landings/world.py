"""A solved challenge and the projects that grow from it."""

from typing import Any

from sqlalchemy.orm import Session

from db.models import ChallengeStatus, Landing, LandingCategory, LandingLane, LandingStage
from portal import clock
from portal.landings.commands import create_landing, record_step
from portal.landings.evidence import EVIDENCE
from portal.permissions import Actor
from tests.validation.world import World, make_world


def solved_world(session: Session, *, status: ChallengeStatus = ChallengeStatus.SOLVED) -> World:
    return make_world(session, status=status)


def create(session: Session, actor: Actor, **changes: Any) -> Landing:
    values: dict[str, Any] = {
        "title": "铝箔中试线落户",
        "category": LandingCategory.TECHNOLOGY,
        "lane": LandingLane.HEAVY,
        "town_code": "wuchang",
        "since": clock.today(),
    }
    return session.get_one(Landing, create_landing(session, actor, **(values | changes)))


def step(session: Session, actor: Actor, landing: Landing, stage: LandingStage, **changes: Any) -> Any:
    kind = next(iter(EVIDENCE.get(stage, ())), None)
    values: dict[str, Any] = {
        "happened_on": clock.today(),
        "evidence_type": kind,
        "evidence": "协议扫描件",
        "version": None,
    }
    return record_step(session, actor, landing_id=landing.id, stage=stage, **(values | changes))

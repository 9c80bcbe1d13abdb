"""A throw-away database of the size that the targets speak of."""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from db.models import (
    AcceptanceMetric,
    Challenge,
    ChallengeSection,
    ChallengeStatus,
    Disclosure,
    Landing,
    LandingCategory,
    LandingLane,
    LandingStage,
    Membership,
    MembershipStatus,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    Person,
    Proposal,
    ProposalStatus,
    Role,
    RubricCriterion,
    SectionKey,
)
from portal import clock
from portal.organisations.places import industries, towns
from portal.seal import new_wrapped_key

CHALLENGES, PROPOSALS, ORGANISATIONS, PEOPLE, LANDINGS = 10_000, 30_000, 2_000, 5_000, 1_000
_SHARES = {
    ChallengeStatus.DRAFT: 5,
    ChallengeStatus.SUBMITTED: 2,
    ChallengeStatus.REFINING: 2,
    ChallengeStatus.APPROVED: 1,
    ChallengeStatus.OPEN: 30,
    ChallengeStatus.CLOSED: 4,
    ChallengeStatus.EVALUATING: 5,
    ChallengeStatus.NEGOTIATING: 3,
    ChallengeStatus.AWARDED: 8,
    ChallengeStatus.VALIDATING: 10,
    ChallengeStatus.SOLVED: 20,
    ChallengeStatus.UNSOLVED: 3,
    ChallengeStatus.NO_AWARD: 4,
    ChallengeStatus.WITHDRAWN: 3,
}
_BEFORE_OPEN = (
    ChallengeStatus.DRAFT,
    ChallengeStatus.SUBMITTED,
    ChallengeStatus.REFINING,
    ChallengeStatus.APPROVED,
)
_OPENED = (
    ChallengeStatus.EVALUATING,
    ChallengeStatus.NEGOTIATING,
    ChallengeStatus.AWARDED,
    ChallengeStatus.VALIDATING,
    ChallengeStatus.SOLVED,
    ChallengeStatus.UNSOLVED,
)


def fill(session: Session, rng: random.Random) -> None:
    """Rows inserted in bulk; contents are plain but of real length."""
    now = clock.now()
    organisations = _organisations(session, rng, now)
    people = _people(session, rng, now, organisations)
    challenges = _challenges(session, rng, now, [row for row in organisations if row["kind"] == "enterprise"])
    _sections(session, now, challenges)
    _proposals(session, rng, now, challenges, people)
    _landings(session, rng, now, challenges)


def _organisations(session: Session, rng: random.Random, now: datetime) -> list[dict]:
    kinds = [OrganisationKind.ENTERPRISE, OrganisationKind.ENTERPRISE, OrganisationKind.INSTITUTE]
    rows = [
        {
            "id": uuid4(),
            "name": f"基准测试机构{number:05d}",
            "kind": kinds[number % 3],
            "credit_code": f"91{number:016d}",
            "status": OrganisationStatus.VERIFIED,
            "industry_code": rng.choice([place.code for place in industries()]),
            "town_code": rng.choice([place.code for place in towns()]),
            "summary": "",
            "contact_name": "",
            "contact_email": "",
            "contact_phone": "",
            "decision_reason": "",
            "is_demo": True,
            "created_at": now,
            "version": 1,
        }
        for number in range(ORGANISATIONS)
    ]
    session.execute(insert(Organisation), rows)
    return rows


def _people(session: Session, rng: random.Random, now: datetime, organisations: list[dict]) -> list[tuple[UUID, dict]]:
    rows = [
        {
            "id": uuid4(),
            "email": f"bench{number}@example.org",
            "name": f"基准人员{number}",
            "language": "zh_CN",
            "mail_notices": False,
            "is_demo": True,
            "created_at": now,
            "version": 1,
        }
        for number in range(PEOPLE)
    ]
    session.execute(insert(Person), rows)
    places = [rng.choice(organisations) for _ in rows]
    role_of = {"enterprise": Role.ENTERPRISE_ADMIN, "institute": Role.RESEARCHER}
    memberships = [
        {
            "id": uuid4(),
            "person_id": person["id"],
            "organisation_id": None if number < 20 else place["id"],
            "role": (Role.LEADER, Role.OPERATOR)[number % 2] if number < 20 else role_of[place["kind"].value],
            "status": MembershipStatus.ACTIVE,
            "created_at": now,
            "version": 1,
        }
        for number, (person, place) in enumerate(zip(rows, places, strict=True))
    ]
    session.execute(insert(Membership), memberships)
    return [(person["id"], place) for person, place in zip(rows, places, strict=True)]


def _challenges(session: Session, rng: random.Random, now: datetime, enterprises: list[dict]) -> list[dict]:
    statuses = rng.choices(list(_SHARES), list(_SHARES.values()), k=CHALLENGES)
    rows = [
        _challenge(rng, now, number, status, rng.choice(enterprises)["id"]) for number, status in enumerate(statuses)
    ]
    session.execute(insert(Challenge), rows)
    return rows


def _challenge(rng: random.Random, now: datetime, number: int, status: ChallengeStatus, organisation_id: UUID) -> dict:
    is_open = status is ChallengeStatus.OPEN
    closes = now + timedelta(days=rng.randint(1, 60)) if is_open else now - timedelta(days=rng.randint(1, 700))
    opens = closes - timedelta(days=rng.randint(61, 90) if is_open else 30)
    published = status not in _BEFORE_OPEN
    return {
        "id": uuid4(),
        "number": f"BM-{number:06d}",
        "organisation_id": organisation_id,
        "title": f"基准课题{number}：提高产线良率并降低单位能耗",
        "summary": "要求在不改变现有设备布局的前提下达到全部验收指标。" * 3,
        "industry_code": rng.choice([place.code for place in industries()]),
        "town_code": rng.choice([place.code for place in towns()]),
        "trl_wanted": rng.randint(4, 9),
        "public_budget_fen": rng.randint(20, 2000) * 10**6,
        "status": status,
        "refining_rounds": 0,
        "nda_mode": "self_service",
        "opens_at": opens if published else None,
        "closes_at": closes if published else None,
        "submitted_at": None if status is ChallengeStatus.DRAFT else opens - timedelta(days=14),
        "closed_at": closes if published and not is_open else None,
        "opened_at": closes + timedelta(days=1) if status in _OPENED else None,
        "ended_reason": "",
        "is_demo": True,
        "created_at": opens - timedelta(days=30),
        "changed_at": min(now, closes),
        "version": 1,
    }


def _sections(session: Session, now: datetime, challenges: list[dict]) -> None:
    text = "现有工艺在高速段出现周期性缺陷，返工率约百分之三，能耗高于同行。" * 6
    sections, metrics, rubric = [], [], []
    for challenge in challenges:
        for key in SectionKey:
            level = Disclosure.NDA if key is SectionKey.CONFIDENTIAL else Disclosure.PUBLIC
            sections.append(
                {
                    "id": uuid4(),
                    "challenge_id": challenge["id"],
                    "key": key,
                    "disclosure": level,
                    "content": {"text": text, "title": challenge["title"], "summary": challenge["summary"]},
                    "changed_at": now,
                    "version": 1,
                }
            )
        for position in range(4):
            metrics.append(
                {
                    "id": uuid4(),
                    "challenge_id": challenge["id"],
                    "position": position,
                    "name": f"指标{position + 1}",
                    "unit": "µm",
                    "lower": Decimal("1.0"),
                    "upper": Decimal("9.0"),
                    "target": Decimal("5.0"),
                    "mandatory": position < 3,
                    "method": "",
                }
            )
            rubric.append(
                {
                    "id": uuid4(),
                    "challenge_id": challenge["id"],
                    "position": position,
                    "name": f"标准{position + 1}",
                    "weight": 25,
                    "description": "",
                }
            )
    for table, rows in ((ChallengeSection, sections), (AcceptanceMetric, metrics), (RubricCriterion, rubric)):
        session.execute(insert(table), rows)


def _proposals(
    session: Session, rng: random.Random, now: datetime, challenges: list[dict], people: list[tuple[UUID, dict]]
) -> None:
    researchers = [(person, place) for person, place in people[20:] if place["kind"] is OrganisationKind.INSTITUTE]
    published = [challenge for challenge in challenges if challenge["closes_at"] is not None]
    pairs = {(rng.choice(published)["id"], rng.randrange(len(researchers))) for _ in range(PROPOSALS + 500)}
    rows = [
        {
            "id": (proposal_id := uuid4()),
            "challenge_id": challenge_id,
            "institute_id": researchers[number][1]["id"],
            "lead_id": researchers[number][0],
            "status": ProposalStatus.SUBMITTED,
            "wrapped_key": new_wrapped_key(str(proposal_id)),
            "submission_number": 1,
            "is_demo": True,
            "created_at": now,
            "changed_at": now,
            "version": 1,
        }
        for challenge_id, number in list(pairs)[:PROPOSALS]
    ]
    session.execute(insert(Proposal), rows)


def _landings(session: Session, rng: random.Random, now: datetime, challenges: list[dict]) -> None:
    solved = [challenge for challenge in challenges if challenge["status"] is ChallengeStatus.SOLVED]
    stages = [LandingStage.LEAD, LandingStage.AGREEMENT_SIGNED, LandingStage.COMPANY_REGISTERED]
    rows = [
        {
            "id": uuid4(),
            "number": f"BL-{number:05d}",
            "title": f"基准落地项目{number}",
            "summary": "",
            "category": LandingCategory.TECHNOLOGY,
            "lane": LandingLane.HEAVY,
            "stage": rng.choice(stages),
            "stage_since": clock.today(),
            "flag": "on_track",
            "flag_reason": "",
            "town_code": rng.choice([place.code for place in towns()]),
            "place": "",
            "challenge_id": challenge["id"],
            "enterprise_id": challenge["organisation_id"],
            "is_public": True,
            "public_summary": "",
            "loss_lesson": "",
            "is_demo": True,
            "created_at": now,
            "changed_at": now,
            "version": 1,
        }
        for number, challenge in enumerate(solved[:LANDINGS])
    ]
    session.execute(insert(Landing), rows)

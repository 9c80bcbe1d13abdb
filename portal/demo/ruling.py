"""The story from the close to the contract: opening, eligibility, ranking, terms, replies, award."""

from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Decision, DecisionStatus, Organisation, Proposal, ProposalStatus, ReplyReason, Role
from portal.demo.content import parties
from portal.demo.fates import Fate
from portal.demo.parties import Cast
from portal.demo.proving import winner
from portal.permissions import Actor
from portal.reviews.awards import decide_award, prepare_award
from portal.reviews.closing import declare_no_award, withdraw_challenge
from portal.reviews.contracts import sign_contract
from portal.reviews.eligibility import accept_eligible, evaluate_challenge
from portal.reviews.opening import turn_opening_key
from portal.reviews.ranking import agree_ranking, record_ranking, shortlist_challenge
from portal.reviews.replies import prepare_reply
from portal.reviews.rules import RankEntry
from portal.reviews.terms import accept_terms, write_terms
from portal.wording import fen_from_wan, parse_number

Story = Generator[datetime, None, None]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
_WITHDRAWN = "产品方案调整，该工序取消，不再需要揭榜。感谢各单位参与。"
_NO_AWARD = "各方案均未同时满足全部必达指标与预算，建议调整指标后重新出题。"


def ruling_story(
    session: Session, cast: Cast, row: dict[str, Any], fate: Fate, challenge_id: UUID, closes_at: datetime
) -> Story:
    """As far as the fate says."""
    number = int(row["key"][1:])
    admin = cast.one(row["enterprise"], Role.ENTERPRISE_ADMIN)
    operator = cast.one("", Role.OPERATOR, number)
    if fate is Fate.CLOSED:
        return
    yield closes_at + DAY
    turn_opening_key(session, operator, challenge_id=challenge_id)
    yield closes_at + DAY + 9 * MINUTE
    turn_opening_key(session, admin, challenge_id=challenge_id)
    if fate is Fate.OPENED:
        return
    yield closes_at + 3 * DAY
    for proposal_id in _ids(session, challenge_id, ProposalStatus.SUBMITTED):
        accept_eligible(session, operator, proposal_id=proposal_id)
    yield closes_at + 4 * DAY
    evaluate_challenge(session, operator, challenge_id=challenge_id)
    if fate is Fate.EVALUATING and number % 2:
        return
    yield closes_at + 10 * DAY
    _rank(session, operator, row, challenge_id)
    if fate is Fate.EVALUATING:
        return
    yield closes_at + 12 * DAY
    agree_ranking(session, admin, challenge_id=challenge_id)
    if fate in (Fate.NO_AWARD, Fate.WITHDRAWN):
        yield from _end_without(session, cast, row, fate, challenge_id, closes_at + 15 * DAY)
        return
    yield closes_at + 14 * DAY
    shortlist_challenge(session, operator, challenge_id=challenge_id, reserves=1 if len(row["proposals"]) > 2 else 0)
    yield from _negotiate(session, cast, row, fate, challenge_id, closes_at)


def _negotiate(
    session: Session, cast: Cast, row: dict[str, Any], fate: Fate, challenge_id: UUID, closes_at: datetime
) -> Story:
    number = int(row["key"][1:])
    admin = cast.one(row["enterprise"], Role.ENTERPRISE_ADMIN)
    operator = cast.one("", Role.OPERATOR, number)
    yield closes_at + 18 * DAY
    best = _ids(session, challenge_id, ProposalStatus.SHORTLISTED)[0]
    terms_id = write_terms(
        session, operator, challenge_id=challenge_id, sum_fen=_sum(session, row, best), text=_terms_text(row)
    )
    if fate is Fate.NEGOTIATING:
        return
    yield closes_at + 20 * DAY
    accept_terms(session, admin, terms_id=terms_id)
    yield closes_at + 22 * DAY
    accept_terms(session, _lead(session, cast, best), terms_id=terms_id)
    for proposal_id in _others(session, challenge_id, best):
        prepare_reply(
            session,
            operator,
            proposal_id=proposal_id,
            code=ReplyReason.OUTRANKED,
            text=_content(session, row, proposal_id)["reply"],
        )
    yield closes_at + 24 * DAY
    prepare_award(session, operator, challenge_id=challenge_id)
    if fate is Fate.PREPARED:
        return
    yield closes_at + 26 * DAY
    decision = select(Decision.id).where(Decision.object_id == challenge_id, Decision.status == DecisionStatus.PREPARED)
    decide_award(
        session,
        cast.one("", Role.APPROVER, number),
        decision_id=session.scalars(decision).one(),
        approve=True,
        reason="程序完整，条款双方已确认，同意中榜。",
    )
    yield closes_at + 34 * DAY
    sign_contract(session, admin, challenge_id=challenge_id)
    yield closes_at + 36 * DAY
    sign_contract(session, winner(session, cast, challenge_id), challenge_id=challenge_id)


def _end_without(
    session: Session, cast: Cast, row: dict[str, Any], fate: Fate, challenge_id: UUID, start: datetime
) -> Story:
    """No award, or withdrawn: everybody gets a reasoned reply first."""
    number = int(row["key"][1:])
    operator = cast.one("", Role.OPERATOR, number)
    ends = fate is Fate.NO_AWARD
    yield start
    code = ReplyReason.NO_AWARD if ends else ReplyReason.CHALLENGE_WITHDRAWN
    for proposal_id in _others(session, challenge_id, None):
        text = _content(session, row, proposal_id)["reply"] if ends else _WITHDRAWN
        prepare_reply(session, operator, proposal_id=proposal_id, code=code, text=text)
    yield start + 2 * DAY
    if ends:
        approver = cast.one("", Role.APPROVER, number)
        declare_no_award(session, approver, challenge_id=challenge_id, reason=_NO_AWARD)
    else:
        admin = cast.one(row["enterprise"], Role.ENTERPRISE_ADMIN)
        withdraw_challenge(session, admin, challenge_id=challenge_id, reason=_WITHDRAWN)


def _rank(session: Session, operator: Actor, row: dict[str, Any], challenge_id: UUID) -> None:
    """Fewest missed mandatory limits first, then the lower sum."""
    ids = _ids(session, challenge_id, ProposalStatus.IN_EVALUATION)
    ordered = sorted(ids, key=lambda one: _merit(row, _content(session, row, one)))
    entries = [
        RankEntry(proposal_id=one, rank=place, reason=_why(row, _content(session, row, one)))
        for place, one in enumerate(ordered, start=1)
    ]
    record_ranking(session, operator, challenge_id=challenge_id, entries=entries)


def _merit(row: dict[str, Any], proposal: dict[str, Any]) -> tuple[int, float]:
    return _missed(row, proposal), float(proposal["sum_wan"])


def _missed(row: dict[str, Any], proposal: dict[str, Any]) -> int:
    return sum(
        metric["mandatory"]
        and not (
            (metric["lower"] is None or value >= metric["lower"])
            and (metric["upper"] is None or value <= metric["upper"])
        )
        for metric, value in zip(row["metrics"], proposal["promises"], strict=True)
    )


def _why(row: dict[str, Any], proposal: dict[str, Any]) -> str:
    missed = _missed(row, proposal)
    limits = f"有 {missed} 项必达指标承诺值未达限值" if missed else "必达指标承诺值全部满足限值"
    readiness = f"承诺成熟度由 {proposal['readiness_now']} 级提升至 {proposal['readiness_after']} 级"
    return f"{limits}；报价 {proposal['sum_wan']:g} 万元，{readiness}。"


def _ids(session: Session, challenge_id: UUID, status: ProposalStatus) -> list[UUID]:
    query = select(Proposal.id).where(Proposal.challenge_id == challenge_id, Proposal.status == status)
    return list(session.scalars(query.order_by(Proposal.created_at, Proposal.id)))


def _others(session: Session, challenge_id: UUID, best: UUID | None) -> list[UUID]:
    query = select(Proposal.id).where(
        Proposal.challenge_id == challenge_id,
        Proposal.id != best if best else Proposal.id.is_not(None),
        Proposal.submission_number.is_not(None),
    )
    return list(session.scalars(query.order_by(Proposal.created_at, Proposal.id)))


def _content(session: Session, row: dict[str, Any], proposal_id: UUID) -> dict[str, Any]:
    """What the content file says of this institute's proposal."""
    name = session.scalars(
        select(Organisation.name)
        .join(Proposal, Proposal.institute_id == Organisation.id)
        .where(Proposal.id == proposal_id)
    ).one()
    keys = {organisation["name"]: organisation["key"] for organisation in parties()["organisations"]}
    found: dict[str, Any] = next(one for one in row["proposals"] if one["institute"] == keys[name])
    return found


def _lead(session: Session, cast: Cast, proposal_id: UUID) -> Actor:
    lead_id = session.scalars(select(Proposal.lead_id).where(Proposal.id == proposal_id)).one()
    return next(actor for actors in cast.actors.values() for actor in actors if actor.person_id == lead_id)


def _sum(session: Session, row: dict[str, Any], proposal_id: UUID) -> int:
    return fen_from_wan(parse_number(f"{_content(session, row, proposal_id)['sum_wan']}"))


def _terms_text(row: dict[str, Any]) -> str:
    return (
        "一、按验收指标在企业产线上完成首件、小批和批量验证。\n"
        f"二、知识产权：{row['ip_note']}\n"
        "三、付款：合同签订后 40%，小批验证通过后 30%，批量验证签认后 30%。\n"
        "四、企业提供产线机时与样品，院所派驻不少于两名工程师。"
    )

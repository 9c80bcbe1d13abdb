"""Reads on evaluations: the list, one evaluation as far as its reader may see it, the award for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from db.models import (
    Challenge,
    ChallengeStatus,
    Decision,
    DecisionKind,
    DecisionStatus,
    OpeningKey,
    Person,
    Proposal,
    ProposalStatus,
    Ranking,
    Reply,
    ReplyReason,
    Terms,
)
from portal import clock
from portal.house_rules import house_rules
from portal.paging import COUNT_LIMIT, first_row
from portal.permissions import Actor
from portal.reviews.access import get_evaluation, get_opened_proposal, opened_proposals, visible_to
from portal.reviews.results import AwardRow, award_of
from portal.reviews.rules import DISTRICT, ENTERPRISE, counts, is_locked
from portal.reviews.sealing import open_words
from portal.reviews.steps import Step, steps_of
from portal.reviews.turns import Turn, facts_of, turn_of, turns_of
from portal.reviews.workflow import IN_EVALUATION

_AFTER = (ChallengeStatus.AWARDED, ChallengeStatus.NO_AWARD)


class EvaluationRow(NamedTuple):
    """One line of the list."""

    id: UUID
    number: str
    title: str
    organisation: str
    status: ChallengeStatus
    closes_at: datetime | None
    turn: Turn
    is_my_turn: bool


class EvaluationPage(NamedTuple):
    rows: list[EvaluationRow]
    total: int  # stops at 1,001


class KeyRow(NamedTuple):
    """One of the two keys; `counts` is false for one whose time ran out."""

    side: str
    name: str
    turned_at: datetime | None
    counts: bool


class ReplyRow(NamedTuple):
    """A prepared or released reply."""

    code: ReplyReason
    text: str
    released_at: datetime | None
    version: int


class ProposalRow(NamedTuple):
    """One opened proposal as those who evaluate it see it; its words are read in the comparison."""

    id: UUID
    institute: str
    lead: str
    status: ProposalStatus
    decision_reason: str
    rank: int | None
    rank_reason: str
    reply: ReplyRow | None
    version: int


class TermsRow(NamedTuple):
    """The newest terms for the proposal that is negotiated with, or awarded."""

    id: UUID
    number: int
    sum_fen: int
    text: str
    written_at: datetime
    enterprise_accepted_at: datetime | None
    investigator_accepted_at: datetime | None


class DecisionRow(NamedTuple):
    """The last prepared award."""

    id: UUID
    status: DecisionStatus
    reason: str
    prepared_by: str
    prepared_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision_reason: str
    version: int


@dataclass(frozen=True)
class EvaluationDetail:
    """One evaluation; before the opening there is nothing in it about proposals."""

    row: EvaluationRow
    opened_at: datetime | None
    window_minutes: int
    keys: list[KeyRow]
    ended_reason: str
    version: int
    proposals: list[ProposalRow] = field(default_factory=list)
    ranked_by: str | None = None
    is_agreed: bool = False
    is_locked: bool = False
    terms: TermsRow | None = None
    decision: DecisionRow | None = None
    award: AwardRow | None = None
    contract_recorded: bool = False
    steps: tuple[Step, ...] = ()


def list_evaluations(
    session: Session, actor: Actor, *, ended: bool = False, offset: int = 0, limit: int = 20
) -> EvaluationPage:
    """Challenges between deadline and award, the longest waiting first; `ended` lists the awarded and the empty."""
    where = (visible_to(actor), Challenge.status.in_(_AFTER if ended else IN_EVALUATION))
    total = session.scalar(
        select(func.count()).select_from(select(Challenge.id).where(*where).limit(COUNT_LIMIT + 1).subquery())
    )
    order = Challenge.changed_at.desc() if ended else Challenge.changed_at.asc()
    total, limit = total or 0, min(max(limit, 1), 100)
    query = (
        select(Challenge)
        .options(joinedload(Challenge.organisation))
        .where(*where)
        .order_by(order, Challenge.id)
        .offset(first_row(offset, limit, total))
        .limit(limit)
    )
    found = list(session.scalars(query))
    turns = turns_of(session, found)
    return EvaluationPage([_row(actor, challenge, turns[challenge.id]) for challenge in found], total)


def evaluation_detail(session: Session, actor: Actor, challenge_id: UUID) -> EvaluationDetail:
    """Everything about one evaluation but the words of its proposals. Raises: NotFound."""
    challenge = get_evaluation(session, actor, challenge_id)
    facts = facts_of(session, [challenge])[challenge.id]
    window = house_rules(session).opening_window_minutes
    common: dict[str, Any] = {
        "row": _row(actor, challenge, turn_of(facts)),
        "opened_at": challenge.opened_at,
        "window_minutes": window,
        "keys": _keys(session, challenge, window),
        "ended_reason": challenge.ended_reason,
        "version": challenge.version,
    }
    if challenge.opened_at is None:
        return EvaluationDetail(**common, steps=steps_of(session, actor, challenge, [], facts))
    proposals = opened_proposals(session, challenge)
    return EvaluationDetail(
        **common,
        proposals=_proposal_rows(session, challenge, proposals),
        ranked_by=facts.ranked_by,
        is_agreed=facts.is_agreed,
        is_locked=is_locked(row.status for row in proposals),
        terms=terms_row(facts.terms),
        decision=_decision(session, challenge),
        award=award_of(session, actor, challenge.id),
        contract_recorded=facts.contract_recorded,
        steps=steps_of(session, actor, challenge, proposals, facts),
    )


def terms_row(terms: Terms | None) -> TermsRow | None:
    if terms is None:
        return None
    return TermsRow(
        terms.id,
        terms.number,
        terms.sum_fen,
        terms.text,
        terms.written_at,
        terms.enterprise_accepted_at,
        terms.investigator_accepted_at,
    )


def terms_history(session: Session, actor: Actor, proposal_id: UUID) -> list[TermsRow]:
    """Every version of the terms of an opened proposal, the newest first. Raises: NotFound."""
    get_opened_proposal(session, actor, proposal_id)
    query = select(Terms).where(Terms.proposal_id == proposal_id).order_by(Terms.number.desc())
    return [row for terms in session.scalars(query) if (row := terms_row(terms)) is not None]


def _row(actor: Actor, challenge: Challenge, turn: Turn) -> EvaluationRow:
    return EvaluationRow(
        challenge.id,
        challenge.number,
        challenge.title,
        challenge.organisation.name,
        challenge.status,
        challenge.closes_at,
        turn,
        actor.role in turn.roles,
    )


def _keys(session: Session, challenge: Challenge, window: int) -> list[KeyRow]:
    query = (
        select(OpeningKey, Person.name)
        .join(Person, Person.id == OpeningKey.person_id)
        .where(OpeningKey.challenge_id == challenge.id)
    )
    found = {key.side: (key.turned_at, name) for key, name in session.execute(query)}
    is_open, at = challenge.opened_at is not None, clock.now()
    rows = []
    for side in (ENTERPRISE, DISTRICT):
        turned_at, name = found.get(side, (None, ""))
        # What opened the proposals counted, whatever the clock says since.
        holds = turned_at is not None and (is_open or counts(turned_at, at, window))
        rows.append(KeyRow(side, name, turned_at, holds))
    return rows


def _proposal_rows(session: Session, challenge: Challenge, proposals: Sequence[Proposal]) -> list[ProposalRow]:
    """Ranked ones first, the others by institute: no order of merit before there is one."""
    ranks = {
        row.proposal_id: row for row in session.scalars(select(Ranking).where(Ranking.challenge_id == challenge.id))
    }
    replies = {row.proposal_id: row for row in session.scalars(select(Reply).where(Reply.challenge_id == challenge.id))}
    query = select(Person.id, Person.name).where(Person.id.in_([row.lead_id for row in proposals]))
    names = {row.id: row.name for row in session.execute(query)}
    rows = []
    for proposal in proposals:
        rank, reply = ranks.get(proposal.id), replies.get(proposal.id)
        rows.append(
            ProposalRow(
                proposal.id,
                proposal.institute.name,
                names.get(proposal.lead_id, ""),
                proposal.status,
                open_words(proposal, proposal.decision_reason, "decision"),
                rank.rank if rank else None,
                open_words(proposal, rank.reason, "ranking") if rank else "",
                ReplyRow(reply.code, reply.text, reply.released_at, reply.version) if reply else None,
                proposal.version,
            )
        )
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.institute, str(row.id)))


def _decision(session: Session, challenge: Challenge) -> DecisionRow | None:
    query = (
        select(Decision)
        .where(Decision.object_id == challenge.id, Decision.kind == DecisionKind.AWARD)
        .order_by(Decision.prepared_at.desc())
        .limit(1)
    )
    found = session.scalars(query).first()
    if found is None:
        return None
    people = select(Person.id, Person.name).where(Person.id.in_([found.prepared_by, found.decided_by]))
    names = {row.id: row.name for row in session.execute(people)}
    return DecisionRow(
        found.id,
        found.status,
        found.reason,
        names.get(found.prepared_by, ""),
        found.prepared_at,
        names.get(found.decided_by, "") if found.decided_by else "",
        found.decided_at,
        found.decision_reason,
        found.version,
    )

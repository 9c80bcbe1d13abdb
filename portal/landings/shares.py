"""Reads on the sources of a project: its shares, the claims beside them, and what waits for a decision."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.models import (
    Award,
    Challenge,
    Decision,
    Landing,
    LandingClaim,
    LandingShare,
    Person,
    Proposal,
)
from portal.challenges.access import visible_to as challenge_visible_to
from portal.landings.records import names_of
from portal.landings.rules import Share, sides
from portal.landings.sources import first_share, open_claims, prepared_decision, prepared_shares
from portal.organisations.access import acts_for
from portal.permissions import Action, Actor, can

CHOICES = 100


class ShareRow(NamedTuple):
    """One share with the name of its record; empty for a record without one, or that the reader may not see."""

    share: Share
    name: str


class ClaimRow(NamedTuple):
    """An open claim: what is asked for, by whom, and why."""

    id: UUID
    share: Share
    name: str
    reason: str
    claimed_by: str
    claimed_at: datetime


class PreparedShares(NamedTuple):
    """Shares that wait for an approver; `may_decide` holds for one who neither prepared them nor acts for a party."""

    decision_id: UUID
    version: int
    shares: list[ShareRow]
    reason: str
    prepared_by: str
    prepared_at: datetime
    may_decide: bool


class Sources(NamedTuple):
    """Everything about whom a project is owed to."""

    shares: list[ShareRow]
    claims: list[ClaimRow]
    prepared: PreparedShares | None
    choices: list[tuple[UUID, str]]  # challenges of the parties, for those who may claim or prepare


def sources_of(session: Session, actor: Actor, landing: Landing) -> Sources:
    """The caller has made sure that the reader may see the whole project."""
    stored = session.scalars(select(LandingShare).where(LandingShare.landing_id == landing.id))
    shares = [Share(row.kind, row.object_id, row.words, row.points) for row in stored] or [first_share(landing)]
    shares.sort(key=lambda row: (-row.points, row.kind.value, row.words))
    claims = session.execute(
        open_claims(landing.id).add_columns(Person.name).join(Person, Person.id == LandingClaim.claimed_by)
    ).all()
    decision = session.scalars(prepared_decision(landing.id)).first()
    planned = prepared_shares(decision) if decision else []
    asked = [Share(claim.kind, claim.object_id, claim.words, claim.points) for claim, _person in claims]
    names = names_of(session, actor, [*shares, *asked, *planned])
    where = sides(actor, landing)
    acts = can(actor, Action.CLAIM_SOURCE, where) or can(actor, Action.PREPARE_SHARES, where)
    return Sources(
        shares=[ShareRow(row, _name(row, names)) for row in shares],
        claims=[
            ClaimRow(claim.id, share, _name(share, names), claim.reason, person, claim.claimed_at)
            for (claim, person), share in zip(claims, asked, strict=True)
        ],
        prepared=_prepared(session, actor, landing, decision, names) if decision else None,
        choices=_choices(session, actor, landing) if acts else [],
    )


def _prepared(
    session: Session, actor: Actor, landing: Landing, decision: Decision, names: dict[UUID, str]
) -> PreparedShares:
    decides = (
        can(actor, Action.DECIDE_SHARES, sides(actor, landing))
        and decision.prepared_by != actor.person_id
        and not acts_for(session, actor.acting_person, [landing.enterprise_id, landing.institute_id])
    )
    return PreparedShares(
        decision_id=decision.id,
        version=decision.version,
        shares=[ShareRow(row, _name(row, names)) for row in prepared_shares(decision)],
        reason=decision.reason,
        prepared_by=session.get_one(Person, decision.prepared_by).name,
        prepared_at=decision.prepared_at,
        may_decide=decides,
    )


def _name(share: Share, names: dict[UUID, str]) -> str:
    return names.get(share.object_id, "") if share.object_id else share.words


def _choices(session: Session, actor: Actor, landing: Landing) -> list[tuple[UUID, str]]:
    """Awarded challenges of the project's parties, the latest first."""
    sources = []
    if landing.enterprise_id is not None:
        sources.append(Challenge.organisation_id == landing.enterprise_id)
    if landing.institute_id is not None:
        won = (
            select(Award.challenge_id)
            .join(Proposal, Proposal.id == Award.proposal_id)
            .where(Award.revoked_at.is_(None), Proposal.institute_id == landing.institute_id)
        )
        sources.append(Challenge.id.in_(won))
    awarded = select(Award.challenge_id).where(Award.revoked_at.is_(None), Award.challenge_id == Challenge.id).exists()
    query = (
        select(Challenge.id, Challenge.title)
        .where(or_(*sources), awarded, challenge_visible_to(actor))
        .order_by(Challenge.changed_at.desc(), Challenge.id)
        .limit(CHOICES)
    )
    return list(session.execute(query).all())

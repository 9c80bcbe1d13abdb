"""What waits for an organisation's admin: cover sheets to clear, invitations to answer, teams without a leader."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from db.models import Challenge, ChallengeStatus, CoApplicant, CoApplicantStatus, Person, Proposal, ProposalStatus
from portal import clock
from portal.permissions import Action, Actor, Side, can
from portal.proposals.access import cover_to, invited, key_of, without_lead
from portal.proposals.clearance import cover_of
from portal.proposals.content import draft_titles, part_place
from portal.proposals.partners import PartnerRow, partners_of
from portal.proposals.rules import takes_drafts
from portal.proposals.team import MemberRow, members_of

_TAKES_DRAFTS = (ChallengeStatus.OPEN, ChallengeStatus.SUSPENDED)
LIST_LIMIT = 100


class CoverSheet(NamedTuple):
    """Title, sum and team: all that an institute's admin sees before the opening."""

    proposal_id: UUID
    challenge_id: UUID
    challenge_title: str
    challenge_number: str
    closes_at: datetime | None
    title: str
    sum_fen: int | None
    lead: str
    members: list[MemberRow]
    partners: list[PartnerRow]
    digest: str
    version: int
    is_own: bool  # led by the reader: another admin clears it


class Invitation(NamedTuple):
    """Title and the own part: all that an invited organisation's admin sees."""

    proposal_id: UUID
    challenge_id: UUID
    challenge_title: str
    challenge_number: str
    closes_at: datetime | None
    institute: str
    title: str
    part: str
    status: CoApplicantStatus
    invited_at: datetime
    may_answer: bool
    version: int


class Leaderless(NamedTuple):
    """A proposal whose leader no longer works for the institute; its words stay unread."""

    proposal_id: UUID
    challenge_id: UUID
    challenge_title: str
    challenge_number: str
    status: ProposalStatus
    version: int


def cover_sheets_due(session: Session, actor: Actor) -> list[CoverSheet]:
    """What the institute's admin was asked to clear and still can, what closes first on top; else empty."""
    if not can(actor, Action.CLEAR_PROPOSAL, {Side.INSTITUTE}):
        return []
    query = _proposals(
        cover_to(actor),
        Proposal.clearance_asked_digest.is_not(None),
        Proposal.status.in_((ProposalStatus.INTERNAL_CHECK, ProposalStatus.SUBMITTED)),
        Challenge.status.in_(_TAKES_DRAFTS),
    )
    rows = [row for row in session.scalars(query) if takes_drafts(row.challenge, clock.now())]
    return [_cover_sheet(session, actor, row) for row in rows]


def co_applications(session: Session, actor: Actor) -> list[Invitation]:
    """Invitations to the organisation acted for, those to answer first."""
    query = (
        _proposals(invited(actor))
        .join(CoApplicant, CoApplicant.proposal_id == Proposal.id)
        .add_columns(CoApplicant)
        .where(CoApplicant.organisation_id == actor.organisation_id)
    )
    rows = session.execute(query).all()
    titles = draft_titles(session, [proposal for proposal, _ in rows])
    found = [_invitation(proposal, row, titles[proposal.id]) for proposal, row in rows]
    return sorted(found, key=lambda row: not row.may_answer)


def leaderless(session: Session, actor: Actor) -> list[Leaderless]:
    """Proposals of the institute that nobody leads any more, for naming somebody; else empty."""
    if not can(actor, Action.HAND_OVER_PROPOSAL, {Side.INSTITUTE}):
        return []
    query = _proposals(cover_to(actor), without_lead(), Proposal.status != ProposalStatus.WITHDRAWN)
    return [
        Leaderless(row.id, row.challenge_id, row.challenge.title, row.challenge.number, row.status, row.version)
        for row in session.scalars(query)
    ]


def _proposals(*where: ColumnElement[bool]) -> Select[Proposal]:
    return (
        select(Proposal)
        .join(Challenge, Challenge.id == Proposal.challenge_id)
        .options(
            joinedload(Proposal.challenge),
            joinedload(Proposal.institute),
            selectinload(Proposal.team),
            selectinload(Proposal.co_applicants),
        )
        .where(*where)
        .order_by(Challenge.closes_at, Proposal.id)
        .limit(LIST_LIMIT)
    )


def _cover_sheet(session: Session, actor: Actor, row: Proposal) -> CoverSheet:
    cover, lead = cover_of(session, row), session.get_one(Person, row.lead_id)
    return CoverSheet(
        proposal_id=row.id,
        challenge_id=row.challenge_id,
        challenge_title=row.challenge.title,
        challenge_number=row.challenge.number,
        closes_at=row.challenge.closes_at,
        title=cover.title,
        sum_fen=cover.sum_fen,
        lead=lead.name,
        members=members_of(session, row),
        partners=partners_of(session, row, with_part=False),
        digest=cover.digest,
        version=row.version,
        is_own=row.lead_id == actor.person_id,
    )


def _invitation(proposal: Proposal, row: CoApplicant, title: str) -> Invitation:
    declined = row.status is CoApplicantStatus.DECLINED
    return Invitation(
        proposal_id=proposal.id,
        challenge_id=proposal.challenge_id,
        challenge_title=proposal.challenge.title,
        challenge_number=proposal.challenge.number,
        closes_at=proposal.challenge.closes_at,
        institute=proposal.institute.name,
        title="" if declined else title,
        part="" if declined else key_of(proposal).open(row.part, part_place(row.id)).decode(),
        status=row.status,
        invited_at=row.invited_at,
        may_answer=row.status is CoApplicantStatus.INVITED and takes_drafts(proposal.challenge, clock.now()),
        version=row.version,
    )

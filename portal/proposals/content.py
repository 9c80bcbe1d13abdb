"""The words of a proposal: sealed on the way in, opened for its team, and for others after the opening alone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from db.models import (
    Challenge,
    Person,
    Proposal,
    ProposalSection,
    ProposalSectionKey,
    ProposalStatus,
    ProposalSubmission,
)
from db.types import Sealed
from portal.challenges.access import get_challenge
from portal.errors import NotFound
from portal.permissions import Actor, Role
from portal.proposals.access import READS_OPENED, key_of, opened_to
from portal.proposals.readings import log_reading
from portal.proposals.rules import Sight, sight_of
from portal.proposals.sections import Content, empty_content, promises_of
from portal.seal import ProposalKey

_K = ProposalSectionKey


class FileFacts(NamedTuple):
    """One attachment as it was handed in; `size` in bytes."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


class Member(NamedTuple):
    """Somebody of the team, or an organisation that takes part, by name as handed in."""

    id: UUID
    name: str
    organisation: str = ""


@dataclass(frozen=True)
class Document:
    """Everything that was handed in at once."""

    title: str
    sum_fen: int
    summary: str
    promises: dict[UUID, Decimal]
    approach: dict[UUID, str]
    readiness_now: int
    readiness_after: int
    readiness_note: str
    advantage: str
    gain: str
    cost: str
    plan: str
    team: str
    budget_note: str
    members: tuple[Member, ...]
    co_applicants: tuple[Member, ...]
    files: tuple[FileFacts, ...]


@dataclass(frozen=True)
class OpenedProposal:
    """One proposal beside the others, once the challenge's proposals are opened."""

    id: UUID
    institute_id: UUID
    institute: str
    lead_id: UUID
    lead: str
    status: ProposalStatus
    submission_number: int
    submitted_at: datetime
    content_hash: str
    document: Document
    version: int


def seal_json(key: ProposalKey, content: Any, place: str) -> Sealed:
    return key.seal(canonical(content), place)


def open_json(key: ProposalKey, sealed: Sealed, place: str) -> Any:
    return json.loads(key.open(sealed, place))


def canonical(content: Any) -> bytes:
    """The one spelling of a document, so that the same words have the same hash."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def section_place(section_id: UUID) -> str:
    return f"proposal_section:{section_id}:content"


def submission_place(submission_id: UUID) -> str:
    return f"proposal_submission:{submission_id}:content"


def part_place(co_applicant_id: UUID) -> str:
    return f"co_applicant:{co_applicant_id}:part"


def note_place(proposal_id: UUID) -> str:
    return f"proposal:{proposal_id}:clearance_note"


def sections_of(session: Session, proposal_id: UUID) -> dict[ProposalSectionKey, ProposalSection]:
    """The rows of a draft's sections, still sealed, in the order of the form."""
    query = select(ProposalSection).where(ProposalSection.proposal_id == proposal_id)
    rows = {row.key: row for row in session.scalars(query.execution_options(populate_existing=True))}
    return {key: rows[key] for key in _K if key in rows}


def open_draft(session: Session, proposal: Proposal, key: ProposalKey) -> dict[ProposalSectionKey, Content]:
    """The words of the draft; the caller has asked that its reader is of the team."""
    rows = sections_of(session, proposal.id)
    return {
        name: empty_content(name) | (open_json(key, rows[name].content, section_place(rows[name].id))) for name in rows
    }


def draft_titles(session: Session, proposals: Sequence[Proposal]) -> dict[UUID, str]:
    """The titles of several drafts at once; the caller has asked that their reader is of each team."""
    keys = {proposal.id: key_of(proposal) for proposal in proposals}
    query = select(ProposalSection).where(ProposalSection.proposal_id.in_(keys), ProposalSection.key == _K.COVER)
    return {
        row.proposal_id: open_json(keys[row.proposal_id], row.content, section_place(row.id))["title"]
        for row in session.scalars(query)
    }


def read_submission(session: Session, actor: Actor, proposal: Proposal) -> Document:
    """What was submitted and counts: for the team always, for others after the opening, each such reading recorded.

    The proposal comes from `get_proposal`. Raises: NotFound.
    """
    sight = sight_of(actor, proposal)
    if proposal.submission_number is None or sight not in (Sight.TEAM, Sight.FULL):
        raise NotFound
    if sight is Sight.FULL:
        log_reading(session, actor, [proposal])
    return document_of(open_submission(proposal, counting(session, proposal)))


def counting(session: Session, proposal: Proposal) -> ProposalSubmission:
    """The submission that counts, the last one. Raises: NotFound."""
    query = select(ProposalSubmission).where(
        ProposalSubmission.proposal_id == proposal.id, ProposalSubmission.number == proposal.submission_number
    )
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def open_submission(proposal: Proposal, row: ProposalSubmission) -> Content:
    content: Content = open_json(key_of(proposal), row.content, submission_place(row.id))
    return content


def list_opened(session: Session, actor: Actor, challenge_id: UUID) -> list[OpenedProposal]:
    """Every proposal that counts, by submission: for the enterprise's admins and officials on duty.

    Raises: NotFound, the same for an unknown challenge, before the opening, and for everybody else.
    """
    challenge = get_challenge(session, actor, challenge_id)
    is_theirs = actor.role is Role.ENTERPRISE_ADMIN and challenge.organisation_id == actor.organisation_id
    if challenge.opened_at is None or not (is_theirs or actor.role in READS_OPENED):
        raise NotFound
    query = (
        select(Proposal, ProposalSubmission, Person.name)
        .join(
            ProposalSubmission,
            (ProposalSubmission.proposal_id == Proposal.id) & (ProposalSubmission.number == Proposal.submission_number),
        )
        .join(Person, Person.id == Proposal.lead_id)
        .options(
            joinedload(Proposal.institute),
            joinedload(Proposal.challenge).joinedload(Challenge.organisation),
            selectinload(Proposal.team),
            selectinload(Proposal.co_applicants),
        )
        .where(Proposal.challenge_id == challenge_id, opened_to(actor))
        .order_by(ProposalSubmission.submitted_at, Proposal.id)
    )
    rows = session.execute(query.execution_options(populate_existing=True)).all()
    log_reading(session, actor, [row.Proposal for row in rows])
    return [_opened(proposal, submission, lead) for proposal, submission, lead in rows]


def _opened(proposal: Proposal, submission: ProposalSubmission, lead: str) -> OpenedProposal:
    return OpenedProposal(
        id=proposal.id,
        institute_id=proposal.institute_id,
        institute=proposal.institute.name,
        lead_id=proposal.lead_id,
        lead=lead,
        status=proposal.status,
        submission_number=submission.number,
        submitted_at=submission.submitted_at,
        content_hash=submission.content_hash,
        document=document_of(open_submission(proposal, submission)),
        version=proposal.version,
    )


def document_of(content: Content) -> Document:
    """The stored document with its ids and figures typed."""
    words = content["sections"]
    return Document(
        title=words[_K.COVER]["title"],
        sum_fen=words[_K.COVER]["sum_fen"],
        summary=words[_K.COVER]["summary"],
        promises=promises_of(words[_K.PROMISES]),
        approach={UUID(name): text for name, text in words[_K.APPROACH].items()},
        readiness_now=words[_K.READINESS]["now"],
        readiness_after=words[_K.READINESS]["after"],
        readiness_note=words[_K.READINESS]["note"],
        advantage=words[_K.ADVANTAGE]["text"],
        gain=words[_K.ADVANTAGE]["gain"],
        cost=words[_K.ADVANTAGE]["cost"],
        plan=words[_K.PLAN]["text"],
        team=words[_K.TEAM]["text"],
        budget_note=words[_K.BUDGET]["note"],
        members=tuple(Member(UUID(row["id"]), row["name"], row["organisation"]) for row in content["members"]),
        co_applicants=tuple(Member(UUID(row["id"]), row["name"]) for row in content["co_applicants"]),
        files=tuple(
            FileFacts(UUID(row["id"]), row["name"], row["media_type"], row["size"], row["sha256"])
            for row in content["files"]
        ),
    )

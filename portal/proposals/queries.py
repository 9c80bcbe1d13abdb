"""Reads on one proposal: the form with everything on it, the view of what counts, its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from db.models import (
    ChallengeStatus,
    Event,
    Person,
    Proposal,
    ProposalSectionKey,
    ProposalStatus,
)
from portal import clock
from portal.challenges.addenda import unacknowledged
from portal.challenges.queries import CriterionRow, MetricRow, metrics_of, rubric_of
from portal.challenges.rules import accepts_proposals
from portal.errors import NotFound
from portal.files.queries import FileRow
from portal.permissions import Action, Actor, Side, can
from portal.proposals.access import get_proposal, key_of
from portal.proposals.attachments import draft_files
from portal.proposals.clearance import cover_from, cover_of, is_cleared, note_of
from portal.proposals.content import (
    Document,
    open_json,
    read_submission,
    section_place,
    sections_of,
)
from portal.proposals.partners import PartnerRow, partners_of
from portal.proposals.receipts import may_have_receipts, receipts_of
from portal.proposals.rules import UNTOLD, Sight, is_editable, sides, sight_of
from portal.proposals.sections import Content, Missing, empty_content, missing_fields
from portal.proposals.standing import told_status
from portal.proposals.submission import Receipt, missing_consents
from portal.proposals.team import MemberRow, members_of
from portal.proposals.workflow import PROPOSAL_WORKFLOW
from portal.seal import ProposalKey

HISTORY_LIMIT = 300


class SectionRow(NamedTuple):
    """One section of the draft with its own version."""

    key: ProposalSectionKey
    content: Content
    version: int
    changed_by: str
    changed_at: datetime


class AddendumToAcknowledge(NamedTuple):
    id: UUID
    number: int
    title: str


class Head(NamedTuple):
    """What every reader of a proposal sees around its words."""

    id: UUID
    status: ProposalStatus
    version: int
    challenge_id: UUID
    challenge_number: str
    challenge_title: str
    challenge_status: ChallengeStatus
    enterprise: str
    institute: str
    closes_at: datetime | None
    opened_at: datetime | None
    sight: Sight


@dataclass(frozen=True)
class Form:
    """Everything of a draft, for its team."""

    head: Head
    sections: Mapping[ProposalSectionKey, SectionRow]
    metrics: list[MetricRow]
    rubric: list[CriterionRow]
    files: list[FileRow]
    members: list[MemberRow]
    partners: list[PartnerRow]
    missing: list[Missing]
    receipts: list[Receipt]
    addenda: list[AddendumToAcknowledge]
    is_lead: bool
    is_editable: bool
    accepts: bool
    is_cleared: bool
    clearance_asked: bool
    clearance_note: str
    actions: frozenset[Action]

    @property
    def title(self) -> str:
        return str(self.sections[ProposalSectionKey.COVER].content["title"])

    @property
    def is_submitted(self) -> bool:
        return self.head.status is ProposalStatus.SUBMITTED


@dataclass(frozen=True)
class View:
    """A proposal as its reader may see it; the document is None where only the cover sheet may be read."""

    head: Head
    title: str
    sum_fen: int | None
    document: Document | None
    metrics: list[MetricRow]
    rubric: list[CriterionRow]
    members: list[MemberRow]
    partners: list[PartnerRow]
    receipts: list[Receipt]
    addenda: list[AddendumToAcknowledge]


class Act(NamedTuple):
    """One line of a proposal's history, for its own team."""

    happened_at: datetime
    action: Action
    person: str
    to_status: ProposalStatus | None


def proposal_form(session: Session, actor: Actor, proposal_id: UUID) -> Form:
    """The draft with all that its form shows. Raises: NotFound for everybody but the team."""
    proposal = get_proposal(session, actor, proposal_id)
    if sight_of(actor, proposal) is not Sight.TEAM:
        raise NotFound
    key, now, where = key_of(proposal), clock.now(), sides(actor, proposal)
    sections = _sections(session, proposal, key)
    metrics, rubric = metrics_of(session, proposal.challenge_id), rubric_of(session, proposal.challenge_id)
    contents = {name: row.content for name, row in sections.items()}
    cover = cover_from(proposal, contents[ProposalSectionKey.COVER], key)
    return Form(
        head=_head(session, actor, proposal),
        sections=sections,
        metrics=metrics,
        rubric=rubric,
        files=draft_files(session, proposal, key),
        members=members_of(session, proposal),
        partners=partners_of(session, proposal),
        missing=[*missing_fields(contents, metrics, rubric), *missing_consents(session, actor, proposal, cover)],
        receipts=receipts_of(session, proposal),
        addenda=_addenda(session, proposal),
        is_lead=Side.LEAD in where,
        is_editable=is_editable(proposal, now) and can(actor, Action.EDIT_PROPOSAL, where),
        accepts=accepts_proposals(proposal.challenge, now),
        is_cleared=is_cleared(proposal, cover),
        clearance_asked=proposal.clearance_asked_digest is not None,
        clearance_note=note_of(proposal),
        actions=frozenset(PROPOSAL_WORKFLOW.allowed(actor, proposal)),
    )


def proposal_view(session: Session, actor: Actor, proposal_id: UUID) -> View:
    """What counts, for whoever may read it now; a reading from outside the team is recorded first.

    Raises: NotFound.
    """
    proposal = get_proposal(session, actor, proposal_id)
    sight = sight_of(actor, proposal)
    if sight is Sight.PART:
        raise NotFound
    has_document = proposal.submission_number is not None and sight in (Sight.TEAM, Sight.FULL)
    document = read_submission(session, actor, proposal) if has_document else None
    cover = cover_of(session, proposal)
    return View(
        head=_head(session, actor, proposal),
        title=document.title if document else cover.title,
        sum_fen=document.sum_fen if document else cover.sum_fen,
        document=document,
        metrics=metrics_of(session, proposal.challenge_id),
        rubric=rubric_of(session, proposal.challenge_id),
        members=[] if document else members_of(session, proposal),
        partners=[] if document else partners_of(session, proposal, with_part=False),
        receipts=receipts_of(session, proposal) if may_have_receipts(actor, sight) else [],
        addenda=_addenda(session, proposal),
    )


def team_history(session: Session, actor: Actor, proposal_id: UUID) -> list[Act]:
    """What was done to a proposal, newest first, for its team; others see it in the trail after the opening.

    Raises: NotFound.
    """
    proposal = get_proposal(session, actor, proposal_id)
    if sight_of(actor, proposal) is not Sight.TEAM:
        raise NotFound
    query = (
        select(Event, Person.name)
        .outerjoin(Person, Person.id == Event.person_id)
        .where(*_told(session, actor, proposal))
        .order_by(Event.seq.desc())
        .limit(HISTORY_LIMIT)
    )
    acts: list[Act] = []
    for event, name in session.execute(query):
        act = Act(
            event.happened_at,
            Action(event.action),
            name or "",
            ProposalStatus(event.to_status) if event.to_status else None,
        )
        # Every autosave is an act; somebody's edits in a row read as one.
        is_more = acts and act.action is Action.EDIT_PROPOSAL and acts[-1][1:] == act[1:]
        if not is_more:
            acts.append(act)
    return acts


def _told(session: Session, actor: Actor, proposal: Proposal) -> list[ColumnElement[bool]]:
    """Acts whose outcome is told; a reserve place and the like are, once the reply is."""
    wanted = [Event.object_id == proposal.id, Event.action != Action.READ_PROPOSAL.value]
    if told_status(session, actor, proposal) is proposal.status:
        return wanted
    untold = [status.value for status in UNTOLD]
    return [*wanted, or_(Event.to_status.is_(None), Event.to_status.not_in(untold))]


def _sections(session: Session, proposal: Proposal, key: ProposalKey) -> dict[ProposalSectionKey, SectionRow]:
    rows = sections_of(session, proposal.id)
    people = {row.changed_by for row in rows.values() if row.changed_by is not None}
    names = {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))}
    return {
        name: SectionRow(
            name,
            empty_content(name) | open_json(key, row.content, section_place(row.id)),
            row.version,
            names.get(row.changed_by, "") if row.changed_by else "",
            row.changed_at,
        )
        for name, row in rows.items()
    }


def _addenda(session: Session, proposal: Proposal) -> list[AddendumToAcknowledge]:
    return [AddendumToAcknowledge(*row) for row in unacknowledged(session, proposal.id, proposal.challenge_id)]


def _head(session: Session, actor: Actor, proposal: Proposal) -> Head:
    challenge = proposal.challenge
    return Head(
        id=proposal.id,
        status=told_status(session, actor, proposal),
        version=proposal.version,
        challenge_id=challenge.id,
        challenge_number=challenge.number,
        challenge_title=challenge.title,
        challenge_status=challenge.status,
        enterprise=challenge.organisation.name,
        institute=proposal.institute.name,
        closes_at=challenge.closes_at,
        opened_at=challenge.opened_at,
        sight=sight_of(actor, proposal),
    )

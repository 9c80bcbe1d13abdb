"""The final act: a complete document, sealed, numbered and receipted, judged by the server's clock."""

import hashlib
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    Addendum,
    AddendumAcknowledgement,
    Challenge,
    ChallengeStatus,
    CoApplicantStatus,
    Organisation,
    Proposal,
    ProposalSectionKey,
    ProposalStatus,
    ProposalSubmission,
)
from portal import clock
from portal.challenges.nda_queries import current_nda, holds_nda
from portal.challenges.queries import metrics_of, rubric_of
from portal.challenges.rules import accepts_proposals, has_closed
from portal.errors import N_, DeadlinePassed, Incomplete, NotFound, NotPossibleNow
from portal.permissions import Action, Actor, authorize
from portal.proposals.access import get_proposal, key_of
from portal.proposals.attachments import draft_files, require_on_disk
from portal.proposals.clearance import Cover, cover_from, is_cleared
from portal.proposals.commands import record_act
from portal.proposals.content import canonical, open_draft, part_place, submission_place
from portal.proposals.notices import tell_institute_admins, tell_team
from portal.proposals.rules import sides, takes_drafts
from portal.proposals.sections import Content, Missing, missing_fields
from portal.proposals.team import members_of
from portal.proposals.workflow import PROPOSAL_WORKFLOW
from portal.workflow import advance, require_version

FORMAT = 1


class Receipt(NamedTuple):
    """What a proposer keeps: proof of what was handed in, and when by the server's clock."""

    submission_id: UUID
    proposal_id: UUID
    number: int
    content_hash: str
    submitted_at: datetime
    challenge_number: str
    challenge_title: str
    institute: str


def submit_proposal(session: Session, actor: Actor, *, proposal_id: UUID, version: int | None = None) -> Receipt:
    """Hand in the draft as it stands; the same document again returns the first receipt, also after the deadline.

    Raises: NotFound, Forbidden, DeadlinePassed, NotPossibleNow, Stale, Incomplete, FileUnavailable.
    """
    proposal = get_proposal(session, actor, proposal_id, lock=True)
    is_again = proposal.status is ProposalStatus.SUBMITTED
    action = Action.REPLACE_PROPOSAL if is_again else Action.SUBMIT_PROPOSAL
    authorize(actor, action, sides(actor, proposal))
    document = canonical(_document(session, proposal))
    content_hash = hashlib.sha256(document).hexdigest()
    if proposal.submission_number is not None and (last := _last(session, proposal)).content_hash == content_hash:
        return receipt_of(proposal, last)
    require_version(proposal, version)
    lacking = missing(session, actor, proposal)
    # From here on everything is verified: the one reading of the clock that decides.
    now = _judge(proposal.challenge)
    if lacking:
        raise Incomplete(lacking)
    row = _hand_in(session, actor, proposal, document, content_hash, now)
    advance(session, actor, PROPOSAL_WORKFLOW, proposal, action, fields=("submission", str(row.number), content_hash))
    proposal.submission_number, proposal.changed_at = row.number, now
    session.flush()
    _tell(session, proposal, row)
    return receipt_of(proposal, row)


def withdraw_proposal(session: Session, actor: Actor, *, proposal_id: UUID, version: int | None = None) -> None:
    """Take the answer back before the close; it can be taken up again. A repeat changes nothing.

    Raises: NotFound, Forbidden, DeadlinePassed, NotPossibleNow, Stale.
    """
    proposal = get_proposal(session, actor, proposal_id, lock=True)
    authorize(actor, Action.WITHDRAW_PROPOSAL, sides(actor, proposal))
    if proposal.status is ProposalStatus.WITHDRAWN:
        return
    require_version(proposal, version)
    if not takes_drafts(proposal.challenge, clock.now()):
        raise DeadlinePassed
    advance(session, actor, PROPOSAL_WORKFLOW, proposal, Action.WITHDRAW_PROPOSAL)
    proposal.submission_number, proposal.clearance_asked_digest = None, None
    proposal.changed_at = clock.now()
    session.flush()
    message = N_("Your proposal for “{title}” was withdrawn.")
    tell_team(session, proposal, message, key=f"withdrawn:{proposal.version}", but=actor.person_id)


def acknowledge_addendum(session: Session, actor: Actor, *, proposal_id: UUID, addendum_id: UUID) -> None:
    """The investigator has read a material addendum and stands by what was submitted. A repeat changes nothing.

    Raises: NotFound, Forbidden, NotPossibleNow before a submission, DeadlinePassed.
    """
    proposal = get_proposal(session, actor, proposal_id, lock=True)
    authorize(actor, Action.ACKNOWLEDGE_ADDENDUM, sides(actor, proposal))
    addendum = session.get(Addendum, addendum_id)
    if addendum is None or addendum.challenge_id != proposal.challenge_id or addendum.published_at is None:
        raise NotFound
    if proposal.submission_number is None:
        raise NotPossibleNow(status=proposal.status)
    known = select(AddendumAcknowledgement.id).where(
        AddendumAcknowledgement.addendum_id == addendum_id, AddendumAcknowledgement.proposal_id == proposal.id
    )
    if session.scalar(known) is not None:
        return
    if not takes_drafts(proposal.challenge, clock.now()):
        raise DeadlinePassed
    row = AddendumAcknowledgement(
        addendum_id=addendum_id,
        proposal_id=proposal.id,
        person_id=actor.acting_person,
        acknowledged_at=clock.now(),
    )
    session.add(row)
    record_act(session, actor, proposal, Action.ACKNOWLEDGE_ADDENDUM, "addendum", str(addendum_id))


def missing(session: Session, actor: Actor, proposal: Proposal) -> list[Missing]:
    """What stands between the draft and its submission, section by section; for its team alone."""
    key = key_of(proposal)
    contents = open_draft(session, proposal, key)
    metrics, rubric = metrics_of(session, proposal.challenge_id), rubric_of(session, proposal.challenge_id)
    cover = cover_from(proposal, contents[ProposalSectionKey.COVER], key)
    return [*missing_fields(contents, metrics, rubric), *missing_consents(session, actor, proposal, cover)]


def missing_consents(session: Session, actor: Actor, proposal: Proposal, cover: Cover) -> list[Missing]:
    """Whose word a submission still lacks: partners, the institute's admin, one's own under the NDA."""
    found: list[Missing] = []
    names = _names(session, [other.organisation_id for other in proposal.co_applicants])
    for other in proposal.co_applicants:
        if other.status is CoApplicantStatus.INVITED:
            message = N_("{name} has not confirmed yet to take part.")
            found.append(("partners", message, {"name": names[other.organisation_id]}))
        if other.status is CoApplicantStatus.DECLINED:
            message = N_("{name} declined to take part; please remove it from the proposal.")
            found.append(("partners", message, {"name": names[other.organisation_id]}))
    if not is_cleared(proposal, cover):
        waits = proposal.clearance_asked_digest is not None
        message = N_("Your institute's admin has not cleared title, sum and team yet.")
        ask = N_("Please ask your institute's admin to clear title, sum and team.")
        found.append(("clearance", message if waits else ask, {}))
    if current_nda(session, proposal.challenge_id) is not None and not holds_nda(session, actor, proposal.challenge_id):
        found.append(("nda", N_("Please accept the current confidentiality agreement of the challenge."), {}))
    return found


def receipt_of(proposal: Proposal, row: ProposalSubmission) -> Receipt:
    """The receipt of one submission; needs challenge and institute loaded."""
    return Receipt(
        submission_id=row.id,
        proposal_id=proposal.id,
        number=row.number,
        content_hash=row.content_hash,
        submitted_at=row.submitted_at,
        challenge_number=proposal.challenge.number,
        challenge_title=proposal.challenge.title,
        institute=proposal.institute.name,
    )


def _document(session: Session, proposal: Proposal) -> Content:
    """Everything that is handed in, with the hashes of its files. Raises: FileUnavailable."""
    key = key_of(proposal)
    files = draft_files(session, proposal, key)
    require_on_disk(files)
    names = _names(session, [other.organisation_id for other in proposal.co_applicants])
    others = sorted(proposal.co_applicants, key=lambda other: str(other.organisation_id))
    return {
        "format": FORMAT,
        "proposal": str(proposal.id),
        "challenge": str(proposal.challenge_id),
        "institute": str(proposal.institute_id),
        "lead": str(proposal.lead_id),
        "sections": {name.value: words for name, words in open_draft(session, proposal, key).items()},
        "members": [
            {"id": str(row.person_id), "name": row.name, "organisation": row.organisation}
            for row in members_of(session, proposal)
        ],
        "co_applicants": [
            {
                "id": str(other.organisation_id),
                "name": names[other.organisation_id],
                "part": key.open(other.part, part_place(other.id)).decode(),
            }
            for other in others
        ],
        "files": [
            {
                "id": str(row.id),
                "name": row.name,
                "media_type": row.media_type,
                "size": row.size,
                "sha256": row.sha256,
            }
            for row in sorted(files, key=lambda row: str(row.id))
        ],
    }


def _judge(challenge: Challenge) -> datetime:
    """This instant, if it lies before the close; the lock keeps the deadline as it is until the commit.

    Raises: DeadlinePassed, NotPossibleNow.
    """
    now = clock.now()
    if accepts_proposals(challenge, now):
        return now
    if challenge.status is not ChallengeStatus.SUSPENDED and has_closed(challenge, now):
        raise DeadlinePassed
    raise NotPossibleNow(status=challenge.status)


def _hand_in(
    session: Session, actor: Actor, proposal: Proposal, document: bytes, content_hash: str, now: datetime
) -> ProposalSubmission:
    highest = select(func.max(ProposalSubmission.number)).where(ProposalSubmission.proposal_id == proposal.id)
    row_id = uuid4()
    row = ProposalSubmission(
        id=row_id,
        proposal_id=proposal.id,
        number=(session.scalar(highest) or 0) + 1,
        content_hash=content_hash,
        content=key_of(proposal).seal(document, submission_place(row_id)),
        submitted_by=actor.acting_person,
        submitted_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _last(session: Session, proposal: Proposal) -> ProposalSubmission:
    query = select(ProposalSubmission).where(
        ProposalSubmission.proposal_id == proposal.id, ProposalSubmission.number == proposal.submission_number
    )
    return session.scalars(query).one()


def _tell(session: Session, proposal: Proposal, row: ProposalSubmission) -> None:
    key = f"submitted:{row.id}"
    message = N_("Your proposal for “{title}” was received at {at}. Receipt: {hash}")
    tell_team(session, proposal, message, key=key, at=row.submitted_at, hash=row.content_hash)
    message = N_("A proposal of your institute for “{title}” was received; its receipt can be kept.")
    tell_institute_admins(session, proposal, message, key=key + ":admin", page="proposal")


def _names(session: Session, organisation_ids: list[UUID]) -> dict[UUID, str]:
    if not organisation_ids:
        return {}
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(organisation_ids))
    return {row.id: row.name for row in session.execute(query)}

"""The receipt as a text to keep: for the team and the institute's admin, without a word of the proposal."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from db.models import Proposal, ProposalSubmission
from portal import clock
from portal.errors import N_, NotFound
from portal.i18n import translate
from portal.permissions import Actor, Role
from portal.proposals.access import get_proposal
from portal.proposals.rules import Sight, sight_of
from portal.proposals.submission import Receipt, receipt_of
from portal.wording import date_time


def receipt_text(session: Session, actor: Actor, submission_id: UUID, language: str) -> str:
    """The receipt of one submission as plain text in UTF-8. Raises: NotFound."""
    receipt = get_receipt(session, actor, submission_id)
    lines = (
        (N_("Challenge"), f"{receipt.challenge_number} {receipt.challenge_title}"),
        (N_("Institute"), receipt.institute),
        (N_("Submission"), str(receipt.number)),
        (N_("Received"), f"{_to_the_second(receipt, language)} ({receipt.submitted_at.isoformat()})"),
        (N_("SHA-256 of the document"), receipt.content_hash),
        (N_("Receipt number"), str(receipt.submission_id)),
    )
    head = translate(N_("Receipt for a proposal"), language)
    note = translate(
        N_(
            "The portal received the document with this hash at this instant of its own clock. What counts is the "
            "last submission before the deadline."
        ),
        language,
    )
    facts = "\n".join(f"{translate(name, language)}: {' '.join(value.split())}" for name, value in lines)
    return f"{head}\n\n{facts}\n\n{note}\n"


def get_receipt(session: Session, actor: Actor, submission_id: UUID) -> Receipt:
    """Raises: NotFound, the same for an unknown one and for other people's."""
    row = session.get(ProposalSubmission, submission_id)
    if row is None:
        raise NotFound
    proposal = get_proposal(session, actor, row.proposal_id)
    if not may_have_receipts(actor, sight_of(actor, proposal)):
        raise NotFound
    return receipt_of(proposal, row)


def list_receipts(session: Session, actor: Actor, proposal_id: UUID) -> list[Receipt]:
    """Every submission of a proposal, newest first. Raises: NotFound."""
    proposal = get_proposal(session, actor, proposal_id)
    if not may_have_receipts(actor, sight_of(actor, proposal)):
        return []
    return receipts_of(session, proposal)


def receipts_of(session: Session, proposal: Proposal) -> list[Receipt]:
    """The same of a loaded proposal; asks no rights."""
    query = (
        select(ProposalSubmission)
        .where(ProposalSubmission.proposal_id == proposal.id)
        # What was handed in stays sealed here.
        .options(defer(ProposalSubmission.content))
        .order_by(ProposalSubmission.number.desc())
    )
    return [receipt_of(proposal, row) for row in session.scalars(query)]


def may_have_receipts(actor: Actor, sight: Sight) -> bool:
    return sight is Sight.TEAM or (actor.role is Role.INSTITUTE_ADMIN and sight in (Sight.COVER, Sight.FULL))


def _to_the_second(receipt: Receipt, language: str) -> str:
    return f"{date_time(receipt.submitted_at, language)}:{clock.local(receipt.submitted_at):%S}"

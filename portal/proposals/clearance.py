"""The institute's internal check: its admin clears title, sum and team, and sees no more than these."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from db.models import Proposal, ProposalSectionKey
from portal import clock
from portal.challenges.texts import paragraphs
from portal.errors import N_, DeadlinePassed, Forbidden, Incomplete, Invalid, NotPossibleNow, Stale
from portal.permissions import Action, Actor, authorize
from portal.proposals.access import get_proposal, key_of
from portal.proposals.commands import require_editable
from portal.proposals.content import canonical, note_place, open_json, section_place, sections_of
from portal.proposals.notices import tell_institute_admins, tell_lead
from portal.proposals.rules import sides, takes_drafts
from portal.proposals.sections import NOTE_LIMIT, Content, Missing
from portal.proposals.workflow import PROPOSAL_WORKFLOW
from portal.seal import ProposalKey
from portal.workflow import advance, require_version


class Cover(NamedTuple):
    """What the institute's admin clears; `digest` changes with title, sum or team."""

    title: str
    sum_fen: int | None
    digest: str


def cover_of(session: Session, proposal: Proposal) -> Cover:
    """The cover sheet as it stands now; needs team and co-applicants loaded, and asks no rights."""
    key, row = key_of(proposal), sections_of(session, proposal.id)[ProposalSectionKey.COVER]
    return cover_from(proposal, open_json(key, row.content, section_place(row.id)), key)


def cover_from(proposal: Proposal, words: Content, key: ProposalKey) -> Cover:
    """The same, from the words of the section."""
    team = sorted(str(member.person_id) for member in proposal.team)
    others = sorted(str(other.organisation_id) for other in proposal.co_applicants)
    facts = {"title": words["title"], "sum_fen": words["sum_fen"], "team": team, "co_applicants": others}
    return Cover(words["title"], words["sum_fen"], key.fingerprint(canonical(facts)))


def is_cleared(proposal: Proposal, cover: Cover) -> bool:
    return proposal.cleared_digest == cover.digest


def ask_clearance(session: Session, actor: Actor, *, proposal_id: UUID, version: int | None = None) -> None:
    """Ask the institute's admin to clear title, sum and team as they stand now.

    Raises: NotFound, Forbidden, NotPossibleNow, DeadlinePassed, Stale, Incomplete, Invalid when it is cleared already.
    """
    proposal = get_proposal(session, actor, proposal_id, lock=True)
    authorize(actor, Action.ASK_CLEARANCE, sides(actor, proposal))
    require_version(proposal, version)
    require_editable(proposal)
    cover = cover_of(session, proposal)
    if missing := _missing(cover):
        raise Incomplete(missing)
    if is_cleared(proposal, cover):
        raise Invalid(N_("Title, sum and team are cleared already; you can submit."))
    advance(session, actor, PROPOSAL_WORKFLOW, proposal, Action.ASK_CLEARANCE)
    proposal.clearance_asked_digest, proposal.clearance_note = cover.digest, None
    proposal.changed_at = clock.now()
    session.flush()
    message = N_("A proposal of your institute for “{title}” waits for your clearance.")
    tell_institute_admins(session, proposal, message, key=f"asked:{proposal.version}", page="clearances")


def clear_proposal(
    session: Session, actor: Actor, *, proposal_id: UUID, digest: str, version: int | None = None
) -> None:
    """Clear the cover sheet that was read; `digest` is the one it was shown with.

    Raises: NotFound, Forbidden, NotPossibleNow, DeadlinePassed, Stale when it changed meanwhile.
    """
    proposal = _asked(session, actor, proposal_id, Action.CLEAR_PROPOSAL, version)
    if cover_of(session, proposal).digest != digest:
        raise Stale
    advance(session, actor, PROPOSAL_WORKFLOW, proposal, Action.CLEAR_PROPOSAL)
    now = clock.now()
    proposal.cleared_digest, proposal.cleared_by, proposal.cleared_at = digest, actor.person_id, now
    proposal.clearance_asked_digest, proposal.clearance_note, proposal.changed_at = None, None, now
    session.flush()
    message = N_("Your institute cleared the proposal for “{title}”. You can submit it now.")
    tell_lead(session, proposal, message, key=f"cleared:{proposal.version}")


def return_proposal(
    session: Session, actor: Actor, *, proposal_id: UUID, note: str, version: int | None = None
) -> None:
    """Do not clear it, and say why; the note is sealed like the proposal and read by its team alone.

    Raises: NotFound, Forbidden, NotPossibleNow, DeadlinePassed, Stale, Invalid without a note.
    """
    proposal = _asked(session, actor, proposal_id, Action.RETURN_PROPOSAL, version)
    note = paragraphs(note, NOTE_LIMIT, section=Action.RETURN_PROPOSAL, field="note")
    if not note:
        raise Invalid(N_("Please write what the team has to change."), field="note")
    advance(session, actor, PROPOSAL_WORKFLOW, proposal, Action.RETURN_PROPOSAL)
    proposal.clearance_note = key_of(proposal).seal(note.encode(), note_place(proposal.id))
    proposal.clearance_asked_digest, proposal.changed_at = None, clock.now()
    session.flush()
    message = N_("Your institute returned the proposal for “{title}” with a note.")
    tell_lead(session, proposal, message, key=f"returned:{proposal.version}")


def note_of(proposal: Proposal) -> str:
    """What the admin asked to change; for the team and the admin."""
    if proposal.clearance_note is None:
        return ""
    return key_of(proposal).open(proposal.clearance_note, note_place(proposal.id)).decode()


def _asked(session: Session, actor: Actor, proposal_id: UUID, action: Action, version: int | None) -> Proposal:
    """The proposal whose admin was asked, if it can still matter."""
    proposal = get_proposal(session, actor, proposal_id, lock=True)
    authorize(actor, action, sides(actor, proposal))
    if actor.person_id == proposal.lead_id:
        raise Forbidden(N_("You lead this proposal; another admin of your institute clears it."))
    if not takes_drafts(proposal.challenge, clock.now()):
        raise DeadlinePassed
    require_version(proposal, version)
    if proposal.clearance_asked_digest is None:
        raise NotPossibleNow(status=proposal.status)
    return proposal


def _missing(cover: Cover) -> list[Missing]:
    found: list[Missing] = []
    if not cover.title:
        found.append((ProposalSectionKey.COVER.value, N_("Cover sheet: the title is missing."), {}))
    if cover.sum_fen is None:
        found.append((ProposalSectionKey.COVER.value, N_("Cover sheet: the sum is missing."), {}))
    return found

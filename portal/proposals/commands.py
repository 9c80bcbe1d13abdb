"""Writing a proposal: a sealed draft in sections that each keep their own version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    Challenge,
    ChallengeStatus,
    Proposal,
    ProposalSection,
    ProposalSectionKey,
    ProposalStatus,
    Role,
    TeamMember,
)
from portal import clock
from portal.challenges.access import get_challenge
from portal.challenges.queries import metrics_of, rubric_of
from portal.challenges.rules import accepts_proposals, has_closed
from portal.errors import N_, DeadlinePassed, Forbidden, NotFound, NotPossibleNow
from portal.events import record_event
from portal.organisations.access import acts_for
from portal.permissions import Action, Actor, authorize
from portal.proposals.access import get_proposal, key_of
from portal.proposals.content import open_json, seal_json, section_place
from portal.proposals.rules import is_editable, sides, takes_drafts
from portal.proposals.sections import clean_content, empty_content
from portal.seal import ProposalKey, new_wrapped_key
from portal.workflow import require_version


class Saved(NamedTuple):
    """A section's version after saving, and when it was saved."""

    version: int
    saved_at: datetime


def draft_proposal(session: Session, actor: Actor, *, challenge_id: UUID) -> UUID:
    """Begin one's answer to an open challenge; a repeat returns the answer that is there.

    Raises: NotFound, Forbidden, DeadlinePassed, NotPossibleNow.
    """
    challenge = get_challenge(session, actor, challenge_id, lock=True)
    authorize(actor, Action.DRAFT_PROPOSAL)
    _require_one_side(session, actor, challenge)
    mine = select(Proposal.id, Proposal.institute_id).where(
        Proposal.challenge_id == challenge.id, Proposal.lead_id == actor.person_id
    )
    known = session.execute(mine).one_or_none()
    if known is not None and known.institute_id == actor.organisation_id:
        proposal_id: UUID = known.id
        return proposal_id
    if known is not None:
        raise Forbidden(N_("You began an answer to this challenge for another organisation."))
    if not accepts_proposals(challenge, clock.now()):
        if challenge.status is not ChallengeStatus.SUSPENDED and has_closed(challenge, clock.now()):
            raise DeadlinePassed
        raise NotPossibleNow(status=challenge.status)
    return _new_proposal(session, actor, challenge).id


def save_section(
    session: Session,
    actor: Actor,
    *,
    proposal_id: UUID,
    key: ProposalSectionKey,
    content: Mapping[str, Any],
    version: int | None = None,
) -> Saved:
    """Keep one section as it was left; the same words again change nothing.

    What was submitted counts until it is replaced. Raises: NotFound, Forbidden, DeadlinePassed, NotPossibleNow, Stale
    when a colleague saved this section meanwhile, Invalid.
    """
    proposal = editable(session, actor, proposal_id)
    query = select(ProposalSection).where(ProposalSection.proposal_id == proposal.id, ProposalSection.key == key)
    row = session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    require_version(row, version)
    metrics, rubric = metrics_of(session, proposal.challenge_id), rubric_of(session, proposal.challenge_id)
    words = clean_content(key, content, metrics, rubric)
    sealing, place = key_of(proposal), section_place(row.id)
    if empty_content(key) | open_json(sealing, row.content, place) == words:
        return Saved(row.version, row.changed_at)
    row.content, row.changed_by, row.changed_at = seal_json(sealing, words, place), actor.person_id, clock.now()
    session.flush()
    record_edit(session, actor, proposal, key.value)
    return Saved(row.version, row.changed_at)


def editable(session: Session, actor: Actor, proposal_id: UUID, *, by_lead: bool = False) -> Proposal:
    """The proposal for somebody of the team who may change its draft now.

    Raises: NotFound, Forbidden, DeadlinePassed, NotPossibleNow.
    """
    proposal = get_proposal(session, actor, proposal_id)
    # Inviting is the leader's: asked for where only they may change the draft.
    authorize(actor, Action.INVITE_CO_APPLICANT if by_lead else Action.EDIT_PROPOSAL, sides(actor, proposal))
    require_editable(proposal)
    return proposal


def require_editable(proposal: Proposal) -> None:
    """Raises: DeadlinePassed, NotPossibleNow."""
    now = clock.now()
    if has_closed(proposal.challenge, now) and not takes_drafts(proposal.challenge, now):
        raise DeadlinePassed
    if not is_editable(proposal, now):
        raise NotPossibleNow(status=proposal.challenge.status)


def record_edit(session: Session, actor: Actor, proposal: Proposal, *fields: str) -> None:
    """A change of the draft."""
    record_act(session, actor, proposal, Action.EDIT_PROPOSAL, *fields)


def record_act(session: Session, actor: Actor, proposal: Proposal, action: Action, *fields: str) -> None:
    """An act that leaves the status as it is; until the opening it is seen by the team alone."""
    record_event(
        session,
        actor,
        action,
        "proposal",
        proposal.id,
        fields=fields,
        parent_id=proposal.challenge_id,
        sealed_until_opened=proposal.challenge_id,
    )


def _require_one_side(session: Session, actor: Actor, challenge: Challenge) -> None:
    """As a researcher of a verified institute that has no other side of this challenge. Raises: Forbidden."""
    if actor.role is not Role.RESEARCHER or actor.organisation_id is None:
        raise Forbidden
    if not actor.organisation_verified:
        raise Forbidden(N_("Your organisation must be verified by an operator first."))
    if actor.organisation_id == challenge.organisation_id:
        raise Forbidden(N_("An organisation cannot answer its own challenge."))
    person = actor.acting_person
    if person == challenge.broker_id or acts_for(session, person, {challenge.organisation_id}):
        raise Forbidden(N_("You act for one of the parties in another role; somebody else must do this."))


def _new_proposal(session: Session, actor: Actor, challenge: Challenge) -> Proposal:
    now, proposal_id = clock.now(), uuid4()
    proposal = Proposal(
        id=proposal_id,
        challenge_id=challenge.id,
        institute_id=actor.organisation_id,
        lead_id=actor.acting_person,
        status=ProposalStatus.DRAFT,
        wrapped_key=new_wrapped_key(str(proposal_id)),
        is_demo=challenge.is_demo,
        created_at=now,
        changed_at=now,
    )
    session.add(proposal)
    session.flush()
    sealing = key_of(proposal)
    session.add_all(_empty_section(proposal, sealing, key, now) for key in ProposalSectionKey)
    session.add(TeamMember(proposal_id=proposal_id, person_id=actor.acting_person, added_at=now))
    record_event(
        session,
        actor,
        Action.DRAFT_PROPOSAL,
        "proposal",
        proposal_id,
        to_status=ProposalStatus.DRAFT,
        parent_id=challenge.id,
        sealed_until_opened=challenge.id,
    )
    return proposal


def _empty_section(proposal: Proposal, sealing: ProposalKey, key: ProposalSectionKey, now: datetime) -> ProposalSection:
    row_id = uuid4()
    content = seal_json(sealing, empty_content(key), section_place(row_id))
    return ProposalSection(id=row_id, proposal_id=proposal.id, key=key, content=content, changed_at=now)

"""Organisations that answer together: invited by who leads, confirmed or declined by their own admin."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    CoApplicant,
    CoApplicantStatus,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    Proposal,
)
from portal import clock
from portal.challenges.texts import paragraphs
from portal.errors import N_, DeadlinePassed, Invalid, NotFound, NotPossibleNow
from portal.organisations.queries import verified_organisations
from portal.permissions import Action, Actor, authorize
from portal.proposals.access import get_proposal, key_of
from portal.proposals.commands import editable, record_act
from portal.proposals.content import part_place
from portal.proposals.notices import tell_invited, tell_lead
from portal.proposals.rules import MOST_CO_APPLICANTS, sides, takes_drafts
from portal.proposals.sections import NOTE_LIMIT
from portal.workflow import require_version

CO_APPLICANT_KINDS = (OrganisationKind.INSTITUTE, OrganisationKind.ENTERPRISE)


class PartnerRow(NamedTuple):
    """One organisation that takes part; `part` is what it is told of its part."""

    id: UUID
    organisation_id: UUID
    name: str
    status: CoApplicantStatus
    part: str
    invited_at: datetime


def partners_of(session: Session, proposal: Proposal, *, with_part: bool = True) -> list[PartnerRow]:
    """In the order of their invitation; asks no rights."""
    key = key_of(proposal) if with_part else None
    query = (
        select(CoApplicant, Organisation.name)
        .join(Organisation, Organisation.id == CoApplicant.organisation_id)
        .where(CoApplicant.proposal_id == proposal.id)
        .order_by(CoApplicant.invited_at, CoApplicant.id)
    )
    return [
        PartnerRow(
            row.id,
            row.organisation_id,
            name,
            row.status,
            key.open(row.part, part_place(row.id)).decode() if key else "",
            row.invited_at,
        )
        for row, name in session.execute(query)
    ]


def invite_co_applicant(session: Session, actor: Actor, *, proposal_id: UUID, organisation_id: UUID, part: str) -> UUID:
    """Ask another verified organisation to answer together; its admin reads title and part, and confirms or declines.

    Raises: NotFound, Forbidden, DeadlinePassed, NotPossibleNow, Invalid.
    """
    proposal = editable(session, actor, proposal_id, by_lead=True)
    organisation = session.get(Organisation, organisation_id)
    if organisation is None or organisation.status is not OrganisationStatus.VERIFIED:
        raise NotFound
    _require_partner(proposal, organisation)
    part = paragraphs(part, NOTE_LIMIT, section=Action.INVITE_CO_APPLICANT, field="part")
    if not part:
        raise Invalid(N_("Please write what the organisation shall contribute."), field="part")
    row_id = uuid4()
    row = CoApplicant(
        id=row_id,
        proposal_id=proposal.id,
        organisation_id=organisation.id,
        status=CoApplicantStatus.INVITED,
        part=key_of(proposal).seal(part.encode(), part_place(row_id)),
        invited_at=clock.now(),
    )
    session.add(row)
    session.flush()
    record_act(session, actor, proposal, Action.INVITE_CO_APPLICANT, str(organisation.id))
    message = N_("{institute} invites your organisation to answer “{title}” together.")
    tell_invited(
        session, proposal, organisation.id, message, key=f"invited:{row.id}", institute=proposal.institute.name
    )
    return row.id


def remove_co_applicant(session: Session, actor: Actor, *, proposal_id: UUID, co_applicant_id: UUID) -> None:
    """Go on without an organisation; its people on the team read no more of the proposal.

    Raises: NotFound, Forbidden, DeadlinePassed, NotPossibleNow.
    """
    proposal = editable(session, actor, proposal_id, by_lead=True)
    row = next((other for other in proposal.co_applicants if other.id == co_applicant_id), None)
    if row is None:
        raise NotFound
    organisation_id = row.organisation_id
    session.delete(row)
    session.flush()
    record_act(session, actor, proposal, Action.INVITE_CO_APPLICANT, str(organisation_id), "removed")


def answer_co_application(
    session: Session, actor: Actor, *, proposal_id: UUID, confirm: bool, version: int | None = None
) -> None:
    """The invited organisation's admin confirms or declines; the same answer again changes nothing.

    Raises: NotFound, Forbidden, DeadlinePassed, NotPossibleNow when it was answered otherwise, Stale.
    """
    proposal = get_proposal(session, actor, proposal_id)
    authorize(actor, Action.ANSWER_CO_APPLICATION, sides(actor, proposal))
    mine = (CoApplicant.proposal_id == proposal.id, CoApplicant.organisation_id == actor.organisation_id)
    row = session.scalars(
        select(CoApplicant).where(*mine).with_for_update().execution_options(populate_existing=True)
    ).one()
    wanted = CoApplicantStatus.CONFIRMED if confirm else CoApplicantStatus.DECLINED
    if row.status is wanted:
        return
    if not takes_drafts(proposal.challenge, clock.now()):
        raise DeadlinePassed
    require_version(row, version)
    if row.status is not CoApplicantStatus.INVITED:
        raise NotPossibleNow(status=row.status)
    row.status, row.decided_by, row.decided_at = wanted, actor.person_id, clock.now()
    session.flush()
    record_act(session, actor, proposal, Action.ANSWER_CO_APPLICATION, str(row.organisation_id), wanted.value)
    message = (
        N_("{organisation} confirmed to answer “{title}” together with you.")
        if confirm
        else N_("{organisation} declined to answer “{title}” together with you.")
    )
    tell_lead(session, proposal, message, key=f"answer:{row.id}", organisation=actor.organisation_name)


def possible_co_applicants(session: Session, actor: Actor, proposal_id: UUID) -> list[tuple[UUID, str]]:
    """Organisations that can be invited now, by name. Raises: NotFound, Forbidden."""
    proposal = get_proposal(session, actor, proposal_id)
    authorize(actor, Action.INVITE_CO_APPLICANT, sides(actor, proposal))
    taken = {proposal.institute_id, proposal.challenge.organisation_id}
    taken |= {other.organisation_id for other in proposal.co_applicants}
    found = verified_organisations(session, actor, kinds=CO_APPLICANT_KINDS)
    return [(organisation_id, name) for organisation_id, name in found if organisation_id not in taken]


def _require_partner(proposal: Proposal, organisation: Organisation) -> None:
    """Raises: Invalid."""
    field = "organisation_id"
    if organisation.kind not in CO_APPLICANT_KINDS:
        raise Invalid(N_("Only an institute or an enterprise can take part as co-applicant."), field=field)
    if organisation.id in (proposal.institute_id, proposal.challenge.organisation_id):
        raise Invalid(
            N_("Your own institute and the enterprise of the challenge cannot be co-applicants."), field=field
        )
    if any(other.organisation_id == organisation.id for other in proposal.co_applicants):
        raise Invalid(N_("This organisation is invited already."), field=field)
    if len(proposal.co_applicants) >= MOST_CO_APPLICANTS:
        raise Invalid(N_("At most {count} organisations take part."), field=field, count=MOST_CO_APPLICANTS)

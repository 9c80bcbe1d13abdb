"""Who sees which agreement: all of it, or no more than that it exists."""

from uuid import UUID

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import Session, selectinload

from db.models import Agreement, AgreementParty, Commitment, FileObject
from portal.errors import NotFound
from portal.files.queries import register_reader
from portal.permissions import Actor, Role

ALL_OF_IT = frozenset({Role.OPERATOR, Role.APPROVER, Role.LEADER, Role.AUDITOR, Role.CLOCK})
AS_PARTY = frozenset({Role.ENTERPRISE_ADMIN, Role.RESEARCHER, Role.INSTITUTE_ADMIN, Role.BROKER})
EVERY_EXISTENCE = frozenset({Role.STEWARD, Role.LEAD_STEWARD})
OWN_EXISTENCE = frozenset({Role.ENTERPRISE_MEMBER})
READERS = ALL_OF_IT | AS_PARTY
KNOWERS = READERS | EVERY_EXISTENCE | OWN_EXISTENCE
"""Roles that may know of an agreement at all."""


def party_to(actor: Actor) -> ColumnElement[bool]:
    """The organisation acted for is a party."""
    if actor.person_id is None or actor.organisation_id is None:
        return false()
    # A list of ids, which an index answers; a question asked of each agreement would read them all.
    mine = select(AgreementParty.agreement_id).where(AgreementParty.organisation_id == actor.organisation_id)
    return Agreement.id.in_(mine.correlate(None))


def full_to(actor: Actor) -> ColumnElement[bool]:
    """Those who read terms, money, people and commitments."""
    if actor.role in ALL_OF_IT:
        return true()
    return party_to(actor) if actor.role in AS_PARTY else false()


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Lists, details and counts ask this one; some readers learn title, universities and status alone."""
    if actor.role in EVERY_EXISTENCE:
        return true()
    return party_to(actor) if actor.role in OWN_EXISTENCE else full_to(actor)


def get_agreement(session: Session, actor: Actor, agreement_id: UUID, *, lock: bool = False) -> Agreement:
    """The agreement with its parties, fields and steering group, for somebody who reads all of it.

    `lock` keeps others from changing it meanwhile. Raises: NotFound.
    """
    query = (
        select(Agreement)
        .where(Agreement.id == agreement_id, full_to(actor))
        .options(selectinload(Agreement.parties), selectinload(Agreement.covers), selectinload(Agreement.steering))
    )
    if lock:
        query = query.with_for_update(of=Agreement).execution_options(populate_existing=True)
    agreement = session.scalars(query).one_or_none()
    if agreement is None:
        raise NotFound
    return agreement


def get_commitment(
    session: Session, actor: Actor, commitment_id: UUID, *, lock: bool = False
) -> tuple[Commitment, Agreement]:
    """A commitment and its agreement, for somebody who reads the agreement.

    The agreement is locked first, as every act on it does. Raises: NotFound.
    """
    agreement_id = session.scalar(select(Commitment.agreement_id).where(Commitment.id == commitment_id))
    if agreement_id is None:
        raise NotFound
    agreement = get_agreement(session, actor, agreement_id, lock=lock)
    query = select(Commitment).where(Commitment.id == commitment_id)
    if lock:
        query = query.with_for_update(of=Commitment).execution_options(populate_existing=True)
    return session.scalars(query).one(), agreement


def _read_document(session: Session, actor: Actor, file: FileObject) -> None:
    """The document is read by whoever reads the whole agreement. Raises: NotFound."""
    get_agreement(session, actor, file.parent_id)


def _read_evidence(session: Session, actor: Actor, file: FileObject) -> None:
    get_commitment(session, actor, file.parent_id)


register_reader("agreement", _read_document)
register_reader("commitment", _read_evidence)

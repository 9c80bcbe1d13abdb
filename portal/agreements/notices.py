"""Who is told about an agreement: the admins of its parties, operators and approvers; by its number alone."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from db.models import Agreement, Commitment, OrganisationKind, PartySide, Role
from portal.errors import N_
from portal.notifications.commands import notify, people_with_role

_ADMINS = {PartySide.INSTITUTE: Role.INSTITUTE_ADMIN, PartySide.ENTERPRISE: Role.ENTERPRISE_ADMIN}
_OWNERS = {OrganisationKind.INSTITUTE: Role.INSTITUTE_ADMIN, OrganisationKind.ENTERPRISE: Role.ENTERPRISE_ADMIN}


def tell_to_sign(session: Session, agreement: Agreement) -> None:
    people = admins(session, agreement) | set(people_with_role(session, Role.APPROVER))
    message = N_("The draft of agreement {number} is ready; it waits for your signature.")
    _tell(session, agreement, people, message, "sign")


def tell_to_sign_again(session: Session, agreement: Agreement, people: set[UUID]) -> None:
    """Those who signed other words."""
    message = N_("The draft of agreement {number} was changed after you signed it. Please read it and sign again.")
    _tell(session, agreement, people, message, f"sign-again:{agreement.version}")


def tell_signed(session: Session, agreement: Agreement) -> None:
    people = admins(session, agreement) | set(people_with_role(session, Role.OPERATOR))
    message = N_("Every party has signed agreement {number}. It is in force from {day} on.")
    _tell(session, agreement, people, message, "signed", {"day": agreement.starts_on})


def tell_review(session: Session, agreement: Agreement) -> None:
    """The reminder of the renewal: to the operators and the institutes' admins, once."""
    people = admins(session, agreement, PartySide.INSTITUTE) | set(people_with_role(session, Role.OPERATOR))
    message = N_("Agreement {number} ends on {day}. Please decide together whether to renew it.")
    _tell(session, agreement, people, message, f"review:{agreement.ends_on}", {"day": agreement.ends_on})


def tell_ended(session: Session, agreement: Agreement) -> None:
    people = admins(session, agreement) | set(people_with_role(session, Role.OPERATOR))
    message = N_("Agreement {number} has ended: {status}.")
    _tell(session, agreement, people, message, f"ended:{agreement.status.value}", {"status": agreement.status})


def tell_late(session: Session, agreement: Agreement, commitment: Commitment, kind: OrganisationKind) -> None:
    """The owner of a commitment is reminded once; the operators where the district or an agency owns it."""
    if role := _OWNERS.get(kind):
        people = set(people_with_role(session, role, commitment.owner_id))
    else:
        people = set(people_with_role(session, Role.OPERATOR))
    message = N_("Commitment {item} of agreement {number} was due on {day}. Please report how it stands.")
    values = {"item": commitment.number, "day": commitment.due_on}
    _tell(session, agreement, people, message, f"late:{commitment.id}:{commitment.due_on}", values)


def admins(session: Session, agreement: Agreement, *of: PartySide) -> set[UUID]:
    """The admins of the parties of these sides; of every side that has admins, if none is named."""
    found: set[UUID] = set()
    for party in agreement.parties:
        role = _ADMINS.get(party.side)
        if role is not None and (not of or party.side in of):
            found.update(people_with_role(session, role, party.organisation_id))
    return found


def _tell(
    session: Session,
    agreement: Agreement,
    people: set[UUID],
    message: str,
    key: str,
    params: Mapping[str, object] | None = None,
) -> None:
    notify(
        session,
        person_ids=people,
        message=message,
        params={"number": agreement.number, **(params or {})},
        page="agreement",
        object_id=agreement.id,
        dedupe_key=f"agreement:{agreement.id}:{key}",
    )

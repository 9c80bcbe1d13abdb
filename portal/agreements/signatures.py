"""Signatures belong to the words they were given under."""

from sqlalchemy.orm import Session

from db.models import Agreement
from portal.agreements.notices import tell_to_sign_again


def void_signatures(session: Session, agreement: Agreement) -> None:
    """After a change of the draft everybody signs anew, and those who had signed are told."""
    signed = {party.signed_by for party in agreement.parties if party.signed_by is not None}
    if not signed:
        return
    for party in agreement.parties:
        party.signed_by = party.signed_at = None
    session.flush()
    tell_to_sign_again(session, agreement, signed)

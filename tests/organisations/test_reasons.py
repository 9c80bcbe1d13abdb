"""A reason that is kept and mailed: rows 11, 13, 14 and 16 of the bad inputs, on both databases."""

import pytest
from sqlalchemy import select

from db.models import Event, Organisation, OrganisationStatus, OutboxMail, Person, Role
from portal.accounts.officials import decide_official_role, disable_person, propose_official_role
from portal.errors import Invalid
from portal.organisations.commands import disable_organisation, reject_organisation
from tests.factories import add_member, add_organisation, add_person

TYPED = " 营业\x00执照\u202e模\u200b糊\r\n请重拍 "
KEPT = "营业执照模糊\n请重拍"


def last_reason(session) -> str:
    return session.scalars(select(Event.reason).order_by(Event.seq.desc()).limit(1)).one()


def test_a_reason_is_kept_without_what_cannot_be_seen(any_session) -> None:
    session = any_session
    operator, admin, second = (
        add_member(session, role) for role in (Role.OPERATOR, Role.PLATFORM_ADMIN, Role.PLATFORM_ADMIN)
    )
    applied = add_organisation(
        session, status=OrganisationStatus.APPLIED, contact_name="示例", contact_email="contact@example.org"
    )
    working, person = add_organisation(session), add_person(session)

    reject_organisation(session, operator, organisation_id=applied.id, reason=TYPED)
    assert (applied.decision_reason, last_reason(session)) == (KEPT, KEPT)
    assert KEPT.replace("\n", " ") in session.scalars(select(OutboxMail.body)).one()
    disable_organisation(session, operator, organisation_id=working.id, reason=TYPED)
    assert (working.decision_reason, last_reason(session)) == (KEPT, KEPT)
    disable_person(session, admin, person_id=person.id, reason=TYPED)
    assert last_reason(session) == KEPT
    proposed = propose_official_role(session, admin, email="leader@example.org", name="示例领导", role=Role.LEADER)
    decide_official_role(session, second, membership_id=proposed, approve=False, reason=TYPED)
    assert last_reason(session) == KEPT


@pytest.mark.parametrize("reason", ["长" * 2001, "x" * 10_000_000, "半\ud83d"])
def test_a_flood_and_half_a_character_are_refused(any_session, reason) -> None:
    session = any_session
    operator, admin = (add_member(session, role) for role in (Role.OPERATOR, Role.PLATFORM_ADMIN))
    applied = add_organisation(session, status=OrganisationStatus.APPLIED)
    person = add_person(session)

    with pytest.raises(Invalid):
        reject_organisation(session, operator, organisation_id=applied.id, reason=reason)
    with pytest.raises(Invalid):
        disable_person(session, admin, person_id=person.id, reason=reason)

    assert session.get_one(Organisation, applied.id).status is OrganisationStatus.APPLIED
    assert session.get_one(Person, person.id).disabled_at is None
    assert session.scalars(select(Event)).all() == []

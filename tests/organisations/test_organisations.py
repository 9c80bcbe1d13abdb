"""Organisations: applied for, verified, rejected; their people; the last admin stays."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from db.models import (
    Event,
    Membership,
    MembershipStatus,
    OneTimeLink,
    Organisation,
    OrganisationKind,
    OutboxMail,
    Person,
    Role,
)
from portal import clock
from portal.errors import Forbidden, Invalid, NotFound, NotPossibleNow
from portal.files.queries import open_file
from portal.organisations.commands import (
    apply_for_organisation,
    disable_member,
    disable_organisation,
    invite_broker,
    invite_member,
    reject_organisation,
    verify_organisation,
)
from portal.organisations.queries import list_members, list_organisations, organisation_detail
from portal.organisations.rules import clean_credit_code
from portal.organisations.workflow import OrganisationStatus
from portal.permissions import VISITOR
from tests.factories import add_member, add_organisation, credit_code

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def application(**changes):
    fields = {
        "name": "杭州示例电磁线有限公司",
        "kind": OrganisationKind.ENTERPRISE,
        "credit_code": credit_code(900_001),
        "contact_name": "示例联系人",
        "contact_email": "contact@example.org",
        "contact_phone": "0571-88880000",
        "proof_name": "营业执照.pdf",
        "proof": PDF,
    }
    return fields | changes


def test_an_application_is_verified_and_its_first_admin_invited(session) -> None:
    operator = add_member(session, Role.OPERATOR)
    organisation_id = apply_for_organisation(session, VISITOR, **application())

    verify_organisation(session, operator, organisation_id=organisation_id)

    organisation = session.get(Organisation, organisation_id)
    assert organisation.status is OrganisationStatus.VERIFIED
    membership = session.scalars(select(Membership).where(Membership.organisation_id == organisation_id)).one()
    assert (membership.role, membership.status) == (Role.ENTERPRISE_ADMIN, MembershipStatus.ACTIVE)
    assert len(session.scalars(select(OneTimeLink)).all()) == 1
    assert "contact@example.org" in [mail.recipient for mail in session.scalars(select(OutboxMail))]
    assert [event.action for event in session.scalars(select(Event).order_by(Event.seq))][:2] == [
        "apply_for_organisation",
        "verify_organisation",
    ]


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91330100799655058B", "91110000802100433B"])
def test_real_credit_codes_are_accepted(code: str) -> None:
    assert clean_credit_code(f" {code.lower()} ") == code


@pytest.mark.parametrize(
    "code", ["91350100M000100Y44", "9135O100M000100Y43", "91350100M000I00Y43", "91350100Z000100Y43", "91350100", ""]
)
def test_wrong_credit_codes_are_refused(code: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_credit_code(code)
    assert refused.value.field == "credit_code"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("9135O100M000100Y43", {"place": 5, "letter": "O"}),
        ("91350100M000I00Y43", {"place": 13, "letter": "I"}),
        ("91350100Z000100Y43", {"place": 9, "letter": "Z"}),
        ("９１３５０１００M０００１００Y４3０", {"count": 19}),
    ],
)
def test_a_wrong_credit_code_is_told_which_character(code: str, says: dict) -> None:
    """Row 17."""
    with pytest.raises(Invalid) as refused:
        clean_credit_code(code)
    assert refused.value.params == says

    with pytest.raises(Invalid, match="last character"):
        clean_credit_code("91350100M000100Y44")
    # Full-width letters and digits are understood.
    assert clean_credit_code("９１３５０１００Ｍ０００１００Ｙ４３") == "91350100M000100Y43"


def test_a_renamed_organisation_is_still_the_one_of_its_code(session) -> None:
    """Row 78: two of one name are two; a new name or district does not make a second one of the same code."""
    first = add_organisation(session, name="同名公司")
    second = add_organisation(session, name="同名公司")
    assert first.id != second.id
    first.name = "更名后的公司"
    session.flush()

    for place in (None, "cangqian"):
        with pytest.raises(Invalid) as refused:
            apply_for_organisation(
                session, VISITOR, **application(name="同名公司", credit_code=first.credit_code, town_code=place)
            )
        assert refused.value.field == "credit_code"
    with pytest.raises(IntegrityError):
        add_organisation(session, credit_code=first.credit_code)


def test_one_code_is_one_organisation_whatever_its_name(session) -> None:
    apply_for_organisation(session, VISITOR, **application())

    with pytest.raises(Invalid):
        apply_for_organisation(session, VISITOR, **application(name="另一个名称有限公司"))
    with pytest.raises(Invalid):
        apply_for_organisation(session, VISITOR, **application(name="gnp\u202eexe", credit_code=credit_code(900_002)))
    assert len(session.scalars(select(Organisation)).all()) == 1


def test_a_rejected_organisation_may_apply_again_and_is_told_why(session) -> None:
    operator = add_member(session, Role.OPERATOR)
    organisation_id = apply_for_organisation(session, VISITOR, **application())
    with pytest.raises(Invalid):
        reject_organisation(session, operator, organisation_id=organisation_id, reason=" ")
    reject_organisation(session, operator, organisation_id=organisation_id, reason="营业执照模糊")

    assert apply_for_organisation(session, VISITOR, **application()) == organisation_id
    session.flush()
    query = select(Event).where(Event.object_id == organisation_id, Event.object_type == "organisation")
    steps = [(row.from_status, row.to_status) for row in session.scalars(query.order_by(Event.seq))]
    assert steps == [(None, "applied"), ("applied", "rejected"), ("rejected", "applied")]
    bodies = [mail.body for mail in session.scalars(select(OutboxMail)) if mail.recipient == "contact@example.org"]
    assert len(bodies) == 1
    assert "营业执照模糊" in bodies[0]


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OPERATOR, Role.CLOCK, Role.VISITOR)])
def test_only_operators_verify(session, role: Role) -> None:
    organisation_id = apply_for_organisation(session, VISITOR, **application())
    actor = add_member(session, role, add_organisation(session))

    with pytest.raises((Forbidden, NotFound)):
        verify_organisation(session, actor, organisation_id=organisation_id)
    assert session.get(Organisation, organisation_id).status is OrganisationStatus.APPLIED


def test_applications_are_seen_by_those_who_verify_and_watch(session) -> None:
    organisation_id = apply_for_organisation(session, VISITOR, **application())

    assert list_organisations(session, VISITOR).total == 0
    with pytest.raises(NotFound):
        organisation_detail(session, VISITOR, organisation_id)
    assert organisation_detail(session, add_member(session, Role.AUDITOR), organisation_id).contact_phone
    verify_organisation(session, add_member(session, Role.OPERATOR), organisation_id=organisation_id)
    assert organisation_detail(session, VISITOR, organisation_id).contact_phone == ""


def test_the_last_admin_cannot_be_removed(session) -> None:
    enterprise = add_organisation(session)
    first, second = (add_member(session, Role.ENTERPRISE_ADMIN, enterprise) for _ in range(2))

    with pytest.raises(Forbidden):
        disable_member(session, first, membership_id=first.membership_id)
    disable_member(session, first, membership_id=second.membership_id)
    with pytest.raises(NotPossibleNow):
        disable_member(session, add_member(session, Role.PLATFORM_ADMIN), membership_id=first.membership_id)
    assert session.get(Membership, first.membership_id).status is MembershipStatus.ACTIVE


def test_an_admin_does_not_invite_herself(session) -> None:
    """A second membership of her own could be ended by nobody in the organisation."""
    admin = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    address = session.get_one(Person, admin.person_id).email

    with pytest.raises(Invalid) as refusal:
        invite_member(session, admin, email=f" {address.upper()}", name="我", role=Role.ENTERPRISE_MEMBER)

    assert refusal.value.field == "email"
    mine = select(Membership).where(Membership.person_id == admin.person_id)
    assert [row.role for row in session.scalars(mine)] == [Role.ENTERPRISE_ADMIN]


def test_an_admin_whose_account_is_disabled_is_none(session) -> None:
    enterprise = add_organisation(session)
    gone, here = (add_member(session, Role.ENTERPRISE_ADMIN, enterprise) for _ in range(2))
    session.get_one(Person, gone.person_id).disabled_at = clock.now()
    session.flush()

    with pytest.raises(NotPossibleNow):
        disable_member(session, add_member(session, Role.PLATFORM_ADMIN), membership_id=here.membership_id)
    # The one who can no longer sign in may still be taken off.
    disable_member(session, here, membership_id=gone.membership_id)
    assert session.get_one(Membership, gone.membership_id).status is MembershipStatus.DISABLED


def test_rights_are_asked_before_the_version_and_the_last_admin(session) -> None:
    enterprise = add_organisation(session)
    admin, member = (add_member(session, role, enterprise) for role in (Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_MEMBER))
    watcher = add_member(session, Role.AUDITOR)
    for membership_id in (admin.membership_id, member.membership_id):
        with pytest.raises(Forbidden):
            disable_member(session, member, membership_id=membership_id, version=99)
    with pytest.raises(Forbidden):
        disable_organisation(session, watcher, organisation_id=enterprise.id, reason="不该", version=99)
    organisation_id = apply_for_organisation(session, VISITOR, **application())
    with pytest.raises(Forbidden):
        verify_organisation(session, watcher, organisation_id=organisation_id, version=99)
    with pytest.raises(Forbidden):
        reject_organisation(session, watcher, organisation_id=organisation_id, reason="不该", version=99)


def test_an_admin_invites_and_disables_only_their_own_people(session) -> None:
    enterprise, other = add_organisation(session), add_organisation(session)
    admin = add_member(session, Role.ENTERPRISE_ADMIN, enterprise)
    stranger = add_member(session, Role.ENTERPRISE_MEMBER, other)

    invite_member(session, admin, email="new@example.org", name="示例新成员", role=Role.ENTERPRISE_MEMBER)
    assert len(list_members(session, admin, enterprise.id)) == 2
    with pytest.raises(Invalid):
        invite_member(session, admin, email="x@example.org", name="示例", role=Role.OPERATOR)
    with pytest.raises(NotFound):
        disable_member(session, admin, membership_id=stranger.membership_id)
    with pytest.raises(Forbidden):
        list_members(session, admin, other.id)
    with pytest.raises(Forbidden):
        invite_member(session, stranger, email="y@example.org", name="示例", role=Role.ENTERPRISE_MEMBER)


def test_brokers_are_invited_for_verified_agencies_alone(session) -> None:
    operator = add_member(session, Role.OPERATOR)
    agency = add_organisation(session, OrganisationKind.AGENCY)

    invite_broker(session, operator, organisation_id=agency.id, email="broker@example.org", name="示例经纪人")
    with pytest.raises(Invalid):
        invite_broker(
            session, operator, organisation_id=add_organisation(session).id, email="b@example.org", name="示例"
        )
    disable_organisation(session, operator, organisation_id=agency.id, reason="停业")
    with pytest.raises(Invalid):
        invite_broker(session, operator, organisation_id=agency.id, email="c@example.org", name="示例")


def test_the_proof_is_read_by_those_who_verify_and_its_own_people_alone(session) -> None:
    organisation_id = apply_for_organisation(session, VISITOR, **application())
    operator = add_member(session, Role.OPERATOR)
    proof = session.get(Organisation, organisation_id).proof_file_id

    assert open_file(session, operator, proof).content == PDF
    verify_organisation(session, operator, organisation_id=organisation_id)
    for stranger in (VISITOR, add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))):
        with pytest.raises(NotFound):
            open_file(session, stranger, proof)

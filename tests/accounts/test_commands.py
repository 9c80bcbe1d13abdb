"""What people do with their accounts, and what they may not."""

import pytest

from db.models import Event, LoginSession, Membership, MembershipStatus, OutboxMail, Person, Role
from portal import clock
from portal.accounts import links, queries
from portal.accounts.commands import (
    accept_invitation,
    change_password,
    decide_official_role,
    disable_person,
    enable_person,
    invite_person,
    propose_official_role,
    request_password_reset,
    reset_password,
    sign_in_as_demo,
    sign_out,
    switch_membership,
    update_profile,
)
from portal.accounts.passwords import hash_password
from portal.accounts.sessions import actor_of_session, create_session, is_live, key_of
from portal.accounts.signing_in import WrongCredentials, sign_in_with_password
from portal.errors import Forbidden, Invalid, NotFound, NotPossibleNow, NotSignedIn, Stale, TooMany
from portal.events import verify_chain
from portal.permissions import VISITOR
from portal.transactions import reading, writing
from tests.factories import add_member, add_organisation, add_person

GOOD = "a long enough password"
BETTER = "another long password"


def token_in(mail: OutboxMail) -> str:
    return next(line for line in mail.body.splitlines() if "://" in line).rsplit("/", 1)[-1]


def newest_mail(session) -> OutboxMail:
    return session.query(OutboxMail).order_by(OutboxMail.created_at.desc()).first()


def add_known(session, **fields) -> Person:
    return add_person(session, password_hash=hash_password(GOOD), **fields)


def invite(session, actor, **fields):
    values = {"email": "new@example.org", "name": "新人", "role": Role.RESEARCHER, "organisation_id": None}
    return invite_person(session, actor, **(values | fields))


def test_an_invited_person_chooses_a_password_and_is_signed_in(session):
    organisation = add_organisation(session, name="示例研究院")
    admin = add_member(session, Role.INSTITUTE_ADMIN, organisation)

    invitation = invite(session, admin, email=" New@Example.org ", organisation_id=organisation.id)
    mail = newest_mail(session)
    assert (mail.recipient, invitation.link) == (
        "new@example.org",
        f"http://localhost:8501/invitation/{token_in(mail)}",
    )
    assert "示例研究院" in mail.body

    key = key_of(accept_invitation(session, VISITOR, token=token_in(mail), name="王 芳", password=GOOD))
    found = actor_of_session(session, key)
    assert (found.role, found.name, found.organisation_id) == (Role.RESEARCHER, "王 芳", organisation.id)
    with pytest.raises(links.LinkEnded):
        accept_invitation(session, VISITOR, token=token_in(mail), name="王 芳", password=BETTER)


def test_a_refused_password_leaves_the_invitation_unused(session):
    invite(session, add_member(session, Role.OPERATOR))
    token = token_in(newest_mail(session))

    with pytest.raises(Invalid):
        accept_invitation(session, VISITOR, token=token, name="新人", password="short")
    with pytest.raises(Invalid):
        accept_invitation(session, VISITOR, token=token, name="\u200b", password=GOOD)

    accept_invitation(session, VISITOR, token=token, name="新人", password=GOOD)


def test_somebody_with_a_password_gets_the_role_without_a_link(session):
    organisation = add_organisation(session)
    person = add_known(session)

    invitation = invite(
        session, add_member(session, Role.OPERATOR), email=person.email, organisation_id=organisation.id
    )

    assert (invitation.person_id, invitation.link) == (person.id, "")
    assert "/login" in newest_mail(session).body
    with pytest.raises(Invalid):
        invite(session, add_member(session, Role.OPERATOR), email=person.email, organisation_id=organisation.id)


def test_inviting_again_sends_a_new_link_and_ends_the_old_one(session):
    operator = add_member(session, Role.OPERATOR)
    first = invite(session, operator)
    clock.set_offset(1)
    second = invite(session, operator)

    assert (first.membership_id, first.link != second.link) == (second.membership_id, True)
    with pytest.raises(links.LinkEnded):
        accept_invitation(session, VISITOR, token=first.link.rsplit("/", 1)[-1], name="新人", password=GOOD)


def test_a_disabled_person_is_not_invited_anew(session):
    person = add_person(session, disabled_at=clock.now())
    with pytest.raises(Invalid):
        invite(session, add_member(session, Role.OPERATOR), email=person.email)


def test_no_look_alike_second_account(session):
    operator = add_member(session, Role.OPERATOR)
    invite(session, operator, email="a@b.cn")
    for typed in ("ａ＠ｂ．ｃｎ", "a\u200b@b.cn"):
        with pytest.raises(Invalid):
            invite(session, operator, email=typed)


@pytest.fixture
def known(sqlite_url):
    with writing() as session:
        person = add_known(session, email="zhang@example.org")
        add_member(session, Role.OPERATOR, person=person)
    return person


def attempt(password=GOOD, email="zhang@example.org", address="192.0.2.1", device=None):
    return sign_in_with_password(email=email, password=password, address=address, device=device)


def test_signing_in_opens_a_session(known):
    signed_in = attempt(email=" Zhang@example.org")

    with reading() as session:
        assert actor_of_session(session, key_of(signed_in.token)).role is Role.OPERATOR


@pytest.mark.parametrize(
    "fields", [{"password": "wrong"}, {"email": "nobody@example.org"}, {"password": ""}, {"password": "x" * 10_000}]
)
def test_a_wrong_password_and_an_unknown_name_read_and_are_written_the_same(known, fields):
    with pytest.raises(WrongCredentials):
        attempt(**fields)
    with reading() as session:
        assert session.query(LoginSession).count() == 0
        assert [row.action for row in session.query(Event)] == ["refuse_sign_in"]


def test_a_disabled_person_does_not_sign_in(known):
    with writing() as session:
        session.get(Person, known.id).disabled_at = clock.now()
    with pytest.raises(WrongCredentials):
        attempt()


def test_the_eleventh_guess_is_not_even_looked_at(known):
    for number in range(10):
        with pytest.raises(WrongCredentials):
            attempt("wrong", address=f"192.0.2.{number}")
    with pytest.raises(TooMany):
        attempt(address="192.0.2.77")
    # The owner's own device still gets in.
    assert attempt(address="192.0.2.77", device="known device").person_id == known.id


def test_signing_out_ends_the_session(session):
    actor = add_member(session, Role.OPERATOR)
    key = key_of(create_session(session, actor.acting_person))

    sign_out(session, actor, key=key)
    sign_out(session, actor, key=key)

    assert not is_live(session, key)
    assert [row.action for row in session.query(Event)] == ["sign_out"]


def test_a_reset_ends_every_session_and_works_once(session):
    person = add_known(session)
    key = key_of(create_session(session, person.id))

    request_password_reset(session, VISITOR, email=person.email)
    token = token_in(newest_mail(session))
    with pytest.raises(Invalid):
        reset_password(session, VISITOR, token=token, password="short")
    reset_password(session, VISITOR, token=token, password=BETTER)

    assert not is_live(session, key)
    with pytest.raises(links.LinkEnded):
        reset_password(session, VISITOR, token=token, password=GOOD)


def test_asking_for_a_reset_of_an_unknown_disabled_or_uninvited_person_sends_nothing(session):
    add_person(session, email="waiting@example.org")
    add_known(session, email="closed@example.org", disabled_at=clock.now())

    for email in ("nobody@example.org", "waiting@example.org", "closed@example.org"):
        request_password_reset(session, VISITOR, email=email)

    assert session.query(OutboxMail).count() == 0
    assert session.query(Event).count() == 3


def test_changing_the_password_keeps_this_browser_and_ends_the_others(session):
    person = add_known(session)
    actor = add_member(session, Role.OPERATOR, person=person)
    here, there = (key_of(create_session(session, person.id)) for _ in range(2))

    with pytest.raises(Invalid) as refusal:
        change_password(session, actor, current="wrong", new=BETTER, key=here)
    assert refusal.value.field == "current"
    change_password(session, actor, current=GOOD, new=BETTER, key=here)

    assert (is_live(session, here), is_live(session, there)) == (True, False)
    with pytest.raises(NotSignedIn):
        change_password(session, VISITOR, current=GOOD, new=BETTER)


def test_switching_the_hat(session):
    person = add_person(session)
    first = add_member(session, Role.OPERATOR, person=person)
    second = add_member(session, Role.RESEARCHER, add_organisation(session), person=person)
    key = key_of(create_session(session, person.id))
    assert [row.is_worn for row in queries.my_memberships(session, first)] == [True, False]

    switch_membership(session, first, membership_id=second.membership_id, key=key)

    assert actor_of_session(session, key).organisation_id == second.organisation_id
    with pytest.raises(NotFound):
        switch_membership(session, add_member(session, Role.EXPERT), membership_id=second.membership_id, key=key)


def test_the_profile(session):
    actor = add_member(session, Role.OPERATOR)

    update_profile(session, actor, name="李 雷", phone="0571 8888", language="en", mail_notices=False, version=1)

    profile = queries.my_profile(session, actor)
    assert profile[2:6] == ("李 雷", "0571 8888", "en", False)
    assert session.query(Event).one().fields == ["name", "language", "mail_notices", "phone"]
    with pytest.raises(Stale):
        update_profile(session, actor, name="韩梅梅", version=1)
    with pytest.raises(Invalid):
        update_profile(session, actor, language="xx")
    update_profile(session, actor, name="李 雷")
    assert session.query(Event).count() == 1  # nothing changed, nothing noted


def test_an_official_role_needs_two_platform_admins(session):
    one, other = (add_member(session, Role.PLATFORM_ADMIN) for _ in range(2))

    membership_id = propose_official_role(session, one, email="op@example.org", name="经办", role=Role.OPERATOR)
    assert session.query(OutboxMail).count() == 0
    assert [row.may_decide for row in queries.pending_official_roles(session, one)] == [False]
    assert [row.may_decide for row in queries.pending_official_roles(session, other)] == [True]
    with pytest.raises(Forbidden):
        decide_official_role(session, one, membership_id=membership_id, approve=True)
    decide_official_role(session, other, membership_id=membership_id, approve=True)

    membership = session.get(Membership, membership_id)
    assert (membership.status, membership.granted_by, membership.approved_by) == (
        MembershipStatus.ACTIVE,
        one.person_id,
        other.person_id,
    )
    accept_invitation(
        session,
        VISITOR,
        token=token_in(session.query(OutboxMail).filter_by(recipient="op@example.org").one()),
        name="经办",
        password=GOOD,
    )
    with pytest.raises(NotPossibleNow):
        decide_official_role(session, other, membership_id=membership_id, approve=True)


def test_a_refused_official_role_needs_a_reason_and_may_be_proposed_again(session):
    one, other = (add_member(session, Role.PLATFORM_ADMIN) for _ in range(2))
    values = {"email": "ap@example.org", "name": "审批", "role": Role.APPROVER}
    membership_id = propose_official_role(session, one, **values)

    with pytest.raises(Invalid):
        decide_official_role(session, other, membership_id=membership_id, approve=False)
    decide_official_role(session, other, membership_id=membership_id, approve=False, reason="不在岗")
    assert propose_official_role(session, other, **values) == membership_id
    with pytest.raises(Forbidden):
        decide_official_role(session, other, membership_id=membership_id, approve=True)
    decide_official_role(session, one, membership_id=membership_id, approve=True)
    with pytest.raises(Invalid):
        propose_official_role(session, one, **values)


def test_nobody_proposes_or_decides_the_own_role(session):
    one, other = (add_member(session, Role.PLATFORM_ADMIN) for _ in range(2))
    email = session.get(Person, one.person_id).email

    with pytest.raises(Forbidden):
        propose_official_role(session, one, email=email, name="自己", role=Role.AUDITOR)
    membership_id = propose_official_role(session, other, email=email, name="自己", role=Role.AUDITOR)
    with pytest.raises(Forbidden):
        decide_official_role(session, one, membership_id=membership_id, approve=True)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.PLATFORM_ADMIN, Role.VISITOR, Role.CLOCK)])
def test_only_platform_admins_touch_roles_and_accounts(session, role):
    actor = add_member(session, role)
    target = add_member(session, Role.EXPERT)
    for act in (
        lambda: propose_official_role(session, actor, email="x@example.org", name="某", role=Role.EXPERT),
        lambda: decide_official_role(session, actor, membership_id=target.membership_id, approve=True),
        lambda: disable_person(session, actor, person_id=target.person_id, reason="x"),
        lambda: enable_person(session, actor, person_id=target.person_id),
        lambda: queries.list_people(session, actor),
        lambda: queries.pending_official_roles(session, actor),
    ):
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(NotFound):
        queries.get_person(session, actor, person_id=target.person_id)
    assert queries.get_person(session, actor, person_id=actor.person_id).id == actor.person_id


def test_only_official_roles_are_proposed(session):
    with pytest.raises(Invalid):
        propose_official_role(
            session, add_member(session, Role.PLATFORM_ADMIN), email="x@example.org", name="某", role=Role.RESEARCHER
        )


def test_disabling_a_person_ends_everything_at_once(session):
    admin = add_member(session, Role.PLATFORM_ADMIN)
    person = add_known(session)
    actor = add_member(session, Role.EXPERT, person=person)
    key = key_of(create_session(session, person.id))
    token = links.create_link(session, person.id, links.OneTimeLinkKind.PASSWORD_RESET)

    with pytest.raises(Invalid):
        disable_person(session, admin, person_id=person.id, reason=" ")
    disable_person(session, admin, person_id=person.id, reason="离职")

    assert not is_live(session, key)
    with pytest.raises(links.LinkEnded):
        reset_password(session, VISITOR, token=token, password=BETTER)
    enable_person(session, admin, person_id=person.id)
    assert not is_live(session, key)
    assert [row.action for row in session.query(Event)] == ["disable_person", "enable_person"]
    with pytest.raises(Forbidden):
        disable_person(session, admin, person_id=admin.person_id, reason="x")
    assert actor.person_id == person.id


def test_people_are_listed_page_by_page(session):
    admin = add_member(session, Role.PLATFORM_ADMIN, person=add_person(session, name="A admin"))
    add_member(session, Role.RESEARCHER, add_organisation(session, name="院所"), person=add_person(session, name="B%_"))
    add_person(session, name="C")

    page = queries.list_people(session, admin, page=1, page_size=2)
    assert ([row.name for row in page.rows], page.total) == (["A admin", "B%_"], 3)
    assert page.rows[1].roles == [(Role.RESEARCHER, "院所")]
    assert [row.name for row in queries.list_people(session, admin, page=99, page_size=2).rows] == ["C"]
    assert [row.name for row in queries.list_people(session, admin, search="%_").rows] == ["B%_"]
    assert queries.count_platform_admins(session) == 1


def test_the_accounts_say_whose_organisation_would_be_left_without_an_admin(session):
    enterprise, other = (add_organisation(session, name=name) for name in ("甲公司", "乙公司"))
    alone = add_member(session, Role.ENTERPRISE_ADMIN, enterprise)
    add_member(session, Role.ENTERPRISE_MEMBER, enterprise)
    one, two = (add_member(session, Role.ENTERPRISE_ADMIN, other) for _ in range(2))
    admin = add_member(session, Role.PLATFORM_ADMIN)

    def left_alone():
        rows = queries.list_people(session, admin).rows
        return {row.id: row.last_admin_of for row in rows if row.last_admin_of}

    assert left_alone() == {alone.person_id: ["甲公司"]}
    disable_person(session, admin, person_id=two.person_id, reason="离职")
    assert left_alone() == {alone.person_id: ["甲公司"], one.person_id: ["乙公司"]}
    assert queries.get_person(session, admin, person_id=one.person_id).last_admin_of == ["乙公司"]


def test_a_demo_button_signs_in_demonstration_accounts_only(session):
    real = add_member(session, Role.OPERATOR)
    demo = add_member(session, Role.LEADER, person=add_person(session, is_demo=True, name="领导"))

    assert [(row.role, row.name) for row in queries.demo_accounts(session)] == [(Role.LEADER, "领导")]
    key = key_of(sign_in_as_demo(session, VISITOR, membership_id=demo.membership_id))
    assert actor_of_session(session, key).role is Role.LEADER
    with pytest.raises(NotFound):
        sign_in_as_demo(session, VISITOR, membership_id=real.membership_id)


def test_no_mail_address_or_name_enters_the_events_and_the_chain_holds(session):
    admin = add_member(session, Role.PLATFORM_ADMIN)
    other = add_member(session, Role.PLATFORM_ADMIN)
    invite(session, admin, email="secret.person@example.org", name="密名")
    accept_invitation(session, VISITOR, token=token_in(newest_mail(session)), name="密名", password=GOOD)
    membership = propose_official_role(session, admin, email="secret.two@example.org", name="密名", role=Role.EXPERT)
    decide_official_role(session, other, membership_id=membership, approve=True)

    written = " ".join(repr(vars(row)) for row in session.query(Event))
    assert "secret" not in written and "密名" not in written and "@" not in written
    assert verify_chain(session)[1] == []


def test_the_current_password_cannot_be_guessed_for_long(session):
    person = add_known(session)
    actor = add_member(session, Role.OPERATOR, person=person)
    for _ in range(10):
        with pytest.raises(Invalid):
            change_password(session, actor, current="wrong", new=BETTER)
    with pytest.raises(TooMany):
        change_password(session, actor, current=GOOD, new=BETTER)
    clock.set_offset(5 * 60)
    change_password(session, actor, current=GOOD, new=BETTER)

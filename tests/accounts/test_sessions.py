"""Who a session key stands for, and how soon that changes."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from db.models import LoginSession, Membership, MembershipStatus, OrganisationStatus, Person, Role
from portal import clock
from portal.accounts.sessions import (
    actor_of_session,
    create_session,
    is_live,
    is_touch_due,
    key_of,
    revoke,
    revoke_all_of_person,
    touch,
    wear,
)
from portal.errors import NotFound
from portal.permissions import VISITOR, Actor
from tests.factories import add_member, add_organisation, add_person


def sign_in(session: Session, actor: Actor) -> str:
    return key_of(create_session(session, actor.acting_person))


def test_actor_of_session_joins_person_membership_and_organisation_in_one_query(session):
    actor = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    key = sign_in(session, actor)
    statements: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: statements.append(args[2]))

    assert actor_of_session(session, key) == actor
    assert len(statements) == 1


@pytest.mark.parametrize("key", [None, "", "v-" + "a" * 64, "a" * 64, "not a hash"])
def test_without_a_session_everybody_is_a_visitor(session, key):
    assert actor_of_session(session, key) is VISITOR


def test_the_token_itself_is_kept_nowhere(session):
    token = create_session(session, add_person(session).id)

    row = session.query(LoginSession).one()

    assert token not in repr(vars(row))
    assert row.token_hash == key_of(token)


def test_revoking_ends_the_session_at_once_and_only_once(session):
    key = sign_in(session, add_member(session, Role.OPERATOR))

    assert is_live(session, key)
    assert revoke(session, key)
    assert not revoke(session, key)
    assert not is_live(session, key)
    assert actor_of_session(session, key) is VISITOR


def test_revoking_all_of_a_person_spares_others_and_the_named_one(session):
    one, other = add_member(session, Role.OPERATOR), add_member(session, Role.APPROVER)
    first, second, kept, foreign = (sign_in(session, actor) for actor in (one, one, one, other))

    assert revoke_all_of_person(session, one.acting_person, except_key=kept) == 2

    assert [is_live(session, key) for key in (first, second, kept, foreign)] == [False, False, True, True]


def test_idle_and_absolute_time_out(session):
    actor = add_member(session, Role.OPERATOR)
    key = sign_in(session, actor)

    clock.set_offset(29 * 60)
    touch(session, key)
    clock.set_offset(58 * 60)
    assert is_live(session, key)
    clock.set_offset(60 * 60)
    assert not is_live(session, key)
    touch(session, key)
    assert not is_live(session, key)  # a late touch does not bring it back

    clock.set_offset(0)
    key = sign_in(session, actor)
    for minutes in range(20, 12 * 60 + 1, 20):
        clock.set_offset(minutes * 60)
        assert is_live(session, key) == (minutes < 12 * 60)
        touch(session, key)


def test_a_touch_is_written_at_most_once_a_minute(session):
    key = sign_in(session, add_member(session, Role.OPERATOR))
    seen = session.query(LoginSession).one().seen_at

    clock.set_offset(59)
    assert not is_touch_due(session, key)
    clock.set_offset(61)
    assert is_touch_due(session, key)
    touch(session, key)
    session.expire_all()
    assert session.query(LoginSession).one().seen_at - seen > timedelta(seconds=60)


@pytest.mark.parametrize("ended", [MembershipStatus.DISABLED, MembershipStatus.PROPOSED, MembershipStatus.REFUSED])
def test_a_membership_that_ends_takes_the_role_but_not_the_person(session, ended):
    actor = add_member(session, Role.RESEARCHER, add_organisation(session))
    key = sign_in(session, actor)

    session.get(Membership, actor.membership_id).status = ended
    session.flush()

    found = actor_of_session(session, key)
    assert (found.role, found.person_id, found.organisation_id) == (Role.VISITOR, actor.person_id, None)


@pytest.mark.parametrize("status", [OrganisationStatus.DISABLED, OrganisationStatus.REJECTED])
def test_an_organisation_that_ends_takes_the_role(session, status):
    organisation = add_organisation(session)
    actor = add_member(session, Role.ENTERPRISE_ADMIN, organisation)
    key = sign_in(session, actor)

    organisation.status = status
    session.flush()

    assert actor_of_session(session, key).role is Role.VISITOR


def test_an_organisation_that_is_not_yet_verified_is_said_so(session):
    actor = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session, status=OrganisationStatus.APPLIED))

    found = actor_of_session(session, sign_in(session, actor))

    assert (found.role, found.organisation_verified) == (Role.ENTERPRISE_ADMIN, False)


def test_a_disabled_person_is_nobody(session):
    actor = add_member(session, Role.OPERATOR)
    key = sign_in(session, actor)

    session.get(Person, actor.person_id).disabled_at = clock.now()
    session.flush()

    assert actor_of_session(session, key) is VISITOR
    assert not is_live(session, key)


def test_a_new_session_wears_the_hat_of_the_last_one(session):
    person = add_person(session)
    first = add_member(session, Role.OPERATOR, person=person)
    second = add_member(session, Role.EXPERT, person=person)
    key = sign_in(session, first)
    assert actor_of_session(session, key).role is Role.OPERATOR

    wear(session, key, person.id, second.membership_id)
    assert actor_of_session(session, key).role is Role.EXPERT

    clock.set_offset(1)
    assert actor_of_session(session, sign_in(session, first)).role is Role.EXPERT


def test_nobody_wears_somebody_elses_hat(session):
    mine, theirs = add_member(session, Role.OPERATOR), add_member(session, Role.APPROVER)
    key = sign_in(session, mine)

    with pytest.raises(NotFound):
        wear(session, key, mine.acting_person, theirs.membership_id)
    with pytest.raises(NotFound):
        wear(session, sign_in(session, theirs), mine.acting_person, mine.membership_id)

    # Even a row that was changed by hand gives no foreign rights.
    session.query(LoginSession).filter_by(token_hash=key).one().membership_id = theirs.membership_id
    session.flush()
    assert actor_of_session(session, key).role is Role.VISITOR

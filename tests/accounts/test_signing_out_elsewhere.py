"""Where I am signed in: listed, ended one by one or all others, at once, and nobody else's."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from db.models import Event, LoginSession, Role
from portal.accounts.commands import end_other_sessions, end_session
from portal.accounts.queries import my_sessions
from portal.accounts.sessions import actor_of_session, create_session, is_live, key_of
from portal.errors import NotFound, NotSignedIn
from portal.permissions import VISITOR
from portal.transactions import reading, writing
from tests.apptest import open_as, texts
from tests.factories import add_member


def sign_in(session, actor) -> str:
    return key_of(create_session(session, actor.acting_person, actor.membership_id))


def row_of(session, key):
    return session.scalars(select(LoginSession.id).where(LoginSession.token_hash == key)).one()


def test_one_other_browser_is_signed_out_at_once(any_session) -> None:
    session = any_session
    actor = add_member(session, Role.OPERATOR)
    here, there = sign_in(session, actor), sign_in(session, actor)

    end_session(session, actor, session_id=row_of(session, there))
    end_session(session, actor, session_id=row_of(session, there))

    assert (is_live(session, here), is_live(session, there)) == (True, False)
    assert actor_of_session(session, there) is VISITOR
    assert [row.is_this_one for row in my_sessions(session, actor, key=here)] == [True]
    acts = session.scalars(select(Event).where(Event.action == "sign_out")).all()
    assert [event.fields for event in acts] == [["elsewhere"]]


def test_all_others_are_signed_out_and_nobody_elses(any_session) -> None:
    session = any_session
    actor, other = add_member(session, Role.OPERATOR), add_member(session, Role.APPROVER)
    here, there, third, foreign = (sign_in(session, one) for one in (actor, actor, actor, other))

    assert end_other_sessions(session, actor, key=here) == 2
    assert end_other_sessions(session, actor, key=here) == 0

    assert [is_live(session, key) for key in (here, there, third, foreign)] == [True, False, False, True]


def test_a_strange_session_is_not_found(session) -> None:
    actor, other = add_member(session, Role.OPERATOR), add_member(session, Role.PLATFORM_ADMIN)
    foreign = sign_in(session, other)

    for session_id in (row_of(session, foreign), uuid4()):
        with pytest.raises(NotFound):
            end_session(session, actor, session_id=session_id)
    with pytest.raises(NotSignedIn):
        end_session(session, VISITOR, session_id=row_of(session, foreign))
    with pytest.raises(NotSignedIn):
        end_other_sessions(session, VISITOR, key="")
    assert is_live(session, foreign)


def test_the_page_lists_them_and_ends_them(sqlite_url) -> None:
    with writing() as session:
        actor = add_member(session, Role.OPERATOR)
        first, second, third = (sign_in(session, actor) for _ in range(3))
    at = open_as(actor, "account/profile.py")
    assert texts(at).count("this browser") == 1
    there = [button for button in at.button if button.label == "Sign out there"]
    assert len(there) == 3

    there[0].click().run()
    with reading() as session:
        assert sum(is_live(session, key) for key in (first, second, third)) == 2
    next(button for button in at.button if button.label == "Sign out everywhere else").click().run()

    assert "Every other browser is signed out." in texts(at)
    with reading() as session:
        assert not any(is_live(session, key) for key in (first, second, third))
    assert "this browser" in texts(at)
    assert not [button for button in at.button if button.label.startswith("Sign out ")]

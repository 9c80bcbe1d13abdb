"""A link never leads to a page of other roles: it is not drawn, and whoever has no role reads what to do."""

import logging
from uuid import uuid4

import pytest
from sqlalchemy import update

from db.models import Membership, MembershipStatus, Notification, OrganisationKind, Role
from portal import clock
from portal.permissions import VISITOR, Actor
from portal.transactions import writing
from portal.ui.page_table import pages_for
from tests.apptest import open_as, texts, turn_to
from tests.factories import add_member, add_organisation
from tests.pages.test_every_page import somebody


def without_a_role() -> Actor:
    """Signed in, and the only membership was disabled meanwhile."""
    with writing() as session:
        actor = add_member(session, Role.RESEARCHER, add_organisation(session, OrganisationKind.INSTITUTE))
        ended = update(Membership).where(Membership.id == actor.membership_id)
        session.execute(ended.values(status=MembershipStatus.DISABLED))
    return actor


def faults(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def test_every_page_opens_for_somebody_without_a_role(sqlite_url, caplog) -> None:
    at = open_as(without_a_role())

    for row in pages_for(VISITOR):
        turn_to(at, row.script)
        assert not at.exception, (row.script, at.exception)
    assert faults(caplog) == []


def test_somebody_without_a_role_reads_what_to_do(sqlite_url) -> None:
    shown = texts(open_as(without_a_role()))

    assert "Ask the admin of your organisation" in shown
    assert "Notices" not in shown


def test_the_page_of_a_lost_role_says_what_to_do(sqlite_url, caplog) -> None:
    at = open_as(without_a_role(), "not_yours.py")

    assert "Ask the admin of your organisation" in texts(at)
    assert faults(caplog) == []


def test_a_notice_about_a_page_of_another_role_leads_to_a_page_that_says_so(sqlite_url, caplog) -> None:
    leader = somebody(Role.LEADER)
    assert leader is not None
    with writing() as session:
        told = {"message": "Hello", "page": "proposal", "object_id": uuid4()}
        session.add(
            Notification(person_id=leader.acting_person, created_at=clock.now(), dedupe_key="links:hello", **told)
        )
    at = open_as(leader, "account/notices.py")

    at = next(button for button in at.button if button.label == "Open it").click().run()

    assert not at.exception
    assert "This page is for other roles" in texts(at)
    assert faults(caplog) == []

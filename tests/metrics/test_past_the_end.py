"""A page number past the end of a list, from the address: the last page, and the control says so (row 40)."""

import pytest

from db.models import Challenge, ChallengeStatus, OrganisationKind, Role
from portal.events import record_event
from portal.ids import stable_id
from portal.proposals.commands import draft_proposal
from portal.transactions import writing
from tests.apptest import open_as, texts
from tests.factories import add_challenge, add_member, add_organisation
from tests.proposals.samples import add_world


@pytest.mark.parametrize(("asked", "shown", "rows"), [("2", 2, 12), ("3", 3, 5), ("7", 3, 5), ("999", 3, 5)])
def test_the_last_page_of_a_counted_list(sqlite_url, asked: str, shown: int, rows: int) -> None:
    with writing() as session:
        for _ in range(29):
            add_organisation(session, OrganisationKind.AGENCY)

    at = open_as(None, "organisations/list.py", page=asked)

    assert not at.exception
    assert at.session_state["page"] == shown
    assert texts(at).count("Technology transfer agency") == rows
    at.run()
    assert at.session_state["page"] == shown


def test_the_trail_is_not_counted_and_begins_anew(sqlite_url) -> None:
    with writing() as session:
        auditor = add_member(session, Role.AUDITOR)
        for place in range(25):
            record_event(session, auditor, "export", "setting", stable_id(f"event {place}"))

    at = open_as(auditor, "admin/trail.py", page="40")

    assert not at.exception
    assert "No act fits these filters" not in texts(at)
    assert len(at.table[0].value) == 20


def test_my_proposals_past_the_end(sqlite_url) -> None:
    with writing() as session:
        world = add_world(session)
        first = session.get_one(Challenge, world.challenge_id)
        for _ in range(21):
            days = {"opens_at": first.opens_at, "closes_at": first.closes_at}
            other = add_challenge(session, status=ChallengeStatus.OPEN, **days)
            draft_proposal(session, world.lead, challenge_id=other.id)

    at = open_as(world.lead, "proposals/list.py", page="9")

    assert not at.exception
    assert at.session_state["page"] == 2
    assert "Finish and submit it" in texts(at)

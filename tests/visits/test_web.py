"""Phones at the door: the plain check-in page, feedback after it, and calendar addresses."""

import re

import pytest
from sqlalchemy import select

from db.models import OutboxMail, ParticipantStatus, VisitFeedback, VisitParticipant
from portal import clock
from portal.accounts.sessions import create_session
from portal.transactions import reading, writing
from portal.visits.attendance import tick_off
from portal.visits.commands import hold_visit
from portal.visits.feeds import renew_calendar
from portal.visits.rules import code_of_day
from portal.web.app import app_parts
from tests.visits.world import announce, group, make_world, on_the_day, plan, register
from tests.web.browsing import token_in
from tests.web.conftest import browser_before

ORIGIN = {"origin": "http://localhost:8501"}


@pytest.fixture
def scene(sqlite_url):
    """A visit today with a researcher and a group; a browser for anybody."""
    with writing() as session:
        world = make_world(session)
        visit = announce(session, world, capacity=9)
        register(session, world.researcher, visit)
        rows = group(session, world.partner, visit)
    on_the_day(visit)
    return world, visit, rows


def browser(actor=None):
    client = browser_before(app_parts())
    if actor is not None:
        with writing() as session:
            token = create_session(session, actor.person_id, actor.membership_id)
        client.cookies.set("portal_session", token)
    return client


def send(client, visit, **fields):
    address = f"/check-in/{visit.id}?lang=en"
    form = {"csrf": token_in(client.get(address).text), **fields}
    return client.post(address, data=form, headers=ORIGIN)


def status_of(row):
    with reading() as session:
        return session.get_one(VisitParticipant, row.id).status


def code(visit):
    return code_of_day(visit.check_in_secret, clock.today())


def test_with_an_account_the_code_is_enough(scene):
    world, visit, _rows = scene
    client = browser(world.researcher)
    assert 'name="ticket"' not in client.get(f"/check-in/{visit.id}").text

    response = send(client, visit, code=code(visit))

    assert response.status_code == 200
    assert "You are checked in" in response.text
    with reading() as session:
        mine = select(VisitParticipant.status).where(VisitParticipant.person_id == world.researcher.person_id)
        assert session.scalars(mine).one() is ParticipantStatus.ATTENDED


def test_without_an_account_the_ticket_and_the_code(scene):
    _world, visit, rows = scene
    client = browser()
    shown = client.get(f"/check-in/{visit.id}?ticket={rows[0].ticket}").text
    assert f'value="{rows[0].ticket}"' in shown
    assert rows[0].name not in shown

    wrong = send(client, visit, code="000000" if code(visit) != "000000" else "111111", ticket=rows[0].ticket)
    assert wrong.status_code == 422
    assert "not the code of today" in wrong.text
    assert f'value="{rows[0].ticket}"' in wrong.text  # what was typed stays
    assert send(client, visit, code=code(visit), ticket="ABCD2345").status_code == 422
    assert status_of(rows[0]) is ParticipantStatus.REGISTERED

    assert send(client, visit, code=code(visit), ticket=rows[0].ticket).status_code == 200

    assert status_of(rows[0]) is ParticipantStatus.ATTENDED
    assert status_of(rows[1]) is ParticipantStatus.REGISTERED


def test_guesses_are_counted(scene):
    """Five in five minutes for one ticket; then not even the right code is heard. The others go on."""
    _world, visit, rows = scene
    client = browser()
    wrong = "000000" if code(visit) != "000000" else "111111"
    answers = [send(client, visit, code=wrong, ticket=rows[0].ticket).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]

    assert send(client, visit, code=code(visit), ticket=rows[0].ticket).status_code == 429
    assert send(client, visit, code=code(visit), ticket=rows[1].ticket).status_code == 200
    assert status_of(rows[0]) is ParticipantStatus.REGISTERED


def test_no_form_of_another_site_and_no_hidden_visit(scene):
    world, visit, rows = scene
    fields = {"code": code(visit), "ticket": rows[0].ticket}
    assert browser().post(f"/check-in/{visit.id}", data=fields, headers=ORIGIN).status_code == 403
    with writing() as session:
        hidden = plan(session, world)
    assert browser().get(f"/check-in/{hidden.id}").status_code == 404
    assert browser(world.admin).get(f"/check-in/{hidden.id}").status_code == 200


def test_afterwards_the_same_address_takes_feedback(scene):
    world, visit, rows = scene
    with writing() as session:
        tick_off(session, world.admin, participant_id=rows[0].id)
        hold_visit(session, world.admin, visit_id=visit.id)
    client = browser()

    assert send(client, visit, ticket=rows[0].ticket, score="9", words="好").status_code == 422
    assert send(client, visit, ticket=rows[1].ticket, score="4", words="好").status_code == 422
    response = send(client, visit, ticket=rows[0].ticket, score="4", words="<b>好</b>")

    assert response.status_code == 200
    with reading() as session:
        given = session.scalars(select(VisitFeedback)).one()
        assert (given.score, given.words, given.participant_id) == (4, "<b>好</b>", rows[0].id)


def test_calendar_addresses(scene):
    world, visit, _rows = scene
    client = browser()
    public = client.get("/calendar/visits.ics")
    assert public.headers["content-type"] == "text/calendar; charset=utf-8"
    assert str(visit.id) in public.text
    with writing() as session:
        token = renew_calendar(session, world.researcher)

    mine = client.get(f"/calendar/{token}.ics")

    assert mine.status_code == 200
    assert mine.headers["cache-control"] == "private, no-store"
    for guess in ("x", token[:-1], token.swapcase()):
        assert client.get(f"/calendar/{guess}.ics").status_code == 404
    # Nobody is signed in by it.
    assert "portal_session" not in mine.headers.get("set-cookie", "")


def test_mails_hold_a_link_and_no_personal_data(scene):
    _world, visit, rows = scene
    with reading() as session:
        bodies = "\n".join(f"{mail.subject}{mail.body}" for mail in session.scalars(select(OutboxMail)))
    assert f"/visit?id={visit.id}" in bodies
    for secret in (*(row.name for row in rows), *(row.ticket for row in rows), "13800001234", code(visit)):
        assert not re.search(rf"(?<![0-9a-f-]){secret}", bodies)

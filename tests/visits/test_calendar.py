"""Calendar files as RFC 5545 wants them, and who gets which."""

from datetime import UTC, date, datetime, timedelta

import pytest

from db.models import Person, VisitStatus
from portal import clock
from portal.errors import NotFound, NotSignedIn
from portal.permissions import VISITOR
from portal.transactions import reading, writing
from portal.visits.calendar import Entry, calendar_text, escaped, folded
from portal.visits.commands import cancel_visit, edit_visit
from portal.visits.feeds import feed_of_token, public_feed, renew_calendar, revoke_calendar
from portal.visits.registration import cancel_registration
from tests.visits.world import announce, form, make_world, plan, register, researcher


def properties(text):
    """One dict an event, unfolded and unescaped the way a calendar does it."""
    assert text.endswith("END:VCALENDAR\r\n")
    lines = text.replace("\r\n ", "").split("\r\n")
    events, here = [], None
    for line in lines:
        if line == "BEGIN:VEVENT":
            here = {}
        elif line == "END:VEVENT":
            events.append(here)
            here = None
        elif here is not None:
            name, _, value = line.partition(":")
            plain = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
            assert name not in here
            here[name] = plain
    return events


def test_no_line_is_longer_than_75_octets_and_none_cuts_a_letter():
    entry = Entry(
        uid="a@b",
        sequence=3,
        changed_at=datetime(2026, 3, 5, 9, 0, tzinfo=UTC),
        first_day=date(2026, 3, 6),
        last_day=date(2026, 3, 7),
        summary="走进瓶窑：" + "世界上最细的漆包线、最薄的铝箔片" * 9 + "𠮷",
        description="第一行；\n第二行, 分号; 反斜杠\\ 与 \x00\x07\r\n第三行",
        location="梦航智谷科技园",
    )

    text = calendar_text("三访", [entry])

    lines = text.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert "\n" not in text.replace("\r\n", "")
    [event] = properties(text)
    assert event["SUMMARY"] == entry.summary
    assert event["DESCRIPTION"] == "第一行；\n第二行, 分号; 反斜杠\\ 与 \n第三行"
    assert event["DTSTART;VALUE=DATE"] == "20260306"
    # The end is not part of it: the first day that is free again.
    assert event["DTEND;VALUE=DATE"] == "20260308"
    assert (event["SEQUENCE"], event["DTSTAMP"]) == ("3", "20260305T090000Z")


@pytest.mark.parametrize("length", [0, 74, 75, 76, 149, 150])
def test_folding_at_the_edges(length):
    line = "x" * length

    found = folded(line)

    assert found.replace("\r\n ", "") == line
    assert all(len(part) <= 75 for part in found.split("\r\n"))
    assert len(found.split("\r\n")) == (1 if length <= 75 else 2 if length <= 149 else 3)


def test_nothing_that_somebody_typed_becomes_a_property():
    assert escaped("x\r\nBEGIN:VEVENT\nATTENDEE:mailto:a@b") == "x\\nBEGIN:VEVENT\\nATTENDEE:mailto:a@b"


def test_the_public_feed_holds_what_is_announced(session):
    world = make_world(session)
    announced, called_off = announce(session, world), announce(session, world, title="取消的活动")
    cancel_visit(session, world.admin, visit_id=called_off.id, version=None, reason="台风")
    plan(session, world, title="还没有公布")

    events = {event["UID"]: event for event in properties(public_feed(session, "zh_CN"))}

    assert len(events) == 2
    live, off = (events[f"visit-{visit.id}@localhost"] for visit in (announced, called_off))
    day = announced.starts_on
    # The programme begins at 9:30 in Hangzhou and ends at 16:00.
    assert live["DTSTART"] == f"{clock.from_local(day.year, day.month, day.day, 9, 30):%Y%m%dT%H%M%SZ}"
    assert live["DTEND"] == f"{clock.from_local(day.year, day.month, day.day, 16):%Y%m%dT%H%M%SZ}"
    assert live["STATUS"] == "CONFIRMED"
    assert (off["STATUS"], off["SEQUENCE"], off["DESCRIPTION"]) == ("CANCELLED", "1", "台风")


def test_a_change_of_the_day_keeps_the_id_and_raises_the_sequence(session):
    world = make_world(session)
    visit = announce(session, world)
    [before] = properties(public_feed(session, "en"))
    edit_visit(session, world.admin, visit_id=visit.id, version=None, form=form(world, days=11))

    [after] = properties(public_feed(session, "en"))

    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == ("0", "1")
    assert after["DTSTART"] > before["DTSTART"]


def test_my_own_feed_holds_what_i_take_part_in_or_organise(session):
    world = make_world(session)
    mine, waiting, others = (announce(session, world, title=title, capacity=1) for title in ("甲", "乙", "丙"))
    planned = plan(session, world, title="筹备")
    register(session, world.researcher, mine)
    register(session, researcher(session, world), waiting)
    row = register(session, world.researcher, waiting)
    token, own = renew_calendar(session, world.researcher), renew_calendar(session, world.admin)

    events = {event["SUMMARY"]: event for event in properties(feed_of_token(session, token))}
    assert set(events) == {"甲", "乙（候补）"}
    assert others.title not in events
    organised = {event["SUMMARY"]: event["STATUS"] for event in properties(feed_of_token(session, own))}
    assert organised == {"甲": "CONFIRMED", "乙": "CONFIRMED", "丙": "CONFIRMED", "筹备": "TENTATIVE"}
    assert planned.status is VisitStatus.PLANNED

    cancel_registration(session, world.researcher, participant_id=row.id)
    assert [event["SUMMARY"] for event in properties(feed_of_token(session, token))] == ["甲"]


def test_a_token_ends_when_it_is_renewed_revoked_or_its_person_disabled(session):
    world = make_world(session)
    first = renew_calendar(session, world.researcher)
    second = renew_calendar(session, world.researcher)
    third = renew_calendar(session, world.member)
    feed_of_token(session, second)
    for token in (first, "", "guess", second[:-1], second + "x"):
        with pytest.raises(NotFound):
            feed_of_token(session, token)
    revoke_calendar(session, world.researcher)
    session.get_one(Person, world.member.acting_person).disabled_at = clock.now()
    session.flush()
    for token in (second, third):
        with pytest.raises(NotFound):
            feed_of_token(session, token)
    with pytest.raises(NotSignedIn):
        renew_calendar(session, VISITOR)


def test_the_database_holds_no_token(database_url):
    from sqlalchemy import select

    from db.models import CalendarFeed, Event

    with writing() as session:
        token = renew_calendar(session, make_world(session).researcher)
    with reading() as session:
        feed = session.scalars(select(CalendarFeed)).one()
        assert token not in repr(vars(feed))
        assert all(token not in repr(vars(event)) for event in session.scalars(select(Event)))
        assert feed.created_at <= clock.now() + timedelta(seconds=1)

"""The day itself and after it: check-in by the code, ticking off, feedback, contacts, what became of people."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.models import ParticipantStatus, VisitFeedback, VisitOutcome, VisitStatus
from portal import clock
from portal.errors import Forbidden, Invalid, NotFound, NotPossibleNow
from portal.metrics.waiting import waiting_for
from portal.permissions import VISITOR
from portal.visits.attendance import check_in, give_feedback, record_contact, record_outcome, tick_off
from portal.visits.commands import debrief_visit, hold_visit
from portal.visits.details import visit_detail
from portal.visits.people import feedback_summary, list_own_group, list_participants, outcome_counts, what_became
from portal.visits.queries import list_visits
from portal.visits.rules import code_of_day
from tests.visits.world import announce, english, group, mails_to, make_world, on_the_day, register, researcher

S = ParticipantStatus


def code_of(visit):
    return code_of_day(visit.check_in_secret, clock.today())


def test_the_code_changes_each_day_and_the_organisers_alone_read_it(session):
    world = make_world(session)
    visit = announce(session, world, ends_on=clock.today() + timedelta(days=12))
    assert visit_detail(session, world.admin, visit.id).code == ""
    codes = set()
    for day in range(3):
        on_the_day(visit, days=day)
        codes.add(visit_detail(session, world.admin, visit.id).code)
        assert visit_detail(session, world.partner, visit.id).code == code_of(visit)
        for actor in (world.researcher, world.broker, world.leader, VISITOR):
            assert visit_detail(session, actor, visit.id).code == ""
    assert len(codes) == 3
    assert all(len(code) == 6 and code.isdecimal() for code in codes)


def test_checking_in_with_an_account_and_with_a_ticket(session):
    world = make_world(session)
    visit = announce(session, world, capacity=10)
    own = register(session, world.researcher, visit)
    first, second, _third = group(session, world.partner, visit)
    on_the_day(visit)

    check_in(session, world.researcher, visit_id=visit.id, code=code_of(visit))
    spaced = f"{first.ticket[:4].lower()} {first.ticket[4:]}"
    check_in(session, VISITOR, visit_id=visit.id, code=f" {code_of(visit)[:3]} {code_of(visit)[3:]}", ticket=spaced)
    # A borrowed phone: the ticket goes before whoever is signed in.
    check_in(session, world.researcher, visit_id=visit.id, code=code_of(visit), ticket=second.ticket)

    assert [row.status for row in (own, first, second)] == [S.ATTENDED] * 3
    assert clock.local(own.attended_at).date() == visit.starts_on
    check_in(session, world.researcher, visit_id=visit.id, code=code_of(visit))  # a repeat changes nothing
    assert own.status is S.ATTENDED


def test_what_does_not_check_in(session):
    world = make_world(session)
    visit = announce(session, world, capacity=1)
    row = register(session, world.researcher, visit)
    late = register(session, world.partner, visit)
    with pytest.raises(Invalid, match="days of the visit"):
        check_in(session, world.researcher, visit_id=visit.id, code=code_of(visit))
    on_the_day(visit)
    wrong = f"{(int(code_of(visit)) + 1) % 1_000_000:06d}"
    yesterday = code_of_day(visit.check_in_secret, clock.today() - timedelta(days=1))
    for code in (wrong, yesterday, "", "12345", "abcdef"):
        with pytest.raises(Invalid) as refusal:
            check_in(session, world.researcher, visit_id=visit.id, code=code)
        assert refusal.value.field == "code"
    for actor, ticket in ((VISITOR, ""), (VISITOR, "ABCD2345"), (world.member, ""), (VISITOR, "' OR 1=1")):
        with pytest.raises(NotFound):
            check_in(session, actor, visit_id=visit.id, code=code_of(visit), ticket=ticket)
    with pytest.raises(Invalid, match="waiting list"):
        check_in(session, world.partner, visit_id=visit.id, code=code_of(visit))
    assert (row.status, late.status) == (S.REGISTERED, S.WAITLISTED)


def test_ticking_off_by_hand(session):
    world = make_world(session)
    visit = announce(session, world)
    row = register(session, world.researcher, visit)
    with pytest.raises(Invalid):
        tick_off(session, world.admin, participant_id=row.id)
    on_the_day(visit)
    for actor in (world.broker, world.member, world.leader):
        with pytest.raises(NotFound):
            tick_off(session, actor, participant_id=row.id)
    with pytest.raises(Forbidden):
        tick_off(session, world.researcher, participant_id=row.id)

    tick_off(session, world.partner, participant_id=row.id)

    assert row.status is S.ATTENDED


def held(session, world, count=5, **more):
    """A visit that was held, with so many who came, all agreed to be followed."""
    visit = announce(session, world, capacity=count + 1)
    people = [researcher(session, world) for _ in range(count)]
    rows = [register(session, one, visit, follow=True, **more) for one in people]
    absent = register(session, world.researcher, visit)
    on_the_day(visit)
    for row in rows:
        tick_off(session, world.admin, participant_id=row.id)
    hold_visit(session, world.admin, visit_id=visit.id)
    return visit, people, rows, absent


def test_who_came_is_asked_and_who_did_not_is_absent_after_the_debriefing(session):
    world = make_world(session)
    visit = announce(session, world)
    english(session, world.researcher)
    english(session, world.partner)
    came, missing = register(session, world.researcher, visit), register(session, world.partner, visit)
    with pytest.raises(Invalid, match="until then"):
        hold_visit(session, world.admin, visit_id=visit.id)
    on_the_day(visit)
    tick_off(session, world.admin, participant_id=came.id)
    hold_visit(session, world.admin, visit_id=visit.id)
    assert any("Thank you for coming" in subject for subject in mails_to(session, world.researcher.person_id))
    with pytest.raises(Invalid):
        debrief_visit(session, world.admin, visit_id=visit.id, version=None, findings="  ")

    debrief_visit(session, world.admin, visit_id=visit.id, version=None, findings="三人愿意来实习。")

    assert (visit.status, came.status, missing.status) == (VisitStatus.DEBRIEFED, S.ATTENDED, S.NO_SHOW)
    tick_off(session, world.admin, participant_id=missing.id)  # the list on paper said otherwise
    assert missing.status is S.ATTENDED


def waits(session, actor):
    return [row.message for row in waiting_for(session, actor)]


def test_what_waits_for_organisers_and_guests(session):
    world = make_world(session)
    visit, people, _rows, _absent = held(session, world, 1)
    assert waits(session, world.admin) == waits(session, world.partner) == ["Debrief the visit"]
    assert waits(session, people[0]) == ["Say what you thought of the visit"]
    assert waits(session, world.researcher) == waits(session, world.operator) == []

    give_feedback(session, people[0], visit_id=visit.id, score=5)
    debrief_visit(session, world.partner, visit_id=visit.id, version=None, findings="很好")

    assert waits(session, people[0]) == waits(session, world.admin) == []


def test_feedback_is_shown_from_five_answers_on(session):
    world = make_world(session)
    visit, people, _rows, _absent = held(session, world)
    for number, one in enumerate(people[:4]):
        give_feedback(session, one, visit_id=visit.id, score=number + 2, words=f"意见{number}")
    assert feedback_summary(session, world.admin, visit.id) == (None, None, {}, [])

    give_feedback(session, people[4], visit_id=visit.id, score=1)
    give_feedback(session, people[4], visit_id=visit.id, score=5)  # replaces the first

    for actor in (world.admin, world.leader, VISITOR):
        summary = feedback_summary(session, actor, visit.id)
        assert (summary.answers, summary.mean) == (5, 3.8)
        assert summary.by_score == {5: 2, 4: 1, 3: 1, 2: 1, 1: 0}
        assert len(summary.words) == (4 if actor == world.admin else 0)
    assert len(session.scalars(select(VisitFeedback)).all()) == 5


def test_feedback_is_for_those_who_came(session):
    world = make_world(session)
    visit, people, rows, _absent = held(session, world, 1)
    with pytest.raises(NotPossibleNow):
        give_feedback(session, world.researcher, visit_id=visit.id, score=5)
    with pytest.raises(NotFound):
        give_feedback(session, world.member, visit_id=visit.id, score=5)
    for score in (0, 6):
        with pytest.raises(Invalid):
            give_feedback(session, people[0], visit_id=visit.id, score=score)
    give_feedback(session, VISITOR, visit_id=visit.id, score=4, ticket=rows[0].ticket)


def test_what_became_of_people_with_day_and_source(session):
    world = make_world(session)
    visit, _people, rows, absent = held(session, world)
    today = clock.today()
    record_contact(
        session, world.admin, participant_id=rows[0].id, happened_on=today, organisation_id=world.enterprise.id
    )
    record_contact(session, world.admin, participant_id=rows[0].id, happened_on=today, person_name="陈工")
    assert rows[0].status is S.CONTACT_MADE
    known = {"happened_on": today, "source": "劳动合同"}
    record_outcome(session, world.operator, participant_id=rows[0].id, step=S.INTERN, **known)
    record_outcome(session, world.operator, participant_id=rows[1].id, step=S.JOINED, **known)

    with pytest.raises(NotPossibleNow):
        record_outcome(session, world.operator, participant_id=rows[0].id, step=S.CONTACT_MADE, **known)
    with pytest.raises(NotPossibleNow):
        record_outcome(session, world.operator, participant_id=absent.id, step=S.INTERN, **known)
    for wrong in ({"happened_on": today + timedelta(days=1)}, {"source": " "}, {"happened_on": today - timedelta(9)}):
        with pytest.raises(Invalid):
            record_outcome(session, world.operator, participant_id=rows[2].id, step=S.INTERN, **(known | wrong))
    assert [row.step for row in session.scalars(select(VisitOutcome).order_by(VisitOutcome.recorded_at))] == [
        S.CONTACT_MADE,
        S.INTERN,
        S.JOINED,
    ]
    told = what_became(session, world.admin, visit.id)
    assert {(row.step, row.note) for row in told if row.step} >= {(S.INTERN, "劳动合同"), (S.JOINED, "劳动合同")}
    assert what_became(session, world.leader, visit.id) == []


def test_nobody_is_followed_who_did_not_agree(session):
    world = make_world(session)
    visit = announce(session, world)
    row = register(session, world.researcher, visit)
    on_the_day(visit)
    tick_off(session, world.admin, participant_id=row.id)
    today = clock.today()
    record_outcome(session, world.admin, participant_id=row.id, step=S.CONTACT_MADE, happened_on=today, source="名片")
    for step in (S.INTERN, S.JOINED, S.RETAINED_12M):
        with pytest.raises(Invalid) as refusal:
            record_outcome(session, world.admin, participant_id=row.id, step=step, happened_on=today, source="合同")
        assert refusal.value.field == "step"


def test_small_counts_are_for_those_who_read_the_names(session):
    world = make_world(session)
    visit, _people, rows, _absent = held(session, world)
    record_outcome(
        session, world.admin, participant_id=rows[0].id, step=S.INTERN, happened_on=clock.today(), source="协议"
    )
    exact = {S.REGISTERED: 6, S.ATTENDED: 5, S.CONTACT_MADE: 1, S.INTERN: 1, S.JOINED: 0, S.RETAINED_12M: 0}
    assert dict(outcome_counts(session, world.operator, visit.id)) == exact
    coarse = exact | {S.CONTACT_MADE: None, S.INTERN: None}
    for actor in (world.leader, world.researcher, world.broker, VISITOR):
        assert dict(outcome_counts(session, actor, visit.id)) == coarse


def test_a_leader_reads_no_small_count_in_lists(session):
    world = make_world(session)
    visit = announce(session, world, capacity=6)
    for _ in range(4):
        register(session, researcher(session, world), visit)
    [row] = list_visits(session, world.leader).rows
    assert (row.taken, row.free, row.waiting) == (None, None, 0)
    assert list_visits(session, VISITOR).rows[0].free == 2
    register(session, researcher(session, world), visit)
    assert list_visits(session, world.leader).rows[0].taken == 5


def test_phones_are_whole_for_the_organiser_alone(session):
    world = make_world(session)
    visit = announce(session, world, capacity=9)
    group(session, world.partner, visit)

    def phones(actor):
        return [row.phone for row in list_participants(session, actor, visit.id).rows]

    assert phones(world.admin) == ["13800001234", "", "13900005678"]
    assert phones(world.partner) == phones(world.operator) == ["138****1234", "", "139****5678"]
    assert [row.phone for row in list_own_group(session, world.partner, visit.id).rows] == phones(world.admin)
    assert list_own_group(session, world.admin, visit.id).rows == []
    for actor in (world.researcher, world.broker, world.leader, world.member, VISITOR):
        with pytest.raises(NotFound):
            list_participants(session, actor, visit.id)
    # The desk acts for an office that has no members of its own.
    of_the_town = announce(session, world, world.operator, capacity=9)
    group(session, world.partner, of_the_town)
    assert list_participants(session, world.operator, of_the_town.id).rows[0].phone == "13800001234"

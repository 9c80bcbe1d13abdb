"""Places: taken, waited for, given back, moved up to; exactly as many as there are, whatever races."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from db.models import OutboxMail, ParticipantStatus, Visit, VisitParticipant, VisitStatus
from portal import clock
from portal.errors import DeadlinePassed, Forbidden, Invalid, NotFound, NotPossibleNow
from portal.events import verify_chain
from portal.transactions import reading, writing
from portal.visits.commands import cancel_visit, edit_visit
from portal.visits.registration import cancel_registration, change_consent, register_for_visit
from tests.visits.world import (
    announce,
    english,
    form,
    group,
    mails_to,
    make_world,
    on_the_day,
    plan,
    register,
    researcher,
)

S = ParticipantStatus


def statuses(session, visit):
    query = select(VisitParticipant.status).where(VisitParticipant.visit_id == visit.id)
    return Counter(session.scalars(query))


def test_beyond_the_places_is_a_waiting_list_in_order_of_time(any_session):
    session = any_session
    world = make_world(session)
    visit = announce(session, world)
    people = [researcher(session, world) for _ in range(4)]
    rows = [register(session, one, visit) for one in people]
    assert [row.status for row in rows] == [S.REGISTERED, S.REGISTERED, S.WAITLISTED, S.WAITLISTED]
    english(session, people[2])

    cancel_registration(session, people[0], participant_id=rows[0].id)

    assert [row.status for row in rows] == [S.CANCELLED, S.REGISTERED, S.REGISTERED, S.WAITLISTED]
    assert any("place became free" in subject for subject in mails_to(session, people[2].person_id))
    assert verify_chain(session)[1] == []


def test_more_places_move_people_up_and_fewer_than_are_taken_are_refused(session):
    world = make_world(session)
    visit = announce(session, world)
    rows = [register(session, researcher(session, world), visit) for _ in range(4)]

    edit_visit(session, world.admin, visit_id=visit.id, version=None, form=form(world, capacity=3))
    assert statuses(session, visit) == {S.REGISTERED: 3, S.WAITLISTED: 1}
    assert rows[2].status is S.REGISTERED

    with pytest.raises(Invalid) as refusal:
        edit_visit(session, world.admin, visit_id=visit.id, version=None, form=form(world, capacity=2))
    assert refusal.value.field == "capacity"


def test_a_repeat_is_the_same_registration_and_whoever_cancelled_starts_anew(session):
    world = make_world(session)
    visit = announce(session, world)
    first = register(session, world.researcher, visit)
    assert register(session, world.researcher, visit).id == first.id
    cancel_registration(session, world.researcher, participant_id=first.id)
    cancel_registration(session, world.researcher, participant_id=first.id)

    again = register(session, world.researcher, visit)

    assert again.id != first.id
    assert statuses(session, visit) == {S.CANCELLED: 1, S.REGISTERED: 1}


def test_nobody_overtakes_those_who_wait(session):
    """A place that is free because of a larger hall goes to those who wait, not to whoever clicks first."""
    world = make_world(session)
    visit = announce(session, world, capacity=1)
    waiting = [register(session, researcher(session, world), visit) for _ in range(2)][1]
    visit.capacity = 2  # as if the filling had been missed
    session.flush()

    late = register(session, researcher(session, world), visit)

    assert (waiting.status, late.status) == (S.WAITLISTED, S.WAITLISTED)


def race(count, act):
    start, found, lock = threading.Barrier(count), [], threading.Lock()

    def run(number):
        start.wait()
        with writing() as session:
            result = act(session, number)
        with lock:
            found.append(result)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_twelve_at_once_for_five_places(database_url):
    with writing() as session:
        world = make_world(session)
        visit = announce(session, world, capacity=5)
        people = [researcher(session, world) for _ in range(12)]

    race(12, lambda session, number: register(session, people[number], visit).id)

    with reading() as session:
        assert statuses(session, visit) == {S.REGISTERED: 5, S.WAITLISTED: 7}
        assert verify_chain(session)[1] == []


def test_one_person_in_eight_tabs_takes_one_place(database_url):
    with writing() as session:
        world = make_world(session)
        visit = announce(session, world, capacity=5)

    found = race(8, lambda session, _number: register(session, world.researcher, visit).id)

    assert len(set(found)) == 1
    with reading() as session:
        assert statuses(session, visit) == {S.REGISTERED: 1}
        mails = select(func.count()).select_from(OutboxMail).where(OutboxMail.person_id == world.researcher.person_id)
        assert session.scalar(mails) == 1


def test_places_given_back_while_others_register(database_url):
    with writing() as session:
        world = make_world(session)
        visit = announce(session, world, capacity=4)
        people = [researcher(session, world) for _ in range(12)]
        rows = [register(session, one, visit).id for one in people[:6]]

    def act(session, number):
        if number < 3:
            cancel_registration(session, people[number], participant_id=rows[number])
        else:
            register(session, people[number + 3], visit)

    race(9, act)

    with reading() as session:
        assert statuses(session, visit) == {S.CANCELLED: 3, S.REGISTERED: 4, S.WAITLISTED: 5}


def test_the_window_is_half_open(session):
    world = make_world(session)
    opens, closes = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2)
    visit = announce(session, world, registration_opens_at=opens, registration_closes_at=closes)
    with pytest.raises(Invalid, match="opens on"):
        register(session, world.researcher, visit)
    clock.set_offset((opens - clock.now()).total_seconds() + 0.5)
    register(session, world.researcher, visit)
    clock.set_offset(0)
    clock.set_offset((closes - clock.now()).total_seconds())
    with pytest.raises(DeadlinePassed):
        register(session, world.member, visit)


def test_who_may_register(session):
    world = make_world(session)
    visit = announce(session, world, audience=[world.institute.id])
    register(session, world.researcher, visit)
    register(session, world.partner, visit)
    with pytest.raises(Invalid, match="other universities"):
        register(session, world.member, visit)
    for actor in (world.admin, world.broker, world.operator, world.leader):
        with pytest.raises(Forbidden):
            register(session, actor, visit)
    hidden = plan(session, world)
    with pytest.raises(NotFound):
        register(session, world.researcher, hidden)
    with pytest.raises(NotPossibleNow):
        register(session, world.partner, hidden)


def test_without_consent_nothing_is_kept(session):
    world = make_world(session)
    visit = announce(session, world)
    for follow in (False, True):
        with pytest.raises(Invalid) as refusal:
            register_for_visit(session, world.researcher, visit_id=visit.id, consent=False, follow=follow)
        assert refusal.value.field == "consent"
    with pytest.raises(Invalid):
        group(session, world.partner, visit, consent=False)
    assert statuses(session, visit) == {}

    row = register(session, world.researcher, visit, field="材料", phone="138 0000 1234")

    assert (row.consent_edition, row.follow_agreed, row.school) == (1, False, world.institute.name)
    assert row.consent_at == row.registered_at
    change_consent(session, world.researcher, participant_id=row.id, follow=True)
    assert row.follow_agreed


@pytest.mark.parametrize("phone", ["330106199001011234", "not a number", "12", "１３８００００１２３４５６７８９"])
def test_a_phone_number_is_no_identity_number(session, phone):
    world = make_world(session)
    visit = announce(session, world)
    with pytest.raises(Invalid) as refusal:
        register(session, world.researcher, visit, phone=phone)
    assert refusal.value.field == "phone"


def test_a_group_comes_by_a_table(session):
    world = make_world(session)
    visit = announce(session, world)

    rows = group(session, world.partner, visit)

    assert [(row.name, row.phone, row.status) for row in rows] == [
        ("张三", "13800001234", S.REGISTERED),
        ("李四", "", S.REGISTERED),
        ("王五", "13900005678", S.WAITLISTED),
    ]
    assert {row.person_id for row in rows} == {None}
    assert len({row.ticket for row in rows}) == 3
    with pytest.raises(Invalid, match="registered for this visit already"):
        group(session, world.partner, visit, "张三，示例大学，材料，13800001234")
    cancel_registration(session, world.partner, participant_id=rows[0].id)
    assert rows[2].status is S.REGISTERED


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ("张三,示例大学,材料\n李四,示例大学", 2),
        ("张三\t示例大学\t材料\t330106199001011234", 1),
        ("张三,示例大学,材料,138,附注,别的", 1),
        (",示例大学,材料", 1),
        ("长" * 101 + ",示例大学,材料", 1),
    ],
)
def test_a_bad_line_is_named_and_nobody_is_registered(session, rows, line):
    world = make_world(session)
    visit = announce(session, world)
    with pytest.raises(Invalid) as refusal:
        group(session, world.partner, visit, rows)
    assert refusal.value.params["line"] == line
    assert statuses(session, visit) == {}


def test_strangers_cancel_nothing(session):
    world = make_world(session)
    visit = announce(session, world)
    row = register(session, world.researcher, visit)
    for actor in (researcher(session, world), world.member, world.broker, world.leader):
        with pytest.raises(NotFound):
            cancel_registration(session, actor, participant_id=row.id)
    cancel_registration(session, world.admin, participant_id=row.id)
    assert row.status is S.CANCELLED


def test_a_visit_that_is_called_off_tells_the_reason_to_everybody(session):
    world = make_world(session)
    visit = announce(session, world, capacity=1)
    people = [researcher(session, world) for _ in range(2)]
    for one in people:
        register(session, one, visit)
        english(session, one)
    group(session, world.partner, visit)
    english(session, world.partner)
    with pytest.raises(Invalid) as refusal:
        cancel_visit(session, world.admin, visit_id=visit.id, version=None, reason=" ")
    assert refusal.value.field == "reason"

    cancel_visit(session, world.admin, visit_id=visit.id, version=None, reason="Flood warning")

    assert session.get_one(Visit, visit.id).status is VisitStatus.CANCELLED
    for one in (*people, world.partner):
        assert sum("Flood warning" in subject for subject in mails_to(session, one.person_id)) == 1
    with pytest.raises(NotPossibleNow):
        register(session, researcher(session, world), visit)


def test_after_the_visit_nobody_moves_up(session):
    world = make_world(session)
    visit = announce(session, world, capacity=1)
    first, second = (register(session, researcher(session, world), visit) for _ in range(2))
    on_the_day(visit, days=1)
    cancel_registration(session, world.admin, participant_id=first.id)
    assert second.status is S.WAITLISTED

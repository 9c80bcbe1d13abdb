"""What the clock does: reminders, held visits, personal data that go in time."""

from sqlalchemy import select

from db.models import (
    Notification,
    ParticipantStatus,
    VisitContact,
    VisitFeedback,
    VisitOutcome,
    VisitParticipant,
    VisitStatus,
)
from portal import clock
from portal.events import verify_chain
from portal.visits.attendance import give_feedback, record_contact, record_outcome, tick_off
from portal.visits.commands import cancel_visit, debrief_visit, edit_visit, hold_visit
from portal.visits.jobs import hold_due, is_guest_reminder_due, is_holding_due, purge_visits, remind_guests
from portal.visits.people import outcome_counts
from portal.visits.registration import change_consent
from portal.worker.jobs import JOBS
from tests.visits.world import announce, english, form, group, mails_to, make_world, on_the_day, register

S = ParticipantStatus


def test_the_day_before_everybody_with_a_place_is_reminded_once(any_session):
    session = any_session
    world = make_world(session)
    visit = announce(session, world, capacity=1)
    english(session, world.researcher)
    english(session, world.partner)
    register(session, world.researcher, visit)
    register(session, world.partner, visit)
    on_the_day(visit, days=-2)
    assert not is_guest_reminder_due(session)
    on_the_day(visit, days=-1)
    assert is_guest_reminder_due(session)

    assert (remind_guests(session), remind_guests(session)) == (1, 0)

    reminders = [subject for subject in mails_to(session, world.researcher.person_id) if "Tomorrow" in subject]
    assert len(reminders) == 1
    assert not any("Tomorrow" in subject for subject in mails_to(session, world.partner.person_id))


def test_a_visit_on_another_day_is_told_and_reminded_of_again(session):
    world = make_world(session)
    visit = announce(session, world)
    english(session, world.researcher)
    register(session, world.researcher, visit)
    on_the_day(visit, days=-1)
    remind_guests(session)

    later = form(world, days=20)
    edit_visit(session, world.admin, visit_id=visit.id, version=None, form=later)

    subjects = mails_to(session, world.researcher.person_id)
    assert sum("was changed" in subject for subject in subjects) == 1
    on_the_day(visit, days=-1)
    assert remind_guests(session) == 1


def test_what_nobody_called_off_was_held(any_session):
    session = any_session
    world = make_world(session)
    visit = announce(session, world)
    off = announce(session, world)
    cancel_visit(session, world.admin, visit_id=off.id, version=None, reason="台风")
    row = register(session, world.researcher, visit)
    on_the_day(visit)
    tick_off(session, world.admin, participant_id=row.id)
    assert not is_holding_due(session)
    on_the_day(visit, days=1, hours=0)
    assert is_holding_due(session)

    assert (hold_due(session), hold_due(session)) == (1, 0)

    assert (visit.status, off.status) == (VisitStatus.HELD, VisitStatus.CANCELLED)
    asked = select(Notification.person_id).where(Notification.message.contains("Thank you for coming"))
    assert session.scalars(asked).all() == [world.researcher.person_id]


def test_a_group_is_asked_by_whoever_registered_it(session):
    world = make_world(session)
    visit = announce(session, world, capacity=9)
    english(session, world.partner)
    rows = group(session, world.partner, visit)
    on_the_day(visit)
    for row in rows:
        tick_off(session, world.admin, participant_id=row.id)
    hold_visit(session, world.admin, visit_id=visit.id)

    assert sum("ask your group" in subject for subject in mails_to(session, world.partner.person_id)) == 1
    assert not any("Thank you for coming" in subject for subject in mails_to(session, world.partner.person_id))


def debriefed(session, world):
    visit = announce(session, world, capacity=9)
    rows = group(session, world.partner, visit)
    own = register(session, world.researcher, visit, phone="13712345678", follow=True)
    on_the_day(visit)
    for row in (*rows[:2], own):
        tick_off(session, world.admin, participant_id=row.id)
    hold_visit(session, world.admin, visit_id=visit.id)
    give_feedback(session, world.researcher, visit_id=visit.id, score=5, words="很好，我是某某")
    give_feedback(session, world.researcher, visit_id=visit.id, score=4, words="可以，我叫张三", ticket=rows[0].ticket)
    for row in rows[:2]:
        record_contact(
            session,
            world.admin,
            participant_id=row.id,
            happened_on=clock.today(),
            person_name="陈工",
            note="张三想来实习",
            organisation_id=world.enterprise.id,
        )
    met = {"step": S.CONTACT_MADE, "happened_on": clock.today(), "source": "张三本人的名片"}
    tick_off(session, world.admin, participant_id=rows[2].id)
    record_outcome(session, world.admin, participant_id=rows[2].id, **met)
    debrief_visit(session, world.admin, visit_id=visit.id, version=None, findings="很好")
    return visit, rows, own


def test_ninety_days_after_the_debriefing_personal_data_are_gone(any_session):
    """Row 81: what is left names nobody, and counts."""
    session = any_session
    world = make_world(session)
    visit, rows, own = debriefed(session, world)
    before = outcome_counts(session, world.operator, visit.id)
    on_the_day(visit, days=89)
    assert purge_visits(session) == 0
    on_the_day(visit, days=91)

    assert (purge_visits(session), purge_visits(session)) == (3, 0)

    session.expire_all()
    for row in rows:
        gone = session.get_one(VisitParticipant, row.id)
        assert (gone.name, gone.school, gone.field, gone.phone) == ("", "", "", "")
        assert (gone.person_id, gone.registered_by, gone.ticket) == (None, None, None)
        assert gone.organisation_id == world.institute.id
    # Who agreed to be followed stays.
    assert session.get_one(VisitParticipant, own.id).phone == "13712345678"
    assert {(one.person_name, one.note) for one in session.scalars(select(VisitContact))} == {("", "")}
    assert all("张三" not in one.source for one in session.scalars(select(VisitOutcome)))
    words = {one.words for one in session.scalars(select(VisitFeedback))}
    assert words == {"", "很好，我是某某"}
    assert outcome_counts(session, world.operator, visit.id) == before
    assert verify_chain(session)[1] == []


def test_whoever_takes_the_agreement_back_is_forgotten_with_the_others(session):
    world = make_world(session)
    visit, _rows, own = debriefed(session, world)
    on_the_day(visit, days=91)
    purge_visits(session)

    change_consent(session, world.researcher, participant_id=own.id, follow=False)

    assert purge_visits(session) == 1
    session.expire_all()
    assert session.get_one(VisitParticipant, own.id).name == ""


def test_a_visit_that_was_called_off_or_forgotten_is_purged_too(session):
    world = make_world(session)
    off, forgotten = announce(session, world), announce(session, world)
    for visit in (off, forgotten):
        register(session, world.researcher, visit)
    cancel_visit(session, world.admin, visit_id=off.id, version=None, reason="台风")
    on_the_day(off, days=1)
    hold_due(session)
    on_the_day(off, days=95)
    assert purge_visits(session) == 1
    on_the_day(off, days=182)
    assert purge_visits(session) == 1
    session.expire_all()
    assert set(session.scalars(select(VisitParticipant.name))) == {""}


def test_the_worker_knows_the_jobs():
    names = {job.name: job for job in JOBS}

    assert names["delete personal data of visits"].nightly
    assert names["remind of visits"].every_s <= 60 >= names["record visits as held"].every_s

"""A visit from the plan to what became of its guests, on SQLite and on PostgreSQL, with every read on the way."""

import pytest
from sqlalchemy.exc import IntegrityError

from db.models import ParticipantStatus, VisitParticipant, VisitStatus
from portal import clock
from portal.events import verify_chain
from portal.permissions import VISITOR
from portal.visits.attendance import check_in, give_feedback, record_contact, record_outcome
from portal.visits.commands import debrief_visit, hold_visit
from portal.visits.details import visit_detail, visit_form
from portal.visits.feeds import feed_of_token, public_feed, renew_calendar
from portal.visits.people import (
    feedback_summary,
    list_own_group,
    list_participants,
    outcome_counts,
    own_answer,
    what_became,
)
from portal.visits.queries import MINE, PAST, list_visits
from tests.visits.world import PROGRAMME, SITES, announce, group, make_world, on_the_day, register

S = ParticipantStatus


def test_from_the_plan_to_what_became_of_people(any_session):
    session = any_session
    world = make_world(session)
    visit = announce(session, world, capacity=4, audience=[world.institute.id])
    stored = visit_form(session, world.admin, visit.id)
    assert [row["what"] for row in stored.programme] == [row["what"] for row in PROGRAMME]
    assert (list(stored.sites), list(stored.audience)) == (SITES, [world.institute.id])
    row = register(session, world.researcher, visit, follow=True)
    group(session, world.partner, visit)
    waiting = register(session, world.partner, visit)
    assert waiting.status is S.WAITLISTED
    assert visit_detail(session, world.partner, visit.id).mine.place_in_line == 1
    assert [one.free for one in list_visits(session, VISITOR).rows] == [0]
    assert list_visits(session, VISITOR, only_free=True).total == 0
    for actor in (world.researcher, world.partner, world.admin):
        assert [one.id for one in list_visits(session, actor, when=MINE).rows] == [visit.id]
    assert list_visits(session, world.member, when=MINE).total == 0
    on_the_day(visit)
    code = visit_detail(session, world.admin, visit.id).code

    check_in(session, world.researcher, visit_id=visit.id, code=code)
    hold_visit(session, world.admin, visit_id=visit.id)
    give_feedback(session, world.researcher, visit_id=visit.id, score=5)
    today = clock.today()
    record_contact(session, world.admin, participant_id=row.id, happened_on=today, person_name="陈工")
    record_outcome(session, world.admin, participant_id=row.id, step=S.INTERN, happened_on=today, source="协议")
    debrief_visit(session, world.admin, visit_id=visit.id, version=None, findings="很好")

    assert own_answer(session, world.researcher, visit.id).score == 5
    assert feedback_summary(session, world.admin, visit.id).answers is None
    found = list_participants(session, world.admin, visit.id)
    assert [one.status for one in found.rows] == [S.INTERN, S.NO_SHOW, S.NO_SHOW, S.NO_SHOW, S.WAITLISTED]
    assert list_own_group(session, world.partner, visit.id).total == 3
    assert dict(outcome_counts(session, world.admin, visit.id))[S.INTERN] == 1
    assert {one.step for one in what_became(session, world.admin, visit.id)} == {None, S.INTERN}
    assert str(visit.id) in public_feed(session, "en")
    assert str(visit.id) in feed_of_token(session, renew_calendar(session, world.admin))
    on_the_day(visit, days=1)
    assert [one.status for one in list_visits(session, VISITOR, when=PAST).rows] == [VisitStatus.DEBRIEFED]
    assert verify_chain(session)[1] == []


def test_the_database_itself_keeps_a_person_from_two_places(any_session):
    session = any_session
    world = make_world(session)
    visit = announce(session, world)
    row = register(session, world.researcher, visit)
    twin = {name: getattr(row, name) for name in ("visit_id", "person_id", "name", "status", "consent_edition")}
    twin |= {"consent_at": row.consent_at, "registered_at": row.registered_at, "position": 0}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(VisitParticipant(**twin))
        session.flush()

"""The visits of the demonstration: the one of the newspaper among them, with people and what became of them."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from db.models import Event, ParticipantStatus, Role, Visit, VisitParticipant, VisitSite, VisitStatus
from portal import clock
from portal.demo.commands import tell
from portal.demo.parties import add_cast
from portal.demo.visits import PLANS, visit_stories
from portal.events import verify_chain
from portal.permissions import Actor
from portal.visits.jobs import hold_due, purge_visits
from portal.visits.people import feedback_summary, outcome_counts

S, V = ParticipantStatus, VisitStatus


def test_a_year_and_a_half_of_visits(session) -> None:
    now = clock.now()
    clock.set_offset(-timedelta(days=500).total_seconds())
    cast = add_cast(session, clock.now())
    tell(session, list(visit_stories(session, cast, now)), now)
    clock.set_offset(0)

    visits = session.scalars(select(Visit).order_by(Visit.starts_on)).all()
    assert len(visits) == len(PLANS) == 24
    assert {visit.status for visit in visits} == set(V)
    assert all(visit.is_demo for visit in visits)
    assert visits[-1].starts_on - visits[0].starts_on > timedelta(days=480)
    assert clock.today() in {visit.starts_on for visit in visits}
    # 瓶窑镇 of the seed page, with the students of the institute.
    first = visits[0]
    sites = session.scalars(select(VisitSite.name).where(VisitSite.visit_id == first.id).order_by(VisitSite.position))
    assert list(sites) == ["梦航智谷科技园", "彭公数字农场", "奇鹤村于安集合店"]
    leader = Actor(Role.LEADER)
    assert feedback_summary(session, leader, first.id).answers == 6
    assert [row.people for row in outcome_counts(session, leader, first.id)][:2] >= [12, 12]
    found = Counter(session.scalars(select(VisitParticipant.status)))
    assert set(found) >= {S.WAITLISTED, S.NO_SHOW, S.CONTACT_MADE, S.INTERN, S.JOINED, S.RETAINED_12M}
    names = session.scalars(select(VisitParticipant.name)).all()
    assert all(name == "" or "演示" in name for name in names)
    # The clock finds nothing that the stories forgot, and the trail runs in the order of time.
    assert (hold_due(session), purge_visits(session)) == (0, 0)
    times = session.scalars(select(Event.happened_at).order_by(Event.seq)).all()
    assert times == sorted(times)
    assert verify_chain(session)[1] == []

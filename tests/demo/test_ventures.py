"""The ventures of the demonstration: one in each part of the way, with the tasks of three parties."""

from datetime import timedelta

from sqlalchemy import select

from db.models import Role, Venture, VentureParty, VenturePhase, VentureStatus, VentureTask
from portal import clock
from portal.demo.commands import tell
from portal.demo.parties import add_cast
from portal.demo.ventures import venture_stories
from portal.events import verify_chain
from portal.permissions import Actor
from portal.ventures.queries import list_ventures

S = VentureStatus


def test_ventures_in_every_part_of_the_way(session) -> None:
    now = clock.now()
    clock.set_offset(-timedelta(days=400).total_seconds())
    cast = add_cast(session, clock.now())
    tell(session, list(venture_stories(session, cast, now)), now)
    clock.set_offset(0)

    statuses = sorted(session.scalars(select(Venture.status)))
    assert statuses == sorted([S.ACTIVE, S.ACTIVE, S.PUBLIC_NOTICE, S.EXPERT_REVIEW, S.INSTITUTE_CONSENTED, S.EXITED])
    # What two of three have signed is not the district's yet.
    assert list_ventures(session, cast.one("", Role.OPERATOR)).total == 5
    assert list_ventures(session, Actor(Role.LEADER)).total == 4
    tasks = session.scalars(select(VentureTask)).all()
    assert {row.party for row in tasks} == set(VentureParty)
    assert {row.phase for row in tasks} == set(VenturePhase)
    assert any(row.done_on for row in tasks) and any(row.done_on is None for row in tasks)
    assert verify_chain(session)[1] == []

"""The agreements of the demonstration: one in every state, promises kept, late and at risk, and a renewal."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from db.models import Agreement, AgreementField, AgreementStatus, Commitment, CommitmentStatus, CooperationField, Role
from portal import clock
from portal.agreements.commitment_queries import list_commitments
from portal.agreements.jobs import is_turning_due, remind_owners
from portal.demo.agreements import agreement_stories
from portal.demo.commands import tell
from portal.demo.parties import add_cast
from portal.events import verify_chain
from portal.permissions import Actor

LEADER = Actor(Role.LEADER)


@pytest.fixture
def told(session):
    now = clock.now()
    clock.set_offset(-timedelta(days=500).total_seconds())
    cast = add_cast(session, clock.now())
    tell(session, list(agreement_stories(session, cast, now)), now)
    clock.set_offset(0)
    return session, cast


def test_ten_agreements_in_every_state_over_the_five_fields(told) -> None:
    session, _cast = told
    statuses = Counter(session.scalars(select(Agreement.status)))

    assert statuses.total() == 10
    assert set(statuses) == set(AgreementStatus)
    assert set(session.scalars(select(AgreementField.field))) == set(CooperationField)
    assert not is_turning_due(session)
    assert verify_chain(session)[1] == []


def test_each_holds_four_to_eight_promises_and_some_are_late_or_at_risk(told) -> None:
    session, _cast = told
    each = Counter(session.scalars(select(Commitment.agreement_id)))

    assert len(each) == 10
    assert all(4 <= count <= 8 for count in each.values())
    assert list_commitments(session, LEADER, state="late").total >= 5
    assert list_commitments(session, LEADER, state="at_risk").total >= 5
    assert set(session.scalars(select(Commitment.status))) == set(CommitmentStatus)
    assert remind_owners(session) == 0


def test_one_university_stands_out(told) -> None:
    session, cast = told
    kept = {
        key: list_commitments(session, LEADER, state="kept", university=row.id).total
        for key, row in cast.organisations.items()
        if key in ("i02", "i08", "i09", "i10", "i12", "i06")
    }

    assert max(kept, key=lambda key: kept[key]) == "i02"
    assert kept["i02"] == 6


def test_the_renewal_follows_its_predecessor_without_a_gap(told) -> None:
    session, _cast = told
    old = session.scalars(select(Agreement).where(Agreement.status == AgreementStatus.RENEWED)).one()
    new = session.scalars(select(Agreement).where(Agreement.renews_id == old.id)).one()

    assert new.status is AgreementStatus.EFFECTIVE
    assert new.starts_on == old.ends_on + timedelta(days=1)

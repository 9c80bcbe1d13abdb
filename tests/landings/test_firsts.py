"""首 levels: claimed with evidence, verified by another, shown to everybody once they are."""

import pytest

from db.models import FirstLevel, FirstStatus, Person, Role
from portal.errors import Forbidden, Invalid, NotFound, NotPossibleNow
from portal.landings.commands import claim_first, publish_landing, refuse_first, verify_first
from portal.landings.queries import landing_detail, list_landings
from portal.metrics.waiting import waiting_for
from portal.permissions import VISITOR
from tests.factories import add_member, add_organisation
from tests.landings.world import create, solved_world

CHECK = "Check a claim to be a first"


@pytest.fixture
def world(session):
    return solved_world(session)


@pytest.fixture
def landing(session, world):
    landing = create(session, world.admin, challenge_id=world.challenge.id)
    publish_landing(session, world.admin, landing_id=landing.id, version=None, is_public=True, public_summary="简介")
    return landing


def claim(session, actor, landing, level=FirstLevel.NATIONAL, evidence="查新报告"):
    return claim_first(session, actor, landing_id=landing.id, level=level, evidence=evidence)


def waits(session, actor):
    return [row.message for row in waiting_for(session, actor)]


def test_a_first_is_shown_once_another_has_verified_it(session, world, landing):
    first_id = claim(session, world.member, landing)
    assert list_landings(session, VISITOR).rows[0].firsts == ()
    assert list_landings(session, VISITOR, first=FirstLevel.NATIONAL).total == 0
    assert CHECK in waits(session, world.operator)

    verify_first(session, world.operator, first_id=first_id)

    assert list_landings(session, VISITOR).rows[0].firsts == (FirstLevel.NATIONAL,)
    assert list_landings(session, VISITOR, first=FirstLevel.NATIONAL).total == 1
    assert list_landings(session, VISITOR, first=FirstLevel.CITY).total == 0
    assert CHECK not in waits(session, world.operator)
    [row] = landing_detail(session, world.admin, landing.id).firsts
    assert (row.status, row.evidence) == (FirstStatus.VERIFIED, "查新报告")
    assert row.decided_by == session.get_one(Person, world.operator.person_id).name
    with pytest.raises(NotPossibleNow):
        claim(session, world.admin, landing)


def test_several_levels_stand_in_their_order(session, world, landing):
    for level in (FirstLevel.FLAGSHIP, FirstLevel.PROVINCIAL):
        verify_first(session, world.operator, first_id=claim(session, world.admin, landing, level))

    assert list_landings(session, world.admin).rows[0].firsts == (FirstLevel.PROVINCIAL, FirstLevel.FLAGSHIP)


def test_a_refusal_has_a_reason_and_can_be_answered(session, world, landing):
    first_id = claim(session, world.admin, landing)
    with pytest.raises(Invalid):
        refuse_first(session, world.operator, first_id=first_id, reason=" ")
    refuse_first(session, world.operator, first_id=first_id, reason="查新范围不足")
    assert landing_detail(session, world.admin, landing.id).firsts[0].reason == "查新范围不足"

    assert claim(session, world.institute_admin, landing, evidence="补充国家级查新") == first_id
    verify_first(session, world.operator, first_id=first_id)

    assert list_landings(session, VISITOR).rows[0].firsts == (FirstLevel.NATIONAL,)


def test_nobody_verifies_their_own_claim_or_that_of_their_organisation(session, world, landing):
    own = claim(session, world.operator, landing, FirstLevel.CITY)
    with pytest.raises(Forbidden):
        verify_first(session, world.operator, first_id=own)
    both = add_member(session, Role.OPERATOR, None, session.get_one(Person, world.member.person_id))
    other = claim(session, world.admin, landing)
    with pytest.raises(Forbidden):
        verify_first(session, both, first_id=other)
    assert [row.may_decide for row in landing_detail(session, both, landing.id).firsts] == [False, False]
    for actor in (world.admin, world.officials[Role.APPROVER]):
        with pytest.raises(Forbidden):
            verify_first(session, actor, first_id=own)


def test_who_claims_and_with_what(session, world, landing):
    with pytest.raises(Invalid):
        claim(session, world.admin, landing, evidence=" ")
    for actor in (world.lead, world.officials[Role.LEADER]):
        with pytest.raises(Forbidden):
            claim(session, actor, landing)
    with pytest.raises(NotFound):
        claim(session, add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session)), landing)

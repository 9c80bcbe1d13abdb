"""The row “validation run” of the permission matrix, and hard case 16."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from db.models import (
    CoApplicant,
    CoApplicantStatus,
    Membership,
    MembershipStatus,
    Notification,
    OrganisationKind,
    Role,
    TeamMember,
    ValidationStatus,
)
from db.types import Sealed
from portal import clock
from portal.errors import NotFound
from portal.permissions import VISITOR
from portal.validation.access import Sight
from portal.validation.notices import tell_parties
from portal.validation.queries import list_plans, plan_detail, plans_of_challenge, startable_plans
from tests.factories import add_member, add_organisation
from tests.validation.world import judged, make_world, running, signed, written


@pytest.fixture
def world(session):
    return make_world(session)


def readers(session, world):
    other = add_organisation(session)
    strange_institute = add_organisation(session, OrganisationKind.INSTITUTE)
    return {
        "visitor": VISITOR,
        "admin": world.admin,
        "member": world.member,
        "lead": world.lead,
        "teammate": world.teammate,
        "institute_admin": world.institute_admin,
        "broker": world.broker,
        "other_enterprise": add_member(session, Role.ENTERPRISE_ADMIN, other),
        "other_institute": add_member(session, Role.INSTITUTE_ADMIN, strange_institute),
        "colleague": add_member(session, Role.RESEARCHER, world.institute),
        "other_broker": add_member(session, Role.BROKER, add_organisation(session, OrganisationKind.AGENCY)),
        **{role.value: actor for role, actor in world.officials.items()},
    }


FULL = {"admin", "member", "operator", "approver", "auditor"}
PARTNER = {"lead", "teammate", "institute_admin", "broker"}


def sights(session, world, plan):
    found = {}
    for name, actor in readers(session, world).items():
        listed = plan.id in [row.id for row in list_plans(session, actor).rows]
        try:
            found[name] = plan_detail(session, actor, plan.id).sight
        except NotFound:
            found[name] = None
        assert listed is (found[name] is not None), name
        assert bool(plans_of_challenge(session, actor, plan.challenge_id)) is listed, name
    return found


def expected(result_readers):
    names = set(NAMES)
    return {
        name: Sight.FULL
        if name in FULL
        else Sight.PARTNER
        if name in PARTNER
        else Sight.RESULT
        if name in result_readers
        else None
        for name in names
    }


NAMES = (
    FULL
    | PARTNER
    | {"visitor", "other_enterprise", "other_institute", "colleague", "other_broker"}
    | {"leader", "platform_admin", "steward"}
)
OTHERS = NAMES - FULL - PARTNER


def test_before_the_verdict_only_parties_and_officials_see_it(session, world):
    assert sights(session, world, running(session, world)) == expected(set())


def test_the_leader_reads_the_verdict(session, world):
    assert sights(session, world, judged(session, world, "9", "1")) == expected({"leader"})


def test_a_failed_one_is_never_public(session, world):
    assert sights(session, world, signed(session, world, "11", "1")) == expected({"leader"})


def test_the_result_of_a_solved_challenge_is_public(session, world):
    assert sights(session, world, signed(session, world)) == expected(OTHERS)


def test_the_public_result_holds_no_value_and_no_person(session, world):
    detail = plan_detail(session, VISITOR, signed(session, world).id)

    assert (detail.runs, detail.line, detail.sampling, detail.verdict_note) == ([], "", "", "")
    assert [row.deciding for row in detail.characteristics] == [None, None]
    assert [row.judgement.value for row in detail.characteristics] == ["inside", "inside"]
    assert [row.name for row in detail.signatures] == ["", "", ""]
    assert detail.actions == ()


def test_the_institute_sees_neither_line_nor_device_nor_operator(session, world):
    plan = signed(session, world)
    for actor in (world.lead, world.teammate, world.institute_admin, world.broker):
        detail = plan_detail(session, actor, plan.id)
        assert detail.line == ""
        assert [(row.device, row.recorded_by) for row in detail.runs] == [("", "")]
        assert detail.runs[0].lot == "L-01"
    detail = plan_detail(session, world.member, plan.id)
    assert (detail.line, detail.runs[0].device, detail.runs[0].recorded_by) == (
        "二号箔轧线",
        "测厚仪 3 号",
        world.member.name,
    )


def test_who_left_the_institute_sees_nothing(session, world):
    plan = running(session, world)
    elsewhere = add_organisation(session, OrganisationKind.INSTITUTE)
    for person in (world.lead, world.teammate):
        moved = person.__class__(
            **{**person.__dict__, "organisation_id": elsewhere.id, "organisation_kind": elsewhere.kind}
        )
        with pytest.raises(NotFound):
            plan_detail(session, moved, plan.id)


def test_a_team_mate_of_a_confirmed_co_applicant_is_a_partner(session, world):
    partner = add_organisation(session, OrganisationKind.INSTITUTE)
    mate = add_member(session, Role.RESEARCHER, partner)
    session.add(TeamMember(proposal_id=world.proposal.id, person_id=mate.acting_person, added_at=clock.now()))
    plan = running(session, world)
    with pytest.raises(NotFound):
        plan_detail(session, mate, plan.id)

    session.add(
        CoApplicant(
            proposal_id=world.proposal.id,
            organisation_id=partner.id,
            status=CoApplicantStatus.CONFIRMED,
            part=Sealed(b"part"),
            invited_at=clock.now(),
        )
    )
    session.flush()

    assert plan_detail(session, mate, plan.id).sight is Sight.PARTNER


def test_unknown_is_not_found(session, world):
    with pytest.raises(NotFound):
        plan_detail(session, world.operator, uuid4())


def test_mine_leaves_the_parties_own(session, world):
    signed(session, world)
    other = written(session, make_world(session))

    assert list_plans(session, world.operator).total == 2
    assert list_plans(session, world.operator, mine=True).total == 0
    assert other.id not in [row.id for row in list_plans(session, world.admin, mine=True).rows]
    assert list_plans(session, world.admin, mine=True).total == 1
    assert list_plans(session, world.operator, status=ValidationStatus.PLANNED).total == 1


def test_who_may_start_a_plan_is_offered_it(session, world):
    def offered(actor):
        return [row.challenge_id for row in startable_plans(session, actor)]

    for actor in (world.admin, world.member, world.lead):
        assert offered(actor) == [world.challenge.id]
    for actor in (world.teammate, world.institute_admin, world.operator, VISITOR, make_world(session).admin):
        assert world.challenge.id not in offered(actor)
    written(session, world)
    assert offered(world.admin) == []


def test_news_go_to_the_institute_once_the_investigator_left(session, world):
    plan = running(session, world)
    session.get_one(Membership, world.lead.membership_id).status = MembershipStatus.DISABLED

    tell_parties(session, plan, "Something is new.", key="new")

    told = set(session.scalars(select(Notification.person_id).where(Notification.message == "Something is new.")))
    assert world.lead.person_id not in told
    assert world.institute_admin.person_id in told

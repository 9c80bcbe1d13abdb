"""The row “landing, funding, people” of the permission matrix."""

from uuid import uuid4

import pytest

from db.models import LandingCategory, LandingFlag, LandingStage, OrganisationKind, Role
from portal.errors import NotFound
from portal.landings.commands import end_landing, flag_landing, publish_landing
from portal.landings.queries import landing_detail, landing_sources, landings_of_challenge, list_landings
from portal.permissions import VISITOR, Action
from tests.factories import add_member, add_organisation
from tests.landings.world import create, solved_world


@pytest.fixture
def world(session):
    return solved_world(session)


@pytest.fixture
def landing(session, world):
    return create(session, world.admin, challenge_id=world.challenge.id)


FULL = {
    "admin",
    "member",
    "lead",
    "teammate",
    "institute_admin",
    "broker",
    "operator",
    "approver",
    "leader",
    "auditor",
}
OTHERS = {"visitor", "colleague", "other_enterprise", "other_institute", "platform_admin", "steward"}


def readers(session, world):
    institute = add_organisation(session, OrganisationKind.INSTITUTE)
    return {
        "visitor": VISITOR,
        "admin": world.admin,
        "member": world.member,
        "lead": world.lead,
        "teammate": world.teammate,
        "institute_admin": world.institute_admin,
        "broker": world.broker,
        "colleague": add_member(session, Role.RESEARCHER, world.institute),
        "other_enterprise": add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session)),
        "other_institute": add_member(session, Role.INSTITUTE_ADMIN, institute),
        **{role.value: actor for role, actor in world.officials.items()},
    }


def sights(session, world, landing):
    full, summary = set(), set()
    for name, actor in readers(session, world).items():
        listed = landing.id in [row.id for row in list_landings(session, actor).rows]
        try:
            detail = landing_detail(session, actor, landing.id)
        except NotFound:
            assert not listed, name
            continue
        assert listed, name
        assert landings_of_challenge(session, actor, landing.challenge_id), name
        (full if detail.is_full else summary).add(name)
    return full, summary


def publish(session, world, landing):
    publish_landing(
        session, world.admin, landing_id=landing.id, version=None, is_public=True, public_summary="公开简介"
    )


def test_parties_and_officials_read_it(session, world, landing):
    assert sights(session, world, landing) == (FULL, set())


def test_everybody_else_reads_only_the_published_summary(session, world, landing):
    publish(session, world, landing)

    assert sights(session, world, landing) == (FULL, OTHERS)


def test_the_published_summary_holds_nothing_else(session, world, landing):
    flag_landing(
        session, world.operator, landing_id=landing.id, version=None, flag=LandingFlag.STALLED, reason="资金问题"
    )
    landing.summary, landing.place = "内部说明", "3 号厂房"
    publish(session, world, landing)

    detail = landing_detail(session, VISITOR, landing.id)

    assert detail.row.public_summary == "公开简介"
    assert detail.row.flag is None
    assert (detail.summary, detail.place, detail.flag_reason) == ("", "", "")
    assert (detail.steps, detail.figures, detail.actions) == ([], [], ())
    assert detail.challenge_id is None


def test_a_filter_by_flag_tells_a_visitor_nothing(session, world, landing):
    publish(session, world, landing)

    assert list_landings(session, VISITOR, flag=LandingFlag.ON_TRACK).total == 0
    assert list_landings(session, world.operator, flag=LandingFlag.ON_TRACK).total == 1


def test_filters(session, world, landing):
    def total(**filters):
        return list_landings(session, world.operator, **filters).total

    assert (total(stage=LandingStage.LEAD), total(stage=LandingStage.LOST)) == (1, 0)
    assert (total(town="wuchang"), total(town="xianlin"), total(town="' OR 1=1")) == (1, 0, 0)
    assert (total(category=LandingCategory.TECHNOLOGY), total(category=LandingCategory.TALENT)) == (1, 0)
    assert list_landings(session, world.admin, mine=True).total == 1
    assert list_landings(session, world.operator, mine=True).total == 0


def test_unknown_is_not_found(session, world):
    with pytest.raises(NotFound):
        landing_detail(session, world.operator, uuid4())


def test_sources_are_solved_challenges_without_a_project(session, world):
    def offered(actor):
        return [row.challenge_id for row in landing_sources(session, actor)]

    for actor in (world.admin, world.member, world.institute_admin, world.operator):
        assert offered(actor) == [world.challenge.id]
    for actor in (VISITOR, world.lead, world.officials[Role.LEADER]):
        assert offered(actor) == []
    landing = create(session, world.admin, challenge_id=world.challenge.id)
    assert offered(world.operator) == []
    assert landing_detail(session, world.operator, landing.id).challenge_title == world.challenge.title


def test_an_ended_project_offers_nothing(session, world, landing):
    before = landing_detail(session, world.operator, landing.id)
    assert before.next_stage is LandingStage.AGREEMENT_SIGNED

    end_landing(
        session, world.operator, landing_id=landing.id, version=None, end=LandingStage.RELOCATED, reason="迁往外地"
    )

    after = landing_detail(session, world.operator, landing.id)
    # To whom it is owed may still be said; nothing else happens any more.
    assert (after.next_stage, after.actions) == (None, (Action.CLAIM_SOURCE, Action.PREPARE_SHARES))

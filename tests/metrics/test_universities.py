"""What came of the work with one university: each figure is the length of its list, and nothing sealed is in it."""

import pytest

from db.models import (
    ChallengeStatus,
    CommitmentStatus,
    EvidenceType,
    LandingCategory,
    LandingLane,
    LandingStage,
    Organisation,
    Role,
    Talent,
    TalentChannel,
    TalentField,
    TalentPost,
    TalentStage,
)
from portal import clock
from portal.agreements.commitment_queries import list_commitments
from portal.agreements.queries import list_agreements
from portal.errors import NotFound
from portal.landings.commands import create_landing
from portal.landings.steps import record_step
from portal.metrics.universities import BRANCHES, came_of_it, university
from portal.permissions import VISITOR
from portal.talents.queries import TalentFilter, list_talents
from tests.agreements.world import World, in_force, later, make_world, promise, report
from tests.factories import add_member
from tests.reviews.stage import opened, set_stage
from tests.validation.world import make_world as awarded_world


@pytest.fixture
def world(session) -> World:
    return make_world(session)


def test_agreements_and_commitments_are_counted_as_their_lists_do(any_session) -> None:
    session = any_session
    world = make_world(session)
    agreement = in_force(session, world)
    kept, _late, _open = (promise(session, world, agreement, text=text) for text in ("甲", "乙", "丙"))
    _open.due_on = agreement.ends_on
    report(session, world.institute_admin, kept, CommitmentStatus.DELIVERED)
    later(150)

    for actor in (world.operator, world.institute_admin, world.officials[Role.LEADER]):
        found = university(session, actor, world.university.id)
        assert (found.agreements, found.kept, found.open, found.late) == (1, 1, 2, 1)
        asked = {"university": world.university.id}
        assert list_agreements(session, actor, **asked).total == found.agreements
        lists = [list_commitments(session, actor, state=state, **asked).total for state in ("kept", "open", "late")]
        assert lists == [found.kept, found.open, found.late]


def test_a_steward_learns_of_the_agreement_and_of_no_commitment(session, world) -> None:
    promise(session, world, in_force(session, world))

    found = university(session, world.officials[Role.STEWARD], world.university.id)

    assert (found.agreements, found.has_commitments, found.open) == (1, False, 0)


def test_who_has_no_part_in_agreements_finds_no_page(session, world) -> None:
    for actor in (VISITOR, world.officials[Role.PLATFORM_ADMIN], world.officials[Role.EXPERT]):
        with pytest.raises(NotFound):
            university(session, actor, world.university.id)
    with pytest.raises(NotFound):
        university(session, world.operator, world.enterprise.id)
    with pytest.raises(NotFound):
        came_of_it(session, world.operator, world.university.id, branch="sealed")


def test_people_who_came_are_counted_as_their_list_does(session, world) -> None:
    for number, (stage, institute) in enumerate(
        (
            (TalentStage.JOINED, world.university),
            (TalentStage.RETAINED, world.university),
            (TalentStage.MATCHED, world.university),
            (TalentStage.JOINED, world.enterprise),
        )
    ):
        talent = Talent(
            number=f"RC-U-{number}",
            name=f"示例人才{number}",
            field=TalentField.ENERGY,
            channel=TalentChannel.AGREEMENT,
            stage=stage,
            cohort=2026,
            created_at=clock.now(),
            changed_at=clock.now(),
        )
        session.add(talent)
        session.flush()
        session.add(
            TalentPost(
                talent_id=talent.id,
                organisation_id=institute.id,
                post="研究员",
                is_main=True,
                since=clock.today(),
                entered_by=world.operator.person_id,
                entered_at=clock.now(),
            )
        )
    session.flush()
    wanted = TalentFilter(reached=TalentStage.JOINED, employer=world.university.id)

    for actor in (world.operator, world.institute_admin):
        assert university(session, actor, world.university.id).people == 2
        assert list_talents(session, actor, wanted).total == 2
    assert university(session, world.officials[Role.LEADER], world.university.id).people is None


def test_projects_landed_by_category(session) -> None:
    world = awarded_world(session, status=ChallengeStatus.SOLVED)
    common = {"town_code": "wuchang", "since": clock.today(), "institute_id": world.institute.id}
    for number, category in enumerate([LandingCategory.TECHNOLOGY] * 3 + [LandingCategory.TALENT] * 2):
        landing_id = create_landing(
            session, world.operator, title=f"项目{number}", category=category, lane=LandingLane.LIGHT, **common
        )
        if number == 0:
            continue  # a lead has not come yet
        step = {"stage": LandingStage.AGREEMENT_SIGNED, "happened_on": clock.today(), "evidence": "协议"}
        step["evidence_type"] = EvidenceType.INVESTMENT_AGREEMENT
        record_step(session, world.operator, landing_id=landing_id, version=None, **step)

    found = university(session, world.institute_admin, world.institute.id)

    assert (found.technology, found.talent) == (2, 2)
    for actor in (world.institute_admin, world.operator, world.officials[Role.LEADER]):
        for branch, titles in (("technology", {"项目1", "项目2"}), ("talent", {"项目3", "项目4"})):
            page = came_of_it(session, actor, world.institute.id, branch=branch)
            assert ({row.title for row in page.rows}, page.total) == (titles, 2)
    steward = add_member(session, Role.STEWARD)
    assert came_of_it(session, steward, world.institute.id, branch="technology").total == 0


def test_an_award_and_its_solution_are_counted(session) -> None:
    world = awarded_world(session, status=ChallengeStatus.SOLVED)
    world.challenge.opened_at = clock.now()
    session.flush()

    for actor in (world.operator, world.institute_admin, world.lead, world.officials[Role.LEADER]):
        found = university(session, actor, world.institute.id)
        assert (found.answered, found.awarded, found.solved) == (1, 1, 1), actor.role
        for branch in ("answered", "awarded", "solved"):
            page = came_of_it(session, actor, world.institute.id, branch=branch)
            assert ([row.id for row in page.rows], page.hidden) == ([world.challenge.id], 0)


def test_a_sealed_answer_stands_in_no_figure(session) -> None:
    stage = set_stage(session, 2)
    institute_id = stage.proposals[0].institute_id
    admin = add_member(session, Role.INSTITUTE_ADMIN, session.get_one(Organisation, institute_id))
    everybody = (stage.operator, stage.approver, stage.admin, stage.leads[0], admin, add_member(session, Role.LEADER))

    for actor in everybody:
        assert university(session, actor, institute_id).answered == 0, actor.role
        assert came_of_it(session, actor, institute_id, branch="answered") == ([], 0, 0), actor.role


def test_an_opened_answer_is_counted_for_those_who_may_know(session) -> None:
    stage = opened(session, 2)
    institute_id = stage.proposals[0].institute_id
    admin = add_member(session, Role.INSTITUTE_ADMIN, session.get_one(Organisation, institute_id))
    leader, steward = add_member(session, Role.LEADER), add_member(session, Role.STEWARD)

    for actor in (stage.operator, stage.approver, stage.admin, stage.leads[0], admin):
        assert university(session, actor, institute_id).answered == 1, actor.role
        assert came_of_it(session, actor, institute_id, branch="answered").total == 1, actor.role
    # A leader counts it and does not read whose answer is still judged; others who do not evaluate learn nothing.
    assert university(session, leader, institute_id).answered == 1
    assert came_of_it(session, leader, institute_id, branch="answered") == ([], 0, 1)
    assert university(session, steward, institute_id).answered == 0
    assert university(session, stage.leads[1], institute_id).answered == 0


@pytest.mark.parametrize("branch", BRANCHES)
def test_a_university_without_results_has_empty_lists(session, world, branch) -> None:
    assert came_of_it(session, world.operator, world.university.id, branch=branch) == ([], 0, 0)

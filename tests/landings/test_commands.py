"""Recording, editing, publishing, flagging and ending a landing project."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from db.models import (
    ChallengeStatus,
    Event,
    Landing,
    LandingCategory,
    LandingFlag,
    LandingLane,
    LandingStage,
    LossCause,
    Notification,
    OrganisationKind,
    OrganisationStatus,
    OutboxMail,
    Role,
)
from portal import clock
from portal.errors import Forbidden, Invalid, NotFound, NotPossibleNow, NotSignedIn, Stale
from portal.landings.commands import edit_landing, end_landing, flag_landing, publish_landing
from portal.landings.jobs import flag_overruns
from portal.landings.rules import OVERRUN
from portal.permissions import VISITOR
from tests.factories import add_member, add_organisation
from tests.landings.world import create, solved_world, step


@pytest.fixture
def world(session):
    return solved_world(session)


def edit(session, actor, landing, **changes):
    values = {
        "title": landing.title,
        "summary": landing.summary,
        "town_code": landing.town_code,
        "place": landing.place,
        "industry_code": landing.industry_code,
    }
    return edit_landing(session, actor, landing_id=landing.id, version=None, **(values | changes))


def test_a_solved_challenge_gives_both_parties(session, world):
    landing = create(session, world.admin, challenge_id=world.challenge.id)

    assert (landing.enterprise_id, landing.institute_id) == (world.enterprise.id, world.institute.id)
    assert (landing.stage, landing.flag) == (LandingStage.LEAD, LandingFlag.ON_TRACK)
    assert landing.number == f"LD-{clock.today().year}-0001"


def test_numbers_run_on(session, world):
    numbers = [create(session, world.operator, challenge_id=world.challenge.id).number for _ in range(2)]

    assert [number[-4:] for number in numbers] == ["0001", "0002"]


def test_a_project_on_its_own(session, world):
    landing = create(session, world.institute_admin, institute_id=world.institute.id)

    assert (landing.challenge_id, landing.enterprise_id) == (None, None)


def test_the_same_form_twice_is_one_project(session, world):
    token = uuid4()
    first = create(session, world.admin, challenge_id=world.challenge.id, landing_id=token)
    second = create(session, world.admin, challenge_id=world.challenge.id, landing_id=token)

    assert first is second
    assert session.scalar(select(func.count()).select_from(Landing)) == 1


def test_a_strangers_token_is_not_found(session, world):
    landing = create(session, world.admin, challenge_id=world.challenge.id)
    stranger = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))

    with pytest.raises(NotFound):
        create(session, stranger, enterprise_id=stranger.organisation_id, landing_id=landing.id)


def test_a_challenge_that_is_not_solved_gives_none(session):
    world = solved_world(session, status=ChallengeStatus.VALIDATING)

    with pytest.raises(NotPossibleNow):
        create(session, world.admin, challenge_id=world.challenge.id)


def test_strangers_cannot_take_a_challenge(session, world):
    stranger = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    for challenge_id in (world.challenge.id, uuid4()):
        with pytest.raises(NotFound):
            create(session, stranger, challenge_id=challenge_id)


def test_who_may_record_a_project(session, world):
    with pytest.raises(NotSignedIn):
        create(session, VISITOR, enterprise_id=world.enterprise.id)
    for actor in (world.lead, world.broker, world.officials[Role.LEADER], world.officials[Role.APPROVER]):
        with pytest.raises(Forbidden):
            create(session, actor, challenge_id=world.challenge.id)


def test_only_for_ones_own_organisation(session, world):
    other = add_organisation(session)
    with pytest.raises(Invalid):
        create(session, world.admin, enterprise_id=other.id)
    with pytest.raises(Invalid):
        create(session, world.institute_admin, enterprise_id=other.id)
    with pytest.raises(Invalid):
        create(session, world.operator)
    assert create(session, world.operator, enterprise_id=other.id).enterprise_id == other.id


def test_parties_are_verified_and_of_their_kind(session, world):
    applied = add_organisation(session, OrganisationKind.INSTITUTE, status=OrganisationStatus.APPLIED)
    for wrong in (applied.id, world.enterprise.id, uuid4()):
        with pytest.raises(NotFound):
            create(session, world.operator, institute_id=wrong)


def test_a_talent_project_uses_the_light_lane(session, world):
    with pytest.raises(Invalid):
        create(session, world.operator, challenge_id=world.challenge.id, category=LandingCategory.TALENT)

    landing = create(
        session,
        world.operator,
        challenge_id=world.challenge.id,
        category=LandingCategory.TALENT,
        lane=LandingLane.LIGHT,
    )

    assert landing.lane is LandingLane.LIGHT


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "  "},
        {"title": "长" * 201},
        {"town_code": "shanghai"},
        {"industry_code": "X99"},
        {"since": "tomorrow"},
    ],
)
def test_bad_input_is_refused(session, world, changes):
    if changes.get("since"):
        changes = {"since": clock.today() + timedelta(days=1)}

    with pytest.raises(Invalid):
        create(session, world.admin, challenge_id=world.challenge.id, **changes)


def test_editing_says_which_fields(session, world):
    landing = create(session, world.admin, challenge_id=world.challenge.id)

    assert edit(session, world.institute_admin, landing, title="新名", place="3 号厂房") is True
    assert edit(session, world.institute_admin, landing) is False

    event = session.scalars(select(Event).order_by(Event.seq.desc())).first()
    assert (event.action, event.fields) == ("edit_landing", ["title", "place"])


def test_who_may_edit(session, world):
    landing = create(session, world.admin, challenge_id=world.challenge.id)
    edit(session, world.operator, landing, title="一")
    edit(session, world.member, landing, title="二")
    for actor in (world.lead, world.officials[Role.APPROVER], world.officials[Role.LEADER], world.broker):
        with pytest.raises(Forbidden):
            edit(session, actor, landing, title="三")
    stranger = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    for actor in (VISITOR, stranger, world.officials[Role.STEWARD]):
        with pytest.raises(NotFound):
            edit(session, actor, landing, title="三")


def test_an_old_page_is_stale(session, world):
    landing = create(session, world.admin, challenge_id=world.challenge.id)
    drawn = landing.version
    edit(session, world.admin, landing, title="一")
    session.flush()

    with pytest.raises(Stale):
        publish_landing(
            session, world.admin, landing_id=landing.id, version=drawn, is_public=True, public_summary="简介"
        )


def test_publishing_needs_a_summary(session, world):
    landing = create(session, world.admin, challenge_id=world.challenge.id)

    with pytest.raises(Invalid):
        publish_landing(session, world.admin, landing_id=landing.id, version=None, is_public=True, public_summary=" ")
    publish_landing(session, world.admin, landing_id=landing.id, version=None, is_public=True, public_summary="简介")

    assert (landing.is_public, landing.public_summary) == (True, "简介")


def test_flags_are_the_operators(session, world):
    landing = create(session, world.admin, challenge_id=world.challenge.id)
    with pytest.raises(Forbidden):
        flag_landing(
            session, world.admin, landing_id=landing.id, version=None, flag=LandingFlag.STALLED, reason="用地未批"
        )
    with pytest.raises(Invalid):
        flag_landing(session, world.operator, landing_id=landing.id, version=None, flag=LandingFlag.STALLED, reason="")

    flag_landing(
        session, world.operator, landing_id=landing.id, version=None, flag=LandingFlag.STALLED, reason="用地未批"
    )

    assert (landing.flag, landing.flag_reason) == (LandingFlag.STALLED, "用地未批")


def test_an_overrun_raises_the_flag_once(session, world):
    landing = create(session, world.admin, challenge_id=world.challenge.id)
    landing.stage_since = clock.today() - timedelta(days=90)
    session.flush()
    assert flag_overruns(session) == 0  # the last day of the norm is within

    landing.stage_since = clock.today() - timedelta(days=91)
    session.flush()
    assert flag_overruns(session) == 1
    assert flag_overruns(session) == 0

    assert (landing.flag, landing.flag_reason) == (LandingFlag.AT_RISK, OVERRUN)
    event = session.scalars(select(Event).order_by(Event.seq.desc())).first()
    assert (event.action, event.role, event.person_id) == ("flag_landing", "clock", None)
    told = set(session.scalars(select(Notification.person_id)))
    assert {world.operator.person_id, world.admin.person_id, world.institute_admin.person_id} <= told


def test_a_flag_set_by_hand_is_left_alone(session, world):
    landing = create(session, world.admin, challenge_id=world.challenge.id, since=clock.today() - timedelta(days=400))
    flag_landing(
        session, world.operator, landing_id=landing.id, version=None, flag=LandingFlag.ON_TRACK, reason="等待土地出让"
    )

    assert flag_overruns(session) == 0


def test_finished_and_ended_projects_are_not_flagged(session, world):
    old = clock.today() - timedelta(days=400)
    finished, ended = (create(session, world.operator, challenge_id=world.challenge.id, since=old) for _ in range(2))
    finished.stage = LandingStage.AT_CAPACITY
    ended.stage = LandingStage.TERMINATED
    session.flush()

    assert flag_overruns(session) == 0


def end(session, actor, landing, **changes):
    values = {"end": LandingStage.LOST, "reason": "融资未到位", "cause": LossCause.FINANCING, "lesson": "更早联系基金"}
    return end_landing(session, actor, landing_id=landing.id, version=None, **(values | changes))


@pytest.mark.parametrize("changes", [{"cause": None}, {"lesson": " "}, {"reason": ""}])
def test_a_loss_needs_cause_lesson_and_reason(session, world, changes):
    landing = create(session, world.admin, challenge_id=world.challenge.id)

    with pytest.raises(Invalid):
        end(session, world.operator, landing, **changes)


def test_a_loss_is_answered_with_a_support_talk(session, world):
    landing = create(session, world.admin, challenge_id=world.challenge.id)

    end(session, world.operator, landing)

    assert (landing.stage, landing.loss_cause, landing.loss_lesson) == (
        LandingStage.LOST,
        LossCause.FINANCING,
        "更早联系基金",
    )
    told = {row.person_id: row.message for row in session.scalars(select(Notification))}
    assert "support talk" in told[world.operator.person_id]
    assert told[world.admin.person_id].startswith("Thank you for trying.")
    assert "support talk" in told[world.institute_admin.person_id]
    mails = session.scalars(select(OutboxMail)).all()
    assert mails and not any(landing.title in mail.body + mail.subject for mail in mails)


def test_other_ends_need_no_cause(session, world):
    landing = create(session, world.admin, challenge_id=world.challenge.id)

    end(session, world.officials[Role.APPROVER], landing, end=LandingStage.RELOCATED, cause=None, lesson="")

    assert (landing.stage, landing.loss_cause) == (LandingStage.RELOCATED, None)


def test_a_project_ends_once_and_then_rests(session, world):
    landing = create(session, world.admin, challenge_id=world.challenge.id)
    end(session, world.operator, landing)

    with pytest.raises(NotPossibleNow):
        end(session, world.operator, landing)
    with pytest.raises(NotPossibleNow):
        edit(session, world.admin, landing, title="改")
    with pytest.raises(NotPossibleNow):
        step(session, world.admin, landing, LandingStage.AGREEMENT_SIGNED)


def test_parties_do_not_end_a_project_and_a_stage_is_no_end(session, world):
    landing = create(session, world.admin, challenge_id=world.challenge.id)
    with pytest.raises(Forbidden):
        end(session, world.admin, landing)
    with pytest.raises(NotPossibleNow):
        end(session, world.operator, landing, end=LandingStage.AT_CAPACITY)


def test_unknown_is_not_found(session, world):
    with pytest.raises(NotFound):
        flag_landing(session, world.operator, landing_id=uuid4(), version=None, flag=LandingFlag.STALLED, reason="无")

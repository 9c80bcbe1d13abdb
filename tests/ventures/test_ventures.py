"""An application from its first word to its end, and who may know of it on the way."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from db.models import (
    Event,
    Notification,
    OrganisationKind,
    Role,
    VentureAdvice,
    VentureObjection,
    VentureParty,
    VenturePhase,
    VentureStatus,
)
from portal import clock
from portal.challenges.workdays import add_workdays
from portal.errors import Forbidden, Invalid, NotFound, NotPossibleNow, Stale
from portal.events import verify_chain
from portal.metrics.waiting import waiting_for
from portal.permissions import VISITOR, Action
from portal.ventures import commands
from portal.ventures.growing import add_task, complete_venture, finish_task, move_phase, start_venture
from portal.ventures.queries import experts, list_ventures, venture_detail
from portal.ventures.rules import is_noticed, next_phase
from tests.factories import add_member, add_organisation, add_person
from tests.ventures.world import (
    active,
    after_notice,
    content,
    ids,
    make_world,
    noticed,
    reviewed,
    submitted,
    written,
)

S = VentureStatus


@pytest.fixture
def world(session):
    return make_world(session)


def waits(session, actor):
    session.flush()
    return "Go on with an application of a scientist-entrepreneur" in [
        row.message for row in waiting_for(session, actor)
    ]


def task(session, world, venture, **changes):
    values = {"phase": VenturePhase.ATTRACT, "party": VentureParty.INSTITUTE, "text": "离岗创业手续"}
    values |= {"due_on": clock.today() + timedelta(days=30)}
    return add_task(session, world.operator, venture_id=venture.id, **(values | changes))


def finish(session, actor, task_id, **changes):
    values = {"done_on": clock.today(), "words": "批复文件"}
    finish_task(session, actor, task_id=task_id, **(values | changes))


def test_from_the_first_word_to_its_own_way(any_session) -> None:
    session = any_session
    world = make_world(session)
    venture = active(session, world)
    for phase, party, actor in (
        (VenturePhase.ATTRACT, VentureParty.INSTITUTE, world.institute_admin),
        (VenturePhase.NURTURE, VentureParty.ENTERPRISE, world.enterprise_admin),
        (VenturePhase.GROW, VentureParty.DISTRICT, world.operator),
    ):
        finish(session, actor, task(session, world, venture, phase=phase, party=party))
    for _number in range(2):
        move_phase(session, world.operator, **ids(venture))
    complete_venture(session, world.operator, **ids(venture))

    assert (venture.status, venture.phase) == (S.COMPLETED, VenturePhase.GROW)
    for actor in (world.scientist, world.institute_admin, world.broker, world.experts[0], world.operator):
        assert [row.id for row in list_ventures(session, actor).rows] == [venture.id]
        assert venture_detail(session, actor, venture.id).row.scientist == world.scientist.name
    assert verify_chain(session)[1] == []


def test_nobody_of_the_district_knows_of_it_before_three_have_signed(session, world) -> None:
    venture = written(session, world)
    district = [world.operator, world.approver, *(add_member(session, role) for role in (Role.AUDITOR, Role.LEADER))]
    seen = []
    for step, actor in (
        (commands.endorse_venture, world.institute_admin),
        (commands.host_venture, world.enterprise_admin),
        (commands.submit_venture, world.scientist),
    ):
        seen.append([list_ventures(session, one).total for one in district])
        step(session, actor, **ids(venture))
    seen.append([list_ventures(session, one).total for one in district])

    assert seen == [[0, 0, 0, 0]] * 3 + [[1, 1, 1, 0]]


def test_a_leader_reads_it_from_the_notice_on(session, world) -> None:
    leader = add_member(session, Role.LEADER)
    venture = reviewed(session, world)
    with pytest.raises(NotFound):
        venture_detail(session, leader, venture.id)

    commands.propose_venture(session, world.operator, **ids(venture))

    assert venture_detail(session, leader, venture.id).advice == ()


def test_strangers_and_colleagues_read_nothing(session, world) -> None:
    venture = noticed(session, world)
    institute = add_organisation(session, OrganisationKind.INSTITUTE)
    strangers = [
        VISITOR,
        add_member(session, Role.RESEARCHER, world.institute),
        add_member(session, Role.INSTITUTE_ADMIN, institute),
        add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session)),
        add_member(session, Role.ENTERPRISE_MEMBER, world.enterprise),
        add_member(session, Role.EXPERT),
        add_member(session, Role.STEWARD),
        add_member(session, Role.PLATFORM_ADMIN),
    ]
    for actor in strangers:
        assert list_ventures(session, actor).total == 0, actor.role
        with pytest.raises(NotFound):
            venture_detail(session, actor, venture.id)


def test_advice_is_read_by_the_district_and_each_experts_own_alone(session, world) -> None:
    venture = reviewed(session, world)

    def names(actor):
        return [row.name for row in venture_detail(session, actor, venture.id).advice]

    assert len(names(world.operator)) == 3
    assert names(world.experts[0]) == [world.experts[0].name]
    for actor in (world.scientist, world.institute_admin, world.enterprise_admin, world.broker):
        assert names(actor) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"summary": ""}, "summary"),
        ({"summary": "长" * 1001}, "summary"),
        ({"plan": "长" * 8001}, "plan"),
        ({"enterprise_id": None}, "enterprise"),
    ],
)
def test_bad_content_is_refused_by_field(session, world, changes, field) -> None:
    with pytest.raises(Invalid) as refused:
        written(session, world, **changes)

    assert refused.value.field == field


def test_parties_are_of_their_kind(session, world) -> None:
    for changes in ({"enterprise_id": world.agency.id}, {"agency_id": world.enterprise.id}):
        with pytest.raises(Invalid, match="right kind"):
            written(session, world, **changes)


def test_an_empty_plan_is_not_endorsed(session, world) -> None:
    venture = written(session, world, plan="")

    with pytest.raises(Invalid, match="not written yet"):
        commands.endorse_venture(session, world.institute_admin, **ids(venture))


def test_a_change_takes_the_signatures_back(session, world) -> None:
    venture = written(session, world)
    commands.endorse_venture(session, world.institute_admin, **ids(venture))
    commands.host_venture(session, world.enterprise_admin, **ids(venture))

    assert commands.edit_venture(session, world.scientist, **ids(venture), **content(world, plan="新方案"))

    assert (venture.status, venture.institute_signed_at, venture.enterprise_signed_at) == (S.DRAFT, None, None)
    assert not commands.edit_venture(session, world.scientist, **ids(venture), **content(world, plan="新方案"))


def test_returned_it_is_signed_by_all_three_anew(session, world) -> None:
    venture = submitted(session, world)
    with pytest.raises(Invalid, match="reason"):
        commands.return_venture(session, world.operator, reason=" ", **ids(venture))
    commands.return_venture(session, world.operator, reason="补充团队", **ids(venture))

    assert (venture.status, venture.institute_signed_at) == (S.RETURNED, None)
    assert waits(session, world.scientist) and waits(session, world.institute_admin)
    commands.endorse_venture(session, world.institute_admin, **ids(venture))
    assert venture.status is S.INSTITUTE_CONSENTED


def test_an_old_page_and_a_wrong_order_are_refused(session, world) -> None:
    venture = written(session, world)
    old = venture.version
    with pytest.raises(NotPossibleNow):
        commands.host_venture(session, world.enterprise_admin, **ids(venture))
    session.expire(venture)
    commands.endorse_venture(session, world.institute_admin, **ids(venture))
    with pytest.raises(Stale):
        commands.host_venture(session, world.enterprise_admin, venture_id=venture.id, version=old)


def test_at_least_three_impartial_experts(session, world) -> None:
    venture = submitted(session, world)
    person = add_person(session)
    add_member(session, Role.RESEARCHER, world.institute, person)
    colleague = add_member(session, Role.EXPERT, None, person)
    good = [one.acting_person for one in world.experts]
    for chosen, message in (
        (good[:2], "at least 3"),
        ([good[0]] * 3, "at least 3"),
        ([*good[:2], world.operator.acting_person], "active experts"),
        ([*good[:2], colleague.acting_person], "belongs to a party"),
    ):
        with pytest.raises(Invalid) as refused:
            commands.review_venture(session, world.operator, experts=chosen, **ids(venture))
        assert message in refused.value.message.format(**refused.value.params)
    assert {key for key, _name in experts(session, world.operator)} == {*good, colleague.acting_person}
    assert experts(session, world.scientist) == []


def test_it_is_not_proposed_before_every_expert_has_spoken(session, world) -> None:
    venture = submitted(session, world)
    people = [one.acting_person for one in world.experts]
    commands.review_venture(session, world.operator, experts=people, **ids(venture))
    assert all(waits(session, one) for one in world.experts)
    for expert in world.experts[:2]:
        commands.advise_venture(session, expert, advice=VentureAdvice.AGAINST, words="太早", **ids(venture))

    with pytest.raises(Invalid, match="Not every expert"):
        commands.propose_venture(session, world.operator, **ids(venture))
    with pytest.raises(Invalid) as refused:
        commands.advise_venture(session, world.experts[2], advice=VentureAdvice.FOR, words=" ", **ids(venture))
    assert refused.value.field == "words"
    assert [waits(session, one) for one in world.experts] == [False, False, True]


def test_the_notice_runs_five_workdays_and_then_it_is_decided(session, world) -> None:
    venture = noticed(session, world)
    assert venture.notice_until == add_workdays(venture.notice_from, 5).at
    after_notice(venture, -5)
    with pytest.raises(NotPossibleNow, match="still runs"):
        commands.approve_venture(session, world.approver, **ids(venture))
    assert Action.APPROVE_VENTURE not in venture_detail(session, world.approver, venture.id).actions
    assert not waits(session, world.approver)

    after_notice(venture)

    assert waits(session, world.approver)
    with pytest.raises(NotPossibleNow, match="over"):
        said = {"from_whom": "某公司", "words": "专利归属"}
        commands.object_to_venture(session, world.operator, **said, **ids(venture))
    commands.approve_venture(session, world.approver, **ids(venture))
    assert venture.status is S.APPROVED


@pytest.mark.parametrize(
    ("answer", "status"),
    [(commands.uphold_objection, S.UPHELD), (commands.dismiss_objection, S.DISMISSED)],
)
def test_an_objection_in_the_last_minute_is_taken_and_answered(session, world, answer, status) -> None:
    venture = noticed(session, world)
    after_notice(venture, -30)
    for said, field in (({"from_whom": " ", "words": "甲"}, "from_whom"), ({"from_whom": "甲", "words": " "}, "words")):
        with pytest.raises(Invalid) as refused:
            commands.object_to_venture(session, world.operator, **said, **ids(venture))
        assert refused.value.field == field
    said = {"from_whom": "某公司", "words": "专利归属"}
    commands.object_to_venture(session, world.operator, **said, **ids(venture))
    after_notice(venture, 60)
    with pytest.raises(NotPossibleNow):
        commands.approve_venture(session, world.approver, **ids(venture))

    answer(session, world.approver, reason="经查，权属清晰", **ids(venture))

    assert venture.status is status
    assert session.scalars(select(VentureObjection.answer)).one() == "经查，权属清晰"
    if status is S.DISMISSED:
        commands.approve_venture(session, world.approver, **ids(venture))
        assert venture.status is S.APPROVED


def test_who_proposed_it_or_belongs_to_a_party_does_not_decide(session, world) -> None:
    venture = noticed(session, world)
    after_notice(venture)
    person = add_person(session)
    add_member(session, Role.ENTERPRISE_MEMBER, world.enterprise, person)
    approver = add_member(session, Role.APPROVER, None, person)
    with pytest.raises(Forbidden, match="in another role"):
        commands.approve_venture(session, approver, **ids(venture))
    venture.proposed_by = world.approver.person_id
    with pytest.raises(Forbidden, match="Who proposed"):
        commands.approve_venture(session, world.approver, **ids(venture))


def test_each_party_finishes_its_own_tasks(session, world) -> None:
    venture = active(session, world)
    mine = task(session, world, venture)
    assert task(session, world, venture) == mine
    with pytest.raises(Forbidden, match="another party"):
        finish(session, world.enterprise_admin, mine)
    with pytest.raises(Forbidden):
        finish(session, world.scientist, mine)
    with pytest.raises(Invalid):
        finish(session, world.institute_admin, mine, words=" ")
    with pytest.raises(Invalid):
        finish(session, world.institute_admin, mine, done_on=clock.today() + timedelta(days=1))

    finish(session, world.institute_admin, mine)
    finish(session, world.institute_admin, mine, words="第二次点击")

    [row] = venture_detail(session, world.scientist, venture.id).tasks
    assert (row.words, row.done_on, row.may_finish) == ("批复文件", clock.today(), False)


def test_it_is_completed_when_every_task_of_the_last_phase_is_done(session, world) -> None:
    venture = active(session, world)
    with pytest.raises(Invalid, match="last phase"):
        complete_venture(session, world.operator, **ids(venture))
    task_id = task(session, world, venture)
    move_phase(session, world.operator, **ids(venture))
    move_phase(session, world.operator, **ids(venture))
    with pytest.raises(NotPossibleNow):
        move_phase(session, world.operator, **ids(venture))
    with pytest.raises(Invalid, match="still open"):
        complete_venture(session, world.operator, **ids(venture))
    finish(session, world.operator, task_id)

    complete_venture(session, world.operator, **ids(venture))

    assert venture.status is S.COMPLETED


def test_leaving_and_ending_need_a_reason_that_is_told(session, world) -> None:
    venture = active(session, world)
    with pytest.raises(Forbidden):
        commands.exit_venture(session, world.institute_admin, reason="甲", **ids(venture))
    with pytest.raises(Invalid, match="reason"):
        commands.terminate_venture(session, world.approver, reason=" ", **ids(venture))
    commands.exit_venture(session, world.scientist, reason="回校任教", **ids(venture))

    assert venture.status is S.EXITED
    with pytest.raises(NotPossibleNow):
        task(session, world, venture)
    with pytest.raises(NotPossibleNow):
        commands.terminate_venture(session, world.approver, reason="甲", **ids(venture))


def test_what_was_left_before_it_reached_the_district_stays_unknown_to_it(session, world) -> None:
    venture = written(session, world)
    commands.exit_venture(session, world.scientist, reason="改变计划", **ids(venture))

    assert list_ventures(session, world.operator).total == 0
    assert list_ventures(session, world.scientist).total == 1


def test_after_a_change_of_employer_the_application_stays_with_the_institute(session, world) -> None:
    venture = submitted(session, world)
    institute = add_organisation(session, OrganisationKind.INSTITUTE)
    from db.models import Person

    moved = add_member(session, Role.RESEARCHER, institute, session.get_one(Person, world.scientist.acting_person))

    with pytest.raises(NotFound):
        venture_detail(session, moved, venture.id)


def test_turns_wait_for_whoever_acts_next(session, world) -> None:
    venture = written(session, world)
    people = (world.institute_admin, world.enterprise_admin, world.scientist, world.operator)
    seen = [[waits(session, one) for one in people]]
    for step, actor in (
        (commands.endorse_venture, world.institute_admin),
        (commands.host_venture, world.enterprise_admin),
        (commands.submit_venture, world.scientist),
    ):
        step(session, actor, **ids(venture))
        seen.append([waits(session, one) for one in people])

    assert seen == [[index == place for index in range(4)] for place in range(4)]


def test_notices_and_events_hold_no_words_of_the_plan(session, world) -> None:
    active(session, world)

    rows = session.scalars(select(Notification)).all()
    events = session.scalars(select(Event)).all()

    assert len(rows) > 5
    for word in ("固态锂电池", "公示摘要", "内部方案", "团队完整"):
        assert word not in repr([(row.message, row.params) for row in rows])
        assert word not in repr([(row.fields, row.reason) for row in events])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE venture SET notice_until = NULL",
        "UPDATE venture SET institute_signed_at = NULL",
        "UPDATE venture_expert SET answered_at = NULL",
    ],
)
def test_the_database_refuses_what_cannot_be(any_session, change) -> None:
    session = any_session
    noticed(session, make_world(session))

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(change))


def test_rules_of_the_notice_and_the_phases() -> None:
    begins = clock.now()
    ends = begins + timedelta(days=7)
    instants = (begins - timedelta(seconds=1), begins, ends - timedelta(seconds=1), ends)
    assert [is_noticed(one, begins, ends) for one in instants] == [False, True, True, False]
    assert not is_noticed(begins, None, None)
    assert [next_phase(None), next_phase(VenturePhase.ATTRACT), next_phase(VenturePhase.GROW)] == [
        VenturePhase.ATTRACT,
        VenturePhase.NURTURE,
        None,
    ]


def test_it_starts_once(session, world) -> None:
    venture = active(session, world)

    with pytest.raises(NotPossibleNow):
        start_venture(session, world.operator, **ids(venture))

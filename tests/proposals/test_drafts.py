"""Drafts: begun once, saved section by section, changed by the team alone, until the close."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from db.models import (
    ChallengeStatus,
    Event,
    OrganisationKind,
    OrganisationStatus,
    ProposalSection,
    Role,
    TeamMember,
)
from portal import clock
from portal.challenges.questions import ask_question
from portal.errors import DeadlinePassed, Forbidden, Invalid, NotFound, NotPossibleNow, Stale
from portal.proposals.commands import draft_proposal, save_section
from portal.proposals.lists import list_mine, my_proposal_for
from portal.proposals.queries import proposal_form, team_history
from portal.proposals.team import add_team_member
from tests.factories import add_member, add_organisation
from tests.proposals.samples import K, add_world, complete, count, fill, the_challenge


def test_a_draft_is_begun_once_with_every_section_empty(session) -> None:
    world = add_world(session)

    first = draft_proposal(session, world.lead, challenge_id=world.challenge_id)
    again = draft_proposal(session, world.lead, challenge_id=world.challenge_id)

    assert first == again
    assert count(session, ProposalSection) == len(K)
    form = proposal_form(session, world.lead, first)
    assert [row.version for row in form.sections.values()] == [1] * len(K)
    assert [member.person_id for member in form.members] == [world.lead.person_id]
    assert my_proposal_for(session, world.lead, world.challenge_id) == first


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.RESEARCHER, Role.CLOCK, Role.VISITOR)])
def test_only_a_researcher_begins_an_answer(session, role) -> None:
    world = add_world(session)
    somebody = add_member(session, role, add_organisation(session, OrganisationKind.INSTITUTE))

    with pytest.raises(Forbidden):
        draft_proposal(session, somebody, challenge_id=world.challenge_id)


def test_no_answer_without_a_verified_institute_or_to_the_own_challenge(session) -> None:
    world = add_world(session)
    new = add_organisation(session, OrganisationKind.INSTITUTE, status=OrganisationStatus.APPLIED)
    own = add_member(session, Role.RESEARCHER, session.get_one(type(new), world.enterprise_id))

    for somebody in (add_member(session, Role.RESEARCHER, new), own):
        with pytest.raises(Forbidden):
            draft_proposal(session, somebody, challenge_id=world.challenge_id)


def test_a_person_answers_a_challenge_for_one_organisation(session) -> None:
    world = add_world(session)
    draft_proposal(session, world.lead, challenge_id=world.challenge_id)
    other = add_organisation(session, OrganisationKind.INSTITUTE)
    moved = world.lead.__class__(**{**vars(world.lead), "organisation_id": other.id})

    with pytest.raises(Forbidden, match="another organisation"):
        draft_proposal(session, moved, challenge_id=world.challenge_id)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (ChallengeStatus.DRAFT, NotFound),
        (ChallengeStatus.SUBMITTED, NotFound),
        (ChallengeStatus.APPROVED, NotFound),
        (ChallengeStatus.SUSPENDED, NotPossibleNow),
        (ChallengeStatus.CLOSED, DeadlinePassed),
        (ChallengeStatus.EVALUATING, DeadlinePassed),
        (ChallengeStatus.WITHDRAWN, NotFound),
    ],
)
def test_drafts_begin_while_the_challenge_is_open(session, status, error) -> None:
    world = add_world(session, status=status)
    if error is DeadlinePassed:
        the_challenge(session, world).closed_at = clock.now()

    with pytest.raises(error):
        draft_proposal(session, world.lead, challenge_id=world.challenge_id)


def test_a_section_is_kept_as_it_was_left_and_the_same_words_change_nothing(session) -> None:
    world = add_world(session)
    proposal_id = draft_proposal(session, world.lead, challenge_id=world.challenge_id)
    events = count(session, Event)

    saved = save_section(
        session, world.lead, proposal_id=proposal_id, key=K.PLAN, content={"text": "第一步"}, version=1
    )
    again = save_section(
        session, world.lead, proposal_id=proposal_id, key=K.PLAN, content={"text": "第一步 "}, version=2
    )

    assert (saved.version, again) == (2, saved)
    assert count(session, Event) == events + 1
    section = proposal_form(session, world.lead, proposal_id).sections[K.PLAN]
    assert (section.content, section.changed_by) == ({"text": "第一步"}, world.lead.name)


def test_two_tabs_on_one_section_and_two_members_on_different_ones(session) -> None:
    """Rows 41 and 42: the second save of the same section is refused, other sections are untouched."""
    world = add_world(session)
    proposal_id = draft_proposal(session, world.lead, challenge_id=world.challenge_id)
    add_team_member(
        session, world.lead, proposal_id=proposal_id, email=session.scalars(_email(world.colleague.person_id)).one()
    )

    save_section(session, world.lead, proposal_id=proposal_id, key=K.PLAN, content={"text": "甲"}, version=1)
    save_section(session, world.colleague, proposal_id=proposal_id, key=K.TEAM, content={"text": "乙"}, version=1)
    with pytest.raises(Stale):
        save_section(session, world.colleague, proposal_id=proposal_id, key=K.PLAN, content={"text": "丙"}, version=1)

    sections = proposal_form(session, world.colleague, proposal_id).sections
    assert (sections[K.PLAN].content["text"], sections[K.TEAM].content["text"]) == ("甲", "乙")


def _email(person_id):
    from db.models import Person

    return select(Person.email).where(Person.id == person_id)


def test_nobody_but_the_team_writes(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    strangers = [
        world.colleague,
        world.institute,
        world.enterprise,
        add_member(session, Role.OPERATOR),
        add_member(session, Role.BROKER, add_organisation(session, OrganisationKind.AGENCY)),
    ]

    for somebody in strangers:
        with pytest.raises(NotFound):
            save_section(session, somebody, proposal_id=proposal_id, key=K.PLAN, content={"text": "x"})
    with pytest.raises(NotFound):
        save_section(session, world.lead, proposal_id=uuid4(), key=K.PLAN, content={"text": "x"})


@pytest.mark.parametrize("status", [ChallengeStatus.CLOSED, ChallengeStatus.EVALUATING, ChallengeStatus.AWARDED])
def test_after_the_close_nothing_is_edited(session, status) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    challenge = the_challenge(session, world)
    challenge.status, challenge.closed_at = status, clock.now()
    session.flush()

    with pytest.raises(DeadlinePassed):
        save_section(session, world.lead, proposal_id=proposal_id, key=K.PLAN, content={"text": "spät"})


def test_while_suspended_drafts_are_written_on(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    the_challenge(session, world).status = ChallengeStatus.SUSPENDED
    session.flush()

    assert save_section(session, world.lead, proposal_id=proposal_id, key=K.PLAN, content={"text": "继续"})


def test_a_pause_is_no_deadline_however_long_it_lasts(session) -> None:
    """The deadline moves with the pause: what stands in the way is the suspension, not the date on the page."""
    world = add_world(session, days=1)
    the_challenge(session, world).status = ChallengeStatus.SUSPENDED
    session.flush()
    clock.set_offset(timedelta(days=3).total_seconds())

    with pytest.raises(NotPossibleNow):
        draft_proposal(session, world.lead, challenge_id=world.challenge_id)
    with pytest.raises(NotPossibleNow):
        ask_question(session, world.lead, challenge_id=world.challenge_id, text="还开放吗？")


def test_an_opened_deadline_cannot_be_reopened_by_a_clock_that_steps_back(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    challenge = the_challenge(session, world)
    challenge.closed_at = clock.now()
    session.flush()
    clock.set_offset(-7200)

    with pytest.raises(DeadlinePassed):
        save_section(session, world.lead, proposal_id=proposal_id, key=K.PLAN, content={"text": "x"})


@pytest.mark.parametrize(
    ("key", "content", "field"),
    [
        (K.COVER, {"title": "标" * 101}, "title"),
        (K.COVER, {"sum_fen": "-1"}, "sum"),
        (K.COVER, {"sum_fen": "NaN"}, "sum_fen"),
        (K.COVER, {"sum_fen": "12,5"}, "sum_fen"),
        (K.COVER, {"sum_fen": 0}, "sum_fen"),
        (K.COVER, {"status": "awarded"}, "status"),
        (K.READINESS, {"now": 0}, "now"),
        (K.READINESS, {"now": 7, "after": 5}, "after"),
        (K.READINESS, {"now": True}, "now"),
        (K.PLAN, {"text": "长" * 10_001}, "text"),
        (K.PLAN, {"text": "半\ud83d"}, "text"),
    ],
)
def test_what_cannot_be_is_refused_by_field(session, key, content, field) -> None:
    world = add_world(session)
    proposal_id = draft_proposal(session, world.lead, challenge_id=world.challenge_id)

    with pytest.raises(Invalid) as refused:
        save_section(session, world.lead, proposal_id=proposal_id, key=key, content=content)

    assert refused.value.field == field


@pytest.mark.parametrize("text", ["inf", "NaN", "1e400", "2,5", "两个", "1 000"])
def test_a_promise_is_a_plain_number(session, text) -> None:
    world = add_world(session)
    proposal_id = draft_proposal(session, world.lead, challenge_id=world.challenge_id)

    with pytest.raises(Invalid):
        save_section(
            session, world.lead, proposal_id=proposal_id, key=K.PROMISES, content={str(world.metrics[0]): text}
        )


def test_promises_are_kept_as_written_and_only_for_metrics_of_the_challenge(session) -> None:
    world, other = add_world(session), add_world(session)
    proposal_id = draft_proposal(session, world.lead, challenge_id=world.challenge_id)
    first, second = (str(metric) for metric in world.metrics)

    save_section(session, world.lead, proposal_id=proposal_id, key=K.PROMISES, content={first: "０.10", second: ""})
    with pytest.raises(Invalid):
        save_section(session, world.lead, proposal_id=proposal_id, key=K.PROMISES, content={str(other.metrics[0]): "1"})

    assert proposal_form(session, world.lead, proposal_id).sections[K.PROMISES].content == {first: "0.10", second: ""}


def test_what_is_missing_is_named_section_by_section(session) -> None:
    world = add_world(session)
    proposal_id = draft_proposal(session, world.lead, challenge_id=world.challenge_id)

    form = proposal_form(session, world.lead, proposal_id)
    assert [section for section, _, _ in form.missing] == [
        "cover",
        "cover",
        "cover",
        "promises",
        "approach",
        "approach",
        "readiness",
        "advantage",
        "plan",
        "team",
        "budget",
        "clearance",
    ]
    assert [params["name"] for section, _, params in form.missing if section in ("promises", "approach")] == [
        "针孔数",
        "可行性",
        "成本",
    ]
    fill(session, world.lead, world, proposal_id)
    left = proposal_form(session, world.lead, proposal_id).missing
    assert [section for section, _, _ in left] == ["clearance"]


def test_my_list_shows_what_i_work_on_and_nothing_else(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    other = add_world(session)
    complete(session, other)

    [row] = list_mine(session, world.lead)
    assert (row.id, row.title, row.is_lead, row.is_editable) == (proposal_id, "标题翠鸟暗号七三一", True, True)
    for somebody in (world.colleague, world.institute, world.enterprise, add_member(session, Role.OPERATOR)):
        assert list_mine(session, somebody) == []
        assert my_proposal_for(session, somebody, world.challenge_id) is None


def test_the_team_sees_its_own_history(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)

    acts = team_history(session, world.lead, proposal_id)

    assert acts[-1].action == "draft_proposal"
    assert {act.person for act in acts} == {world.lead.name}
    with pytest.raises(NotFound):
        team_history(session, world.enterprise, proposal_id)


def test_events_hold_ids_and_names_of_fields_only(session) -> None:
    world = add_world(session)
    complete(session, world)

    for event in session.scalars(select(Event)):
        assert event.sealed_until_opened == world.challenge_id
        assert event.reason == ""
        assert not any("翠鸟" in str(field) for field in event.fields)
    assert count(session, TeamMember) == 1
    assert timedelta(0) < the_challenge(session, world).closes_at - clock.now()

"""Who sees a proposal: every role, before and after the opening, in every status (quality.md b and its hard cases)."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from db.models import (
    Challenge,
    ChallengeStatus,
    Event,
    Membership,
    MembershipStatus,
    OrganisationKind,
    Person,
    Proposal,
    ProposalStatus,
    Role,
)
from portal import clock
from portal.challenges.details import challenge_detail
from portal.challenges.queries import list_challenges
from portal.errors import NotFound
from portal.files.queries import open_file
from portal.permissions import VISITOR, Action, Actor
from portal.proposals.access import get_proposal, visible_to
from portal.proposals.attachments import attach_file
from portal.proposals.clearance import ask_clearance
from portal.proposals.content import list_opened, read_submission
from portal.proposals.duties import co_applications, cover_sheets_due
from portal.proposals.lists import awarded_proposal, list_mine
from portal.proposals.partners import answer_co_application, invite_co_applicant
from portal.proposals.queries import proposal_form, proposal_view
from portal.proposals.rules import Sight, sight_of
from portal.proposals.submission import submit_proposal
from portal.proposals.team import add_team_member
from portal.transactions import database, reading, writing
from tests.factories import add_member, add_organisation
from tests.files.samples import PDF
from tests.proposals.samples import add_world, clear, complete, open_all, submitted, the_challenge

DISTRICT = (
    Role.OPERATOR,
    Role.APPROVER,
    Role.AUDITOR,
    Role.LEADER,
    Role.PLATFORM_ADMIN,
    Role.EXPERT,
    Role.STEWARD,
    Role.LEAD_STEWARD,
)
AFTER = (
    ProposalStatus.SUBMITTED,
    ProposalStatus.ELIGIBLE,
    ProposalStatus.INELIGIBLE,
    ProposalStatus.IN_EVALUATION,
    ProposalStatus.SHORTLISTED,
    ProposalStatus.RESERVE,
    ProposalStatus.NOT_SELECTED,
    ProposalStatus.AWARDED,
    ProposalStatus.CONTRACTED,
    ProposalStatus.DECLINED,
)


def email_of(session, actor: Actor) -> str:
    return session.scalars(select(Person.email).where(Person.id == actor.person_id)).one()


def everybody(session, world) -> dict[str, Actor]:
    """One of each role and side around a proposal of `world.lead`."""
    other_institute = add_organisation(session, OrganisationKind.INSTITUTE)
    other_enterprise = add_organisation(session)
    agency = add_organisation(session, OrganisationKind.AGENCY)
    people = {
        "lead": world.lead,
        "colleague": world.colleague,
        "institute admin": world.institute,
        "enterprise admin": world.enterprise,
        "enterprise member": world.member,
        "other enterprise admin": add_member(session, Role.ENTERPRISE_ADMIN, other_enterprise),
        "other institute admin": add_member(session, Role.INSTITUTE_ADMIN, other_institute),
        "other researcher": add_member(session, Role.RESEARCHER, other_institute),
        "broker": add_member(session, Role.BROKER, agency),
        "visitor": VISITOR,
    }
    return people | {role.value: add_member(session, role) for role in DISTRICT}


def seen(session, people: dict[str, Actor], proposal_id) -> dict[str, Sight]:
    found = {}
    for name, actor in people.items():
        try:
            found[name] = sight_of(actor, get_proposal(session, actor, proposal_id))
        except NotFound:
            continue
    return found


@pytest.mark.parametrize(
    "status", [ProposalStatus.DRAFT, ProposalStatus.INTERNAL_CHECK, ProposalStatus.SUBMITTED, ProposalStatus.WITHDRAWN]
)
@pytest.mark.parametrize("closed", [False, True])
def test_before_the_opening_the_team_alone_and_its_admin_the_cover(session, status, closed) -> None:
    world = add_world(session)
    people = everybody(session, world)
    proposal_id = submitted(session, world).proposal_id
    proposal = session.get_one(Proposal, proposal_id)
    proposal.status = status
    if closed:
        the_challenge(session, world).status = ChallengeStatus.CLOSED
        the_challenge(session, world).closed_at = clock.now()
    session.flush()

    assert seen(session, people, proposal_id) == {"lead": Sight.TEAM, "institute admin": Sight.COVER}
    for name, actor in people.items():
        if name == "lead":
            continue
        with pytest.raises(NotFound):
            list_opened(session, actor, world.challenge_id)
        assert list_mine(session, actor) == [] if actor.signed_in else True


def test_a_draft_that_nobody_was_asked_to_clear_is_unknown_to_the_admin(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)

    assert seen(session, everybody(session, world), proposal_id) == {"lead": Sight.TEAM}
    assert cover_sheets_due(session, world.institute) == []


@pytest.mark.parametrize("status", AFTER)
def test_after_the_opening_readers_by_duty_too(session, status) -> None:
    world = add_world(session)
    people = everybody(session, world)
    proposal_id = submitted(session, world).proposal_id
    open_all(session, world)
    session.get_one(Proposal, proposal_id).status = status
    session.flush()

    expected = {
        "lead": Sight.TEAM,
        "institute admin": Sight.FULL,
        "enterprise admin": Sight.FULL,
        "operator": Sight.FULL,
        "approver": Sight.FULL,
        "auditor": Sight.FULL,
    }
    assert seen(session, people, proposal_id) == expected
    for name, actor in people.items():
        if name in expected:
            view = proposal_view(session, actor, proposal_id)
            assert view.document is not None
            assert view.document.title == "标题翠鸟暗号七三一"
        else:
            with pytest.raises(NotFound):
                proposal_view(session, actor, proposal_id)


@pytest.mark.parametrize("status", [ProposalStatus.DRAFT, ProposalStatus.INTERNAL_CHECK, ProposalStatus.WITHDRAWN])
def test_what_was_never_sent_or_taken_back_stays_sealed_for_good(session, status) -> None:
    world = add_world(session)
    people = everybody(session, world)
    proposal_id = submitted(session, world).proposal_id
    proposal = session.get_one(Proposal, proposal_id)
    proposal.status, proposal.submission_number = status, None
    open_all(session, world)

    assert seen(session, people, proposal_id) == {"lead": Sight.TEAM, "institute admin": Sight.COVER}
    assert list_opened(session, people["operator"], world.challenge_id) == []


def test_the_database_and_the_rules_agree(session) -> None:
    """`visible_to` in SQL lets through exactly those whom the loaded record gives a sight."""
    world = add_world(session)
    people = everybody(session, world)
    proposal_id = submitted(session, world).proposal_id
    for opened in (False, True):
        if opened:
            open_all(session, world)
        visible = {
            name
            for name, actor in people.items()
            if session.scalar(select(Proposal.id).where(Proposal.id == proposal_id, visible_to(actor)))
        }
        assert visible == set(seen(session, people, proposal_id))


def test_the_admin_reads_title_sum_and_team_and_nothing_else(session) -> None:
    """Hard case 9."""
    world = add_world(session)
    proposal_id = complete(session, world)
    file_id = attach_file(session, world.lead, proposal_id=proposal_id, name="a.pdf", content=PDF)
    ask_clearance(session, world.lead, proposal_id=proposal_id)

    [sheet] = cover_sheets_due(session, world.institute)
    view = proposal_view(session, world.institute, proposal_id)

    assert (sheet.title, sheet.sum_fen, sheet.lead) == ("标题翠鸟暗号七三一", 120_000_000, world.lead.name)
    assert (view.document, view.title, view.sum_fen) == (None, sheet.title, sheet.sum_fen)
    with pytest.raises(NotFound):
        proposal_form(session, world.institute, proposal_id)
    with pytest.raises(NotFound):
        read_submission(session, world.institute, get_proposal(session, world.institute, proposal_id))
    with pytest.raises(NotFound):
        open_file(session, world.institute, file_id)


def test_two_teams_of_one_institute_do_not_see_each_other(session) -> None:
    """Hard case 10."""
    world = add_world(session)
    mine, theirs = complete(session, world), complete(session, world, lead=world.colleague)

    assert [row.id for row in list_mine(session, world.lead)] == [mine]
    with pytest.raises(NotFound):
        proposal_form(session, world.lead, theirs)
    ask_clearance(session, world.lead, proposal_id=mine)
    assert [row.proposal_id for row in cover_sheets_due(session, world.institute)] == [mine]


def test_whoever_changes_employer_reads_no_more_that_minute(session) -> None:
    """Hard case 11 and row 76: rights follow the membership, and a removed member is out at once."""
    world = add_world(session)
    proposal_id = complete(session, world)
    add_team_member(session, world.lead, proposal_id=proposal_id, email=email_of(session, world.colleague))
    assert proposal_form(session, world.colleague, proposal_id)
    elsewhere = add_organisation(session, OrganisationKind.INSTITUTE)
    person = session.get_one(Person, world.colleague.person_id)
    moved = add_member(session, Role.RESEARCHER, elsewhere, person)

    with pytest.raises(NotFound):
        proposal_form(session, moved, proposal_id)
    assert list_mine(session, moved) == []


def test_a_person_with_two_roles_gets_the_sight_of_the_hat(session) -> None:
    world = add_world(session)
    proposal_id = submitted(session, world).proposal_id
    as_admin = replace(world.lead, role=Role.INSTITUTE_ADMIN)
    as_operator = replace(world.lead, role=Role.OPERATOR, organisation_id=None)

    assert sight_of(as_admin, get_proposal(session, as_admin, proposal_id)) is Sight.COVER
    with pytest.raises(NotFound):
        get_proposal(session, as_operator, proposal_id)


def test_an_invited_admin_reads_title_and_own_part_alone(session) -> None:
    world = add_world(session)
    people = everybody(session, world)
    proposal_id = complete(session, world)
    invite_co_applicant(
        session,
        world.lead,
        proposal_id=proposal_id,
        organisation_id=people["other institute admin"].organisation_id,
        part="承担盐雾试验",
    )
    admin = people["other institute admin"]

    [row] = co_applications(session, admin)
    assert (row.title, row.part, row.may_answer) == ("标题翠鸟暗号七三一", "承担盐雾试验", True)
    assert seen(session, people, proposal_id) == {"lead": Sight.TEAM, "other institute admin": Sight.PART}
    with pytest.raises(NotFound):
        proposal_view(session, admin, proposal_id)
    answer_co_application(session, admin, proposal_id=proposal_id, confirm=False)
    assert [(row.title, row.part) for row in co_applications(session, admin)] == [("", "")]


def test_people_of_a_confirmed_partner_and_a_broker_work_along(session) -> None:
    world = add_world(session)
    people = everybody(session, world)
    proposal_id = complete(session, world)
    partner = people["other institute admin"].organisation_id
    invite_co_applicant(session, world.lead, proposal_id=proposal_id, organisation_id=partner, part="测试")
    answer_co_application(session, people["other institute admin"], proposal_id=proposal_id, confirm=True)
    for name in ("other researcher", "broker"):
        add_team_member(session, world.lead, proposal_id=proposal_id, email=email_of(session, people[name]))

    found = seen(session, people, proposal_id)
    assert found["other researcher"] is found["broker"] is Sight.TEAM
    clear(session, world, proposal_id)
    submit_proposal(session, world.lead, proposal_id=proposal_id)
    open_all(session, world)
    assert seen(session, people, proposal_id)["other researcher"] is Sight.TEAM


def test_every_reading_from_outside_is_recorded_once_in_half_an_hour(session) -> None:
    world = add_world(session)
    proposal_id = submitted(session, world).proposal_id
    open_all(session, world)
    operator = add_member(session, Role.OPERATOR)

    def reads() -> int:
        query = select(Event).where(Event.action == Action.READ_PROPOSAL.value, Event.object_id == proposal_id)
        return len(session.scalars(query).all())

    proposal_view(session, world.lead, proposal_id)
    assert reads() == 0
    assert [row.document.title for row in list_opened(session, operator, world.challenge_id)] == ["标题翠鸟暗号七三一"]
    list_opened(session, operator, world.challenge_id)
    assert reads() == 1
    proposal_view(session, world.enterprise, proposal_id)
    assert reads() == 2
    clock.set_offset(1801)
    proposal_view(session, operator, proposal_id)
    assert reads() == 3


def test_a_reading_is_recorded_even_where_the_page_only_reads(sqlite_url) -> None:
    with writing() as session:
        world = add_world(session)
        proposal_id = submitted(session, world).proposal_id
        open_all(session, world)
        operator = add_member(session, Role.OPERATOR)

    with reading() as session:
        assert proposal_view(session, operator, proposal_id).document

    with reading() as session:
        query = select(Event).where(Event.action == Action.READ_PROPOSAL.value)
        assert [event.person_id for event in session.scalars(query)] == [operator.person_id]
    assert database().is_sqlite


def test_files_follow_the_proposal(session) -> None:
    world = add_world(session)
    people = everybody(session, world)
    proposal_id = complete(session, world)
    sent = attach_file(session, world.lead, proposal_id=proposal_id, name="图纸.pdf", content=PDF)
    clear(session, world, proposal_id)
    submit_proposal(session, world.lead, proposal_id=proposal_id)
    unsent = attach_file(session, world.lead, proposal_id=proposal_id, name="草稿.pdf", content=PDF + b"\n%")

    for name, actor in people.items():
        for file_id in (sent, unsent):
            if name == "lead":
                assert open_file(session, actor, file_id).content.startswith(b"%PDF")
            else:
                with pytest.raises(NotFound):
                    open_file(session, actor, file_id)
    open_all(session, world)
    readers = {"lead", "institute admin", "enterprise admin", "operator", "approver", "auditor"}
    for name, actor in people.items():
        if name in readers:
            assert open_file(session, actor, sent).name == "图纸.pdf"
        else:
            with pytest.raises(NotFound):
                open_file(session, actor, sent)
        if name != "lead":
            with pytest.raises(NotFound):
                open_file(session, actor, unsent)


def test_a_challenge_looks_the_same_with_and_without_proposals(session) -> None:
    """Hard case 2 and case 8 (i): nothing that others read tells how many there are."""
    world = add_world(session)
    people = everybody(session, world)

    def looks() -> list[object]:
        found: list[object] = []
        for actor in people.values():
            page = list_challenges(session, actor)
            found.append((page.total, page.rows))
            found.append(challenge_detail(session, actor, world.challenge_id)._replace(steps=()))
        return found

    before = looks()
    submitted(session, world)
    complete(session, world, lead=world.colleague)

    assert looks() == before
    assert session.get_one(Challenge, world.challenge_id).version == 1


def test_nobody_leads_any_more_the_admin_sees_that_and_no_word(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    membership = session.get_one(Membership, world.lead.membership_id)
    membership.status = MembershipStatus.DISABLED
    session.flush()

    assert seen(session, {"institute admin": world.institute}, proposal_id) == {"institute admin": Sight.COVER}
    assert cover_sheets_due(session, world.institute) == []


def test_the_leader_learns_title_parties_and_sum_after_the_award(session) -> None:
    world = add_world(session)
    people = everybody(session, world)
    proposal = session.get_one(Proposal, submitted(session, world).proposal_id)
    assert awarded_proposal(session, people["leader"], world.challenge_id) is None
    open_all(session, world)
    assert awarded_proposal(session, people["leader"], world.challenge_id) is None
    proposal.status = ProposalStatus.AWARDED
    session.flush()

    found = awarded_proposal(session, people["leader"], world.challenge_id)
    assert found is not None
    assert (found.title, found.institute, found.sum_fen) == (
        "标题翠鸟暗号七三一",
        world.lead.organisation_name,
        120_000_000,
    )
    with pytest.raises(NotFound):
        proposal_view(session, people["leader"], proposal.id)
    for name in ("other researcher", "visitor", "platform_admin", "expert", "enterprise member"):
        assert awarded_proposal(session, people[name], world.challenge_id) is None

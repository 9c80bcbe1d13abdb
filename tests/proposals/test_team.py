"""Clearing, partners, team, files and handing over."""

import pytest
from sqlalchemy import select

from db.models import (
    CoApplicant,
    CoApplicantStatus,
    FileObject,
    Membership,
    MembershipStatus,
    OrganisationKind,
    OrganisationStatus,
    Person,
    Proposal,
    ProposalFile,
    ProposalStatus,
    Role,
)
from portal.errors import DeadlinePassed, Forbidden, Incomplete, Invalid, NotFound, NotPossibleNow, Stale
from portal.files import store
from portal.permissions import Actor
from portal.proposals.attachments import attach_file, remove_attachment
from portal.proposals.clearance import ask_clearance, clear_proposal, return_proposal
from portal.proposals.commands import draft_proposal, save_section
from portal.proposals.duties import cover_sheets_due, leaderless
from portal.proposals.partners import answer_co_application, invite_co_applicant, remove_co_applicant
from portal.proposals.queries import proposal_form
from portal.proposals.rules import MOST_FILES
from portal.proposals.submission import submit_proposal, withdraw_proposal
from portal.proposals.team import add_team_member, hand_over_proposal, possible_leads, remove_team_member
from tests.factories import add_member, add_organisation
from tests.files.samples import PDF
from tests.proposals.samples import K, add_world, clear, complete, contents, submitted, the_challenge
from tests.proposals.test_submission import jump_to


def email_of(session, actor: Actor) -> str:
    return session.scalars(select(Person.email).where(Person.id == actor.person_id)).one()


def partner_admin(session, **fields) -> Actor:
    organisation = add_organisation(session, OrganisationKind.INSTITUTE, **fields)
    return add_member(session, Role.INSTITUTE_ADMIN, organisation)


def test_clearing_goes_to_the_admin_and_back(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    proposal = session.get_one(Proposal, proposal_id)

    ask_clearance(session, world.lead, proposal_id=proposal_id)
    assert proposal.status is ProposalStatus.INTERNAL_CHECK
    with pytest.raises(NotPossibleNow):
        ask_clearance(session, world.lead, proposal_id=proposal_id)
    return_proposal(session, world.institute, proposal_id=proposal_id, note="请补充经费测算")
    assert proposal.status is ProposalStatus.DRAFT
    assert proposal_form(session, world.lead, proposal_id).clearance_note == "请补充经费测算"
    clear(session, world, proposal_id)

    form = proposal_form(session, world.lead, proposal_id)
    assert (form.is_cleared, form.clearance_asked, form.clearance_note) == (True, False, "")
    with pytest.raises(Invalid):
        ask_clearance(session, world.lead, proposal_id=proposal_id)


def test_nothing_is_asked_without_title_and_sum(session) -> None:
    world = add_world(session)
    proposal_id = draft_proposal(session, world.lead, challenge_id=world.challenge_id)

    with pytest.raises(Incomplete):
        ask_clearance(session, world.lead, proposal_id=proposal_id)


def test_a_cover_sheet_that_changed_since_it_was_read_is_not_cleared(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    ask_clearance(session, world.lead, proposal_id=proposal_id)
    [sheet] = cover_sheets_due(session, world.institute)
    cover = contents(world)[K.COVER]
    save_section(session, world.lead, proposal_id=proposal_id, key=K.COVER, content=cover | {"title": "另一个标题"})

    with pytest.raises(Stale):
        clear_proposal(session, world.institute, proposal_id=proposal_id, digest=sheet.digest)


def test_a_summary_or_team_text_changed_later_needs_no_new_clearing(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    clear(session, world, proposal_id)
    cover = contents(world)[K.COVER]
    save_section(session, world.lead, proposal_id=proposal_id, key=K.COVER, content=cover | {"summary": "改写"})
    save_section(session, world.lead, proposal_id=proposal_id, key=K.TEAM, content={"text": "改写"})

    assert proposal_form(session, world.lead, proposal_id).is_cleared
    add_team_member(session, world.lead, proposal_id=proposal_id, email=email_of(session, world.colleague))
    assert not proposal_form(session, world.lead, proposal_id).is_cleared


def test_who_clears(session) -> None:
    """The institute's own admin, and not the one who leads it (R9)."""
    world = add_world(session)
    proposal_id = complete(session, world)
    ask_clearance(session, world.lead, proposal_id=proposal_id)
    [sheet] = cover_sheets_due(session, world.institute)
    target = {"proposal_id": proposal_id, "digest": sheet.digest}
    own = add_member(
        session,
        Role.INSTITUTE_ADMIN,
        session.get_one(type(add_organisation(session)), world.institute_id),
        session.get_one(Person, world.lead.person_id),
    )

    with pytest.raises(Forbidden):
        clear_proposal(session, own, **target)
    with pytest.raises(Forbidden):
        clear_proposal(session, world.lead, **target)
    for stranger in (partner_admin(session), world.enterprise, add_member(session, Role.OPERATOR)):
        with pytest.raises(NotFound):
            clear_proposal(session, stranger, **target)
        with pytest.raises(NotFound):
            return_proposal(session, stranger, proposal_id=proposal_id, note="x")
    with pytest.raises(Invalid):
        return_proposal(session, world.institute, proposal_id=proposal_id, note="  ")


def test_clearing_ends_with_the_deadline(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    ask_clearance(session, world.lead, proposal_id=proposal_id)
    [sheet] = cover_sheets_due(session, world.institute)
    jump_to(the_challenge(session, world).closes_at)

    assert cover_sheets_due(session, world.institute) == []
    with pytest.raises(DeadlinePassed):
        clear_proposal(session, world.institute, proposal_id=proposal_id, digest=sheet.digest)


def test_a_withdrawn_answer_with_another_title_is_cleared_again(session) -> None:
    world = add_world(session)
    receipt = submitted(session, world)
    withdraw_proposal(session, world.lead, proposal_id=receipt.proposal_id)
    cover = contents(world)[K.COVER] | {"title": "新标题"}
    save_section(session, world.lead, proposal_id=receipt.proposal_id, key=K.COVER, content=cover)

    clear(session, world, receipt.proposal_id)

    assert submit_proposal(session, world.lead, proposal_id=receipt.proposal_id).number == 2


def test_every_partner_confirms_before_the_submission(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    admin = partner_admin(session)
    target = {"proposal_id": proposal_id, "organisation_id": admin.organisation_id}
    row_id = invite_co_applicant(session, world.lead, **target, part="承担测试")
    clear(session, world, proposal_id)

    with pytest.raises(Incomplete) as refused:
        submit_proposal(session, world.lead, proposal_id=proposal_id)
    assert [section for section, _, _ in refused.value.missing] == ["partners"]
    answer_co_application(session, admin, proposal_id=proposal_id, confirm=True, version=1)
    answer_co_application(session, admin, proposal_id=proposal_id, confirm=True, version=1)
    with pytest.raises(NotPossibleNow):
        answer_co_application(session, admin, proposal_id=proposal_id, confirm=False)
    receipt = submit_proposal(session, world.lead, proposal_id=proposal_id)

    assert receipt.number == 1
    assert session.get_one(CoApplicant, row_id).status is CoApplicantStatus.CONFIRMED


def test_a_partner_that_declined_is_removed_and_the_rest_cleared_again(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    admin = partner_admin(session)
    row_id = invite_co_applicant(
        session, world.lead, proposal_id=proposal_id, organisation_id=admin.organisation_id, part="测试"
    )
    clear(session, world, proposal_id)
    answer_co_application(session, admin, proposal_id=proposal_id, confirm=False)
    with pytest.raises(Incomplete):
        submit_proposal(session, world.lead, proposal_id=proposal_id)

    remove_co_applicant(session, world.lead, proposal_id=proposal_id, co_applicant_id=row_id)
    assert not proposal_form(session, world.lead, proposal_id).is_cleared
    clear(session, world, proposal_id)

    assert submit_proposal(session, world.lead, proposal_id=proposal_id).number == 1


def test_who_can_be_a_partner_and_who_answers(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    target = {"proposal_id": proposal_id, "part": "测试"}
    agency = add_organisation(session, OrganisationKind.AGENCY)
    waiting = add_organisation(session, OrganisationKind.INSTITUTE, status=OrganisationStatus.APPLIED)
    admin = partner_admin(session)

    for organisation_id in (agency.id, world.institute_id, world.enterprise_id):
        with pytest.raises(Invalid):
            invite_co_applicant(session, world.lead, organisation_id=organisation_id, **target)
    with pytest.raises(NotFound):
        invite_co_applicant(session, world.lead, organisation_id=waiting.id, **target)
    invite_co_applicant(session, world.lead, organisation_id=admin.organisation_id, **target)
    with pytest.raises(Invalid):
        invite_co_applicant(session, world.lead, organisation_id=admin.organisation_id, **target)
    member = add_member(session, Role.RESEARCHER, session.get_one(type(agency), admin.organisation_id))
    for somebody in (member, partner_admin(session), world.institute):
        with pytest.raises((NotFound, Forbidden)):
            answer_co_application(session, somebody, proposal_id=proposal_id, confirm=True)


def test_the_team_is_made_by_who_leads(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    email = email_of(session, world.colleague)

    assert add_team_member(session, world.lead, proposal_id=proposal_id, email=f" {email.upper()} ")
    add_team_member(session, world.lead, proposal_id=proposal_id, email=email)
    assert len(proposal_form(session, world.lead, proposal_id).members) == 2
    with pytest.raises(Forbidden):
        add_team_member(session, world.colleague, proposal_id=proposal_id, email=email)
    with pytest.raises(Invalid):
        remove_team_member(session, world.lead, proposal_id=proposal_id, person_id=world.lead.person_id)
    remove_team_member(session, world.lead, proposal_id=proposal_id, person_id=world.colleague.person_id)

    with pytest.raises(NotFound):
        proposal_form(session, world.colleague, proposal_id)


def test_an_address_tells_nothing_about_who_has_an_account(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    elsewhere = add_member(session, Role.RESEARCHER, add_organisation(session, OrganisationKind.INSTITUTE))
    gone = add_member(session, Role.RESEARCHER, session.get_one(type(add_organisation(session)), world.institute_id))
    session.get_one(Membership, gone.membership_id).status = MembershipStatus.DISABLED
    session.flush()

    said = set()
    for email in ("nobody@example.org", *(email_of(session, who) for who in (elsewhere, world.enterprise, gone))):
        with pytest.raises(Invalid) as refused:
            add_team_member(session, world.lead, proposal_id=proposal_id, email=email)
        said.add((refused.value.message, str(refused.value.params)))
    assert len(said) == 1


def test_the_broker_who_refined_the_challenge_does_not_join(session) -> None:
    """Hard case 8: one side per challenge."""
    world = add_world(session)
    broker = add_member(session, Role.BROKER, add_organisation(session, OrganisationKind.AGENCY))
    the_challenge(session, world).broker_id = broker.person_id
    proposal_id = complete(session, world)

    with pytest.raises(Invalid):
        add_team_member(session, world.lead, proposal_id=proposal_id, email=email_of(session, broker))


def test_files_are_sealed_kept_once_and_counted(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    target = {"proposal_id": proposal_id}

    first = attach_file(session, world.lead, **target, name="图纸.pdf", content=PDF)
    again = attach_file(session, world.lead, **target, name="同一张.pdf", content=PDF)

    assert first == again
    row = session.get_one(FileObject, first)
    assert (row.name, row.is_sealed, row.parent_type) == ("sealed", True, "proposal")
    assert b"%PDF" not in (store.read(first) or b"")
    for number in range(MOST_FILES - 1):
        attach_file(session, world.lead, **target, name=f"{number}.txt", content=f"附件{number}".encode())
    with pytest.raises(Invalid):
        attach_file(session, world.lead, **target, name="zu.txt", content=b"one too many")
    with pytest.raises(NotFound):
        attach_file(session, world.institute, **target, name="a.pdf", content=PDF)


def test_a_file_taken_out_stays_with_what_was_submitted(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    target = {"proposal_id": proposal_id}
    unsent = attach_file(session, world.lead, **target, name="a.txt", content=b"never sent")
    sent = attach_file(session, world.lead, **target, name="b.txt", content=b"sent")
    remove_attachment(session, world.lead, **target, file_id=unsent)
    assert session.get(FileObject, unsent) is None
    clear(session, world, proposal_id)
    submit_proposal(session, world.lead, proposal_id=proposal_id)

    remove_attachment(session, world.lead, **target, file_id=sent)
    remove_attachment(session, world.lead, **target, file_id=sent)

    assert session.get(FileObject, sent) is not None
    assert session.scalars(select(ProposalFile)).one().removed_at is not None
    assert proposal_form(session, world.lead, proposal_id).files == []
    with pytest.raises(NotFound):
        remove_attachment(session, world.lead, **target, file_id=unsent)


def test_handing_over_while_here_and_after_leaving(session) -> None:
    """Row 76: no orphan proposal."""
    world = add_world(session)
    proposal_id = submitted(session, world).proposal_id
    target = {"proposal_id": proposal_id, "person_id": world.colleague.person_id}
    assert (world.colleague.person_id, world.colleague.name) in possible_leads(session, world.lead, proposal_id)

    with pytest.raises(Forbidden):
        hand_over_proposal(session, world.institute, **target)
    assert leaderless(session, world.institute) == []
    session.get_one(Membership, world.lead.membership_id).status = MembershipStatus.DISABLED
    session.flush()
    assert [row.proposal_id for row in leaderless(session, world.institute)] == [proposal_id]
    hand_over_proposal(session, world.institute, **target)

    assert leaderless(session, world.institute) == []
    assert proposal_form(session, world.colleague, proposal_id).is_lead
    assert session.get_one(Proposal, proposal_id).submission_number == 1
    hand_over_proposal(session, world.colleague, **target)


def test_only_a_free_researcher_of_the_institute_leads(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    complete(session, world, lead=world.colleague)
    stranger = add_member(session, Role.RESEARCHER, add_organisation(session, OrganisationKind.INSTITUTE))

    for person_id in (world.colleague.person_id, stranger.person_id, world.institute.person_id):
        with pytest.raises(Invalid):
            hand_over_proposal(session, world.lead, proposal_id=proposal_id, person_id=person_id)

"""Submitting: complete, cleared, before the close; a receipt once, replaced and withdrawn until the close."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from db.models import (
    Addendum,
    AddendumAcknowledgement,
    ChallengeStatus,
    Event,
    Notification,
    OutboxMail,
    Person,
    Proposal,
    ProposalStatus,
    ProposalSubmission,
    Role,
)
from portal import clock
from portal.challenges.addenda import unacknowledged
from portal.challenges.nda import accept_nda
from portal.challenges.rules import accepts_proposals
from portal.errors import DeadlinePassed, Forbidden, Incomplete, NotFound, NotPossibleNow, Stale
from portal.files import store
from portal.files.queries import FileUnavailable
from portal.proposals.access import get_proposal
from portal.proposals.attachments import attach_file, remove_attachment
from portal.proposals.commands import save_section
from portal.proposals.content import canonical, open_submission, read_submission
from portal.proposals.receipts import get_receipt, list_receipts, receipt_text
from portal.proposals.submission import acknowledge_addendum, submit_proposal, withdraw_proposal
from portal.proposals.team import add_team_member
from tests.factories import add_member
from tests.files.samples import PDF
from tests.proposals.samples import (
    K,
    add_nda,
    add_world,
    clear,
    complete,
    contents,
    count,
    submitted,
    the_challenge,
)


def ready(session, world):
    proposal_id = complete(session, world)
    clear(session, world, proposal_id)
    return proposal_id


def jump_to(instant, seconds: float = 0) -> None:
    clock.set_offset(0)
    clock.set_offset((instant - clock.now()).total_seconds() + seconds)


def test_a_complete_cleared_draft_gives_a_receipt(session) -> None:
    world = add_world(session)
    before = clock.now()

    receipt = submitted(session, world)

    proposal = session.get_one(Proposal, receipt.proposal_id)
    row = session.scalars(select(ProposalSubmission)).one()
    assert (proposal.status, proposal.submission_number) == (ProposalStatus.SUBMITTED, 1)
    assert (receipt.number, receipt.content_hash, receipt.submitted_at) == (1, row.content_hash, row.submitted_at)
    assert before <= receipt.submitted_at <= clock.now()
    loaded = get_proposal(session, world.lead, proposal.id)
    assert hashlib.sha256(canonical(open_submission(loaded, row))).hexdigest() == receipt.content_hash


def test_the_document_holds_everything_that_was_written(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    file_id = attach_file(session, world.lead, proposal_id=proposal_id, name="图纸.pdf", content=PDF)
    clear(session, world, proposal_id)
    submit_proposal(session, world.lead, proposal_id=proposal_id)

    document = read_submission(session, world.lead, get_proposal(session, world.lead, proposal_id))

    words = contents(world)
    assert (document.title, document.sum_fen) == (words[K.COVER]["title"], 120_000_000)
    assert {str(key): f"{value}" for key, value in document.promises.items()} == words[K.PROMISES]
    assert {str(key): text for key, text in document.approach.items()} == words[K.APPROACH]
    assert (document.readiness_now, document.readiness_after) == (4, 7)
    assert [(file.id, file.name, file.sha256) for file in document.files] == [
        (file_id, "图纸.pdf", hashlib.sha256(PDF).hexdigest())
    ]
    assert [(member.name, member.organisation) for member in document.members] == [
        (world.lead.name, world.lead.organisation_name)
    ]


def test_an_incomplete_draft_is_not_taken(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    save_section(session, world.lead, proposal_id=proposal_id, key=K.PLAN, content={"text": ""})

    with pytest.raises(Incomplete) as refused:
        submit_proposal(session, world.lead, proposal_id=proposal_id)

    assert [section for section, _, _ in refused.value.missing] == ["plan", "clearance"]
    assert count(session, ProposalSubmission) == 0


def test_only_who_leads_submits(session) -> None:
    world = add_world(session)
    proposal_id = ready(session, world)
    email = session.scalars(select(Person.email).where(Person.id == world.colleague.person_id)).one()
    add_team_member(session, world.lead, proposal_id=proposal_id, email=email)

    with pytest.raises(Forbidden):
        submit_proposal(session, world.colleague, proposal_id=proposal_id)
    with pytest.raises(Forbidden):
        withdraw_proposal(session, world.colleague, proposal_id=proposal_id)
    with pytest.raises(Forbidden):
        submit_proposal(session, world.institute, proposal_id=proposal_id)
    for role in (Role.OPERATOR, Role.APPROVER, Role.PLATFORM_ADMIN, Role.AUDITOR):
        with pytest.raises(NotFound):
            submit_proposal(session, add_member(session, role), proposal_id=proposal_id)


def test_the_same_document_again_gives_the_first_receipt(session) -> None:
    """Row 43: a double click, a repeat after a time-out, even once the deadline has passed."""
    world = add_world(session)
    first = submitted(session, world)
    events, notices = count(session, Event), count(session, Notification)

    again = submit_proposal(session, world.lead, proposal_id=first.proposal_id, version=1)
    jump_to(the_challenge(session, world).closes_at, 60)
    late = submit_proposal(session, world.lead, proposal_id=first.proposal_id)

    assert first == again == late
    assert (count(session, ProposalSubmission), count(session, Event)) == (1, events)
    assert count(session, Notification) == notices


def test_replacing_gives_a_second_receipt_and_an_unsent_edit_changes_nothing(session) -> None:
    world = add_world(session)
    first = submitted(session, world)
    proposal_id = first.proposal_id
    save_section(session, world.lead, proposal_id=proposal_id, key=K.PLAN, content={"text": "新计划"})

    unsent = read_submission(session, world.lead, get_proposal(session, world.lead, proposal_id))
    second = submit_proposal(session, world.lead, proposal_id=proposal_id)
    sent = read_submission(session, world.lead, get_proposal(session, world.lead, proposal_id))

    assert (unsent.plan, sent.plan) == (contents(world)[K.PLAN]["text"], "新计划")
    assert (first.number, second.number) == (1, 2)
    assert first.content_hash != second.content_hash
    assert [row.number for row in list_receipts(session, world.lead, proposal_id)] == [2, 1]


def test_changing_title_sum_or_team_asks_for_clearing_again(session) -> None:
    world = add_world(session)
    receipt = submitted(session, world)
    cover = contents(world)[K.COVER] | {"sum_fen": "130 万元"}
    save_section(session, world.lead, proposal_id=receipt.proposal_id, key=K.COVER, content=cover)

    with pytest.raises(Incomplete) as refused:
        submit_proposal(session, world.lead, proposal_id=receipt.proposal_id)
    assert [section for section, _, _ in refused.value.missing] == ["clearance"]
    clear(session, world, receipt.proposal_id)
    assert session.get_one(Proposal, receipt.proposal_id).status is ProposalStatus.SUBMITTED

    assert submit_proposal(session, world.lead, proposal_id=receipt.proposal_id).number == 2


def test_withdrawing_and_submitting_again_the_last_complete_act_wins(session) -> None:
    """Row 75: both stand in the log."""
    world = add_world(session)
    first = submitted(session, world)

    withdraw_proposal(session, world.lead, proposal_id=first.proposal_id)
    withdraw_proposal(session, world.lead, proposal_id=first.proposal_id)
    proposal = session.get_one(Proposal, first.proposal_id)
    assert (proposal.status, proposal.submission_number) == (ProposalStatus.WITHDRAWN, None)
    with pytest.raises(NotFound):
        read_submission(session, world.lead, get_proposal(session, world.lead, first.proposal_id))
    second = submit_proposal(session, world.lead, proposal_id=first.proposal_id)

    assert (second.number, second.content_hash) == (2, first.content_hash)
    assert proposal.status is ProposalStatus.SUBMITTED
    acts = session.scalars(select(Event.action).order_by(Event.seq)).all()
    assert [act for act in acts if act in ("submit_proposal", "withdraw_proposal")] == [
        "submit_proposal",
        "withdraw_proposal",
        "submit_proposal",
    ]


def test_a_stale_page_neither_replaces_nor_withdraws(session) -> None:
    world = add_world(session)
    first = submitted(session, world)
    drawn = session.get_one(Proposal, first.proposal_id).version
    save_section(session, world.lead, proposal_id=first.proposal_id, key=K.PLAN, content={"text": "新"})
    submit_proposal(session, world.lead, proposal_id=first.proposal_id, version=drawn)
    save_section(session, world.lead, proposal_id=first.proposal_id, key=K.PLAN, content={"text": "更新"})

    with pytest.raises(Stale):
        submit_proposal(session, world.lead, proposal_id=first.proposal_id, version=drawn)
    with pytest.raises(Stale):
        withdraw_proposal(session, world.lead, proposal_id=first.proposal_id, version=drawn)


@pytest.mark.parametrize(("seconds", "taken"), [(-1, True), (0, False), (1, False), (3600, False)])
def test_the_deadline_is_the_first_instant_that_is_late(session, seconds, taken) -> None:
    """Case 8 (a) and row 48, by the server's clock."""
    world = add_world(session)
    proposal_id = ready(session, world)
    jump_to(the_challenge(session, world).closes_at, seconds)

    if taken:
        receipt = submit_proposal(session, world.lead, proposal_id=proposal_id)
        assert receipt.submitted_at < the_challenge(session, world).closes_at
        return
    with pytest.raises(DeadlinePassed):
        submit_proposal(session, world.lead, proposal_id=proposal_id)
    with pytest.raises(DeadlinePassed):
        withdraw_proposal(session, world.lead, proposal_id=proposal_id)
    assert count(session, ProposalSubmission) == 0


def test_the_interval_is_half_open_to_the_microsecond(session) -> None:
    world = add_world(session)
    challenge = the_challenge(session, world)
    tick = timedelta(microseconds=1)

    assert accepts_proposals(challenge, challenge.closes_at - tick)
    assert not accepts_proposals(challenge, challenge.closes_at)
    assert accepts_proposals(challenge, challenge.opens_at)
    assert not accepts_proposals(challenge, challenge.opens_at - tick)


def test_an_upload_that_ends_after_the_close_is_out(session) -> None:
    """Row 48, third line: what counts is when the last byte is there."""
    world = add_world(session)
    proposal_id = ready(session, world)
    jump_to(the_challenge(session, world).closes_at, -2)
    attach_file(session, world.lead, proposal_id=proposal_id, name="a.pdf", content=PDF)
    jump_to(the_challenge(session, world).closes_at, 1)

    with pytest.raises(DeadlinePassed):
        attach_file(session, world.lead, proposal_id=proposal_id, name="b.pdf", content=PDF + b"\n%")
    with pytest.raises(DeadlinePassed):
        submit_proposal(session, world.lead, proposal_id=proposal_id)


def test_an_extension_in_the_last_second_keeps_a_submission_in_flight(session) -> None:
    """Case 8 (b)."""
    world = add_world(session)
    proposal_id = ready(session, world)
    challenge = the_challenge(session, world)
    old = challenge.closes_at
    challenge.closes_at = old + timedelta(days=7)
    session.flush()
    jump_to(old, 1)

    assert submit_proposal(session, world.lead, proposal_id=proposal_id).submitted_at > old


def test_a_latched_deadline_stays_passed(session) -> None:
    world = add_world(session)
    proposal_id = ready(session, world)
    the_challenge(session, world).closed_at = clock.now()
    session.flush()
    clock.set_offset(-86_400)

    with pytest.raises(DeadlinePassed):
        submit_proposal(session, world.lead, proposal_id=proposal_id)


@pytest.mark.parametrize("status", [ChallengeStatus.SUSPENDED, ChallengeStatus.WITHDRAWN])
def test_nothing_is_taken_while_the_challenge_is_not_open(session, status) -> None:
    world = add_world(session)
    proposal_id = ready(session, world)
    the_challenge(session, world).status = status
    session.flush()

    with pytest.raises(NotPossibleNow):
        submit_proposal(session, world.lead, proposal_id=proposal_id)


def test_the_current_nda_is_accepted_before_submitting(session) -> None:
    world = add_world(session)
    nda = add_nda(session, world)
    proposal_id = ready(session, world)

    with pytest.raises(Incomplete) as refused:
        submit_proposal(session, world.lead, proposal_id=proposal_id)
    assert [section for section, _, _ in refused.value.missing] == ["nda"]
    accept_nda(session, world.lead, challenge_id=world.challenge_id, nda_version_id=nda.id)
    assert submit_proposal(session, world.lead, proposal_id=proposal_id).number == 1
    add_nda(session, world, 2)
    save_section(session, world.lead, proposal_id=proposal_id, key=K.PLAN, content={"text": "新"})

    with pytest.raises(Incomplete):
        submit_proposal(session, world.lead, proposal_id=proposal_id)


def test_a_material_addendum_is_acknowledged_or_answered_by_replacing(session) -> None:
    """Case 8 (c): the proposal stays valid, marked."""
    world = add_world(session)
    receipt = submitted(session, world)
    addendum = _addendum(session, world, 1)
    key = (receipt.proposal_id, world.challenge_id)
    assert [row[1] for row in unacknowledged(session, *key)] == [1]
    assert session.get_one(Proposal, receipt.proposal_id).submission_number == 1

    acknowledge_addendum(session, world.lead, proposal_id=receipt.proposal_id, addendum_id=addendum.id)
    acknowledge_addendum(session, world.lead, proposal_id=receipt.proposal_id, addendum_id=addendum.id)
    assert unacknowledged(session, *key) == []
    assert count(session, AddendumAcknowledgement) == 1
    _addendum(session, world, 2)
    assert [row[1] for row in unacknowledged(session, *key)] == [2]
    save_section(session, world.lead, proposal_id=receipt.proposal_id, key=K.PLAN, content={"text": "按补充公告"})
    submit_proposal(session, world.lead, proposal_id=receipt.proposal_id)

    assert unacknowledged(session, *key) == []


def test_only_an_addendum_of_this_challenge_and_before_the_close(session) -> None:
    world, other = add_world(session), add_world(session)
    receipt = submitted(session, world)
    addendum = _addendum(session, world, 1)
    colleague = world.colleague

    with pytest.raises(NotFound):
        acknowledge_addendum(
            session, world.lead, proposal_id=receipt.proposal_id, addendum_id=_addendum(session, other, 1).id
        )
    with pytest.raises(NotFound):
        acknowledge_addendum(session, colleague, proposal_id=receipt.proposal_id, addendum_id=addendum.id)
    jump_to(the_challenge(session, world).closes_at, 1)
    with pytest.raises(DeadlinePassed):
        acknowledge_addendum(session, world.lead, proposal_id=receipt.proposal_id, addendum_id=addendum.id)


def _addendum(session, world, number):
    row = Addendum(
        challenge_id=world.challenge_id,
        number=number,
        title="补充公告",
        text="指标上限调整",
        is_material=True,
        prepared_by=world.enterprise.person_id,
        prepared_at=clock.now(),
        published_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def test_the_receipt_is_for_the_team_and_its_admin_without_a_word_of_the_proposal(session) -> None:
    world = add_world(session)
    receipt = submitted(session, world)

    for reader in (world.lead, world.institute):
        text = receipt_text(session, reader, receipt.submission_id, "zh_CN")
        assert receipt.content_hash in text
        assert "翠鸟" not in text
        assert get_receipt(session, reader, receipt.submission_id) == receipt
    strangers = [world.enterprise, world.member, world.colleague]
    strangers += [add_member(session, role) for role in (Role.OPERATOR, Role.AUDITOR, Role.PLATFORM_ADMIN)]
    for somebody in strangers:
        with pytest.raises(NotFound):
            receipt_text(session, somebody, receipt.submission_id, "en")


def test_a_title_with_a_line_break_cannot_forge_a_line_of_the_receipt(session) -> None:
    world = add_world(session, title="课题\nSHA-256 of the document: 0000")

    receipt = submitted(session, world)

    lines = receipt_text(session, world.lead, receipt.submission_id, "en").splitlines()
    assert [line for line in lines if line.startswith("SHA-256")] == [
        f"SHA-256 of the document: {receipt.content_hash}"
    ]


def test_nothing_is_acknowledged_whose_bytes_are_gone(session) -> None:
    world = add_world(session)
    proposal_id = complete(session, world)
    file_id = attach_file(session, world.lead, proposal_id=proposal_id, name="a.pdf", content=PDF)
    clear(session, world, proposal_id)
    store.path_of(file_id).unlink()

    with pytest.raises(FileUnavailable):
        submit_proposal(session, world.lead, proposal_id=proposal_id)
    remove_attachment(session, world.lead, proposal_id=proposal_id, file_id=file_id)
    assert submit_proposal(session, world.lead, proposal_id=proposal_id).number == 1


def test_notices_reach_the_own_side_alone_and_tell_no_word(session) -> None:
    world = add_world(session)
    submitted(session, world)

    people = {world.lead.person_id, world.institute.person_id}
    assert set(session.scalars(select(Notification.person_id))) == people
    words = [f"{row.message} {row.params}" for row in session.scalars(select(Notification))]
    words += [f"{row.subject} {row.body}" for row in session.scalars(select(OutboxMail))]
    assert words
    assert not any("翠鸟" in text or "标题" in text for text in words)

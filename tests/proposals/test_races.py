"""The same acts at the same moment, and on both databases."""

from collections.abc import Callable
from threading import Barrier, Thread

from sqlalchemy import select

from db.models import Event, Proposal, ProposalStatus, ProposalSubmission
from portal.errors import PortalError
from portal.proposals.attachments import attach_file
from portal.proposals.commands import draft_proposal, save_section
from portal.proposals.content import list_opened
from portal.proposals.queries import proposal_form
from portal.proposals.submission import submit_proposal, withdraw_proposal
from portal.transactions import reading, writing
from tests.files.samples import PDF
from tests.proposals.samples import K, add_world, clear, complete, open_all

THREADS = 8


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run every act in a thread of its own, started together; what each returned or was refused with."""
    barrier, results = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[place] = act()
        except PortalError as error:
            results[place] = error

    threads = [Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def in_transaction(command, actor, **kwargs) -> Callable[[], object]:
    def act() -> object:
        with writing() as session:
            return command(session, actor, **kwargs)

    return act


def ready():
    with writing() as session:
        world = add_world(session)
        proposal_id = complete(session, world)
        clear(session, world, proposal_id)
    return world, proposal_id


def test_parallel_copies_of_one_submission_give_one_receipt(database_url) -> None:
    world, proposal_id = ready()

    receipts = at_once(*[in_transaction(submit_proposal, world.lead, proposal_id=proposal_id)] * THREADS)

    assert len(set(receipts)) == 1
    with reading() as session:
        row = session.scalars(select(ProposalSubmission)).one()
        assert row.id == receipts[0].submission_id
        assert len(session.scalars(select(Event).where(Event.action == "submit_proposal")).all()) == 1


def test_parallel_first_clicks_make_one_draft(database_url) -> None:
    with writing() as session:
        world = add_world(session)

    drafts = at_once(*[in_transaction(draft_proposal, world.lead, challenge_id=world.challenge_id)] * THREADS)

    assert len(set(drafts)) == 1
    with reading() as session:
        assert session.scalars(select(Proposal.id)).one() == drafts[0]


def test_withdrawing_and_submitting_at_once_leaves_one_of_the_two(database_url) -> None:
    """Row 75."""
    world, proposal_id = ready()
    with writing() as session:
        submit_proposal(session, world.lead, proposal_id=proposal_id)
        save_section(session, world.lead, proposal_id=proposal_id, key=K.PLAN, content={"text": "新"})

    at_once(
        in_transaction(withdraw_proposal, world.lead, proposal_id=proposal_id),
        in_transaction(submit_proposal, world.lead, proposal_id=proposal_id),
    )

    with reading() as session:
        proposal = session.get_one(Proposal, proposal_id)
        acts = select(Event.action).where(Event.object_id == proposal_id).order_by(Event.seq.desc()).limit(1)
        last = session.scalar(acts)
        is_out = proposal.status is ProposalStatus.WITHDRAWN
        assert is_out is (proposal.submission_number is None) is (last == "withdraw_proposal")


def test_many_saves_of_one_section_keep_exactly_one(database_url) -> None:
    world, proposal_id = ready()
    with reading() as session:
        version = proposal_form(session, world.lead, proposal_id).sections[K.PLAN].version
    target = {"proposal_id": proposal_id, "key": K.PLAN, "version": version}

    results = at_once(
        *(
            in_transaction(save_section, world.lead, content={"text": f"第{number}稿"}, **target)
            for number in range(THREADS)
        )
    )

    kept = [result for result in results if not isinstance(result, PortalError)]
    assert len(kept) == 1
    with reading() as session:
        assert proposal_form(session, world.lead, proposal_id).sections[K.PLAN].version == version + 1


def test_the_whole_way_on_both_databases(any_session) -> None:
    session = any_session
    world = add_world(session)
    proposal_id = complete(session, world)
    attach_file(session, world.lead, proposal_id=proposal_id, name="a.pdf", content=PDF)
    clear(session, world, proposal_id)
    submit_proposal(session, world.lead, proposal_id=proposal_id)
    withdraw_proposal(session, world.lead, proposal_id=proposal_id)
    assert submit_proposal(session, world.lead, proposal_id=proposal_id).number == 2
    open_all(session, world)

    [opened] = list_opened(session, world.enterprise, world.challenge_id)
    assert (opened.submission_number, len(opened.document.files)) == (2, 1)

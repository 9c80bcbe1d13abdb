"""What a team is told of where its proposal stands: no reserve place and no ineligibility before the replies go out."""

import pytest

from db.models import Proposal, ProposalStatus, Reply, Role
from portal import clock
from portal.permissions import Action
from portal.proposals.lists import list_mine
from portal.proposals.queries import proposal_view, team_history
from portal.reviews import commands
from tests.factories import add_member
from tests.proposals.samples import add_world, open_all, submitted
from tests.reviews import stage as on

S = ProposalStatus


def answer(session, proposal: Proposal, by) -> None:
    session.add(
        Reply(
            challenge_id=proposal.challenge_id,
            proposal_id=proposal.id,
            code="outranked",
            text="感谢参与",
            prepared_by=by.person_id,
            prepared_at=clock.now(),
            released_at=clock.now(),
        )
    )
    session.flush()


@pytest.mark.parametrize("status", [S.ELIGIBLE, S.INELIGIBLE, S.RESERVE])
def test_what_is_not_told_yet_reads_as_in_evaluation(any_session, status) -> None:
    session = any_session
    world = add_world(session)
    proposal = session.get_one(Proposal, submitted(session, world).proposal_id)
    open_all(session, world)
    proposal.status = status
    session.flush()
    operator = add_member(session, Role.OPERATOR)

    def shown(reader) -> set[S]:
        on_its_page = proposal_view(session, reader, proposal.id).head.status
        return {on_its_page, *(row.status for row in list_mine(session, reader))}

    for reader in (world.lead, world.institute):
        assert shown(reader) == {S.IN_EVALUATION}
    assert proposal_view(session, operator, proposal.id).head.status is status

    answer(session, proposal, operator)
    for reader in (world.lead, world.institute):
        assert shown(reader) == {status}


def test_the_history_tells_no_more_than_the_status(session) -> None:
    stage = on.negotiating(session, reserves=1)
    reserve = next(row for row in stage.proposals if row.status is S.RESERVE)
    lead = stage.leads[stage.proposals.index(reserve)]

    told = [act.action for act in team_history(session, lead, reserve.id)]
    assert Action.RESERVE_PROPOSAL not in told and Action.ACCEPT_ELIGIBLE not in told
    assert Action.EVALUATE_PROPOSAL in told

    answer(session, reserve, stage.operator)
    assert Action.RESERVE_PROPOSAL in [act.action for act in team_history(session, lead, reserve.id)]


def test_nobody_learns_of_being_ineligible_from_the_history(session) -> None:
    stage = on.opened(session)
    proposal, lead = stage.proposals[0], stage.leads[0]
    commands.declare_ineligible(session, stage.operator, proposal_id=proposal.id, reason="缺少预算", version=None)

    assert proposal.status is S.INELIGIBLE
    assert Action.DECLARE_INELIGIBLE not in [act.action for act in team_history(session, lead, proposal.id)]

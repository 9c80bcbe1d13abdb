"""A rank and a reason each, by one side, agreed by the other, locked by the shortlist."""

import pytest
from sqlalchemy import select

from db.models import ChallengeStatus, Event, ProposalStatus, Ranking, Role
from portal.errors import Forbidden, Invalid, NotFound, NotPossibleNow, Stale
from portal.permissions import Action
from portal.reviews.commands import agree_ranking, record_ranking, shortlist_challenge
from portal.reviews.queries import evaluation_detail
from portal.reviews.rules import RankEntry
from tests.factories import add_member, add_organisation
from tests.reviews.stage import entries, evaluating, negotiating, ranked, statuses

S = ProposalStatus


def test_recorded_by_one_side_and_agreed_by_the_other(session) -> None:
    stage = evaluating(session)
    record_ranking(session, stage.operator, challenge_id=stage.challenge.id, entries=entries(stage, 2, 0, 1))

    with pytest.raises(Forbidden, match="other side"):
        agree_ranking(session, stage.operator, challenge_id=stage.challenge.id)
    with pytest.raises(Forbidden, match="other side"):
        agree_ranking(session, add_member(session, Role.OPERATOR), challenge_id=stage.challenge.id)
    agree_ranking(session, stage.admin, challenge_id=stage.challenge.id)

    detail = evaluation_detail(session, stage.operator, stage.challenge.id)
    assert (detail.ranked_by, detail.is_agreed) == ("district", True)
    assert [(row.rank, row.rank_reason) for row in detail.proposals] == [(1, "理由1"), (2, "理由2"), (3, "理由3")]
    assert [row.id for row in detail.proposals] == [stage.proposals[index].id for index in (2, 0, 1)]


def test_the_enterprise_records_and_the_operator_agrees(session) -> None:
    stage = evaluating(session)
    record_ranking(session, stage.admin, challenge_id=stage.challenge.id, entries=entries(stage))
    with pytest.raises(Forbidden):
        agree_ranking(
            session,
            add_member(session, Role.ENTERPRISE_ADMIN, stage.enterprise),
            challenge_id=stage.challenge.id,
        )
    agree_ranking(session, stage.operator, challenge_id=stage.challenge.id)


def test_reasons_are_sealed_and_stand_in_no_event(session) -> None:
    ranked(session)
    for row in session.scalars(select(Ranking)):
        assert "理由".encode() not in row.reason.token
    for event in session.scalars(select(Event).where(Event.action == Action.RECORD_RANKING.value)):
        assert event.reason == ""
        assert event.fields == ["ranking"]


def test_another_ranking_clears_the_agreement(session) -> None:
    stage = ranked(session)
    record_ranking(session, stage.admin, challenge_id=stage.challenge.id, entries=entries(stage, 1, 0, 2))

    assert {row.agreed_at for row in session.scalars(select(Ranking))} == {None}
    with pytest.raises(Invalid, match="agreed"):
        shortlist_challenge(session, stage.operator, challenge_id=stage.challenge.id)
    with pytest.raises(Forbidden):
        agree_ranking(session, stage.admin, challenge_id=stage.challenge.id)


@pytest.mark.parametrize(
    ("ranks", "reasons", "said"),
    [
        ((1, 2), ("a", "b"), "every proposal"),
        ((1, 1, 2), ("a", "b", "c"), "exactly once"),
        ((1, 2, 4), ("a", "b", "c"), "exactly once"),
        ((0, 1, 2), ("a", "b", "c"), "exactly once"),
        ((1, 2, 3), ("a", "\u200b ", "c"), "Rank"),
    ],
)
def test_what_is_no_ranking_is_refused(session, ranks, reasons, said) -> None:
    stage = evaluating(session)
    rows = [
        RankEntry(proposal.id, rank, reason)
        for proposal, rank, reason in zip(stage.proposals, ranks, reasons, strict=False)
    ]
    with pytest.raises(Invalid, match=said):
        record_ranking(session, stage.operator, challenge_id=stage.challenge.id, entries=rows)
    assert session.scalars(select(Ranking)).all() == []


def test_a_strange_proposal_is_no_part_of_it(session) -> None:
    stage, other = evaluating(session, 1), evaluating(session, 1)
    with pytest.raises(Invalid, match="every proposal"):
        record_ranking(
            session,
            stage.operator,
            challenge_id=stage.challenge.id,
            entries=[*entries(stage), RankEntry(other.proposals[0].id, 2, "理由")],
        )


def test_agreeing_to_an_older_ranking_is_refused(session) -> None:
    stage = evaluating(session)
    record_ranking(session, stage.operator, challenge_id=stage.challenge.id, entries=entries(stage))
    session.flush()
    drawn = stage.challenge.version
    record_ranking(session, stage.operator, challenge_id=stage.challenge.id, entries=entries(stage, 1, 0, 2))
    session.flush()
    with pytest.raises(Stale):
        agree_ranking(session, stage.admin, challenge_id=stage.challenge.id, version=drawn)


def test_nothing_to_agree_to(session) -> None:
    stage = evaluating(session)
    with pytest.raises(Invalid):
        agree_ranking(session, stage.admin, challenge_id=stage.challenge.id)


def test_only_the_two_sides_rank(session) -> None:
    stage = evaluating(session)
    for actor in (stage.approver, add_member(session, Role.AUDITOR)):
        with pytest.raises(Forbidden):
            record_ranking(session, actor, challenge_id=stage.challenge.id, entries=entries(stage))
    stranger = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    for actor in (stage.leads[0], stranger, add_member(session, Role.LEADER)):
        with pytest.raises(NotFound):
            record_ranking(session, actor, challenge_id=stage.challenge.id, entries=entries(stage))


def test_the_first_is_shortlisted_the_next_kept_in_reserve(session) -> None:
    stage = ranked(session)
    shortlist_challenge(session, stage.operator, challenge_id=stage.challenge.id, reserves=1)

    assert stage.challenge.status is ChallengeStatus.NEGOTIATING
    assert statuses(session, stage) == [S.SHORTLISTED, S.RESERVE, S.IN_EVALUATION]


@pytest.mark.parametrize("reserves", [-1, 3])
def test_so_many_reserves_there_are_not(session, reserves) -> None:
    stage = ranked(session)
    with pytest.raises(Invalid):
        shortlist_challenge(session, stage.operator, challenge_id=stage.challenge.id, reserves=reserves)


def test_the_shortlist_is_the_operators(session) -> None:
    stage = ranked(session)
    for actor in (stage.admin, stage.approver):
        with pytest.raises(Forbidden):
            shortlist_challenge(session, actor, challenge_id=stage.challenge.id)


def test_after_the_shortlist_the_ranking_stays(session) -> None:
    stage = negotiating(session)
    with pytest.raises(NotPossibleNow):
        record_ranking(session, stage.operator, challenge_id=stage.challenge.id, entries=entries(stage))
    with pytest.raises(NotPossibleNow):
        shortlist_challenge(session, stage.operator, challenge_id=stage.challenge.id)

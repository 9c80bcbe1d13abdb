"""What a reader is told when an evaluation takes another way: who left and why, what stands in the way, where to go."""

from uuid import uuid4

import pytest

from db.models import ChallengeStatus, ProposalSection, ProposalSectionKey, ProposalStatus, ReplyReason
from portal import clock
from portal.errors import Invalid
from portal.notifications.queries import list_notifications
from portal.permissions import Action
from portal.proposals.content import key_of, seal_json, section_place
from portal.reviews.commands import (
    declare_no_award,
    decline_award,
    fall_through,
    prepare_reply,
    withdraw_challenge,
    write_terms,
)
from portal.reviews.past import past_negotiations
from portal.reviews.rules import Party, likely_ground
from portal.transactions import reading
from tests.apptest import links, open_as, texts
from tests.reviews import stage as s
from tests.reviews.test_pages import keys, made, page, press, press_menu, status_of, stored, tab

__all__ = ["made"]
REASON = "团队解散。"


def left(session):
    """The first one walked away from terms that were written."""
    stage = s.negotiating(session, 2, reserves=1)
    s.agree_terms(session, stage)
    decline_award(session, stage.leads[0], challenge_id=stage.challenge.id, reason=REASON)
    return stage


def left_by_enterprise(session):
    stage = s.negotiating(session, 2, reserves=1)
    ids = {"challenge_id": stage.challenge.id}
    write_terms(session, stage.operator, **ids, sum_fen=250 * 10**6, text="三期付款")
    prepare_reply(
        session, stage.operator, proposal_id=stage.proposals[0].id, code=ReplyReason.NEGOTIATION_ENDED, text="产线调整"
    )
    fall_through(session, stage.operator, **ids, walked_away=Party.ENTERPRISE, reason="企业调整产线。")
    return stage


def test_the_admin_reads_why_it_cannot_be_withdrawn_yet(made) -> None:
    stage = made(s.evaluating)
    assert "Withdraw the challenge: Each proposer needs a prepared reply first." in texts(page(stage.admin, stage))
    at = open_as(stage.admin, "challenges/challenge.py", id=stage.challenge.id)
    assert "It is withdrawn in its evaluation" in texts(at)
    assert "It is withdrawn in its evaluation" not in texts(
        open_as(stage.operator, "challenges/challenge.py", id=stage.challenge.id)
    )


def test_the_admin_withdraws_in_the_evaluation_once_all_replies_are_there(made) -> None:
    def answered(session):
        stage = s.evaluating(session)
        s.reply_to_all(session, stage)
        return stage

    stage = made(answered)
    at = press_menu(page(stage.admin, stage), Action.WITHDRAW_CHALLENGE)
    at.text_area(key="withdraw_reason").set_value("产线停产。")
    press(at, "withdraw_confirm")
    assert stored(stage).status is ChallengeStatus.WITHDRAWN


def test_after_the_institute_left_its_terms_its_name_and_its_reason_stay(made) -> None:
    stage = made(left)
    at = page(stage.operator, stage)
    shown = texts(at)
    assert "No terms are written yet" not in shown
    assert stage.leads[0].organisation_name in shown
    assert "三期付款" in shown
    assert REASON in shown
    assert "The institute walked away" in shown
    # The turn is the operator's, so the act stands in front.
    press(at, "fall_through")
    at.text_area(key="fall_reason").set_value("负责人退出。")
    press(at, "fall_confirm")
    assert stored(stage).status is ChallengeStatus.EVALUATING

    at = page(stage.admin, stage)
    assert REASON in texts(at)  # beside the ranking
    shown = texts(tab(at, stage, "Terms and award"))
    assert "三期付款" in shown
    assert "负责人退出。" in shown


def test_which_side_walked_away_is_said(made) -> None:
    stage = made(left_by_enterprise)
    at = page(stage.operator, stage)
    assert "The enterprise walked away" in texts(tab(at, stage, "Terms and award"))
    shown = texts(tab(at, stage, "History"))
    assert "The enterprise walked away" in shown
    assert "企业调整产线。" in shown
    shown = texts(tab(at, stage, "Ranking"))
    assert "The negotiation ended" in shown


def test_of_two_negotiations_each_keeps_its_own_terms(session) -> None:
    stage = left_by_enterprise(session)
    (past,) = past_negotiations(session, stage.admin, stage.challenge.id)
    assert (past.institute, past.walked_away) == (stage.leads[0].organisation_name, Party.ENTERPRISE)
    assert past.terms.text == "三期付款"
    assert past.reason == "企业调整产线。"


def test_without_a_reply_the_dialog_says_so_before_a_word_is_typed(made) -> None:
    stage = made(s.negotiating)
    at = press_menu(page(stage.operator, stage), Action.FALL_THROUGH)
    assert "prepare the reply to" in texts(at)
    assert "fall_reason" not in {area.key for area in at.text_area}
    assert "fall_confirm" not in keys(at)
    shown = texts(tab(page(stage.operator, stage), stage, "Replies"))
    assert "Write it before you record that the negotiation fell through" in shown


def test_a_reserve_who_moves_up_is_not_called_first(made) -> None:
    stage = made(left_by_enterprise)
    shown = texts(page(stage.leads[1], stage))
    assert status_of(stage)[1] is ProposalStatus.SHORTLISTED
    assert "first in the ranking" not in shown
    assert "terms are negotiated with you" in shown


@pytest.mark.parametrize(
    ("status", "rank", "ahead", "ground"),
    [
        (ProposalStatus.INELIGIBLE, None, 1, ReplyReason.ELIGIBILITY),
        (ProposalStatus.SHORTLISTED, 1, 1, ReplyReason.NEGOTIATION_ENDED),
        (ProposalStatus.RESERVE, 2, 1, ReplyReason.OUTRANKED),
        (ProposalStatus.IN_EVALUATION, 3, 2, ReplyReason.OUTRANKED),
        (ProposalStatus.IN_EVALUATION, 1, None, None),
        (ProposalStatus.IN_EVALUATION, None, None, None),
        (ProposalStatus.SUBMITTED, None, None, None),
    ],
)
def test_a_ground_is_proposed_only_where_it_is_sure(status, rank, ahead, ground) -> None:
    assert likely_ground(status, rank, ahead) is ground


def test_without_a_ground_no_reply_is_prepared(made) -> None:
    stage = made(s.evaluating)
    at = tab(page(stage.operator, stage), stage, "Replies")
    first = stage.proposals[0].id
    assert at.selectbox(key=f"code_{first}").value is None
    at.text_area(key=f"reply_{first}").set_value("谢谢参与")
    press(at, f"prepare_{first}")
    assert "Please choose the ground" in texts(at)
    assert at.text_area(key=f"reply_{first}").value == "谢谢参与"
    with reading() as session, pytest.raises(Invalid):
        prepare_reply(session, stage.operator, proposal_id=first, code=None, text="谢谢")


def test_the_shortlisted_find_the_terms(made) -> None:
    def proposed(session):
        stage = s.negotiating(session)
        write_terms(session, stage.admin, challenge_id=stage.challenge.id, sum_fen=250 * 10**6, text="三期付款")
        for proposal in stage.proposals[:2]:
            ids, cover = uuid4(), {"title": "方案", "sum_fen": None, "summary": ""}
            content = seal_json(key_of(proposal), cover, section_place(ids))
            row = ProposalSection(id=ids, proposal_id=proposal.id, key=ProposalSectionKey.COVER, content=content)
            row.changed_at = clock.now()
            session.add(row)
        return stage

    stage = made(proposed)
    lead = stage.leads[0]
    at = open_as(lead, "proposals/list.py")
    assert "Terms are negotiated with you" in texts(at)
    (card,) = [link for link in at.get("page_link") if str(stage.challenge.id) in link.proto.query_string]
    assert "evaluation" in card.proto.page
    at = open_as(lead, "proposals/proposal.py", id=stage.proposals[0].id)
    assert "Terms to accept" in " ".join(links(at))
    other = open_as(stage.leads[1], "proposals/proposal.py", id=stage.proposals[1].id)
    assert "See where it stands" in links(other)


@pytest.mark.parametrize("end", [withdraw_challenge, declare_no_award])
def test_a_proposer_reads_why_the_challenge_ended(made, end) -> None:
    def ended(session):
        stage = s.evaluating(session, 2)
        s.reply_to_all(session, stage)
        actor = stage.admin if end is withdraw_challenge else stage.approver
        end(session, actor, challenge_id=stage.challenge.id, reason="产线停产。")
        return stage

    stage = made(ended)
    at = page(stage.leads[0], stage)
    assert "产线停产。" in texts(at)
    assert "答复0" in texts(at)
    assert "See the challenge" in links(at)


def test_the_notice_of_a_withdrawal_says_that_it_is_one(session) -> None:
    stage = s.evaluating(session, 1)
    s.reply_to_all(session, stage)
    withdraw_challenge(session, stage.admin, challenge_id=stage.challenge.id, reason="产线停产。")
    messages = [row.message for row in list_notifications(session, stage.leads[0]).rows]
    assert any("withdrawn" in message for message in messages)

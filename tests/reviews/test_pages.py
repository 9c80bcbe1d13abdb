"""The pages of evaluation and award, run as each role."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from db.models import (
    Award,
    Challenge,
    ChallengeStatus,
    Decision,
    DecisionStatus,
    Event,
    Organisation,
    ProposalStatus,
    Ranking,
    Reply,
    Role,
    Terms,
)
from portal.i18n import translate
from portal.permissions import Action
from portal.transactions import reading, writing
from portal.vocabulary import LABELS
from tests.apptest import open_as, texts
from tests.factories import add_member, add_organisation
from tests.reviews import stage as s

LIST, PAGE = "reviews/list.py", "reviews/evaluation.py"


@pytest.fixture
def made(sqlite_url):
    """Build a state in a transaction of its own; pages read in theirs."""

    def make(state, *args):
        with writing() as session:
            found = state(session, *args)
            return found[0] if isinstance(found, tuple) else found

    return make


def page(actor, stage, language="en"):
    at = open_as(actor, PAGE, language=language, id=stage.challenge.id)
    assert not at.exception, at.exception
    return at


def press(at, *keys):
    for key in keys:
        at.button(key=key).click()
        at.run()
        assert not at.exception, at.exception
    return at


def press_menu(at, action):
    """Choose an act from the menu beside the next step."""
    at.menu_button(key="more_actions").click(translate(LABELS[action], "en"))
    at.run()
    assert not at.exception, at.exception
    return at


def tab(at, stage, name):
    status = stored(stage).status
    at.session_state[f"tab_{status}"] = name
    at.run()
    assert not at.exception, at.exception
    return at


def keys(at):
    return {button.key for button in at.button}


def tables(at):
    return "\n".join(table.value.to_csv() for table in at.table)


def stored(stage):
    with reading() as session:
        return session.get_one(Challenge, stage.challenge.id)


def status_of(stage):
    with reading() as session:
        return s.statuses(session, stage)


def test_the_list_says_whose_turn_it_is(made) -> None:
    stage = made(s.set_stage)
    made(s.awarded)

    at = open_as(stage.admin, LIST)
    assert len([link for link in at.get("page_link") if str(stage.challenge.id) in link.proto.query_string]) == 1
    assert "Enterprise and operator open the proposals together" in texts(at)
    assert "Your turn" in texts(at)
    at = open_as(stage.operator, LIST)
    at.segmented_control(key="scope").set_value("ended")
    at.run()
    assert "The enterprise records the signed contract" in texts(at)


def test_the_list_of_another_enterprise_is_empty(made) -> None:
    made(s.opened)
    with writing() as session:
        stranger = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    at = open_as(stranger, LIST)
    assert "Nothing is in evaluation now" in texts(at)


def test_before_the_opening_no_word_and_no_number(made) -> None:
    stage = made(s.set_stage)
    for actor in (stage.admin, stage.operator, stage.approver):
        at = page(actor, stage)
        shown = texts(at) + tables(at)
        assert s.CANARY not in shown
        assert stage.leads[0].organisation_name not in shown
        assert "Proposals handed in" not in shown
        assert not at.tabs


def test_both_turn_their_key(made) -> None:
    stage = made(s.set_stage)
    press(page(stage.admin, stage), "turn", "turn_key_confirm")
    assert stored(stage).opened_at is None
    press(page(stage.operator, stage), "turn", "turn_key_confirm")
    assert stored(stage).opened_at is not None
    assert "turn" not in keys(page(stage.approver, stage))


def test_a_reader_of_nothing_gets_nothing(made) -> None:
    stage = made(s.opened)
    with writing() as session:
        strangers = [
            add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session)),
            add_member(session, Role.RESEARCHER, add_organisation(session)),
        ]
    for actor in strangers:
        at = page(actor, stage)
        assert "does not exist" in texts(at)
        assert s.CANARY not in texts(at) + tables(at)


def test_the_comparison_marks_what_misses_its_limit(made) -> None:
    stage = made(s.opened)
    at = tab(page(stage.admin, stage), stage, "Comparison")

    shown = texts(at)
    assert "4\\.5 μm :green-badge[meets the limit]" in shown
    assert "5\\.0 μm :green-badge[meets the limit]" in shown
    assert "5\\.5 μm :red-badge[misses the limit]" in shown
    assert shown.count("within the budget") == 2
    assert shown.count("over the budget") == 1
    assert "4 → 7" in shown
    with reading() as session:
        reads = select(Event).where(Event.action == Action.READ_PROPOSAL.value)
        assert len(session.scalars(reads).all()) == 3


def test_user_words_are_literal_in_the_comparison(made) -> None:
    def hostile(session):
        stage = s.opened(session, 1)
        stage.proposals[0].institute.name = "![x](http://evil) :red[坏]"
        return stage

    stage = made(hostile)
    at = tab(page(stage.operator, stage), stage, "Comparison")
    assert "![x](http" not in texts(at)
    assert ":red[坏]" not in texts(at)


def test_eligibility_evaluation_ranking_and_shortlist(made) -> None:
    stage = made(s.opened)
    at = page(stage.operator, stage)
    for proposal in stage.proposals[:2]:
        press(at, f"accept_eligible_{proposal.id}")
    out = stage.proposals[2].id
    press(at, f"declare_ineligible_{out}")
    at.text_area(key=f"why_{out}_reason").set_value("缺少盖章。")
    press(at, f"why_{out}_confirm")
    assert status_of(stage) == [ProposalStatus.ELIGIBLE, ProposalStatus.ELIGIBLE, ProposalStatus.INELIGIBLE]
    press(page(stage.operator, stage), "evaluate_challenge", "evaluate_confirm")
    assert stored(stage).status is ChallengeStatus.EVALUATING

    at = page(stage.operator, stage)
    for rank, proposal in enumerate(stage.proposals[:2], 1):
        at.selectbox(key=f"rank_{proposal.id}").set_value(rank)
        at.text_area(key=f"reason_{proposal.id}").set_value(f"理由{rank}")
    press(at, "record")
    with reading() as session:
        assert sorted(session.scalars(select(Ranking.rank))) == [1, 2]
    assert "agree" not in keys(page(stage.operator, stage))
    press(page(stage.admin, stage), "agree")
    at = press(page(stage.operator, stage), "shortlist_challenge")
    at.selectbox(key="reserves").set_value(1)
    press(at, "shortlist_confirm")
    assert status_of(stage)[:2] == [ProposalStatus.SHORTLISTED, ProposalStatus.RESERVE]


def test_a_ranking_with_a_gap_keeps_what_was_typed(made) -> None:
    stage = made(s.evaluating)
    at = page(stage.admin, stage)
    for proposal in stage.proposals:
        at.text_area(key=f"reason_{proposal.id}").set_value("理由")
    press(at, "record")
    assert "must be given exactly once" in texts(at)
    # Seen from the button too, a phone's screen or two below the head.
    assert any("must be given exactly once" in toast.value for toast in at.toast)
    assert at.text_area(key=f"reason_{stage.proposals[0].id}").value == "理由"


def test_terms_replies_and_the_award(made) -> None:
    stage = made(s.negotiating)
    at = page(stage.operator, stage)
    at.text_input(key="terms_sum").set_value("二百")
    press(at, "write_terms")
    assert "is not a number" in texts(at)
    at.text_input(key="terms_sum").set_value("260.5")
    at.text_area(key="terms_text").set_value("三期付款")
    press(at, "write_terms")
    with reading() as session:
        assert session.scalars(select(Terms)).one().sum_fen == Decimal("260.5") * 10**6
    for actor in (stage.admin, stage.leads[0]):
        at = page(actor, stage)
        press(at, "accept")
        press(at, "accept_terms_confirm")

    at = tab(page(stage.admin, stage), stage, "Replies")
    assert "2 replies are still missing." in texts(at)
    for proposal in stage.proposals[1:]:
        at.text_area(key=f"reply_{proposal.id}").set_value("谢谢参与")
        press(at, f"prepare_{proposal.id}")
    with reading() as session:
        assert len(session.scalars(select(Reply)).all()) == 2

    press(page(stage.operator, stage), "prepare_award", "prepare_confirm")
    assert "award" not in keys(page(stage.operator, stage))
    press(page(stage.approver, stage), "award", "award_yes_confirm")
    assert stored(stage).status is ChallengeStatus.AWARDED
    assert "谢谢参与" in texts(page(stage.leads[1], stage))
    press(page(stage.admin, stage), "sign_contract", "sign_confirm")
    press(page(stage.leads[0], stage), "sign", "sign_contract_confirm")
    assert status_of(stage)[0] is ProposalStatus.CONTRACTED


def test_the_approver_refuses_with_a_reason(made) -> None:
    stage = made(s.prepared)
    at = press(page(stage.approver, stage), "refuse")
    at.text_area(key="award_no_reason").set_value("付款节点不清。")
    press(at, "award_no_confirm")
    with reading() as session:
        assert session.scalars(select(Decision)).one().status is DecisionStatus.REFUSED
        assert session.scalars(select(Award)).all() == []


def test_the_investigator_walks_away_and_the_operator_records_it(made) -> None:
    stage = made(s.negotiating)
    at = press(page(stage.leads[0], stage), "decline")
    at.text_area(key="walk_away_reason").set_value("团队解散。")
    press(at, "walk_away_confirm")
    assert status_of(stage)[0] is ProposalStatus.DECLINED

    at = page(stage.operator, stage)
    press(at, "fall_through")
    at.text_area(key="fall_reason").set_value("负责人退出。")
    press(at, "fall_confirm")
    assert stored(stage).status is ChallengeStatus.EVALUATING


def test_a_proposer_sees_nothing_of_the_others(made) -> None:
    stage = made(s.ranked)
    at = page(stage.leads[1], stage)
    shown = texts(at) + tables(at)
    assert "In evaluation" in shown or "compare the proposals" in shown
    for other in (stage.leads[0], stage.leads[2]):
        assert other.organisation_name not in shown
    assert not at.tabs


@pytest.mark.parametrize(
    ("state", "language"),
    [
        (s.set_stage, "zh_CN"),
        (s.opened, "en"),
        (s.evaluating, "zh_CN"),
        (s.ranked, "en"),
        (s.negotiating, "zh_CN"),
        (s.prepared, "en"),
        (s.awarded, "zh_CN"),
    ],
)
def test_every_state_opens_for_every_reader(made, caplog, state, language) -> None:
    stage = made(state)
    with writing() as session:
        auditor = add_member(session, Role.AUDITOR)
        institute = session.get_one(Organisation, stage.proposals[0].institute_id)
        institute_admin = add_member(session, Role.INSTITUTE_ADMIN, institute)
    for actor in (stage.admin, stage.operator, stage.approver, auditor, *stage.leads[:2], institute_admin):
        at = page(actor, stage, language)
        for name in [tab.label for tab in at.tabs] if actor in (stage.admin, stage.operator) else []:
            tab(at, stage, name)
            assert texts(at)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_the_page_of_a_challenge_shows_its_award_to_everybody(made) -> None:
    stage = made(s.awarded)
    at = open_as(None, "challenges/challenge.py", id=stage.challenge.id)
    assert stage.leads[0].organisation_name in texts(at)
    assert "CNY" not in texts(at).split("Awarded on")[1].split("Sum")[0]
    assert "evaluation" not in keys(at)
    for actor in (stage.admin, stage.leads[1]):
        assert "evaluation" in keys(open_as(actor, "challenges/challenge.py", id=stage.challenge.id))


def test_an_open_challenge_is_withdrawn_on_its_page(made) -> None:
    stage = made(lambda session: s.set_stage(session, 1, status=ChallengeStatus.OPEN, closed_at=None))
    for actor in (stage.operator, stage.leads[0], None):
        assert "withdraw" not in keys(open_as(actor, "challenges/challenge.py", id=stage.challenge.id))
    at = press(open_as(stage.admin, "challenges/challenge.py", id=stage.challenge.id), "withdraw")
    at.text_area(key="withdraw_challenge_reason").set_value("产线停产。")
    press(at, "withdraw_challenge_confirm")
    assert stored(stage).status is ChallengeStatus.WITHDRAWN

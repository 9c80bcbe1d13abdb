"""The clock closes it; both sides open, compare, rank, agree on terms, and exactly one is awarded."""

from portal.challenges.workflow import ChallengeStatus
from portal.permissions import Action
from portal.proposals.workflow import ProposalStatus
from portal.reviews.workflow import ReplyReason
from tests.e2e.chapters.answering import ANSWER, RIVAL_ANSWER
from tests.e2e.chapters.posing import TITLE
from tests.e2e.story import Story
from tests.e2e.words import said, wan, word

WINNER, OTHER = "示例大学材料研究所", "示例高分子实验室"


def closing(story: Story) -> None:
    """The deadline passes; at once nothing is accepted any more, and the worker writes the row."""
    story.let_pass(days=40)
    researcher = story.again("researcher")
    researcher.open("proposal-edit", id=story.facts["proposal"])
    researcher.sees(said("The deadline has passed; the draft can no longer be changed."))
    researcher.does_not_see(word(Action.REPLACE_PROPOSAL))
    visitor = story["visitor"]
    visitor.open("challenge", id=story.facts["challenge"])
    visitor.sees(word(ChallengeStatus.CLOSED))


def opening(story: Story) -> None:
    """One key alone opens nothing; with both the proposals can be read."""
    boss, operator, approver = story.again("boss"), story.again("operator"), story.again("approver")
    boss.open("evaluations")
    boss.follow(TITLE)
    boss.sees(said("sealed"))
    boss.does_not_see(WINNER)
    boss.click(said("Turn my key"))
    boss.confirm(said("Turn my key"))
    boss.sees(said("Your key is turned. The other side was told to turn theirs."))
    approver.open("evaluation", id=story.facts["challenge"])
    approver.does_not_see(WINNER)
    operator.open("evaluation", id=story.facts["challenge"])
    operator.does_not_see(WINNER)
    operator.click(said("Turn my key"))
    operator.confirm(said("Turn my key"))
    operator.sees(said("The proposals are open."))
    operator.sees(WINNER)
    operator.sees(OTHER)


def comparing(story: Story) -> None:
    """Side by side, each promise against its limit; eligible or not; into evaluation."""
    boss, operator = story["boss"], story["operator"]
    boss.open("evaluation", id=story.facts["challenge"])
    boss.tab(said("Comparison"))
    boss.sees(ANSWER)
    boss.sees(RIVAL_ANSWER)
    boss.sees(said("meets the limit"))
    boss.sees(said("misses the limit"))
    boss.sees(said("within the budget"))
    for _ in (WINNER, OTHER):
        operator.open("evaluation", id=story.facts["challenge"])
        operator.tab(said("Eligibility"))
        operator.click(word(Action.ACCEPT_ELIGIBLE))
    operator.sees(word(ProposalStatus.ELIGIBLE))
    operator.act(word(Action.EVALUATE_CHALLENGE))
    operator.confirm(word(Action.EVALUATE_CHALLENGE))
    operator.sees(word(ChallengeStatus.EVALUATING))


def ranking(story: Story) -> None:
    """The operator records rank and reason per proposal, the enterprise agrees; the first is negotiated with."""
    boss, operator = story["boss"], story["operator"]
    operator.open("evaluation", id=story.facts["challenge"])
    operator.tab(said("Ranking"))
    names = operator.page.get_by_text("·").filter(has_text="示例")
    names.first.wait_for()
    shown = operator.page.locator("[data-testid=stText]").filter(has_text="示例").all_inner_texts()
    order = [
        "1" if WINNER in text else "2" for text in shown if " · " in text and ("苏教授" in text or "蒋博士" in text)
    ]
    assert sorted(order) == ["1", "2"], shown
    for place, rank in enumerate(order):
        operator.select(said("Rank"), rank, place)
        reason = "承诺指标全部满足，报价在预算内。" if rank == "1" else "针孔数承诺未满足必达限值。"
        field = operator.page.get_by_label(said("Reason"), exact=True).nth(place)
        field.fill(reason)
        field.press("Tab")
        operator.idle()
    operator.click(word(Action.RECORD_RANKING))
    operator.sees(said("The ranking is recorded. The other side was asked to agree."))
    boss.open("evaluation", id=story.facts["challenge"])
    boss.tab(said("Ranking"))
    boss.sees("承诺指标全部满足")
    boss.click(word(Action.AGREE_RANKING))
    boss.sees(said("You agreed to the ranking."))
    operator.open("evaluation", id=story.facts["challenge"])
    operator.act(word(Action.SHORTLIST_CHALLENGE))
    operator.confirm(word(Action.SHORTLIST_CHALLENGE))
    operator.sees(word(ChallengeStatus.NEGOTIATING))


def agreeing(story: Story) -> None:
    """Terms are written and accepted by both sides; the other proposer's reply is prepared."""
    boss, operator, researcher = story["boss"], story["operator"], story["researcher"]
    operator.open("evaluation", id=story.facts["challenge"])
    if not operator.page.get_by_label(said("What was agreed"), exact=True).is_visible():
        operator.unfold(word(Action.WRITE_TERMS))
    operator.fill(said("Sum in 10,000 yuan (万元)"), "245")
    operator.fill(said("What was agreed"), "分三期付款：合同签订、小批验证、产线验证通过。成果双方共有。")
    operator.click(said("Save as the next version"))
    operator.sees(wan(245))
    boss.open("evaluation", id=story.facts["challenge"])
    boss.click(word(Action.ACCEPT_TERMS))
    boss.confirm(word(Action.ACCEPT_TERMS))
    boss.sees(said("You accepted version {number} of the terms.", number=1))
    researcher.open("evaluation", id=story.facts["challenge"])
    researcher.does_not_see(RIVAL_ANSWER)
    researcher.sees("分三期付款")
    researcher.click(word(Action.ACCEPT_TERMS))
    researcher.confirm(word(Action.ACCEPT_TERMS))
    researcher.sees(said("You accepted version {number} of the terms.", number=1))

    operator.open("evaluation", id=story.facts["challenge"])
    operator.sees(said("Replies"))
    operator.tab(said("Replies"))
    operator.unfold(OTHER)
    form = operator.page.get_by_test_id("stExpander").filter(has_text=OTHER).first
    operator.choose_in(form.get_by_role("combobox", name=said("Ground")), word(ReplyReason.BELOW_LIMITS))
    reply = form.get_by_label(said("Reply"), exact=True)
    reply.fill("方案工艺思路新颖，但针孔数承诺高于必达上限，建议先改进预处理。")
    reply.press("Tab")
    operator.idle()
    form.get_by_role("button", name=word(Action.PREPARE_REPLY)).click()
    operator.idle()
    operator.sees(said("The reply is prepared."))


def awarding(story: Story) -> None:
    """The operator prepares, the approver decides; one is awarded, the other reads a reasoned reply."""
    operator, approver, rival = story["operator"], story["approver"], story.again("rival")
    rival.open("evaluation", id=story.facts["challenge"])
    rival.does_not_see("针孔数承诺高于必达上限")
    operator.open("evaluation", id=story.facts["challenge"])
    operator.act(word(Action.PREPARE_AWARD))
    operator.confirm(word(Action.PREPARE_AWARD))
    operator.does_not_see(word(Action.AWARD_CHALLENGE))
    approver.open()
    approver.open("evaluation", id=story.facts["challenge"])
    approver.click(word(Action.AWARD_CHALLENGE))
    approver.confirm(word(Action.AWARD_CHALLENGE))
    approver.sees(said("The award is decided."))
    approver.sees(word(ChallengeStatus.AWARDED))
    rival.open("evaluation", id=story.facts["challenge"])
    rival.sees(word(ReplyReason.BELOW_LIMITS))
    rival.sees("针孔数承诺高于必达上限")
    rival.sees(word(ProposalStatus.NOT_SELECTED))
    rival.does_not_see(ANSWER)


def contracting(story: Story) -> None:
    """The enterprise records the contract, the investigator confirms it."""
    boss, researcher = story["boss"], story["researcher"]
    boss.open("evaluation", id=story.facts["challenge"])
    boss.act(word(Action.SIGN_CONTRACT))
    boss.confirm(word(Action.SIGN_CONTRACT))
    researcher.open("evaluation", id=story.facts["challenge"])
    researcher.click(said("Confirm the signed contract"))
    researcher.confirm(said("Confirm the signed contract"))
    researcher.sees(word(ProposalStatus.CONTRACTED))

"""Questions, an addendum, an extension, and two sealed answers."""

from portal.challenges.workflow import SectionKey
from portal.permissions import Action
from portal.proposals.workflow import ProposalSectionKey, ProposalStatus
from tests.e2e.chapters.posing import METRICS, RUBRIC, TITLE
from tests.e2e.people import Somebody
from tests.e2e.story import Story, pdf
from tests.e2e.words import beginning, said, word

P = ProposalSectionKey
ANSWER = "纳米改性聚酰亚胺薄漆膜工艺"
RIVAL_ANSWER = "等离子体预处理涂覆工艺"


def asking(story: Story) -> None:
    """The researcher accepts the NDA, reads the confidential section and asks, unnamed; the enterprise answers."""
    researcher, boss, visitor = story["researcher"], story["boss"], story["visitor"]
    researcher.open("challenge", id=story.facts["challenge"])
    researcher.does_not_see("烘炉一区")
    _accept_nda(researcher, story)
    researcher.tab(word(SectionKey.PROBLEM))
    if researcher.button(said("Read the confidential sections")).is_visible():
        researcher.click(said("Read the confidential sections"))
    researcher.sees("烘炉一区")
    researcher.tab(said("Questions"))
    researcher.fill(said("Your question"), "小批试验可否安排在周末？")
    researcher.click(word(Action.ASK_QUESTION))
    researcher.sees(said("Your question is with the enterprise. You are told when it is answered."))

    boss.open()
    boss.sees(TITLE)
    boss.open("challenge", id=story.facts["challenge"])
    boss.tab(said("Questions"))
    boss.sees("小批试验可否安排在周末")
    boss.does_not_see("苏教授")
    boss.fill(said("Your answer"), "可以，周六全天可用。")
    boss.click(word(Action.ANSWER_QUESTION))
    boss.sees(said("Question and answer are public now."))
    visitor.open("challenge", id=story.facts["challenge"])
    visitor.tab(said("Questions"))
    visitor.sees("周六全天可用")
    visitor.does_not_see("苏教授")


def amending(story: Story) -> None:
    """An addendum by the operator, confirmed by the enterprise; an extension prepared by one and decided by another."""
    operator, boss, approver = story["operator"], story["boss"], story["approver"]
    operator.open("challenge", id=story.facts["challenge"])
    operator.tab(said("Timeline"))
    operator.unfold(word(Action.PREPARE_ADDENDUM))
    operator.fill(said("Title"), "补充说明取样方法")
    operator.fill(said("Text"), "每卷首、中、尾各取一段。")
    operator.click(said("Hand it to the other side"))
    operator.sees(said("The addendum waits for the other side's confirmation."))
    boss.open("challenge", id=story.facts["challenge"])
    boss.tab(said("Timeline"))
    boss.click(word(Action.CONFIRM_ADDENDUM))
    boss.confirm(word(Action.CONFIRM_ADDENDUM))
    story["visitor"].open("challenge", id=story.facts["challenge"])
    story["visitor"].tab(said("Timeline"))
    story["visitor"].sees("每卷首、中、尾各取一段")

    operator.open("challenge", id=story.facts["challenge"])
    operator.tab(said("Timeline"))
    operator.unfold(word(Action.PREPARE_EXTENSION))
    operator.fill(said("Reason"), "春节前物流紧张，样品送达需要时间。")
    operator.click(said("Hand it to the approver"))
    operator.sees(said("The extension waits for an approver."))
    approver.open("challenge", id=story.facts["challenge"])
    approver.tab(said("Timeline"))
    approver.sees("春节前物流紧张")
    approver.click(said("Move the deadline"))
    approver.confirm(said("Move the deadline"))
    approver.does_not_see(said("Refuse"))


def drafting(story: Story) -> None:
    """The researcher fills the form made of the challenge's metrics and rubric, and invites a co-applicant."""
    researcher = story["researcher"]
    researcher.open("challenge", id=story.facts["challenge"])
    story.facts["proposal"] = _draft(researcher, ANSWER, "240", ["2", "280", "2.4"])
    researcher.go_to(said("Team and partners"))
    researcher.unfold(word(Action.INVITE_CO_APPLICANT))
    researcher.select(said("Organisation"), "示例高分子实验室")
    researcher.fill(said("Its part"), "负责漆液合成与表征。")
    researcher.click(said("Send the invitation"))
    researcher.sees(said("Its admin is told and answers here."))
    researcher.go_to(said("Attachments"))
    researcher.page.set_input_files("input[type=file]", pdf("试验报告.pdf"))
    researcher.sees("试验报告.pdf")

    dean2 = story["dean2"]
    dean2.open()
    dean2.sees(TITLE)
    dean2.open("clearances")
    dean2.sees("负责漆液合成与表征")
    dean2.does_not_see("纳米填料")
    dean2.click(said("Confirm to take part"))
    dean2.confirm(said("Confirm to take part"))


def submitting(story: Story) -> None:
    """The institute's admin clears it, it is submitted, the receipt kept, and it is replaced once."""
    researcher = story["researcher"]
    _submit(story, "researcher", "dean", story.facts["proposal"])
    researcher.open("proposal-edit", id=story.facts["proposal"], section=P.PLAN.value)
    researcher.fill(said("Plan"), "第一阶段四个月实验室验证，第二阶段四个月产线小批，第三阶段两个月批量。")
    researcher.go_to(said("Check and submit"))
    researcher.click(word(Action.REPLACE_PROPOSAL))
    researcher.confirm(word(Action.REPLACE_PROPOSAL))
    researcher.sees(said("Your proposal was received. The receipt stands below and can be kept."))
    researcher.sees(said("Earlier submissions"))


def rivalling(story: Story) -> None:
    """A second answer by another institute; nobody outside learns that there is any."""
    rival = story["rival"]
    rival.open("challenge", id=story.facts["challenge"])
    _accept_nda(rival, story)
    story.facts["rival"] = _draft(rival, RIVAL_ANSWER, "255", ["5", "260", "2.6"])
    _submit(story, "rival", "dean2", story.facts["rival"])
    for key in ("boss", "operator", "approver", "leader", "auditor"):
        outsider = story[key]
        outsider.open("challenge", id=story.facts["challenge"])
        for secret in (ANSWER, RIVAL_ANSWER, "苏教授", "蒋博士"):
            outsider.does_not_see(secret)
        outsider.open("proposal", id=story.facts["proposal"])
        outsider.does_not_see(ANSWER)


def _accept_nda(researcher: Somebody, story: Story) -> None:
    researcher.tab(said("Confidentiality"))
    researcher.tick(beginning("I have read the agreement and accept it for {organisation}."))
    researcher.click(word(Action.ACCEPT_NDA))
    researcher.sees(said("Accepted. You may read the confidential sections now."))


def _draft(researcher: Somebody, title: str, wan: str, promises: list[str]) -> str:
    researcher.act(word(Action.DRAFT_PROPOSAL))
    researcher.sees(said("Your draft is sealed: nobody outside your team sees it or that it exists."))
    researcher.fill(said("Title of the proposal"), title)
    researcher.fill(said("Sum in 10,000 yuan (万元)"), wan)
    researcher.fill(said("Summary"), "以纳米填料改性漆液，减少针孔。")
    researcher.go_to(word(P.PROMISES))
    for row, value in zip(METRICS, promises, strict=True):
        researcher.fill_beginning(str(row[0]), value)
    researcher.sees(said("Within the limits"))
    researcher.go_to(word(P.APPROACH))
    for row in RUBRIC:
        researcher.fill_beginning(str(row[0]), "做法与依据见附件试验数据。")
    researcher.go_to(word(P.READINESS))
    researcher.select(said("Readiness today"), "5")
    researcher.select(said("Readiness after the work"), "8")
    researcher.fill(said("Evidence for today's readiness"), "实验室小卷验证。")
    researcher.go_to(word(P.ADVANTAGE))
    researcher.fill(said("Better than today's solution"), "返工率由百分之六降到百分之一。")
    researcher.go_to(word(P.PLAN))
    researcher.fill(said("Plan"), "四个月实验室，六个月产线。")
    researcher.go_to(word(P.TEAM))
    researcher.fill(said("Who does what"), "五人：漆液两人，设备两人，检测一人。")
    researcher.go_to(word(P.BUDGET))
    researcher.fill(said("What the sum is made of"), "人员四成，材料三成，设备三成。")
    researcher.go_to(said("Check and submit"))
    researcher.sees(title)
    return researcher.record()


def _submit(story: Story, key: str, dean_key: str, proposal: str) -> None:
    """Clearance asked and given, the proposal submitted, the receipt downloaded."""
    researcher, dean = story[key], story[dean_key]
    researcher.open("proposal-edit", id=proposal, section="submit")
    researcher.click(word(Action.ASK_CLEARANCE))
    researcher.confirm(word(Action.ASK_CLEARANCE))
    researcher.sees(word(ProposalStatus.INTERNAL_CHECK))
    dean.open("clearances")
    dean.does_not_see("纳米填料")
    dean.click(word(Action.CLEAR_PROPOSAL))
    dean.confirm(word(Action.CLEAR_PROPOSAL))
    dean.sees(said("The proposal is cleared; its leader was told."))
    researcher.open("proposal-edit", id=proposal, section="submit")
    researcher.sees(said("Nothing is missing."))
    researcher.click(word(Action.SUBMIT_PROPOSAL))
    researcher.confirm(word(Action.SUBMIT_PROPOSAL))
    researcher.sees(said("Your proposal was received. The receipt stands below and can be kept."))
    researcher.sees(word(ProposalStatus.SUBMITTED))
    shown = researcher.page.get_by_test_id("stCode").first.inner_text().strip()
    with researcher.page.expect_download() as download:
        researcher.page.get_by_role("link", name=said("Keep the receipt")).first.click()
    kept = download.value.path().read_text("utf-8")
    assert said("Receipt for a proposal") in kept
    assert TITLE in kept
    assert shown in kept
    assert ANSWER not in kept
    assert RIVAL_ANSWER not in kept

"""The enterprise sets its problem, and the district takes it to publication."""

from datetime import timedelta

from portal import clock
from portal.challenges.rules import CONFIDENTIALITY_CHECKS
from portal.challenges.workflow import ChallengeStatus, IpRegime, SectionKey
from portal.permissions import Action
from tests.e2e.people import Somebody
from tests.e2e.story import Story, pdf
from tests.e2e.words import days_left, industry, moment, said, town, wan, word

TITLE = "0.02 毫米漆包铜线无针孔薄漆膜工艺"
K = SectionKey
METRICS: list[list[str | None]] = [
    ["针孔数", "个/30m", "", "3", "0", None, "按 GB/T 4074.5 盐浴法，每卷取三段"],
    ["击穿电压", "V", "250", "", "300", None, "按 GB/T 4074.5 圆棒法，取五个试样"],
    ["漆膜厚度", "μm", "2.0", "3.0", "2.5", None, "激光测径仪在线测量"],
]
RUBRIC: list[list[str | None]] = [
    ["技术可行性", "50", "机理是否讲清，数据是否可信"],
    ["成本", "30", "单位长度成本"],
    ["实施计划", "20", "步骤是否可检查"],
]


def writing(story: Story) -> None:
    """The member writes section by section; each is saved as it is left."""
    member = story["member"]
    member.open("challenges")
    member.click(said("Set a challenge"))
    member.sees(said("Untitled draft"))
    member.fill(said("Title"), TITLE)
    member.fill(said("Summary"), "在高速漆包线上做出均匀的薄漆膜，三十米内针孔不超过三个。")
    member.fill(said("Description"), "现有立式漆包机在 0.02 mm 线径上针孔偏多，返工率高。")
    member.select(said("Industry"), industry("C38"))
    member.select(said("Town"), town("cangqian"))
    member.select(said("Readiness wanted"), "8")
    member.go_to(word(K.BACKGROUND))
    member.sees(TITLE)
    member.fill(said("Background"), "该线用于微型电机与耳机音圈，年需求约二十吨。")
    member.go_to(word(K.TODAY))
    member.fill(said("Today's solution"), "多道薄涂，八道次。")
    member.fill(said("Its cost a year, in 10,000 yuan (万元)"), "180")
    member.sees(f"= {wan(180)}")
    member.go_to(word(K.METRICS))
    member.fill_rows(METRICS)
    member.go_to(word(K.BUDGET))
    member.fill(said("Budget in 10,000 yuan (万元)"), "260")
    member.fill(said("Source of the money"), "企业自有资金")
    member.go_to(word(K.IP))
    member.select(said("Ownership of the results"), word(IpRegime.JOINTLY_OWNED))
    member.go_to(word(K.LINE))
    member.fill(said("Line"), "三号漆包线")
    member.fill(said("Site"), "仓前厂区二车间")
    member.go_to(word(K.RUBRIC))
    member.fill_rows(RUBRIC)
    member.sees(said("The weights sum to {total} of 100.", total=100))
    member.go_to(word(K.CONFIDENTIAL))
    member.fill(said("Confidential details"), "烘炉一区 320 摄氏度，线速 380 米每分钟。")
    member.go_to(word(K.ATTACHMENTS))
    member.page.set_input_files("input[type=file]", pdf("产线照片.pdf"))
    member.sees("产线照片.pdf")
    member.go_to(said("Check and submit"))
    member.sees(said("Schedule: the deadline is missing."))
    member.sees(said("An admin of your enterprise submits it."))
    story.facts["challenge"] = member.record()


def submitting(story: Story) -> None:
    """The admin sees what is missing, adds it and submits."""
    boss = story["boss"]
    boss.open("challenge-edit", id=story.facts["challenge"], section="submit")
    boss.sees(said("Schedule: the deadline is missing."))
    boss.click(said("Go there"))
    deadline = story.now().date() + timedelta(days=30)
    boss.date(said("Deadline"), deadline)
    boss.sees(f"= {moment(clock.from_local(deadline.year, deadline.month, deadline.day, 17))}")
    boss.go_to(said("Check and submit"))
    boss.sees(said("Every required section is complete."))
    boss.click(word(Action.SUBMIT_CHALLENGE))
    boss.confirm(word(Action.SUBMIT_CHALLENGE))
    boss.sees(said("Your challenge was handed over to the district."))
    boss.sees(word(ChallengeStatus.SUBMITTED))


def refining(story: Story) -> None:
    """The broker takes it, returns it once with a comment, gets it again and confirms the confidentiality check."""
    broker, boss, member = story["broker"], story["boss"], story["member"]
    broker.open()
    broker.sees(TITLE)
    broker.open("desk")
    broker.follow(TITLE)
    _take(broker)
    broker.act(word(Action.RETURN_CHALLENGE))
    dialog = broker.page.get_by_role("dialog")
    dialog.get_by_label(said("On the whole")).fill("指标很清楚，请补充现有方案。")
    dialog.get_by_test_id("stButtonGroup").get_by_text(word(K.TODAY), exact=True).click()
    dialog.get_by_role("textbox", name=word(K.TODAY), exact=True).fill("请写明返工率。")
    broker.confirm(word(Action.RETURN_CHALLENGE))
    broker.sees(word(ChallengeStatus.DRAFT))

    member.open()
    member.sees(TITLE)
    member.open("challenge-edit", id=story.facts["challenge"], section=K.TODAY.value)
    member.sees("请写明返工率。")
    member.fill(said("Today's solution"), "多道薄涂，八道次，返工率百分之六。")
    member.go_to(word(K.BACKGROUND))
    boss.open("challenge", id=story.facts["challenge"])
    boss.act(word(Action.SUBMIT_CHALLENGE))
    boss.confirm(word(Action.SUBMIT_CHALLENGE))
    boss.sees(word(ChallengeStatus.SUBMITTED))

    broker.open("challenge", id=story.facts["challenge"])
    _take(broker)
    broker.sees("返工率百分之六")
    broker.act(word(Action.CHECK_CONFIDENTIALITY))
    for point in CONFIDENTIALITY_CHECKS.values():
        broker.tick(said(point))
    broker.confirm(word(Action.CHECK_CONFIDENTIALITY))


def publishing(story: Story) -> None:
    """Who did not refine it approves; an operator publishes."""
    approver, operator = story["approver"], story["operator"]
    approver.open()
    approver.sees(TITLE)
    approver.open("challenge", id=story.facts["challenge"])
    approver.act(word(Action.APPROVE_CHALLENGE))
    approver.confirm(word(Action.APPROVE_CHALLENGE))
    approver.sees(word(ChallengeStatus.APPROVED))
    operator.open("challenge", id=story.facts["challenge"])
    operator.act(word(Action.PUBLISH_CHALLENGE))
    operator.confirm(word(Action.PUBLISH_CHALLENGE))
    operator.sees(word(ChallengeStatus.OPEN))


def visiting(story: Story) -> None:
    """A visitor finds it by filters and by its own address; the confidential section stays closed."""
    visitor = story.meet("visitor")
    visitor.open()
    visitor.click(said("See the open challenges"))
    visitor.select(said("Industry"), industry("C38"))
    visitor.select(said("Town"), town("cangqian"))
    visitor.sees(TITLE)
    visitor.select(said("Town"), town("wuchang"))
    visitor.sees(said("No challenge fits these filters."))
    visitor.select(said("Town"), town("cangqian"))
    visitor.follow(TITLE)
    visitor.open(visitor.page.url.removeprefix(story.portal.url))
    visitor.sees(days_left())
    visitor.sees(wan(260))
    visitor.does_not_see("烘炉一区")
    visitor.tab(word(K.METRICS))
    visitor.sees("击穿电压")
    visitor.sees("≥ 250")
    visitor.tab(word(K.RUBRIC))
    visitor.sees("技术可行性")
    visitor.sees("50%")
    visitor.tab(said("Timeline"))
    visitor.sees(said("Deadline"))
    visitor.does_not_see("份方案")


def _take(broker: Somebody) -> None:
    broker.act(word(Action.TAKE_CHALLENGE))
    broker.confirm(word(Action.TAKE_CHALLENGE))
    broker.sees(word(ChallengeStatus.REFINING))

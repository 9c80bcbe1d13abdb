"""The line proves it, the project lands, the leader and the auditor look at it."""

from datetime import timedelta

from portal.challenges.workflow import ChallengeStatus
from portal.landings.workflow import LandingCategory, LandingLane, LandingStage
from portal.permissions import Action
from portal.ui.words import unbroken
from portal.validation.workflow import RunStage, ValidationStatus, Verdict
from tests.e2e.chapters.posing import METRICS, TITLE
from tests.e2e.story import Story, pdf
from tests.e2e.words import beginning, said, town, wan, word

RUNS = ((RunStage.FIRST_ARTICLE, ("2", "282", "2.5")), (RunStage.PILOT, ("1", "291", "2.4")))


def planning(story: Story) -> None:
    """The enterprise writes the plan, both agree, and it is frozen."""
    boss, researcher = story["boss"], story["researcher"]
    boss.open("validations")
    boss.click(word(Action.WRITE_PLAN))
    story.facts["plan"] = boss.record()
    boss.fill(said("Line"), "三号漆包线")
    today = story.now().date()
    boss.date(said("First day"), today)
    boss.date(said("Last day"), today + timedelta(days=20))
    for place in range(len(METRICS)):
        method = boss.page.get_by_label(said("Method and instrument"), exact=True).nth(place)
        if not method.input_value():
            method.fill("按标准方法")
            method.press("Tab")
    boss.fill(said("Sampling"), "每卷首、中、尾各三段，取平均值。")
    boss.click(said("Save the plan"))
    boss.sees(beginning("Saved at {time}."))
    for party in (boss, researcher):
        party.open("validation", id=story.facts["plan"])
        party.sees(TITLE)
        party.act(word(Action.AGREE_PLAN))
        party.confirm(word(Action.AGREE_PLAN))
    researcher.sees(word(ValidationStatus.PLAN_AGREED))
    researcher.does_not_see("三号漆包线")


def running(story: Story) -> None:
    """Two runs, each value judged beside its field; then the data are locked and judged by the portal."""
    boss = story["boss"]
    boss.open("validation", id=story.facts["plan"])
    boss.act(word(Action.START_RUNS))
    boss.confirm(word(Action.START_RUNS))
    for number, (stage, values) in enumerate(RUNS, 1):
        boss.open("validation", id=story.facts["plan"])
        boss.tab(said("Runs"))
        boss.select(said("Stage"), word(stage))
        boss.fill(said("Lot"), f"L-20-{number}")
        for row, value in zip(METRICS, values, strict=True):
            boss.fill_beginning(str(row[0]), value)
        boss.sees(said("inside"))
        boss.click(word(Action.RECORD_RUN))
        boss.sees(said("The run was recorded."))
        boss.sees(f"L-20-{number}")
    boss.act(word(Action.LOCK_DATA))
    boss.confirm(word(Action.LOCK_DATA))
    boss.act(word(Action.JUDGE_VALIDATION))
    boss.confirm(word(Action.JUDGE_VALIDATION))
    boss.sees(word(Verdict.PASSED))


def signing(story: Story) -> None:
    """Enterprise and investigator sign, the operator countersigns, and the challenge is solved."""
    for key in ("boss", "researcher", "operator"):
        signer = story[key]
        signer.open("validation", id=story.facts["plan"])
        signer.act(word(Action.SIGN_OFF))
        signer.confirm(word(Action.SIGN_OFF))
    story["operator"].sees(word(ValidationStatus.SIGNED_OFF))
    story["visitor"].open("challenge", id=story.facts["challenge"])
    story["visitor"].sees(word(ChallengeStatus.SOLVED))


def landing(story: Story) -> None:
    """A landing project from the solved challenge, a stage with evidence, verified by the operator."""
    boss, operator = story["boss"], story["operator"]
    boss.open("landings")
    boss.click(word(Action.CREATE_LANDING))
    boss.select(said("Solved challenge"), TITLE)
    boss.select(said("Category"), word(LandingCategory.TECHNOLOGY))
    boss.select(said("Lane"), word(LandingLane.HEAVY))
    boss.fill(said("Title"), "超细漆包线产业化项目")
    boss.click(word(Action.CREATE_LANDING))
    boss.sees("超细漆包线产业化项目")
    boss.sees(word(LandingStage.LEAD))
    story.facts["landing"] = boss.record()
    boss.fill(said("Evidence"), "三方框架协议，编号 示-001。")
    boss.page.set_input_files("input[type=file]", pdf("框架协议.pdf"))
    boss.sees("框架协议.pdf")
    boss.click(word(Action.RECORD_STEP))
    boss.sees(said("not verified yet"))
    boss.tab(said("Money and jobs"))
    boss.fill(said("Amount in 10,000 yuan (万元)"), "1200")
    boss.click(word(Action.RECORD_FIGURE))
    boss.sees(wan(1200))
    operator.open("landing", id=story.facts["landing"])
    operator.click(word(Action.VERIFY_STEP))
    operator.sees(said("verified"))


def looking(story: Story) -> None:
    """The leader's cockpit counts it, and a figure opens its list."""
    leader = story.again("leader")
    leader.open("cockpit")
    leader.sees(said("From posted to landed"))
    leader.sees(
        said(
            "Of {posted} challenges posted, {solved} were solved on the line and {landed} became landing projects.",
            posted=1,
            solved=1,
            landed=1,
        )
    )
    leader.follow(town("cangqian"))
    leader.sees("超细漆包线产业化项目")


def auditing(story: Story) -> None:
    """The auditor reads and exports the trail; the chain of events is whole."""
    auditor = story.again("auditor")
    auditor.open("trail")
    auditor.sees(unbroken(word(Action.VERIFY_STEP)))
    auditor.page.locator(".st-key-export button").click()
    with auditor.page.expect_download() as download:
        auditor.page.get_by_role("link", name=said("Text file (CSV)")).click()
    trail = download.value.path().read_text("utf-8-sig")
    for action in (Action.SUBMIT_CHALLENGE, Action.SUBMIT_PROPOSAL, Action.AWARD_CHALLENGE, Action.SIGN_OFF):
        assert action.value in trail or word(action) in trail
    for sealed in ("纳米填料", "烘炉一区", "针孔数承诺高于必达上限"):
        assert sealed not in trail
    printed = story.portal.command("audit", "verify")
    assert printed.strip().endswith(", 0 faults"), printed

"""The panels of a challenge's page: what each reader sees and can do, and that a refusal keeps what was typed."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db.models import Addendum, Challenge, Decision, NdaAcceptance, NdaMode, Question
from portal.challenges.addenda import prepare_addendum
from portal.challenges.extensions import prepare_extension, suspend_challenge
from portal.challenges.nda import accept_nda, choose_nda_mode, current_nda
from portal.challenges.questions import answer_question, ask_question
from portal.permissions import Actor
from portal.transactions import reading, writing
from tests.apptest import open_as, texts
from tests.challenges.samples import Cast, add_cast, opened_to_answers
from tests.challenges_life.samples import researcher

PAGE = "challenges/challenge.py"


@dataclass
class Scene:
    cast: Cast
    challenge_id: UUID
    reader: Actor

    def open(self, actor: Actor | None, tab: str, language: str = "en") -> AppTest:
        at = open_as(actor, PAGE, language=language, id=self.challenge_id)
        at.session_state["tab"] = tab
        at.run()
        assert not at.exception, at.exception
        return at


@pytest.fixture
def scene(sqlite_url) -> Scene:
    with writing() as session:
        cast = add_cast(session)
        return Scene(cast, opened_to_answers(session, cast).id, researcher(session))


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    at.run()
    assert not at.exception, at.exception
    return at


def labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


def test_a_question_goes_from_the_form_to_the_public_answer(scene: Scene) -> None:
    at = scene.open(scene.reader, "Questions")
    at.text_area(key="question_text").set_value("**线速度**上限？ ![x](http://evil.example)")
    press(at, "Ask a question")
    assert at.text_area(key="question_text").value == ""
    assert "Asked by you" in texts(at)
    assert "Ask a question" not in labels(scene.open(None, "Questions"))

    at = scene.open(scene.cast.member, "Questions")
    assert scene.reader.name not in texts(at)
    with reading() as session:
        question = session.scalars(select(Question)).one()
    at.text_area(key=f"answer_text_{question.id}").set_value("120 米每分钟")
    press(at, "Answer in public")

    seen = texts(scene.open(None, "Questions"))
    assert "**线速度**上限？ ![x](http://evil.example)" in seen
    assert "120 米每分钟" in seen


def test_a_refused_question_stays_in_the_form(scene: Scene) -> None:
    at = scene.open(scene.reader, "Questions")
    with writing() as session:
        suspend_challenge(session, scene.cast.approver, challenge_id=scene.challenge_id, reason="检修")
    at.text_area(key="question_text").set_value("还能问吗？")
    press(at, "Ask a question")
    assert at.error[0].value
    with reading() as session:
        assert session.scalars(select(Question)).all() == []


def test_the_agreement_is_accepted_after_it_was_ticked(scene: Scene) -> None:
    at = scene.open(scene.reader, "Confidentiality")
    assert "保密协议（标准文本）" in texts(at)
    press(at, "Accept the NDA")
    assert "Please tick" in texts(at)
    at.checkbox(key="nda_read").check()
    press(at, "Accept the NDA")
    assert "You may read the confidential sections now" in texts(at)
    assert "may read" in texts(scene.open(scene.reader, "Confidentiality"))
    at = scene.open(scene.cast.admin, "Confidentiality")
    assert scene.reader.name not in texts(at)
    assert "Shown after the opening" in texts(at)


def test_a_request_shows_name_and_organisation_and_is_granted(scene: Scene) -> None:
    with writing() as session:
        choose_nda_mode(session, scene.cast.admin, challenge_id=scene.challenge_id, mode=NdaMode.ON_REQUEST)
        version = current_nda(session, scene.challenge_id).id
        accept_nda(session, scene.reader, challenge_id=scene.challenge_id, nda_version_id=version)

    at = scene.open(scene.cast.admin, "Confidentiality")
    assert f"{scene.reader.name} · {scene.reader.organisation_name}" in texts(at)
    assert "name and organisation" in texts(at)
    press(at, "Grant access under NDA")
    with reading() as session:
        assert session.scalars(select(NdaAcceptance)).one().granted_at is not None
    assert "Grant access under NDA" not in labels(scene.open(scene.cast.member, "Confidentiality"))


def test_an_addendum_is_written_by_one_side_and_offered_to_the_other(scene: Scene) -> None:
    at = scene.open(scene.cast.admin, "Timeline")
    at.text_input(key="addendum_new_title").set_value("补充规格")
    at.text_area(key="addendum_new_text").set_value("增加 0.02 mm 规格。")
    at.checkbox(key="addendum_new_material").check()
    press(at, "Hand it to the other side")
    with reading() as session:
        assert session.scalars(select(Addendum)).one().is_material

    assert "Publish the addendum" not in labels(scene.open(scene.cast.admin, "Timeline"))
    at = scene.open(scene.cast.operator, "Timeline")
    press(at, "Publish the addendum")
    with reading() as session:
        assert session.scalars(select(Addendum)).one().published_at is None  # it is asked once more
    confirm(at)
    assert "补充规格" in texts(scene.open(None, "Timeline")).replace("\\", "")


def confirm(at: AppTest) -> None:
    next(button for button in at.button if str(button.key).endswith("_confirm")).click()
    at.run()
    assert not at.exception, at.exception


def test_an_extension_is_prepared_by_the_operator_and_decided_by_the_approver(scene: Scene) -> None:
    at = scene.open(scene.cast.operator, "Timeline")
    at.text_area(key="extension_reason").set_value("样品延误")
    press(at, "Hand it to the approver")
    with reading() as session:
        decision = session.scalars(select(Decision)).one()
        old = session.get(Challenge, scene.challenge_id).closes_at

    assert "Move the deadline" not in labels(scene.open(scene.cast.operator, "Timeline"))
    assert "样品延误" not in texts(scene.open(scene.reader, "Timeline"))
    at = scene.open(scene.cast.approver, "Timeline")
    assert "样品延误" in texts(at)
    press(at, "Move the deadline")
    confirm(at)
    with reading() as session:
        assert session.get(Challenge, scene.challenge_id).closes_at > old
        assert session.get(Decision, decision.id).decided_by == scene.cast.approver.person_id


def test_a_bad_date_is_refused_and_stays_in_the_form(scene: Scene) -> None:
    at = scene.open(scene.cast.operator, "Timeline")
    at.text_input(key="extension_closes_at").set_value("2099-02-31 17:00")
    at.text_area(key="extension_reason").set_value("样品延误")
    press(at, "Hand it to the approver")
    assert "does not exist" in at.error[0].value
    assert at.text_input(key="extension_closes_at").value == "2099-02-31 17:00"
    assert at.text_area(key="extension_reason").value == "样品延误"


def test_the_approver_suspends_with_a_reason_and_resumes(scene: Scene) -> None:
    at = scene.open(scene.cast.approver, "Timeline")
    press(at, "Suspend")
    at.text_area(key="suspend_reason").set_value("产线停电")
    confirm(at)
    at = scene.open(scene.cast.approver, "Timeline")
    assert "Suspended since" in texts(at)
    assert "Suspended; the deadline was" in texts(scene.open(None, "Timeline"))
    press(at, "Resume")
    confirm(at)
    with reading() as session:
        assert session.get(Challenge, scene.challenge_id).suspended_at is None
    assert "Resumed; the deadline moved from" in texts(scene.open(None, "Timeline"))
    assert "Suspend" not in labels(scene.open(scene.cast.operator, "Timeline"))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_panel_opens_for_everybody_with_something_in_it(scene: Scene, language: str) -> None:
    cast = scene.cast
    with writing() as session:
        question = ask_question(session, scene.reader, challenge_id=scene.challenge_id, text="问题")
        answer_question(session, cast.member, question_id=question, answer="答")
        ask_question(session, scene.reader, challenge_id=scene.challenge_id, text="问题二")
        prepare_addendum(session, cast.admin, challenge_id=scene.challenge_id, title="题", text="文")
        challenge = session.get(Challenge, scene.challenge_id)
        later = challenge.closes_at.replace(year=challenge.closes_at.year + 1, day=1)
        later = min(later, challenge.closes_at + (later - challenge.closes_at) / 2)
        prepare_extension(session, cast.operator, challenge_id=challenge.id, closes_at=later, reason="延")
    words = {"en": ("Questions", "Confidentiality", "Timeline"), "zh_CN": ("问答", "保密", "时间安排")}
    for actor in (None, scene.reader, cast.member, cast.admin, cast.operator, cast.approver, cast.broker):
        for tab in words[language]:
            at = scene.open(actor, tab, language)
            assert texts(at)


def test_the_head_leads_to_what_waits_on_a_tab(scene: Scene) -> None:
    def leads(actor: Actor, label: str, tab: str) -> None:
        at = open_as(actor, PAGE, id=scene.challenge_id)
        press(at, label)
        assert at.session_state["tab"] == tab

    with writing() as session:
        ask_question(session, scene.reader, challenge_id=scene.challenge_id, text="样件何时提供？")
    leads(scene.cast.member, "Answer the questions", "Questions")
    assert "Answer the questions" not in labels(open_as(scene.cast.operator, PAGE, id=scene.challenge_id))

    with writing() as session:
        question = session.scalars(select(Question)).one()
        answer_question(session, scene.cast.member, question_id=question.id, answer="签约后。")
        addendum = {"title": "样件", "text": "200 件", "is_material": False}
        prepare_addendum(session, scene.cast.operator, challenge_id=scene.challenge_id, **addendum)
        closes_at = session.get_one(Challenge, scene.challenge_id).closes_at + timedelta(days=5)
        prepare_extension(
            session, scene.cast.operator, challenge_id=scene.challenge_id, closes_at=closes_at, reason="样件延迟"
        )
    leads(scene.cast.admin, "Deadline and addenda", "Timeline")
    leads(scene.cast.approver, "Deadline and addenda", "Timeline")


def test_the_head_leads_to_who_asks_to_read(scene: Scene) -> None:
    with writing() as session:
        target = {"challenge_id": scene.challenge_id}
        choose_nda_mode(session, scene.cast.admin, **target, mode=NdaMode.ON_REQUEST)
        accept_nda(session, scene.reader, **target, nda_version_id=current_nda(session, scene.challenge_id).id)

    at = open_as(scene.cast.admin, PAGE, id=scene.challenge_id)
    press(at, "Decide who may read")

    assert at.session_state["tab"] == "Confidentiality"
    assert "Decide who may read" not in labels(open_as(scene.reader, PAGE, id=scene.challenge_id))


def test_the_broker_is_named_to_both_sides_alone(scene: Scene) -> None:
    for actor in (scene.cast.admin, scene.cast.operator):
        assert f"Broker: {scene.cast.broker.name}" in texts(scene.open(actor, "Process"))
    assert scene.cast.broker.name not in texts(scene.open(scene.reader, "Process"))

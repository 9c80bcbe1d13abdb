"""Questions: unnamed, answered once and in public, hidden with a reason, until the close."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from db.models import Event, Question, Role
from portal.challenges.extensions import suspend_challenge
from portal.challenges.questions import (
    MOST_UNANSWERED,
    answer_question,
    ask_question,
    hide_question,
    list_questions,
)
from portal.errors import DeadlinePassed, Forbidden, Invalid, NotFound, NotPossibleNow, NotSignedIn, Stale, TooMany
from portal.permissions import VISITOR
from tests.challenges.samples import add_cast, opened_to_answers
from tests.challenges_life.samples import jump, researcher, told
from tests.factories import add_member, add_organisation


@pytest.fixture
def scene(session):
    cast = add_cast(session)
    return cast, opened_to_answers(session, cast), researcher(session)


def test_a_question_is_seen_by_those_who_answer_and_by_who_asked_until_it_is_answered(session, scene) -> None:
    cast, challenge, asker = scene
    other = researcher(session)
    ask_question(session, asker, challenge_id=challenge.id, text="  线速度上限？\r\n第二行 ")

    for reader in (cast.admin, cast.member, cast.operator, cast.approver, cast.broker, asker):
        assert [row.text for row in list_questions(session, reader, challenge.id)] == ["线速度上限？\n第二行"]
    stranger = add_member(session, Role.BROKER, add_organisation(session))
    for reader in (VISITOR, other, stranger):
        assert list_questions(session, reader, challenge.id) == []

    (row,) = list_questions(session, cast.member, challenge.id)
    assert (row.may_answer, row.may_hide, row.is_mine) == (True, False, False)
    answer_question(session, cast.member, question_id=row.id, answer="120 米每分钟", version=row.version)

    (shown,) = list_questions(session, VISITOR, challenge.id)
    assert (shown.text, shown.answer, shown.is_mine) == ("线速度上限？\n第二行", "120 米每分钟", False)
    assert any("is answered" in message for message in told(session, asker))


def test_no_row_and_no_notice_names_who_asked(session, scene) -> None:
    cast, challenge, asker = scene
    ask_question(session, asker, challenge_id=challenge.id, text="问题")

    for reader in (cast.admin, cast.operator, cast.broker):
        (row,) = list_questions(session, reader, challenge.id)
        assert str(asker.person_id) not in repr(row)
        assert asker.name not in repr(row)
    assert told(session, cast.admin)
    event = session.scalars(select(Event).where(Event.action == "ask_question")).one()
    assert event.sealed_until_opened == challenge.id


def test_who_may_ask(session, scene) -> None:
    cast, challenge, asker = scene

    with pytest.raises(NotSignedIn):
        ask_question(session, VISITOR, challenge_id=challenge.id, text="访客")
    for other in (cast.admin, cast.member, cast.operator, cast.approver, cast.broker):
        with pytest.raises(Forbidden):
            ask_question(session, other, challenge_id=challenge.id, text="不")
    with pytest.raises(Forbidden):
        ask_question(session, replace(asker, organisation_verified=False), challenge_id=challenge.id, text="未核验")
    assert session.scalars(select(Question)).all() == []


@pytest.mark.parametrize("text", ["", " \u200b\n", "长" * 2001, "\ud83d"])
def test_what_is_no_question_is_refused(session, scene, text) -> None:
    _cast, challenge, asker = scene
    with pytest.raises(Invalid):
        ask_question(session, asker, challenge_id=challenge.id, text=text)


def test_asking_ends_at_the_close_and_rests_while_suspended(session, scene) -> None:
    cast, challenge, asker = scene
    jump(challenge.closes_at, -1)
    ask_question(session, asker, challenge_id=challenge.id, text="最后一秒")
    jump(challenge.closes_at)
    with pytest.raises(DeadlinePassed):
        ask_question(session, asker, challenge_id=challenge.id, text="迟了")
    jump(challenge.closes_at, -60)
    suspend_challenge(session, cast.approver, challenge_id=challenge.id, reason="产线检修")
    with pytest.raises(NotPossibleNow):
        ask_question(session, asker, challenge_id=challenge.id, text="暂停中")


def test_only_the_enterprise_answers_and_only_once(session, scene) -> None:
    cast, challenge, asker = scene
    question_id = ask_question(session, asker, challenge_id=challenge.id, text="问题")

    for other in (cast.operator, cast.broker, asker):
        with pytest.raises(Forbidden):
            answer_question(session, other, question_id=question_id, answer="不")
    with pytest.raises(NotFound):
        answer_question(session, researcher(session), question_id=question_id, answer="不")
    with pytest.raises(Stale):
        answer_question(session, cast.admin, question_id=question_id, answer="旧页面", version=7)
    answer_question(session, cast.admin, question_id=question_id, answer="答")
    with pytest.raises(NotPossibleNow):
        answer_question(session, cast.admin, question_id=question_id, answer="改口")
    assert session.get(Question, question_id).answer == "答"


def test_a_hidden_question_is_gone_for_everybody_but_its_author_and_the_moderators(session, scene) -> None:
    cast, challenge, asker = scene
    question_id = ask_question(session, asker, challenge_id=challenge.id, text="请联系我 13900000000")

    with pytest.raises(Forbidden):
        hide_question(session, cast.admin, question_id=question_id, reason="企业不管")
    with pytest.raises(Invalid):
        hide_question(session, cast.broker, question_id=question_id, reason="  ")
    hide_question(session, cast.broker, question_id=question_id, reason="含有联系方式")

    assert list_questions(session, cast.admin, challenge.id) == []
    assert list_questions(session, VISITOR, challenge.id) == []
    (row,) = list_questions(session, asker, challenge.id)
    assert row.hidden_reason == "含有联系方式"
    assert any("no longer shown" in message for message in told(session, asker))
    with pytest.raises(NotFound):
        answer_question(session, cast.admin, question_id=question_id, answer="答")


def test_one_person_cannot_flood_the_enterprise(session, scene) -> None:
    _cast, challenge, asker = scene
    for number in range(MOST_UNANSWERED):
        ask_question(session, asker, challenge_id=challenge.id, text=f"问题{number}")
    with pytest.raises(TooMany):
        ask_question(session, asker, challenge_id=challenge.id, text="再问")
    ask_question(session, researcher(session), challenge_id=challenge.id, text="别人照问")

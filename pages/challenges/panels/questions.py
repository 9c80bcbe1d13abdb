"""Questions and answers of a challenge: ask unnamed, answer in public, moderate."""

from uuid import UUID

import streamlit as st

from portal.challenges.details import ChallengeDetail
from portal.challenges.questions import (
    ANSWER_LIMIT,
    QUESTION_LIMIT,
    QuestionRow,
    answer_question,
    ask_question,
    hide_question,
    list_questions,
    may_ask,
)
from portal.permissions import Action
from portal.ui import _, date_time, label, perform, read
from portal.ui.record import reason_dialog
from portal.ui.run import tell


def show(challenge: ChallengeDetail) -> None:
    """The form for who may ask, then every question that this reader may see."""
    st.caption(_("Questions are unnamed: nobody here learns who asked. Question and answer become public together."))
    if read(may_ask, challenge.id):
        _ask_form(challenge.id)
    rows = read(list_questions, challenge.id)
    if not rows:
        st.caption(_("No question has been answered yet."))
    for row in rows:
        with st.container(border=True, gap="small"):
            _question(row)


def _ask_form(challenge_id: UUID) -> None:
    with st.form("ask_question", border=True):
        st.text_area(
            _("Your question"),
            key="question_text",
            max_chars=QUESTION_LIMIT,
            height=100,
            help=_("Leave out names and anything that tells who you are; the question is published word by word."),
            placeholder=_("For example: is the line available at weekends for the pilot lot?"),
        )
        st.form_submit_button(label(Action.ASK_QUESTION), type="primary", on_click=_ask, args=(challenge_id,))


def _ask(challenge_id: UUID) -> None:
    if perform(ask_question, challenge_id=challenge_id, text=st.session_state["question_text"]):
        st.session_state["question_text"] = ""
        tell(_("Your question is with the enterprise. You are told when it is answered."))


def _question(row: QuestionRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(date_time(row.asked_at))
        if row.is_mine:
            st.badge(_("Asked by you"), color="blue")
        if row.hidden_reason:
            st.badge(_("Not shown"), color="red")
        elif row.answered_at is None:
            st.badge(_("Waiting for an answer"), color="orange")
    st.text(row.text)
    if row.hidden_reason:
        st.text(_("Reason: {reason}", reason=row.hidden_reason))
    if row.answered_at is not None:
        st.caption(_("Answer of {moment}", moment=row.answered_at))
        st.text(row.answer)
    if row.may_answer:
        _answer_form(row)
    if row.may_hide and st.button(label(Action.HIDE_QUESTION), key=f"hide_{row.id}", type="tertiary"):
        reason_dialog(
            label(Action.HIDE_QUESTION),
            _("The question disappears from the page for everybody but its author, who reads your reason."),
            lambda reason: bool(perform(hide_question, question_id=row.id, reason=reason, version=row.version)),
            key=f"hide_{row.id}",
        )


def _answer_form(row: QuestionRow) -> None:
    with st.form(f"answer_{row.id}", border=False):
        st.text_area(_("Your answer"), key=f"answer_text_{row.id}", max_chars=ANSWER_LIMIT, height=100)
        st.form_submit_button(
            label(Action.ANSWER_QUESTION),
            type="primary",
            on_click=_answer,
            args=(row.id, row.version),
            help=_("Everybody reads question and answer; an answer cannot be changed afterwards."),
        )


def _answer(question_id: UUID, version: int) -> None:
    text = st.session_state[f"answer_text_{question_id}"]
    if perform(answer_question, question_id=question_id, answer=text, version=version):
        tell(_("Question and answer are public now."))

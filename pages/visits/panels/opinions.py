"""Feedback: my own answer by the plain page, and what all of them say together from five answers on."""

import streamlit as st

from portal.ui import _, number, read
from portal.ui.lists import table
from portal.visits.details import VisitDetail
from portal.visits.people import feedback_summary, own_answer
from portal.visits.rules import FEEDBACK_FROM


def show(record: VisitDetail) -> None:
    summary = read(feedback_summary, record.row.id)
    mine = read(own_answer, record.row.id)
    if mine is not None:
        st.text(_("You answered {score} of 5. Another answer replaces it.", score=mine.score))
    if summary.answers is None or summary.mean is None:
        st.caption(_("The answers are shown from {count} on, so that nobody's can be guessed.", count=FEEDBACK_FROM))
        return
    st.text(_("{mean} of 5 from {count} answers", mean=f"{summary.mean:.1f}", count=number(summary.answers)))
    table([{_("Score"): str(score), _("Answers"): number(count)} for score, count in summary.by_score.items()])
    for words in summary.words:
        with st.container(border=True):
            st.text(words)

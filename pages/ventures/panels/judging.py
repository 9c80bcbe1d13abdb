"""The experts' advice, and objections with their answers."""

from typing import Any

import streamlit as st

from portal.permissions import Action
from portal.ui import _, date_time, label
from portal.ui.run import perform_and_tell
from portal.ui.tones import badge
from portal.ui.words import escape
from portal.ventures.commands import advise_venture
from portal.ventures.queries import VentureDetail
from portal.ventures.workflow import VentureAdvice


def show(record: VentureDetail) -> None:
    if Action.ADVISE_VENTURE in record.actions:
        _form(record)
    for row in record.advice:
        with st.container(border=True, gap="small"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                if row.advice:
                    badge(row.advice)
                else:
                    st.badge(_("not given yet"), color="orange")
                st.text(row.name, width="content")
            if row.words:
                st.text(row.words)
    if record.objections:
        st.subheader(_("Objections"), anchor=False)
    for objection in record.objections:
        with st.container(border=True, gap="small"):
            st.text(f"{objection.from_whom} · {date_time(objection.received_at)}")
            st.text(objection.words)
            if objection.answer:
                st.caption(escape(_("Answer: {answer}", answer=objection.answer)))


def _form(record: VentureDetail) -> None:
    mine = next((row for row in record.advice if row.is_me), None)
    words = {one: label(one) for one in VentureAdvice}
    with st.form("advice"):
        st.segmented_control(
            _("Your advice"),
            list(words),
            default=mine.advice if mine and mine.advice else VentureAdvice.FOR,
            format_func=words.__getitem__,
            key="advice_kind",
            required=True,
        )
        st.text_area(_("Reasons"), mine.words if mine else "", key="advice_words", max_chars=2000)
        st.form_submit_button(label(Action.ADVISE_VENTURE), type="primary", on_click=_save, args=(record,))


def _save(record: VentureDetail) -> None:
    state: Any = st.session_state
    perform_and_tell(
        advise_venture,
        _("Your advice is recorded."),
        venture_id=record.row.id,
        version=record.version,
        advice=state["advice_kind"],
        words=state["advice_words"],
    )

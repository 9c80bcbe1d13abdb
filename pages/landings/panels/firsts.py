"""首: the badges at the head of a project, the claims behind them, and the form for another."""

from typing import Any

import streamlit as st

from portal.landings.commands import claim_first, refuse_first, verify_first
from portal.landings.firsts import FirstRow
from portal.landings.queries import LandingDetail
from portal.landings.workflow import FirstLevel, FirstStatus
from portal.permissions import Action
from portal.ui import _, date_time, escape, label, perform
from portal.ui.record import begin_afresh, fresh, reason_dialog
from portal.ui.run import tell
from portal.ui.tones import badge


def badges(record: LandingDetail) -> None:
    """What is verified; public as soon as the project is."""
    if record.row.firsts:
        with st.container(horizontal=True, gap="small"):
            for level in record.row.firsts:
                st.badge(label(level), icon=":material/workspace_premium:", color="primary")


def show(record: LandingDetail) -> None:
    open_levels = [
        level
        for level in FirstLevel
        if level not in {row.level for row in record.firsts if row.status is not FirstStatus.REFUSED}
    ]
    may_claim = Action.CLAIM_FIRST in record.actions and bool(open_levels)
    if not record.firsts and not may_claim:
        return
    st.subheader(_("First of its kind"), anchor=False)
    for row in record.firsts:
        _row(row)
    if may_claim:
        _form(record, open_levels)


def _row(row: FirstRow) -> None:
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            badge(row.level)
            badge(row.status)
        st.text(row.evidence)
        st.caption(_("claimed by {name}, {at}", name=escape(row.claimed_by), at=date_time(row.claimed_at)))
        if row.decided_at is not None:
            st.caption(_("looked at by {name}, {at}", name=escape(row.decided_by), at=date_time(row.decided_at)))
        if row.reason:
            st.text(row.reason)
        if row.may_decide:
            with st.container(horizontal=True):
                key = row.level.value
                verify, refuse = label(Action.VERIFY_FIRST), label(Action.REFUSE_FIRST)
                st.button(verify, key=f"verify_first_{key}", on_click=_verify, args=(row,))
                if st.button(refuse, key=f"refuse_first_{key}"):
                    reason_dialog(
                        refuse,
                        _("It is not shown as a first; whoever claimed it reads your reason and may claim it anew."),
                        lambda reason: bool(perform(refuse_first, first_id=row.id, reason=reason)),
                        key="refuse_first",
                    )


def _verify(row: FirstRow) -> None:
    if perform(verify_first, first_id=row.id):
        tell(_("It is confirmed and shown as a badge."))


def _form(record: LandingDetail, levels: list[FirstLevel]) -> None:
    with st.expander(label(Action.CLAIM_FIRST), icon=":material/workspace_premium:"), st.form("first", border=False):
        names = {level: label(level) for level in levels}
        st.selectbox(_("Level"), levels, format_func=names.__getitem__, key="first_level")
        st.text_area(
            _("What shows it"),
            key=fresh("first_evidence"),
            max_chars=600,
            placeholder=_("Example: certificate of the provincial department, number and date."),
        )
        st.form_submit_button(label(Action.CLAIM_FIRST), type="primary", on_click=_claim, args=(record,))


def _claim(record: LandingDetail) -> None:
    state: Any = st.session_state
    words = state[fresh("first_evidence")]
    if perform(claim_first, landing_id=record.row.id, level=state["first_level"], evidence=words):
        begin_afresh()
        tell(_("The claim is recorded; an operator checks it."))

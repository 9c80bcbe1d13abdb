"""The selection pool on one record: reason, plan, notes on growth, and the forms of the operator."""

from typing import Any

import streamlit as st

from portal import clock
from portal.permissions import Action
from portal.talents.pool import PoolStay, leave_pool, note_growth, select_for_pool
from portal.talents.queries import TalentDetail
from portal.talents.rules import FIRST_DAY
from portal.ui import _, day, escape, label, perform
from portal.ui.record import begin_afresh, dialog_button, fresh
from portal.ui.run import tell


def show(record: TalentDetail) -> None:
    if not record.stays:
        st.caption(_("Not in the selection pool."))
    for stay in record.stays:
        _stay(stay)
    if Action.SELECT_FOR_POOL in record.actions:
        _selecting(record)
    if Action.NOTE_GROWTH in record.actions:
        _noting(record)
    if Action.LEAVE_POOL in record.actions and st.button(label(Action.LEAVE_POOL), key="leave_pool"):
        _leaving(record)


def _stay(stay: PoolStay) -> None:
    with st.container(border=True, gap="xsmall"):
        st.text(_("Selected on {day} by {name}", day=stay.selected_on, name=stay.selected_by))
        st.text(_("Reason: {reason}", reason=stay.reason))
        if stay.plan:
            st.text(_("Plan: {plan}", plan=stay.plan))
        if stay.left_on:
            st.text(_("Left on {day}: {reason}", day=stay.left_on, reason=stay.left_reason))
        for note in stay.notes:
            st.caption(f"{day(note.noted_on)} · {escape(note.entered_by)}")
            st.text(note.words)


def _selecting(record: TalentDetail) -> None:
    act = label(Action.SELECT_FOR_POOL)
    with st.expander(act, icon=":material/diversity_3:"), st.form("select_pool", border=False):
        st.date_input(_("Selected on"), clock.today(), key="selected_on", format="YYYY-MM-DD", min_value=FIRST_DAY)
        st.text_area(_("Reason"), key="pool_reason", max_chars=600, placeholder=_("What speaks for this person"))
        st.text_area(_("Plan"), key="pool_plan", max_chars=2000, placeholder=_("Posts, courses, mentor, by when"))
        st.form_submit_button(act, type="primary", on_click=_select, args=(record,))


def _select(record: TalentDetail) -> None:
    state: Any = st.session_state
    done = perform(
        select_for_pool,
        talent_id=record.row.id,
        selected_on=state["selected_on"],
        reason=state["pool_reason"],
        plan=state["pool_plan"],
    )
    if done:
        tell(_("The person is in the selection pool."))


def _noting(record: TalentDetail) -> None:
    act = label(Action.NOTE_GROWTH)
    with st.expander(act, icon=":material/edit_note:"), st.form("note", border=False):
        st.date_input(_("Day"), clock.today(), key=fresh("noted_on"), format="YYYY-MM-DD", min_value=FIRST_DAY)
        st.text_area(_("Note"), key=fresh("note"), max_chars=2000)
        st.form_submit_button(_("Save"), type="primary", on_click=_note, args=(record,))


def _note(record: TalentDetail) -> None:
    state: Any = st.session_state
    day_of_it, words = state[fresh("noted_on")], state[fresh("note")]
    if perform(note_growth, talent_id=record.row.id, noted_on=day_of_it, words=words):
        tell(_("The note is saved."))
        begin_afresh()


def _leaving(record: TalentDetail) -> None:
    heading = label(Action.LEAVE_POOL)

    def fire() -> bool:
        state: Any = st.session_state
        done = perform(leave_pool, talent_id=record.row.id, left_on=state["left_on"], reason=state["left_reason"])
        if done:
            tell(_("The person has left the selection pool."))
        return bool(done)

    @st.dialog(heading)
    def ask_reason() -> None:
        st.date_input(_("Day"), clock.today(), key="left_on", format="YYYY-MM-DD", min_value=FIRST_DAY)
        st.text_area(_("Reason"), key="left_reason", max_chars=600)
        dialog_button(heading, fire, key="do_leave_pool")

    ask_reason()

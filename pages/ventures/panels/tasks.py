"""The three phases with the tasks of each party."""

from typing import Any

import streamlit as st

from portal import clock
from portal.permissions import Action
from portal.ui import _, label
from portal.ui.record import begin_afresh, dialog_button, fresh
from portal.ui.run import perform_and_tell
from portal.ui.words import escape
from portal.ventures.growing import add_task, finish_task
from portal.ventures.queries import Task, VentureDetail
from portal.ventures.workflow import VentureParty, VenturePhase


def show(record: VentureDetail) -> None:
    if Action.ADD_TASK in record.actions:
        _form(record)
    if not record.tasks:
        st.caption(_("No task has been given yet; they follow the approval."))
    for phase in VenturePhase:
        mine = [row for row in record.tasks if row.phase is phase]
        if mine:
            st.subheader(label(phase), anchor=False)
        for number, row in enumerate(mine):
            _task(row, f"{phase.value}_{number}")


def _task(row: Task, key: str) -> None:
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(label(row.party), color="gray")
            if row.done_on:
                st.badge(_("done on {day}", day=row.done_on), icon=":material/check:", color="green")
            elif row.is_late:
                st.badge(_("overdue"), icon=":material/alarm:", color="red")
            st.text(_("due {due}", due=row.due_on), width="content")
        st.text(row.text)
        if row.words:
            st.caption(escape(row.words))
        if row.may_finish and st.button(label(Action.FINISH_TASK), key=f"finish_{key}"):
            _finish(row)


def _finish(row: Task) -> None:
    heading = label(Action.FINISH_TASK)
    state: Any = st.session_state

    def fire() -> Any:
        said = {"done_on": state["task_day"], "words": state["task_words"]}
        return perform_and_tell(finish_task, _("The task is recorded as done."), task_id=row.id, **said)

    @st.dialog(heading)
    def ask() -> None:
        st.text(row.text)
        st.date_input(_("The day it happened"), clock.today(), key="task_day", format="YYYY-MM-DD")
        st.text_area(_("By what it is seen"), key="task_words", max_chars=1000)
        dialog_button(heading, fire, key="act_confirm")

    ask()


def _form(record: VentureDetail) -> None:
    phases = {one: label(one) for one in VenturePhase}
    parties = {one: label(one) for one in VentureParty}
    with st.expander(label(Action.ADD_TASK), icon=":material/add_task:"), st.form("task", border=False):
        st.text_input(_("What is to be done") + " *", key=fresh("task_text"), max_chars=400)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            at = list(phases).index(record.row.phase) if record.row.phase else 0
            st.selectbox(_("Phase"), list(phases), index=at, format_func=phases.__getitem__, key="task_phase")
            st.selectbox(_("Party"), list(parties), format_func=parties.__getitem__, key="task_party")
            st.date_input(_("Due on"), clock.today(), key="task_due", format="YYYY-MM-DD")
        st.form_submit_button(label(Action.ADD_TASK), type="primary", on_click=_add, args=(record,))


def _add(record: VentureDetail) -> None:
    state: Any = st.session_state
    done = perform_and_tell(
        add_task,
        _("The task is added."),
        venture_id=record.row.id,
        phase=state["task_phase"],
        party=state["task_party"],
        text=state[fresh("task_text")],
        due_on=state["task_due"] or clock.today(),
    )
    if done:
        begin_afresh()

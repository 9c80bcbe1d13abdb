"""Correct a value or exclude a run: always with a reason, and nothing is ever deleted."""

import streamlit as st

from portal.permissions import Action
from portal.ui import _, day, label, number, perform
from portal.ui.run import tell
from portal.validation.commands import correct_measurement, exclude_run
from portal.validation.queries import PlanDetail


def show(record: PlanDetail) -> None:
    runs = {run.number: run for run in record.runs}
    with st.expander(_("Correct a value or exclude a run"), icon=":material/edit_note:"):
        st.caption(_("The old value stays beside the new one with your reason; the institute reads both."))
        names = {
            run.number: " · ".join((_("Run {number}", number=run.number), label(run.stage), day(run.ran_on)))
            for run in record.runs
        }
        chosen = st.selectbox(_("Run"), list(runs), key="correct_run", format_func=names.__getitem__)
        run = runs[chosen]
        measured = {row.position: row for row in record.characteristics if row.id in run.values}
        position = st.selectbox(
            _("Characteristic"),
            list(measured),
            key="correct_what",
            format_func=lambda key: f"{measured[key].name}: {number(run.values[measured[key].id].value)}",
        )
        st.text_input(_("Right value"), key="correct_value", max_chars=40)
        st.text_area(_("Reason"), key="correct_reason", max_chars=600)

        def correct() -> None:
            state = st.session_state
            done = perform(
                correct_measurement,
                run_id=run.id,
                characteristic_id=measured[position].id,
                value=state["correct_value"],
                reason=state["correct_reason"],
                version=record.version,
            )
            _clear(done)

        def exclude() -> None:
            reason = st.session_state["correct_reason"]
            _clear(perform(exclude_run, run_id=run.id, reason=reason, version=record.version))

        with st.container(horizontal=True):
            st.button(label(Action.CORRECT_MEASUREMENT), type="primary", key="do_correct", on_click=correct)
            st.button(label(Action.EXCLUDE_RUN), key="do_exclude", on_click=exclude, disabled=bool(run.excluded_reason))


def _clear(done: object) -> None:
    if done is None:
        return
    tell(_("Done. The history says who did what and when."))
    st.session_state["correct_value"] = st.session_state["correct_reason"] = ""

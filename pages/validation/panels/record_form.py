"""Record a run: each value is judged beside its field as soon as it is typed."""

from typing import Any

import streamlit as st

from pages.validation.panels.plan import limits_text, named
from pages.validation.panels.results import judgement_badge
from portal import clock
from portal.errors import Invalid
from portal.permissions import Action
from portal.ui import _, label, perform
from portal.ui.run import tell
from portal.ui.words import escape, plain_label
from portal.validation.commands import record_run
from portal.validation.findings import CharacteristicRow
from portal.validation.queries import PlanDetail
from portal.validation.rules import STAGES, judge, measured_value

TEXTS = ("lot", "device", "run_note")


def show(record: PlanDetail) -> None:
    st.subheader(label(Action.RECORD_RUN), anchor=False)
    stages = {stage: label(stage) for stage in STAGES}
    with st.container(border=True):
        with st.grid(4, min_column_width=180, gap="small"):
            st.selectbox(_("Stage"), STAGES, index=1, format_func=stages.__getitem__, key="run_stage")
            st.date_input(_("Date of the run"), clock.today(), key="ran_on", format="YYYY-MM-DD")
            st.text_input(_("Lot"), key="lot", max_chars=80)
            st.text_input(_("Device"), key="device", max_chars=120, help=_("The institute does not see this."))
        for row in record.characteristics:
            _field(row)
        st.text_area(_("Note (the institute reads it)"), key="run_note", max_chars=2000)
        st.button(label(Action.RECORD_RUN), type="primary", key="record_run", on_click=_save, args=(record,))


def _field(row: CharacteristicRow) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        text = st.text_input(
            plain_label(named(row)),
            key=f"value_{row.position}",
            max_chars=40,
            placeholder="",
            width=240,
        )
        limits = f":small[:gray[{escape(limits_text(row))}]]"
        st.markdown(f"{limits} {_judged(text, row)}" if text.strip() else limits, width="content")


def _judged(text: str, row: CharacteristicRow) -> str:
    try:
        value = measured_value(text)
    except Invalid:
        return ":orange-badge[" + _("not a number") + "]"
    return judgement_badge(judge(value, row.lower, row.upper))


def _save(record: PlanDetail) -> None:
    state: Any = st.session_state
    fields = {f"value_{row.position}": row.id for row in record.characteristics}
    saved = perform(
        record_run,
        plan_id=record.row.id,
        version=record.version,
        stage=state["run_stage"],
        ran_on=state["ran_on"],
        lot=state["lot"],
        device=state["device"],
        note=state["run_note"],
        values={row_id: state[key] for key, row_id in fields.items() if state[key].strip()},
    )
    if saved is None:
        return
    tell(_("The run was recorded."))
    for key in (*fields, *TEXTS):
        state[key] = ""

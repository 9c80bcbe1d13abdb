"""The track of stages, the evidence of each, and the form for the next one."""

from typing import Any

import streamlit as st

from portal import clock
from portal.landings.commands import record_step, verify_step
from portal.landings.evidence import EVIDENCE
from portal.landings.queries import LandingDetail
from portal.landings.track import StepRow
from portal.landings.workflow import LANES
from portal.permissions import Action
from portal.ui import _, date_time, day, label, month, perform
from portal.ui.run import tell
from portal.ui.web_links import file_link


def track(record: LandingDetail) -> None:
    """Every stage of the lane in order: reached with its day, the present one, those to come."""
    reached = {step.stage: step for step in record.steps}
    with st.container(horizontal=True, gap="small"):
        for stage in LANES[record.row.lane]:
            step = reached.get(stage)
            words = label(stage) + (f" {month(step.happened_on)}" if step else "")
            if stage is record.row.stage:
                st.badge(words, icon=":material/my_location:", color="primary")
            elif step is not None or stage is LANES[record.row.lane][0]:
                st.badge(words, icon=":material/check:", color="green")
            else:
                st.badge(words, icon=":material/radio_button_unchecked:", color="gray")


def show(record: LandingDetail) -> None:
    if not record.steps:
        st.caption(_("A lead since {day}; no further stage has been reached yet.", day=day(record.stage_since)))
    if Action.RECORD_STEP in record.actions and record.next_stage is not None:
        _form(record)
    for step in reversed(record.steps):
        _step(step)


def _step(step: StepRow) -> None:
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(label(step.stage), color="primary")
            st.text(_("happened on {day}", day=day(step.happened_on)), width="content")
            if step.verified_at:
                st.badge(_("verified"), icon=":material/verified:", color="green", help=date_time(step.verified_at))
            else:
                st.badge(_("not verified yet"), icon=":material/hourglass_empty:", color="orange")
        st.text(f"{label(step.evidence_type)} · {step.evidence}")
        if step.file_id is not None:
            file_link(step.file_name, step.file_id)
        st.caption(_("entered {at}", at=date_time(step.entered_at)))
        if step.may_verify:
            st.button(label(Action.VERIFY_STEP), key=f"verify_{step.stage.value}", on_click=_verify, args=(step,))


def _verify(step: StepRow) -> None:
    if perform(verify_step, step_id=step.id):
        tell(_("The stage is verified."))


def _form(record: LandingDetail) -> None:
    stage = record.next_stage
    assert stage is not None
    with st.form(f"step_{stage.value}"):
        st.text(_("Next stage: {stage}", stage=stage))
        kinds = {kind: label(kind) for kind in EVIDENCE[stage]}
        st.selectbox(
            _("Kind of evidence"),
            list(kinds),
            index=0 if len(kinds) == 1 else None,
            format_func=kinds.__getitem__,
            key=f"kind_{stage.value}",
            placeholder=_("Choose what you hold"),
        )
        st.date_input(_("The day it happened"), clock.today(), key="happened_on", format="YYYY-MM-DD")
        st.text_area(
            _("Evidence"),
            key=f"evidence_{stage.value}",
            max_chars=600,
            placeholder=_("Example: agreement of 5 March, signed by both; number of the business licence."),
        )
        st.file_uploader(_("File (optional, up to 20 MB)"), key=f"file_{stage.value}")
        st.form_submit_button(label(Action.RECORD_STEP), type="primary", on_click=_save, args=(record,))


def _save(record: LandingDetail) -> None:
    state: Any = st.session_state
    stage = record.next_stage
    assert stage is not None
    upload = state.get(f"file_{stage.value}")
    done = perform(
        record_step,
        landing_id=record.row.id,
        version=record.version,
        stage=stage,
        happened_on=state["happened_on"],
        evidence_type=state[f"kind_{stage.value}"],
        evidence=state[f"evidence_{stage.value}"],
        file=(upload.name, upload.getvalue()) if upload else None,
    )
    if done:
        tell(_("The stage “{stage}” is recorded; an operator verifies it.", stage=stage))

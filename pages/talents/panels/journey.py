"""The steps from the first contact to leading a project, and the form for the next one."""

from typing import Any

import streamlit as st

from portal import clock
from portal.permissions import Action
from portal.talents.queries import StepRow, TalentDetail, stay_complete_on
from portal.talents.rules import FIRST_DAY, STAGES
from portal.talents.steps import record_talent_step, take_back_talent_step
from portal.talents.workflow import TalentStage
from portal.ui import _, day, label, perform
from portal.ui.record import begin_afresh, confirm_dialog, fresh
from portal.ui.run import tell
from portal.ui.shell import record_link


def show(record: TalentDetail) -> None:
    if Action.RECORD_TALENT_STEP in record.actions and record.next_stage is not None:
        _form(record, record.next_stage)
    reached = {step.stage: step for step in record.steps}
    for stage in STAGES:
        _step(stage, reached.get(stage))
    if Action.TAKE_BACK_TALENT_STEP in record.actions and st.button(
        label(Action.TAKE_BACK_TALENT_STEP), icon=":material/undo:", key="take_back"
    ):
        confirm_dialog(
            label(Action.TAKE_BACK_TALENT_STEP),
            _("“{stage}” was entered by mistake: its day and source are deleted.", stage=record.steps[-1].stage),
            lambda: _take_back(record),
            key="take_back",
        )


def _step(stage: TalentStage, step: StepRow | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if step is None:
            st.badge(label(stage), icon=":material/radio_button_unchecked:", color="gray")
            return
        st.badge(label(stage), icon=":material/check:", color="green")
        st.text(day(step.happened_on), width="content")
        if step.page and step.object_id:
            record_link(step.source, step.page, step.object_id)
        elif step.source:
            st.text(step.source, width="content")


def _form(record: TalentDetail, stage: TalentStage) -> None:
    with st.form(f"step_{stage.value}"):
        st.text(_("Next step: {stage}", stage=stage))
        complete = stay_complete_on(record)
        if stage is TalentStage.RETAINED and complete is not None:
            st.caption(_("Twelve months are complete on {day}.", day=day(complete)))
        st.date_input(
            _("The day it happened"),
            clock.today(),
            key=fresh("happened_on"),
            format="YYYY-MM-DD",
            min_value=FIRST_DAY,
        )
        st.text_input(
            _("Known from"),
            key=fresh("source"),
            max_chars=300,
            placeholder=_("Number of a challenge or landing project, or words: list of participants of 5 March"),
        )
        st.form_submit_button(label(Action.RECORD_TALENT_STEP), type="primary", on_click=_save, args=(record, stage))


def _save(record: TalentDetail, stage: TalentStage) -> None:
    state: Any = st.session_state
    done = perform(
        record_talent_step,
        talent_id=record.row.id,
        version=record.version,
        stage=stage,
        happened_on=state[fresh("happened_on")],
        source=state[fresh("source")],
    )
    if done:
        tell(_("The step “{stage}” is recorded.", stage=stage))
        begin_afresh()


def _take_back(record: TalentDetail) -> None:
    if perform(take_back_talent_step, talent_id=record.row.id, version=record.version):
        tell(_("The step is taken back."))

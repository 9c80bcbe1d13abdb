"""Planned against actual day of every stage, and the form in which the days to come are planned."""

from typing import Any

import streamlit as st

from portal import clock
from portal.landings.commands import plan_stages
from portal.landings.queries import LandingDetail
from portal.landings.rules import StageDay
from portal.landings.workflow import LANES
from portal.permissions import Action
from portal.ui import _, day, label, perform, plural
from portal.ui.lists import table
from portal.ui.plots import Mark, planned_against_actual
from portal.ui.run import tell


def over(record: LandingDetail) -> str:
    """`12 days over the norm of 90`."""
    return plural(
        "{count} day over the norm of {norm}",
        "{count} days over the norm of {norm}",
        record.row.days_over,
        norm=record.norm_days,
    )


def show(record: LandingDetail) -> None:
    _chart(record.days)
    table(
        [
            {
                _("Stage"): label(row.stage),
                _("Planned"): _("{day} (by the norm)", day=row.planned_on) if row.is_norm else day(row.planned_on),
                _("Actual"): day(row.happened_on) if row.happened_on else _("still to come"),
                _("Difference"): _difference(row),
            }
            for row in record.days
        ]
    )
    if Action.PLAN_STAGES in record.actions and record.next_stage is not None:
        _form(record)


def _chart(days: list[StageDay]) -> None:
    kinds = (_("Planned"), _("Actual"))
    marks = []
    for row in days:
        is_late = bool(row.late and row.late > 0)
        marks.append(Mark(label(row.stage), kinds[0], row.planned_on, is_late))
        if row.happened_on:
            marks.append(Mark(label(row.stage), kinds[1], row.happened_on, is_late))
    said = [f"{label(row.stage)} {day(row.planned_on)} / {day(row.happened_on)}" for row in days]
    words = _("Planned and actual day of each stage: {days}", days="；".join(said))
    planned_against_actual(marks, clock.today(), kinds=kinds, words=words, key="stage_days")
    st.caption(_("Rings: planned. Full points: actual, red when late. Broken line: today."))


def _difference(row: StageDay) -> str:
    if row.late is None:
        return "—"
    if row.late == 0:
        return _("on the day")
    if row.late > 0:
        return plural("{count} day late", "{count} days late", row.late)
    return plural("{count} day early", "{count} days early", -row.late)


def _form(record: LandingDetail) -> None:
    stages = LANES[record.row.lane]
    to_come = [row for row in record.days if stages.index(row.stage) > stages.index(record.row.stage)]
    with st.expander(label(Action.PLAN_STAGES), icon=":material/edit_calendar:"), st.form("plan", border=False):
        st.caption(_("An empty day follows the stage before it by the norm."))
        with st.grid("auto", min_column_width=170, gap="small"):
            for row in to_come:
                st.date_input(
                    label(row.stage),
                    None if row.is_norm else row.planned_on,
                    key=f"plan_{row.stage.value}",
                    format="YYYY-MM-DD",
                )
        st.form_submit_button(_("Save"), type="primary", on_click=_save, args=(record, to_come))


def _save(record: LandingDetail, to_come: list[StageDay]) -> None:
    state: Any = st.session_state
    days = {row.stage: state[f"plan_{row.stage.value}"] for row in to_come}
    done = perform(plan_stages, landing_id=record.row.id, version=record.version, days=days)
    if done is not None:
        tell(_("Saved."))

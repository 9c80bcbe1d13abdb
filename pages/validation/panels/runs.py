"""Runs: a chart of values against limits, the table with each value judged, and forms to record and correct."""

import streamlit as st

from pages.validation.panels import chart, correct, record_form
from pages.validation.panels.plan import named
from pages.validation.panels.results import judgement_badge
from portal.permissions import Action
from portal.ui import _, day, label, number
from portal.ui.words import escape, unbroken
from portal.validation.access import Sight
from portal.validation.findings import RunRow, ValueRow
from portal.validation.queries import PlanDetail


def show(record: PlanDetail) -> None:
    if not record.runs:
        st.info(_("No run has been recorded yet."))
    else:
        chart.show(record)
        st.table([_line(run, record) for run in record.runs], alt=_("Runs with each value judged"))
        for run in record.runs:
            _remarks(run, record)
    if Action.RECORD_RUN in record.actions:
        record_form.show(record)
    if Action.CORRECT_MEASUREMENT in record.actions and record.runs:
        correct.show(record)


def _line(run: RunRow, record: PlanDetail) -> dict[str, str]:
    excluded = _("excluded")
    line = {
        unbroken(_("Run")): str(run.number),
        _("Stage"): unbroken(f"{label(run.stage)} · {day(run.ran_on)}")
        + (f" :gray-badge[{excluded}]" if run.excluded_reason else ""),
        _("Lot"): escape(run.lot) or "—",
    }
    if record.sight is Sight.FULL and any(other.device for other in record.runs):
        line[_("Device")] = escape(run.device) or "—"
    for row in record.characteristics:
        line[escape(named(row))] = _value(run.values.get(row.id))
    if record.sight is Sight.FULL:
        line[_("Recorded by")] = escape(run.recorded_by)
    return line


def _value(value: ValueRow | None) -> str:
    return "—" if value is None else f"{escape(number(value.value))} {judgement_badge(value.judgement)}"


def _remarks(run: RunRow, record: PlanDetail) -> None:
    """Note, corrections and exclusion of one run, each literally."""
    names = {row.id: row.name for row in record.characteristics}
    lines = [run.note] if run.note else []
    for key, value in run.values.items():
        lines += [
            _("{name}: {old} was replaced, because: {reason}", name=names[key], old=old, reason=reason)
            for old, reason in value.replaced
        ]
    if run.excluded_reason:
        lines.append(_("excluded, because: {reason}", reason=run.excluded_reason))
    for line in lines:
        st.caption(escape(_("Run {number}", number=run.number) + " · " + line))

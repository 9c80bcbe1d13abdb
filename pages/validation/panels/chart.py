"""Values of one characteristic over the runs, against its limits; the specification is built once per language."""

from functools import cache
from typing import Any

import altair as alt
import streamlit as st

from pages.validation.panels.plan import measured, named
from pages.validation.panels.results import judgement_words
from portal.ui import _, label, number
from portal.validation.findings import CharacteristicRow, RunRow
from portal.validation.queries import PlanDetail
from portal.validation.rules import Judgement

INSIDE, OUTSIDE, LIMIT = "#0072B2", "#D55E00", "#999999"


@cache
def _spec(run_title: str, inside: str, outside: str) -> dict[str, Any]:
    """Points by run with limit lines; colour and shape both tell inside from outside."""
    scale = alt.Scale(domain=[inside, outside], range=[INSIDE, OUTSIDE])
    shapes = alt.Scale(domain=[inside, outside], range=["circle", "triangle-up"])
    points = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(filled=True, size=110)
        .encode(
            x=alt.X("run:O", title=run_title, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=False, padding=24)),
            color=alt.Color("word:N", scale=scale, legend=alt.Legend(title=None, orient="top")),
            shape=alt.Shape("word:N", scale=shapes),
            tooltip=[alt.Tooltip("run:O", title=run_title), alt.Tooltip("shown:N", title=" "), "stage:N"],
        )
    )
    lines = (
        alt.Chart(alt.NamedData("limits"))
        .mark_rule(color=LIMIT, strokeWidth=2)
        .encode(y=alt.Y("value:Q"), strokeDash=alt.StrokeDash("kind:N", legend=None))
    )
    words = (
        alt.Chart(alt.NamedData("limits"))
        .mark_text(align="left", baseline="bottom", color="gray", dx=2, dy=-2)
        .encode(x=alt.value(0), y=alt.Y("value:Q"), text="name:N")
    )
    spec: dict[str, Any] = (lines + words + points).properties(height=300).to_dict()
    return spec


def show(record: PlanDetail) -> None:
    """Choose a characteristic; the table of all runs stands below."""
    rows = {row.position: row for row in record.characteristics}
    chosen = st.selectbox(
        _("Characteristic"), list(rows), format_func=lambda position: named(rows[position]), key="chart_of"
    )
    row = rows[chosen]
    runs = [run for run in record.runs if row.id in run.values and not run.excluded_reason]
    if not runs:
        st.caption(_("No value yet."))
        return
    inside, outside = _("inside"), _("outside")
    points = [_point(run, row, inside, outside) for run in runs]
    limits = [
        {"value": float(value), "name": f"{name} {number(value)}", "kind": kind}
        for value, name, kind in (
            (row.lower, _("lower limit"), "limit"),
            (row.upper, _("upper limit"), "limit"),
            (row.target, _("target"), "target"),
        )
        if value is not None
    ]
    words = "; ".join(_spoken(run, row) for run in runs)
    spec = _spec(_("Run"), inside, outside)
    st.vega_lite_chart(
        None,
        {**spec, "datasets": {"points": points, "limits": limits}},
        key="values_chart",
        alt=f"{named(row)}: {words}",
    )
    st.caption(_("Source: runs recorded by the enterprise; excluded runs are left out."))


def _point(run: RunRow, row: CharacteristicRow, inside: str, outside: str) -> dict[str, Any]:
    value = run.values[row.id]
    return {
        "run": run.number,
        "value": float(value.value),
        "shown": measured(value.value, row),
        "word": inside if value.judgement is Judgement.INSIDE else outside,
        "stage": label(run.stage),
    }


def _spoken(run: RunRow, row: CharacteristicRow) -> str:
    value = run.values[row.id]
    return f"{_('Run {number}', number=run.number)} {number(value.value)} {judgement_words(value.judgement)}"

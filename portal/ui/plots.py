"""Charts of landing projects: money, jobs and output over time, planned against actual days, a time line, a map.

Every specification is built once per shape and language and fed with named data; days are numbers on the axes, so that
they read alike in both languages. Whoever draws one puts its table beside it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import altair as alt
import pyarrow as pa
import streamlit as st

from portal.ui.charts import INK, INK_ON_DARK, PRIMARY, arrow
from portal.ui.words import _

# Okabe–Ito, safe for colour-blind eyes; government money has the one that stands out.
PALETTE = ("#D55E00", "#009E73", "#0072B2", "#CC79A7")
QUIET, LATE = "#7A8C94", "#C0392B"
LIGHT_TO_PRIMARY = ("#CFE8EC", PRIMARY)
_DAYS = alt.Axis(format="%Y-%m", labelOverlap=True, tickCount=6)


class Line(NamedTuple):
    """One value of one series on one day; it holds until the next day of the series."""

    day: date
    series: str
    value: float


class Bar(NamedTuple):
    """A stretch of time of one row: its name, its part, from when to when; `order` is its place in the legend."""

    name: str
    part: str
    start: date
    end: date
    order: int


class Mark(NamedTuple):
    """A point on a row of days; `kind` says which of the two days it is."""

    name: str
    kind: str
    day: date
    late: bool


class Spot(NamedTuple):
    """A place on the map with the size of what is there."""

    name: str
    longitude: float
    latitude: float
    value: float


def stacked_steps(
    parts: Sequence[Line], plan: Sequence[Line], *, names: Sequence[str], unit: str, words: str, key: str
) -> None:
    """What came from each source, one on top of the other in steps, and the plan as a broken line above."""
    spec = _stacked_spec(tuple(names), unit, _("Planned"))
    _draw(spec, {"parts": _lines(parts), "plan": _lines(plan)}, key=key, words=words)


@cache
def _stacked_spec(names: tuple[str, ...], unit: str, plan: str) -> dict[str, Any]:
    x = alt.X("day:T", title=None, axis=_DAYS)
    colours = alt.Scale(domain=list(names), range=list(PALETTE))
    parts = (
        alt.Chart(alt.NamedData("parts"))
        .mark_area(interpolate="step-after", opacity=0.85)
        .encode(
            x=x,
            y=alt.Y("value:Q", title=unit, stack="zero"),
            color=alt.Color(
                "series:N", scale=colours, title=None, legend=alt.Legend(orient="top", columns=2, labelLimit=180)
            ),
        )
    )
    line = (
        alt.Chart(alt.NamedData("plan"))
        .mark_line(interpolate="step-after", strokeDash=[6, 4], color=QUIET, strokeWidth=2)
        .encode(x=x, y=alt.Y("value:Q"))
    )
    return dict((parts + line).properties(height=260, description=plan).to_dict())


def steps(rows: Sequence[Line], *, names: tuple[str, str], unit: str, words: str, key: str) -> None:
    """Two series in steps: the first broken and quiet (planned), the second full (actual)."""
    _draw(_steps_spec(names, unit), {"rows": _lines(rows)}, key=key, words=words)


@cache
def _steps_spec(names: tuple[str, str], unit: str) -> dict[str, Any]:
    lines = (
        alt.Chart(alt.NamedData("rows"))
        .mark_line(interpolate="step-after", strokeWidth=2, point=alt.OverlayMarkDef(size=30))
        .encode(
            x=alt.X("day:T", title=None, axis=_DAYS),
            y=alt.Y("value:Q", title=unit, axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(
                "series:N",
                scale=alt.Scale(domain=list(names), range=[QUIET, PRIMARY]),
                title=None,
                legend=alt.Legend(orient="top"),
            ),
            strokeDash=alt.StrokeDash(
                "series:N", scale=alt.Scale(domain=list(names), range=[[6, 4], [1, 0]]), legend=None
            ),
        )
    )
    return dict(lines.properties(height=200).to_dict())


def paired_bars(
    rows: Sequence[tuple[str, str, float]], *, names: tuple[str, str], unit: str, words: str, key: str
) -> None:
    """(name, series, value): two bars beside each other for every name, planned and actual."""
    table = pa.table(
        {
            "name": [name for name, _series, _value in rows],
            "series": [series for _name, series, _value in rows],
            "value": [float(value) for _name, _series, value in rows],
        }
    )
    _draw(_paired_spec(names, unit), {"rows": table}, key=key, words=words)


@cache
def _paired_spec(names: tuple[str, str], unit: str) -> dict[str, Any]:
    bars = (
        alt.Chart(alt.NamedData("rows"))
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=alt.X("name:O", title=None, axis=alt.Axis(labelAngle=0)),
            xOffset=alt.XOffset("series:N", sort=list(names)),
            y=alt.Y("value:Q", title=unit),
            color=alt.Color(
                "series:N",
                scale=alt.Scale(domain=list(names), range=[QUIET, PRIMARY]),
                title=None,
                legend=alt.Legend(orient="top"),
            ),
        )
    )
    return dict(bars.properties(height=200).to_dict())


def planned_against_actual(marks: Sequence[Mark], today: date, *, kinds: tuple[str, str], words: str, key: str) -> None:
    """For every stage the planned day as a ring and the actual one as a full point; late ones in red."""
    table = pa.table(
        {
            "name": [row.name for row in marks],
            "kind": [row.kind for row in marks],
            "day": [_moment(row.day) for row in marks],
            "late": [row.late for row in marks],
        }
    )
    rows = len({row.name for row in marks})
    spec = _days_spec(kinds, rows)
    _draw(spec, {"marks": table, "today": pa.table({"day": [_moment(today)]})}, key=key, words=words)


@cache
def _days_spec(kinds: tuple[str, str], rows: int) -> dict[str, Any]:
    base = alt.Chart(alt.NamedData("marks")).encode(
        x=alt.X("day:T", title=None, axis=_DAYS),
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=180)),
    )
    colour = alt.condition("datum.late", alt.value(LATE), alt.value(PRIMARY))
    between = base.mark_line(strokeWidth=2, opacity=0.5, color=QUIET).encode(detail="name:N")
    planned = base.transform_filter(alt.datum.kind == kinds[0]).mark_point(size=90, color=QUIET, strokeWidth=2)
    actual = (
        base.transform_filter(alt.datum.kind == kinds[1])
        .mark_point(size=90, filled=True, opacity=1)
        .encode(color=colour)
    )
    return dict((_today() + between + planned + actual).properties(height=32 * rows + 30).to_dict())


def spans(bars: Sequence[Bar], today: date, *, parts: Sequence[str], words: str, key: str) -> None:
    """Rows of stretches of time one after the other, coloured from the first part to the last."""
    table = pa.table(
        {
            "name": [row.name for row in bars],
            "part": [row.part for row in bars],
            "start": [_moment(row.start) for row in bars],
            "end": [_moment(row.end) for row in bars],
        }
    )
    rows = len({row.name for row in bars})
    spec = _spans_spec(tuple(parts), rows)
    _draw(spec, {"spans": table, "today": pa.table({"day": [_moment(today)]})}, key=key, words=words)


@cache
def _spans_spec(parts: tuple[str, ...], rows: int) -> dict[str, Any]:
    bars = (
        alt.Chart(alt.NamedData("spans"))
        .mark_bar(height=14)
        .encode(
            x=alt.X("start:T", title=None, axis=_DAYS),
            x2="end:T",
            y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=118, labelOverlap=False)),
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=list(parts), range=shades(len(parts))),
                title=None,
                legend=alt.Legend(orient="top", columns=2, columnPadding=8, labelLimit=100),
            ),
        )
    )
    # The legend takes its room from the whole: two parts on a line.
    height = 26 * rows + 30 + 16 * (-(-len(parts) // 2))
    return dict((bars + _today()).properties(height=height).to_dict())


def town_map(spots: Sequence[Spot], *, unit: str, words: str, key: str) -> None:
    """Places by longitude and latitude, without tiles: a circle by size, the name and the figure beside it."""
    ink = INK_ON_DARK if st.context.theme.type == "dark" else INK
    table = pa.table(
        {
            "name": [row.name for row in spots],
            "longitude": [row.longitude for row in spots],
            "latitude": [row.latitude for row in spots],
            "value": [float(row.value) for row in spots],
            "words": [f"{row.name} {row.value:,.0f}" if row.value else row.name for row in spots],
        }
    )
    _draw(_map_spec(unit, ink), {"towns": table}, key=key, words=words)


@cache
def _map_spec(unit: str, ink: str) -> dict[str, Any]:
    base = alt.Chart(alt.NamedData("towns")).encode(
        longitude="longitude:Q", latitude="latitude:Q", tooltip=[alt.Tooltip("words:N", title=unit)]
    )
    circles = base.mark_circle(color=PRIMARY, opacity=0.75).encode(
        size=alt.Size("value:Q", scale=alt.Scale(range=[0, 900], domainMin=0), legend=None)
    )
    seats = base.mark_circle(size=12, color=QUIET)
    names = base.mark_text(dy=-23, fontSize=12, color=ink, stroke=None).encode(text="words:N")
    return dict((circles + seats + names).project("mercator").properties(height=420).to_dict())


def shades(count: int) -> list[str]:
    """So many colours from light to 湖青."""
    first, last = ([int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in LIGHT_TO_PRIMARY)
    share = [place / max(count - 1, 1) for place in range(count)]
    return ["#" + "".join(f"{round(a + (b - a) * at):02X}" for a, b in zip(first, last, strict=True)) for at in share]


def _today() -> Any:
    return alt.Chart(alt.NamedData("today")).mark_rule(color=LATE, strokeDash=[3, 3]).encode(x="day:T")


def _lines(rows: Sequence[Line]) -> Any:
    return pa.table(
        {
            "day": [_moment(row.day) for row in rows],
            "series": [row.series for row in rows],
            "value": [float(row.value) for row in rows],
        }
    )


def _moment(day: date) -> str:
    """Midnight on the reader's own clock: a bare day would be one in Greenwich and may show the day before."""
    return f"{day.isoformat()}T00:00:00"


def _draw(spec: Mapping[str, Any], tables: Mapping[str, Any], *, key: str, words: str) -> None:
    datasets = {name: arrow(table) for name, table in tables.items()}
    st.vega_lite_chart(None, {**spec, "datasets": datasets}, key=key, alt=words)

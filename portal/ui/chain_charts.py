"""Charts of the four chains: lines over months, and places side by side across the chains."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import altair as alt
import pyarrow as pa
import streamlit as st

from portal.metrics.four_chains.workflow import Chain
from portal.ui.charts import INK, INK_ON_DARK, PRIMARY, arrow
from portal.ui.lists import table
from portal.ui.words import _, month

CHAIN_COLOURS = {
    Chain.TALENT: "#0072B2",
    Chain.INNOVATION: "#CC79A7",
    Chain.INDUSTRY: "#009E73",
    Chain.CAPITAL: "#E69F00",
}
"""The four chains keep their colour on every page; from the Okabe-Ito set, safe for colour-blind eyes."""


@cache
def _trend_spec(value: str, names: tuple[str, ...], colours: tuple[str, ...], strong: str) -> dict[str, Any]:
    """A line a series over the months between 0 and 1; the strong one is thicker."""
    nearest = alt.selection_point(nearest=True, on="pointerover", fields=["month"], empty=False)
    base = alt.Chart(alt.NamedData("points")).encode(
        x=alt.X("month:T", title=None, axis=alt.Axis(format="%Y-%m", labelOverlap=True, tickCount="month")),
        y=alt.Y("value:Q", title=value),
        color=alt.Color(
            "name:N",
            title=None,
            scale=alt.Scale(domain=list(names), range=list(colours)),
            legend=alt.Legend(orient="bottom", columns=2, labelLimit=150, columnPadding=8),
        ),
    )
    lines = base.mark_line(interpolate="monotone").encode(
        strokeWidth=alt.condition(alt.datum.name == strong, alt.value(4), alt.value(1.8)),
        tooltip=[
            alt.Tooltip("month:T", title=_("Month"), format="%Y-%m"),
            alt.Tooltip("name:N", title=_("Series")),
            alt.Tooltip("value:Q", title=value, format=".3f"),
        ],
    )
    points = base.mark_point(filled=True, size=60).encode(opacity=alt.condition(nearest, alt.value(1), alt.value(0)))
    spec: dict[str, Any] = (lines + points.add_params(nearest)).properties(height=300).to_dict()
    return spec


def trend(
    series: Mapping[str, Sequence[tuple[date, float | None]]],
    colours: Sequence[str],
    *,
    value: str,
    source: str,
    key: str,
) -> None:
    """Lines over months between 0 and 1, the last series the strong one; a month without data leaves a gap."""
    names = tuple(series)
    spec = _trend_spec(value, names, tuple(colours), names[-1])
    rows = [(name, day, amount) for name, points in series.items() for day, amount in points]
    named, days, amounts = zip(*rows, strict=True)
    columns = {"name": named, "month": pa.array(days, pa.date32()), "value": pa.array(amounts, pa.float64())}
    points = arrow(pa.table(columns))
    words = "；".join(_ends_of(name, known) for name, known in series.items())
    st.vega_lite_chart(None, {**spec, "datasets": {"points": points}}, key=key, alt=f"{value}: {words}")
    st.caption(_("Source: {source}", source=source))
    with st.expander(_("Show as a table"), icon=":material/table:"):
        by_month: dict[date, dict[str, str]] = {day: {} for _name, day, _amount in rows}
        for name, day, amount in rows:
            by_month[day][name] = "" if amount is None else f"{amount:.3f}"
        table([{_("Month"): month(day), **cells} for day, cells in sorted(by_month.items(), reverse=True)])


@cache
def _profile_spec(value: str, place: str, axes: tuple[str, ...], ink: str) -> dict[str, Any]:
    """A line a place across the chains; the one under the pointer stands out, the chosen one always does."""
    under = alt.selection_point(on="pointerover", nearest=True, fields=["place"], empty=False)
    base = alt.Chart(alt.NamedData("points")).encode(
        x=alt.X("axis:N", sort=list(axes), title=None, axis=alt.Axis(labelAngle=0), scale=alt.Scale(padding=0.3)),
        y=alt.Y("value:Q", title=value),
        detail="place:N",
        tooltip=[
            alt.Tooltip("place:N", title=place),
            alt.Tooltip("axis:N", title=_("Chain")),
            alt.Tooltip("value:Q", title=value, format=".3f"),
        ],
    )
    is_strong: Any = {"test": {"or": ["datum.chosen", {"param": under.name, "empty": False}]}}
    lines = base.mark_line(color=PRIMARY).encode(
        opacity=alt.condition(is_strong, alt.value(1), alt.value(0.25)),
        strokeWidth=alt.condition(is_strong, alt.value(3), alt.value(1.5)),
    )
    dots = base.mark_point(filled=True, color=PRIMARY, size=45).encode(
        opacity=alt.condition(is_strong, alt.value(1), alt.value(0.35))
    )
    words = (
        base.transform_filter(alt.datum.axis == axes[-1])
        .mark_text(align="left", dx=8, color=ink)
        .encode(text="place:N", opacity=alt.condition(is_strong, alt.value(1), alt.value(0)))
    )
    spec: dict[str, Any] = (lines + dots + words).add_params(under).properties(height=280).to_dict()
    return spec


def profile(
    rows: Sequence[tuple[str, Sequence[float]]], axes: Sequence[str], *, chosen: str, value: str, place: str, key: str
) -> None:
    """The places side by side across the axes; the table that says the same follows on the page."""
    spec = _profile_spec(value, place, tuple(axes), INK_ON_DARK if st.context.theme.type == "dark" else INK)
    named = [(name, axis, amount) for name, amounts in rows for axis, amount in zip(axes, amounts, strict=True)]
    names, columns, amounts = zip(*named, strict=True)
    is_chosen = [name == chosen for name in names]
    table_ = {"place": names, "axis": columns, "value": pa.array(amounts, pa.float64()), "chosen": is_chosen}
    words = "；".join(f"{name} " + ", ".join(f"{one:.3f}" for one in amounts) for name, amounts in rows)
    alt_words = f"{value} ({', '.join(axes)}): {words}"
    st.vega_lite_chart(None, {**spec, "datasets": {"points": arrow(pa.table(table_))}}, key=key, alt=alt_words)


def _ends_of(name: str, points: Sequence[tuple[date, float | None]]) -> str:
    known = [(day, amount) for day, amount in points if amount is not None]
    if not known:
        return f"{name} —"
    (first, start), (last, end) = known[0], known[-1]
    return f"{name} {month(first)} {start:.3f} → {month(last)} {end:.3f}"

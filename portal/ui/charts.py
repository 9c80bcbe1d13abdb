"""Charts: an Altair specification built once per shape and language, fed with named data, with words and a table."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import pyarrow as pa
import streamlit as st

from portal.ui.lists import table
from portal.ui.words import _

PRIMARY = "#0B7285"
# Words inside a chart do not follow the theme by themselves.
INK, INK_ON_DARK = "#15242B", "#E6EEF1"


@cache
def _bar_spec(category: str, value: str, ink: str) -> dict[str, Any]:
    """Horizontal bars with their figures at the end; building and validating costs 7 ms, so it happens once."""
    base = alt.Chart(alt.NamedData("points")).encode(
        y=alt.Y("name:N", sort=None, title=category, axis=alt.Axis(labelLimit=180)),
        x=alt.X("value:Q", title=value, axis=alt.Axis(tickMinStep=1, format="~s")),
    )
    bars = base.mark_bar(color=PRIMARY, cornerRadiusEnd=2)
    words = base.mark_text(align="left", dx=4, color=ink).encode(text=alt.Text("value:Q", format=","))
    spec: dict[str, Any] = (bars + words).properties(height=alt.Step(28)).to_dict()
    return spec


def arrow(points: Any) -> bytes:
    """The table as the browser reads it; rows would pass through pandas, which costs ten times as much."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, points.schema) as stream:
        stream.write_table(points)
    return bytes(sink.getvalue())


def bars(
    rows: Sequence[tuple[str, float]], *, category: str, value: str, source: str, key: str, has_table: bool = False
) -> None:
    """Bars by category with unit and source, a text alternative, and the table one click away unless it follows."""
    spec = _bar_spec(category, value, INK_ON_DARK if st.context.theme.type == "dark" else INK)
    points = arrow(pa.table({"name": [name for name, _amount in rows], "value": [amount for _name, amount in rows]}))
    words = "；".join(f"{name} {amount:g}" for name, amount in rows)
    st.vega_lite_chart(None, {**spec, "datasets": {"points": points}}, key=key, alt=f"{value}: {words}")
    st.caption(_("Source: {source}", source=source))
    if has_table:
        return
    with st.expander(_("Show as a table"), icon=":material/table:"):
        table([{category: name, value: f"{amount:,g}"} for name, amount in rows])

"""A funnel as bars in the colour of the talent chain, with count and share of the step before."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import streamlit as st

from portal.ui.charts import INK, INK_ON_DARK
from portal.ui.words import _

TALENT = "#0072B2"
"""The talent chain keeps its colour on every page; safe for colour-blind eyes."""


@cache
def _spec(category: str, value: str, ink: str) -> dict[str, Any]:
    """Built and validated once a language and theme."""
    base = alt.Chart(alt.NamedData("points")).encode(
        y=alt.Y("name:N", sort=None, title=category, axis=alt.Axis(labelLimit=180)),
        x=alt.X("value:Q", title=value, axis=alt.Axis(tickMinStep=1, format="~s"), scale=alt.Scale(nice=True)),
    )
    bars = base.mark_bar(color=TALENT, cornerRadiusEnd=2)
    words = base.mark_text(align="left", dx=4, color=ink).encode(text=alt.Text("words:N"))
    spec: dict[str, Any] = (bars + words).properties(height=alt.Step(30)).to_dict()
    return spec


def funnel_bars(
    rows: Sequence[tuple[str, int | None, str]], *, category: str, value: str, source: str, key: str
) -> None:
    """Name, count and share by step; a hidden count has no bar. The table stands beside, drawn by the page."""
    spec = _spec(category, value, INK_ON_DARK if st.context.theme.type == "dark" else INK)
    hidden = _("hidden")
    points = [
        {
            "name": name,
            "value": count or 0,
            "words": hidden if count is None else " · ".join(filter(None, (f"{count:,}", share))),
        }
        for name, count, share in rows
    ]
    words = "；".join(f"{name} {point['words']}" for (name, _count, _share), point in zip(rows, points, strict=True))
    st.vega_lite_chart(None, {**spec, "datasets": {"points": points}}, key=key, alt=f"{value}: {words}")
    st.caption(_("Source: {source}", source=source))

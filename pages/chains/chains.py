"""The four chains: how talent, innovation, industry and capital stand and fuse, by month and town."""

from datetime import date

import streamlit as st

from pages.chains.parts.head import Asked, choose, place_name
from pages.chains.parts.made_of import show_parts
from pages.chains.parts.towns import show_towns
from portal.metrics.four_chains.degrees import Degree, degrees_over_time, frozen_months, list_editions
from portal.metrics.four_chains.workflow import Chain, EditionStatus
from portal.metrics.words import GRADES
from portal.ui import _, label, month, read
from portal.ui.chain_charts import CHAIN_COLOURS, trend
from portal.ui.charts import INK, INK_ON_DARK
from portal.ui.record import empty, title
from portal.ui.shell import page_link

title(_("Four chains"))
st.caption(_("How far talent, innovation, industry and capital have grown, and how evenly they grow together."))
months, editions = read(frozen_months), read(list_editions)
if not months:
    empty(_("No month is frozen yet. The portal does so by itself in the first night of the month that follows."))
    st.stop()
if not any(row.status is EditionStatus.PUBLISHED for row in editions):
    empty(
        _("No edition is published yet. An operator prepares one, and an approver publishes it."),
        page="chain-editions",
        link=_("Editions"),
    )
    st.stop()

asked = choose(months, editions)
history = read(degrees_over_time, edition_id=asked.edition.id, town=asked.town)
current = next(row for row in history if row.month == asked.month)
before = next((row for row in reversed(history) if row.month < asked.month), None)


def finding(now: Degree) -> str:
    """The one sentence that a leader reads."""
    place, when = place_name(asked.town), month(now.month)
    if now.result.d is None or now.result.grade is None:
        return _("{place}, {month}: the records hold nothing to judge by.", place=place, month=when)
    grade = _(GRADES[now.result.grade])
    words = _(
        "{place}, {month}: degree of coordination {degree}, {grade}.",
        place=place,
        month=when,
        degree=f"{now.result.d:.3f}",
        grade=grade,
    )
    weakest = min(Chain, key=now.scores.__getitem__)
    return (
        words
        + " "
        + _("The weakest is the {chain} at {score}.", chain=label(weakest), score=f"{now.scores[weakest]:.3f}")
    )


def show_figures(now: Degree, past: Degree | None) -> None:
    """The degree and the four scores, each with its change."""
    figures = [(_("Degree of coordination D"), now.result.d, past.result.d if past else None)]
    figures += [(label(chain), now.scores[chain], past.scores[chain] if past else None) for chain in Chain]
    grid = st.grid(5, min_column_width=150, border=True)
    for name, value, earlier in figures:
        change = None if value is None or earlier is None else round(value - earlier, 3)
        with grid.cell():
            st.metric(
                name,
                "—" if value is None else f"{value:.3f}",
                change,
                delta_description=None if change is None else _("on the month before"),
            )


def show_method(now: Degree) -> None:
    """Both degrees, labelled, and what they rest on."""
    result = now.result
    if result.d is not None:
        st.caption(
            _(
                "C {c}, T {t}, D {d}; corrected after Wang Shujia et al. (2021): C′ {c2}, D′ {d2}.",
                c=f"{result.c:.3f}",
                t=f"{result.t:.3f}",
                d=f"{result.d:.3f}",
                c2=f"{result.c_corrected:.3f}",
                d2=f"{result.d_corrected:.3f}",
            )
        )
    if now.clipped:
        st.caption(
            _(
                "{count} values lay outside the reference points of edition {number} and were cut off at them.",
                count=now.clipped,
                number=asked.edition.number,
            )
        )
    with st.container(horizontal=True):
        page_link(_("How it is computed, and what it does not say"), "chain-method", icon=":material/menu_book:")
        page_link(_("Editions"), "chain-editions", icon=":material/tune:")


def show_history(asked: Asked) -> None:
    st.subheader(_("Month by month"), anchor=False)
    series: dict[str, list[tuple[date, float | None]]] = {
        label(chain): [(row.month, row.scores[chain]) for row in history] for chain in Chain
    }
    series[_("Degree of coordination D")] = [(row.month, row.result.d) for row in history]
    ink = INK_ON_DARK if st.context.theme.type == "dark" else INK
    trend(
        series,
        [*CHAIN_COLOURS.values(), ink],
        value=_("Score (0 to 1)"),
        source=_("months frozen in this portal, edition {number}", number=asked.edition.number),
        key="history",
    )


st.write(finding(current))
show_figures(current, before)
show_method(current)
show_history(asked)
show_parts(asked)
show_towns(asked)

"""Figures that open their lists: a figure with its link below, and a table whose first column opens the list."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

from portal.ui.fold import fold
from portal.ui.shell import leads_to, page_link
from portal.ui.words import escape

NAME = 14  # half-width letters of a name beside three columns on a phone


class FigureRow(NamedTuple):
    """One line of figures: its name opens the list with those filters; without a page, they are set on this one."""

    name: str
    page: str
    filters: Mapping[str, str]
    cells: Sequence[str]


def figure(
    grid: Any, name: str, value: str, *, link: str, page: str, filters: Mapping[str, str], **change: Any
) -> None:
    """One figure in a cell of its own; `change` is what it is compared with, as `st.metric` takes it."""
    with grid.cell():
        st.metric(name, value, **change)
        page_link(link, page, icon=":material/arrow_forward:", query_params=dict(filters) or None)


def figure_table(heads: Sequence[str], rows: Iterable[FigureRow]) -> None:
    """Figures by name; on a phone the columns get narrow, and scroll only below that."""
    with st.grid(len(heads) + 1, wrap=False, min_column_width=68, gap="xxsmall", vertical_alignment="center") as grid:
        for place, head in enumerate(heads):
            (grid.cell(column_span=2) if place == 0 else grid).caption(head)
        for row in rows:
            name = "  \n".join(map(escape, fold(row.name, NAME)))
            with grid.cell(column_span=2):
                if not row.page:
                    st.button(
                        escape(row.name),
                        key="here-" + "-".join(row.filters.values()),
                        type="tertiary",
                        icon=":material/chevron_right:",
                        icon_position="right",
                        on_click=_here,
                        args=(dict(row.filters),),
                    )
                elif leads_to(row.page):
                    page_link(
                        name,
                        row.page,
                        icon=":material/chevron_right:",
                        icon_position="right",
                        query_params=dict(row.filters) or None,
                    )
                else:
                    st.markdown(name)
            for cell in row.cells:
                st.markdown(f":small[{escape(cell or '—')}]")


def _here(filters: dict[str, str]) -> None:
    """A link of a page to itself would stand there as the page that is open."""
    st.query_params.update(filters)

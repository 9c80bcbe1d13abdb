"""Lists: count, pages, cards or a light table, always sorted and cut by the server."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

import streamlit as st

from portal.ui.web_links import web_link
from portal.ui.words import _, escape

PAGE_SIZE = 20
COUNT_LIMIT = 1000

Row = TypeVar("Row")


def count_text(count: int) -> str:
    """`37`, or `1000+` beyond a thousand: nobody reads further, and counting on is slow."""
    return f"{COUNT_LIMIT}+" if count > COUNT_LIMIT else f"{count:,}"


def page_number(count: int, *, key: str = "page") -> int:
    """The page asked for, clamped; draws the control below the list when there is more than one."""
    pages = max(1, -(-min(count, COUNT_LIMIT) // PAGE_SIZE))
    if pages == 1:
        return 1
    return int(st.pagination(pages, key=key, bind="query-params"))


def offset_of(key: str = "page") -> int:
    """The first row of the page in the address: read before the list is asked for, clamped to a sane range."""
    raw = st.session_state.get(key) or st.query_params.get(key, "1")
    # `isdecimal`: a raised two (²) is a digit that is no number.
    page = int(raw) if str(raw).isdecimal() and len(str(raw)) < 4 else 1
    return (max(1, page) - 1) * PAGE_SIZE


def cards(rows: Sequence[Row], draw: Callable[[Row], Any], *, min_width: int = 320) -> None:
    """Each row as a card; as many columns as the screen takes."""
    with st.grid("auto", min_column_width=min_width, gap="small") as grid:
        for row in rows:
            with grid.cell().container(border=True, height="stretch", gap="small"):
                draw(row)


def table(rows: Sequence[dict[str, str]]) -> None:
    """A light table without scripts; every cell literal."""
    st.table([{_cell(name): _cell(value) for name, value in row.items()} for row in rows])


def _cell(value: Any) -> str:
    return escape(str(value)) if value not in (None, "") else "—"


def export_link(name: str, **defaults: str | None) -> None:
    """The list as a file, with the filters that stand in the address and those that hold without it."""
    asked = {key: value for key, value in defaults.items() if value} | st.query_params.to_dict()
    wanted = urlencode({key: value for key, value in asked.items() if key != "page" and value != "any"})
    web_link(_("Export as CSV"), f"/export/{name}.csv" + (f"?{wanted}" if wanted else ""))

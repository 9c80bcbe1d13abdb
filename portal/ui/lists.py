"""Lists: count, pages, cards or a light table, always sorted and cut by the server."""

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

import streamlit as st

from portal.ui.fold import LINE
from portal.ui.shell import record_link
from portal.ui.tones import badge_words
from portal.ui.web_links import web_link
from portal.ui.words import _, escape

PAGE_SIZE = 20
CARDS_ON_A_PAGE = 12  # whole rows of two, three and four; each card costs the server as much as two lines
COUNT_LIMIT = 1000


class Card(NamedTuple):
    """One record of a list: its title opens it; all words are shown literally."""

    title: str
    page: str
    object_id: UUID | None
    badges: Sequence[Enum | None] = ()
    note: str = ""  # beside the badges: a number, an age
    text: str = ""
    lines: Sequence[str] = ()  # smaller, one below the other; empty ones are left out
    below: str = ""  # a second line of the link, such as the record that the title's act is about
    icon: str | None = None  # before the link, where it has to be seen that there is one
    alert: str = ""  # what asks for attention, such as “your turn”


def count_text(count: int) -> str:
    """`37`, or `1000+` beyond a thousand: nobody reads further, and counting on is slow."""
    return f"{COUNT_LIMIT}+" if count > COUNT_LIMIT else f"{count:,}"


def page_size() -> int:
    """How many records a page holds in the view that the address asks for."""
    return PAGE_SIZE if st.query_params.get("view") == "table" else CARDS_ON_A_PAGE


def page_number(count: int, *, key: str = "page", size: int = PAGE_SIZE) -> int:
    """The page asked for, clamped; draws the control below the list when there is more than one."""
    pages = max(1, -(-min(count, COUNT_LIMIT) // size))
    if pages == 1:
        return 1
    # A number past the end shows the last page, as the lists themselves do.
    is_past = offset_of(key, size=size) >= pages * size
    return int(st.pagination(pages, default=pages if is_past else 1, key=key, bind="query-params"))


def offset_of(key: str = "page", *, size: int = PAGE_SIZE) -> int:
    """The first row of the page in the address: read before the list is asked for, clamped to a sane range."""
    raw = st.session_state.get(key) or st.query_params.get(key, "1")
    # `isdecimal`: a raised two (²) is a digit that is no number.
    page = int(raw) if str(raw).isdecimal() and len(str(raw)) < 4 else 1
    return (max(1, page) - 1) * size


def cards(rows: Iterable[Card], *, min_width: int = 320) -> None:
    """Records as cards of equal height; as many columns as the screen takes."""
    _draw_cards(rows, st.grid("auto", min_column_width=min_width, gap="small", border=True))


def lines(rows: Iterable[Card]) -> None:
    """Records one below the other over the whole width: what waits, what is late."""
    _draw_cards(rows, st.grid(1, gap="xsmall", border=True), width=LINE + 6)


def _draw_cards(rows: Iterable[Card], grid: Any, *, width: int = LINE) -> None:
    # Two elements a card: each costs the server as much as a small query.
    for row in rows:
        with grid.cell():
            record_link(row.title, row.page, row.object_id, icon=row.icon, strong=True, width=width, below=row.below)
            if words := _card_words(row):
                st.markdown(words)


def _card_words(row: Card) -> str:
    marks = [badge_words(member) for member in row.badges if member is not None]
    marks += [f":orange-badge[:material/notifications_active: {escape(row.alert)}]"] if row.alert else []
    marks += [_small(row.note)] if row.note else []
    text = f":small[{escape(row.text)}]" if row.text else ""
    small = "  \n".join(_small(line) for line in row.lines if line)
    return "\n\n".join(part for part in (" ".join(marks), text, small) if part)


def _small(text: str) -> str:
    return f":small[:gray[{escape(text)}]]"


def linked_table(heads: Sequence[str], rows: Iterable[tuple[Card, Sequence[str]]]) -> None:
    """Records as a light table whose first column opens them; on a phone it scrolls sideways."""
    columns = len(heads) + 1
    with st.grid(
        columns, wrap=False, min_column_width=110, gap=("xxsmall", "small"), vertical_alignment="center"
    ) as grid:
        for place, head in enumerate(heads):
            (grid.cell(column_span=2) if place == 0 else grid).caption(head)
        for row, cells in rows:
            with grid.cell(column_span=2):
                record_link(row.title, row.page, row.object_id, width=LINE - 8)
            for cell in cells:
                st.markdown(f":small[{escape(cell or '—')}]")


class LinkCell(str):
    """A cell that opens a record in another tab; its words are shown literally."""

    def __new__(cls, text: str, page: str, object_id: UUID | None = None, **query: str) -> "LinkCell":
        asked = urlencode(({"id": str(object_id)} if object_id else {}) | query)
        return super().__new__(cls, f"[{escape(text)}](/{page}?{asked})")


def table(rows: Sequence[dict[str, str]]) -> None:
    """A light table without scripts; every cell literal."""
    st.table([{_cell(name): _cell(value) for name, value in row.items()} for row in rows])


def _cell(value: Any) -> str:
    if isinstance(value, LinkCell):
        return value
    return escape(str(value)) if value not in (None, "") else "—"


def export_link(name: str, **defaults: str | None) -> None:
    """The list as a file, CSV or XLSX, with the filters that stand in the address and those that hold without it."""
    asked = {key: value for key, value in defaults.items() if value} | st.query_params.to_dict()
    wanted = urlencode({key: value for key, value in asked.items() if key not in ("page", "view") and value != "any"})
    query = f"?{wanted}" if wanted else ""
    with st.popover(_("Export"), icon=":material/download:", type="tertiary", key="export"):
        web_link(_("Excel workbook (XLSX)"), f"/export/{name}.xlsx{query}", is_file=True)
        web_link(_("Text file (CSV)"), f"/export/{name}.csv{query}", is_file=True)

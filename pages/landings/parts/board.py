"""The board: each lane by itself, a column a stage, the projects that changed last in each; columns wrap on a phone."""

from collections.abc import Callable, Sequence

import streamlit as st

from pages.landings.parts.rows import flag_of
from portal.landings.filters import LandingFilter
from portal.landings.queries import LandingRow
from portal.landings.views import Column, landing_board
from portal.landings.workflow import LandingFlag, LandingLane
from portal.ui import _, label, plural, read
from portal.ui.lists import count_text
from portal.ui.shell import page_link, record_link
from portal.ui.tones import badge_words
from portal.ui.words import escape

COLUMN = 124  # pixels: eight of them on a wide screen, two on a phone
TITLE = 10  # half-width letters on a line of a column


def show(wanted: LandingFilter, say: Callable[[int], None]) -> None:
    board = read(landing_board, wanted)
    say(sum(column.total for columns in board.lanes.values() for column in columns) + sum(board.ended.values()))
    for lane, columns in board.lanes.items():
        if any(column.total for column in columns):
            _lane(lane, columns)
    if board.ended:
        st.subheader(_("Ended"), anchor=False)
        with st.container(horizontal=True):
            for end, total in board.ended.items():
                page_link(f"{label(end)} {count_text(total)}", "landings", query_params=_asked(stage=end.value))


def _lane(lane: LandingLane, columns: Sequence[Column]) -> None:
    total = sum(column.total for column in columns)
    projects = plural("{count} project", "{count} projects", total, count=count_text(total))
    st.subheader(f"{label(lane)} · {projects}", anchor=False)
    with st.grid(len(columns), min_column_width=COLUMN, gap="xsmall", border=True) as grid:
        for column in columns:
            with grid.cell():
                _column(lane, column)


def _column(lane: LandingLane, column: Column) -> None:
    st.markdown(f"**{escape(label(column.stage))}** :gray[{count_text(column.total)}]")
    if not column.rows:
        st.caption("—")
    for row in column.rows:
        record_link(row.title, "landing", row.id, width=TITLE)
        if words := _marks(row):
            st.markdown(words)
    if column.total > len(column.rows):
        asked = _asked(stage=column.stage.value, lane=lane.value)
        page_link(_("All {count}", count=count_text(column.total)), "landings", query_params=asked)


def _marks(row: LandingRow) -> str:
    """What asks for attention, and what is to be proud of."""
    flag = flag_of(row)
    marks = [badge_words(flag)] if flag not in (None, LandingFlag.ON_TRACK) else []
    if row.days_over and flag is not None:
        days = plural("+{count} day", "+{count} days", row.days_over)
        marks.append(f":small[:gray[{escape(days)}]]")
    return " ".join([*marks, *map(badge_words, row.firsts)])


def _asked(**more: str) -> dict[str, str]:
    """The filters that stand in the address, for the list as a table."""
    kept = {key: value for key, value in st.query_params.to_dict().items() if key not in ("page", "view", "lang")}
    return {**kept, **more, "view": "table"}

"""Acceptance metrics and rubric in an editable table, saved as soon as every row can be accepted."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.challenges.parts.saving import BASE, base, save_open_section, table_state
from portal.challenges.drafts import Draft
from portal.challenges.queries import challenge_metrics, challenge_rubric
from portal.challenges.tables import clean_metrics, clean_rubric
from portal.challenges.workflow import SectionKey
from portal.errors import Invalid
from portal.ui import _, escape, read

NOT_SAVED = "edit_not_saved"
BLANK_ROWS = 3  # an empty table shows where to type; blank rows are never stored
METRIC_COLUMNS = ("name", "unit", "lower", "upper", "target", "mandatory", "method")
CRITERION_COLUMNS = ("name", "weight", "description")


def metrics_form(draft: Draft) -> None:
    """One row a characteristic; limits are typed as text, so that 0.10 stays 0.10."""
    # Widths in pixels, so that every heading is read in full and the whole row fits a common screen.
    text = st.column_config.TextColumn
    _editor(
        SectionKey.METRICS,
        METRIC_COLUMNS,
        lambda: [
            [
                row.name,
                row.unit,
                *("" if value is None else f"{value:f}" for value in (row.lower, row.upper, row.target)),
                row.mandatory,
                row.method,
            ]
            for row in read(challenge_metrics, draft.id)
        ],
        {
            "name": text(_("Characteristic"), width=160, pinned=True),
            "unit": text(_("Unit"), width=75, help=_("Write 1 for a pure number.")),
            "lower": text(_("Lower limit"), width=105),
            "upper": text(_("Upper limit"), width=105),
            "target": text(_("Target"), width=85),
            "mandatory": st.column_config.CheckboxColumn(_("Mandatory"), default=True, width=105),
            "method": text(_("How it is measured"), width=230),
        },
        clean_metrics,
    )


def rubric_form(draft: Draft) -> None:
    """One row a criterion."""
    rows = _editor(
        SectionKey.RUBRIC,
        CRITERION_COLUMNS,
        lambda: [[row.name, row.weight, row.description] for row in read(challenge_rubric, draft.id)],
        {
            "name": st.column_config.TextColumn(_("Criterion"), width="medium", pinned=True),
            "weight": st.column_config.NumberColumn(_("Weight in %"), min_value=1, max_value=100, step=1),
            "description": st.column_config.TextColumn(_("What counts"), width="large"),
        },
        clean_rubric,
    )
    total = sum(int(row["weight"]) for row in rows if row["weight"] is not None)
    st.caption(_("The weights sum to {total} of 100.", total=total))


def _editor(
    key: SectionKey,
    columns: Sequence[str],
    stored: Callable[[], list[list[Any]]],
    config: dict[str, Any],
    clean: Callable[[list[dict[str, Any]]], Any],
) -> list[dict[str, Any]]:
    """The table; its own base stays as it was drawn, since the browser sends changes to that."""
    known = base()
    drawn = f"edit_drawn_{key.value}"
    state = st.session_state.get(drawn)
    if state is None or table_state(key) not in st.session_state:
        state = (str(pd.Timestamp.now("UTC").value), stored() or [_blank(columns)] * BLANK_ROWS)
        st.session_state[drawn] = state
        rows = _as_rows(_frame(state[1], columns))
        st.session_state[table_state(key)] = rows
        if known is not None:
            known = known._replace(rows=rows)
            st.session_state[BASE] = known
    edited = st.data_editor(
        _frame(state[1], columns),
        num_rows="dynamic",
        hide_index=True,
        column_config=config,
        key=f"edit_table_{key.value}_{state[0]}",
        placeholder="",
        alt=_("Editable table; one row each"),
    )
    rows = _as_rows(edited)
    if known is not None and rows != st.session_state[table_state(key)]:
        st.session_state[table_state(key)] = rows
        try:
            clean(rows)
        except Invalid:
            pass  # said below, on this and every following run
        else:
            save_open_section()
    _say_refusal(rows, clean)
    return rows


def _blank(columns: Sequence[str]) -> list[Any]:
    return [True if name == "mandatory" else None for name in columns]


def _frame(rows: list[list[Any]], columns: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns), dtype="object")
    if "weight" in frame:
        frame["weight"] = frame["weight"].astype("Int64")
    if "mandatory" in frame:
        frame["mandatory"] = frame["mandatory"].astype("boolean")
    return frame


def _say_refusal(rows: list[dict[str, Any]], clean: Callable[[list[dict[str, Any]]], Any]) -> None:
    """Why the table is not saved yet; a row that is half typed is no error."""
    try:
        clean(rows)
    except Invalid as refusal:
        st.session_state[NOT_SAVED] = True  # the rail beside the table says so too
        words = escape(_(refusal.message, **refusal.params))
        st.caption(":material/edit_note: " + _("Not saved yet.") + f" {words}")


def _as_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Plain values; what the table leaves empty is None."""
    return [
        {str(name): None if value is None or value is pd.NA or value != value else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]

"""Programme and sites as editable tables; what is typed there is checked when the form is saved."""

from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from portal.organisations.places import towns
from portal.ui import _, language
from portal.visits.rules import LONGEST_DAYS, VisitForm

BLANK_ROWS = 4  # an empty table shows where to type; blank rows are never stored


def programme(stored: VisitForm | None, drawn: tuple[UUID | None, int]) -> list[dict[str, Any]]:
    """Rows as `VisitForm` takes them; `drawn` is the record and the version on screen."""
    text = st.column_config.TextColumn
    days = [str(one + 1) for one in range(LONGEST_DAYS)]
    st.subheader(_("Programme"), anchor=False)
    st.caption(_("Days are counted from 1; times like 9:30."))
    columns = {
        "day": st.column_config.SelectboxColumn(_("Day"), options=days, width="small"),
        "start": text(_("Begins"), width="small"),
        "end": text(_("Ends"), width="small"),
        "what": text(_("What happens"), width="large"),
        "place": text(_("Place"), width="medium"),
        "host": text(_("Host"), width="medium"),
    }
    return _grid([dict(row) for row in stored.programme] if stored else [], columns, "programme", drawn)


def sites(stored: VisitForm | None, drawn: tuple[UUID | None, int]) -> list[dict[str, Any]]:
    """Towns are chosen by name and handed on by code."""
    names = {place.code: place.in_language(language()) for place in towns()}
    codes = {words: code for code, words in names.items()}
    st.subheader(_("Sites"), anchor=False)
    columns = {
        "name": st.column_config.TextColumn(_("Organisation or place"), width="large"),
        "town": st.column_config.SelectboxColumn(_("Town"), options=list(codes), width="medium"),
    }
    rows = [{"name": row["name"], "town": names.get(row["town"], "")} for row in stored.sites] if stored else []
    found = _grid(rows, columns, "sites", drawn)
    return [{"name": row["name"], "town": codes.get(row["town"] or "", "")} for row in found]


def _grid(
    rows: list[dict[str, Any]], columns: dict[str, Any], key: str, drawn: tuple[UUID | None, int]
) -> list[dict[str, Any]]:
    """The base stays as it was drawn, since the browser sends changes to that."""
    name = f"{key}_{drawn[0]}_{drawn[1]}"
    base = st.session_state.setdefault(f"{name}_base", rows or [dict.fromkeys(columns)] * BLANK_ROWS)
    edited = st.data_editor(
        pd.DataFrame(base, columns=list(columns), dtype="object"),
        num_rows="dynamic",
        hide_index=True,
        column_config=columns,
        key=name,
        placeholder="",
        alt=_("Editable table; one row each"),
    )
    return [
        {str(column): value if isinstance(value, str) else None for column, value in row.items()}
        for row in edited.to_dict("records")
    ]

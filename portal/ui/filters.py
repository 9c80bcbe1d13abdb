"""Filters of a list, kept in the address under stable codes: the address is the truth, in every language."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from portal.ui.words import _

PAGE_KEY = "page"
TEXT_LIMIT = 100


def choice(label: str, options: Mapping[str, str], key: str, *, anything: str, default: str = "") -> str:
    """One of the codes of `options`, or the default; `anything` is the word for no filter (the code `any`)."""
    words = {"any": anything, **options}
    asked = st.query_params.get(key, "")
    st.session_state[key] = asked if asked in words else (default or "any")
    chosen = st.selectbox(
        label, list(words), format_func=words.__getitem__, key=key, on_change=_keep, args=(key, default or "any")
    )
    return "" if chosen == "any" else str(chosen)


def text(label: str, key: str, *, placeholder: str) -> str:
    """A search word, at most a hundred letters."""
    st.session_state[key] = st.query_params.get(key, "")[:TEXT_LIMIT]
    found = st.text_input(
        label, key=key, placeholder=placeholder, max_chars=TEXT_LIMIT, on_change=_keep, args=(key, "")
    )
    return found.strip()


def day(label: str, key: str) -> date | None:
    """A day, or none."""
    try:
        st.session_state[key] = date.fromisoformat(st.query_params.get(key, ""))
    except ValueError:
        st.session_state[key] = None
    found = st.date_input(
        label,
        value=None,
        key=key,
        format="YYYY-MM-DD",
        on_change=_keep,
        args=(key, None),
        min_value=date(2000, 1, 1),
        max_value=date(2199, 12, 31),
    )
    return found if isinstance(found, date) else None


def switch(label: str, key: str) -> bool:
    """Yes or no; no unless the address says so."""
    st.session_state[key] = st.query_params.get(key, "") == "True"
    return st.toggle(label, key=key, on_change=_keep, args=(key, False))


def view(key: str = "view") -> str:
    """Cards or table."""
    words = {"cards": _("Cards"), "table": _("Table")}
    asked = st.query_params.get(key, "")
    st.session_state[key] = asked if asked in words else "cards"
    chosen = st.segmented_control(
        _("View"),
        list(words),
        format_func=words.__getitem__,
        key=key,
        label_visibility="collapsed",
        required=True,
        on_change=_keep,
        args=(key, "cards"),
    )
    return str(chosen or "cards")


def _keep(key: str, default: object) -> None:
    """Write the choice into the address and begin again at the first page."""
    value = st.session_state[key]
    if value == default or value is None:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = str(value)
    if PAGE_KEY in st.session_state:
        st.session_state[PAGE_KEY] = 1

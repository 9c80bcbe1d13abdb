"""Filters of a list, kept in the address under stable codes: the address is the truth, in every language."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

import streamlit as st

from portal.ui.words import _, label

PAGE_KEY = "page"
TEXT_LIMIT = 100
KEPT = frozenset({"view", "lang"})

M = TypeVar("M", bound=StrEnum)


def choice(name: str, options: Mapping[str, str], key: str, *, anything: str, default: str = "") -> str:
    """One of the codes of `options`, or the default; `anything` is the word for no filter (the code `any`)."""
    words = {"any": anything, **options}
    asked = st.query_params.get(key, "")
    st.session_state[key] = asked if asked in words else (default or "any")
    chosen = st.selectbox(
        name, list(words), format_func=words.__getitem__, key=key, on_change=_keep, args=(key, default or "any")
    )
    return "" if chosen == "any" else str(chosen)


def one_of(name: str, options: Mapping[str, str], key: str, *, default: str) -> str:
    """One of the codes of `options`; there is always one."""
    asked = st.query_params.get(key, "")
    st.session_state[key] = asked if asked in options else default
    return str(
        st.selectbox(
            name, list(options), format_func=options.__getitem__, key=key, on_change=_keep, args=(key, default)
        )
    )


def member(name: str, members: type[M], key: str, *, anything: str) -> M | None:
    """One member of an enum, or none; the address holds its stable value."""
    chosen = choice(name, {one.value: label(one) for one in members}, key, anything=anything)
    return members(chosen) if chosen else None


def segment(name: str, options: Mapping[str, str], key: str, *, default: str, hidden: bool = False) -> str:
    """One of a few, side by side; the address holds its code."""
    asked = st.query_params.get(key, "")
    st.session_state[key] = asked if asked in options else default
    chosen = st.segmented_control(
        name,
        list(options),
        format_func=options.__getitem__,
        key=key,
        label_visibility="collapsed" if hidden else "visible",
        required=True,
        on_change=_keep,
        args=(key, default),
    )
    return str(chosen or default)


def text(name: str, key: str, *, placeholder: str) -> str:
    """A search word, at most a hundred letters."""
    st.session_state[key] = st.query_params.get(key, "")[:TEXT_LIMIT]
    found = st.text_input(name, key=key, placeholder=placeholder, max_chars=TEXT_LIMIT, on_change=_keep, args=(key, ""))
    return found.strip()


def day(name: str, key: str) -> date | None:
    """A day, or none."""
    try:
        st.session_state[key] = date.fromisoformat(st.query_params.get(key, ""))
    except ValueError:
        st.session_state[key] = None
    found = st.date_input(
        name,
        value=None,
        key=key,
        format="YYYY-MM-DD",
        on_change=_keep,
        args=(key, None),
        min_value=date(2000, 1, 1),
        max_value=date(2199, 12, 31),
    )
    return found if isinstance(found, date) else None


def switch(name: str, key: str) -> bool:
    """Yes or no; no unless the address says so."""
    st.session_state[key] = st.query_params.get(key, "") == "True"
    return st.toggle(name, key=key, on_change=_keep, args=(key, False))


def view(key: str = "view", *, more: Mapping[str, str] | None = None) -> str:
    """Cards or table, or one of those that this list has besides."""
    names = {"cards": _("Cards"), "table": _("Table"), **(more or {})}
    return segment(_("View"), names, key, default="cards", hidden=True)


def clear_button() -> None:
    """The way out of a list that holds nothing: every filter off, the view kept."""
    st.button(_("Clear the filters"), icon=":material/filter_alt_off:", key="clear_filters", on_click=_clear)


def _clear() -> None:
    for key in [key for key in st.query_params if key not in KEPT]:
        del st.query_params[key]


def _keep(key: str, default: object) -> None:
    """Write the choice into the address and begin again at the first page."""
    value = st.session_state[key]
    if value == default or value is None:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = str(value)
    if PAGE_KEY in st.session_state:
        st.session_state[PAGE_KEY] = 1

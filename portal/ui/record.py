"""The anatomy of a record's page: head, facts, actions, history, diagram."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

import streamlit as st

from portal.ui.run import told_here
from portal.ui.shell import page_link
from portal.ui.tones import badge
from portal.ui.words import _, date_time, escape, label, time_left
from portal.workflow import Workflow

_ROUND, _DONE = "_round", "_dialog_done"


class Button(NamedTuple):
    """One act that the reader may fire now."""

    label: str
    on_click: Callable[[], None]
    key: str


def title(text: str) -> None:
    """A page's own heading, from our messages."""
    st.title(text, anchor=False)


def head(text: str, status: Enum, *, over: str = "", line: str = "") -> None:
    """A record's title (literal), its status and the date that matters."""
    if over:
        st.caption(escape(over))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title(escape(text), anchor=False, width="content")
        badge(status)
    if line:
        st.text(line)


def facts(rows: Sequence[tuple[str, str]]) -> None:
    """At most five facts in one row; they wrap on a phone."""
    with st.grid(len(rows), min_column_width=150, gap="small"):
        for name, value in rows[:5]:
            with st.container(gap=None):
                st.caption(name)
                st.text(value)


def actions(primary: Button | None, others: Sequence[Button] = (), *, hint: str = "") -> None:
    """One primary act; the rest in a menu, and in one line why something is not possible."""
    if primary is None and not others and not hint:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if primary is not None and st.button(primary.label, type="primary", key=primary.key):
            primary.on_click()
        if others:
            by_label = {button.label: button for button in others}
            chosen = st.menu_button(_("More actions"), list(by_label), key="more_actions")
            if chosen:
                by_label[chosen].on_click()
        if hint:
            st.caption(hint)


def empty(message: str, *, page: str = "", link: str = "") -> None:
    """Why a list is empty, and the next step: a page by its address."""
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(f":material/inbox: {message}", width="content")
        if page:
            page_link(link, page, icon=":material/arrow_forward:")


@st.fragment(run_every=20)
def countdown(closes_at: datetime) -> None:
    """Time left by the server's clock; asked again while the page is open."""
    moment = _("{moment}, Beijing time", moment=date_time(closes_at))
    st.badge(time_left(closes_at), icon=":material/schedule:", color="orange", help=moment)


def history(rows: Sequence[Any]) -> None:
    """Acts on the record, newest first: each row has happened_at, action, who, to_status, reason."""
    if not rows:
        st.caption(_("Nothing has happened here yet."))
    for row in rows:
        with st.container(gap=None):
            parts = [date_time(row.happened_at), row.what, row.who]
            st.text(" · ".join(part for part in parts if part))
            if row.reason:
                st.caption(escape(row.reason))


def diagram(workflow: Workflow, status: Enum) -> None:
    """The record's life, made from the same table as the buttons."""
    st.mermaid_chart(workflow.to_mermaid(label, status), alt=_("Diagram of the steps; now: {status}", status=status))  # type: ignore[arg-type]


def fresh(key: str) -> str:
    """The key of a field that is empty again after `begin_afresh`; a refusal leaves what was typed."""
    return f"{key}_{st.session_state.get(_ROUND, 0)}"


def begin_afresh() -> None:
    """What was typed is done: the next run draws the fields of `fresh` empty."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def reason_dialog(heading: str, consequence: str, submit: Callable[[str], bool], *, key: str) -> None:
    """Ask once, name the consequence, and take the reason that the other side will read."""

    @st.dialog(heading)
    def ask_for_reason() -> None:
        st.text(consequence)
        st.text_area(_("Reason"), key=f"{key}_reason", max_chars=2000, placeholder=_("The other side will read this."))

        dialog_button(heading, lambda: submit(st.session_state.get(f"{key}_reason", "")), key=f"{key}_confirm")

    ask_for_reason()


def dialog_button(heading: str, submit: Callable[[], Any], *, key: str, disabled: bool = False) -> None:
    """The button at the end of a dialog with fields: a refusal is said beside it, and what was typed stays."""

    def fire() -> None:
        st.session_state[_DONE] = bool(submit())

    if st.button(heading, type="primary", key=key, disabled=disabled, on_click=fire):
        if st.session_state.pop(_DONE, False):
            st.rerun()
        told_here()


def confirm_dialog(heading: str, consequence: str, submit: Callable[[], Any], *, key: str) -> None:
    """Ask once and name the consequence."""

    @st.dialog(heading)
    def ask_once() -> None:
        st.text(consequence)
        if st.button(heading, type="primary", key=f"{key}_confirm", on_click=submit):
            st.rerun()

    ask_once()

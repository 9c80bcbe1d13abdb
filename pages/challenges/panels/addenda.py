"""Addenda of a challenge: what changed since it opened, and the one that waits for the other side."""

from typing import Any
from uuid import UUID

import streamlit as st

from portal.challenges.addenda import (
    TEXT_LIMIT,
    TITLE_LIMIT,
    AddendumRow,
    confirm_addendum,
    list_addenda,
    may_prepare_addendum,
    prepare_addendum,
)
from portal.challenges.details import ChallengeDetail
from portal.challenges.workflow import ChallengeStatus
from portal.permissions import Action
from portal.ui import _, date_time, escape, label, perform, read
from portal.ui.record import confirm_dialog
from portal.ui.run import tell


def show(challenge: ChallengeDetail) -> None:
    """Published ones newest first; for the two sides the waiting one and the form."""
    st.subheader(_("Addenda"), anchor=False)
    if read(may_prepare_addendum, challenge.id):
        with st.expander(label(Action.PREPARE_ADDENDUM), icon=":material/add:"):
            _form(challenge.id, None)
    rows = read(list_addenda, challenge.id)
    if not rows:
        st.caption(_("There is no addendum: the challenge stands as it was published."))
    for row in rows:
        with st.container(border=True, gap="small"):
            _addendum(challenge, row)


def _addendum(challenge: ChallengeDetail, row: AddendumRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        number = _("Addendum {number}", number=row.number)
        st.markdown(f"**{number}**")
        st.caption(date_time(row.published_at or row.prepared_at))
        if row.is_material:
            st.badge(_("Changes the task"), color="orange", help=_("Who has submitted is asked to acknowledge it."))
    st.markdown(f"**{escape(row.title)}**")
    st.text(row.text)
    if row.published_at is not None:
        return
    side = _("the enterprise") if row.by_enterprise else _("the district")
    st.badge(_("Not published"), color="orange")
    st.caption(_("Written by {side}; the other side's confirmation publishes it.", side=side))
    if challenge.status is ChallengeStatus.SUSPENDED:
        st.caption(_("It can be confirmed once the challenge has resumed."))
    if row.may_confirm and st.button(label(Action.CONFIRM_ADDENDUM), key=f"confirm_{row.id}", type="primary"):
        confirm_dialog(
            label(Action.CONFIRM_ADDENDUM),
            _("Everybody reads it from now on; it cannot be taken back."),
            lambda: perform(confirm_addendum, addendum_id=row.id, version=row.version),
            key=f"addendum_{row.id}",
        )
    if row.may_rewrite:
        with st.expander(_("Write it anew"), icon=":material/edit:"):
            st.caption(_("The other side confirms what was written last."))
            _form(challenge.id, row)


def _form(challenge_id: UUID, row: AddendumRow | None) -> None:
    key = f"addendum_{row.id if row else 'new'}"
    with st.form(key, border=False):
        st.text_input(_("Title"), row.title if row else "", key=f"{key}_title", max_chars=TITLE_LIMIT)
        st.text_area(_("Text"), row.text if row else "", key=f"{key}_text", max_chars=TEXT_LIMIT, height=160)
        st.checkbox(
            _("It changes the task: who has submitted is asked to acknowledge it"),
            row.is_material if row else False,
            key=f"{key}_material",
        )
        st.form_submit_button(
            _("Hand it to the other side"),
            type="primary",
            on_click=_prepare,
            args=(challenge_id, key, row.version if row else None),
        )


def _prepare(challenge_id: UUID, key: str, version: int | None) -> None:
    typed: dict[str, Any] = {
        "title": st.session_state[f"{key}_title"],
        "text": st.session_state[f"{key}_text"],
        "is_material": st.session_state[f"{key}_material"],
    }
    if perform(prepare_addendum, challenge_id=challenge_id, version=version, **typed):
        tell(_("The addendum waits for the other side's confirmation."))

"""What is still missing, section by section, and the act that hands the challenge over."""

from itertools import groupby
from typing import Any

import streamlit as st

from portal.challenges.drafts import Draft
from portal.challenges.flow import submit_challenge
from portal.challenges.workflow import SectionKey
from portal.permissions import Action
from portal.ui import _, escape, label, perform
from portal.ui.record import confirm_dialog
from portal.ui.run import tell
from portal.ui.shell import open_page


def submission(draft: Draft) -> None:
    """A summary before the final act."""
    st.subheader(_("Check and submit"), anchor=False)
    if draft.missing:
        st.caption(_("Something is still missing."))
    for key, found in groupby(draft.missing, key=lambda row: row[0]):
        _lines(key, [_(message, **params) for _key, message, params in found])
    if not draft.missing:
        st.success(_("Every required section is complete."), icon=":material/check_circle:")
    if not draft.may_submit:
        st.info(_("An admin of your enterprise submits it."))
        return
    if st.button(label(Action.SUBMIT_CHALLENGE), type="primary", key="submit", disabled=bool(draft.missing)):
        confirm_dialog(
            label(Action.SUBMIT_CHALLENGE),
            _("The district takes it up for refining; you can edit it again when it is returned."),
            lambda: _submit(draft),
            key="submit_challenge",
        )


def _lines(key: str, messages: list[str]) -> None:
    """What one section lacks, with the way there."""
    with st.container(horizontal=True, vertical_alignment="center"):
        lines = [f":material/radio_button_unchecked: {escape(message)}" for message in messages]
        st.markdown("  \n".join(lines), width="content")
        if key in set(SectionKey):
            st.button(
                _("Go there"),
                key=f"go_{key}",
                type="tertiary",
                on_click=_go,
                args=(key,),
            )


def _go(key: str) -> None:
    st.query_params["section"] = key


def _submit(draft: Draft) -> Any:
    done = perform(submit_challenge, challenge_id=draft.id, version=draft.version)
    if done:
        tell(_("Your challenge was handed over to the district."))
        open_page("challenge", draft.id)
    return done

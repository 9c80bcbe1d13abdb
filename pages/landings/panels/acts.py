"""The acts on a project that ask in a dialog: the flag and the end."""

from typing import Any

import streamlit as st

from portal.landings.commands import end_landing, flag_landing
from portal.landings.queries import LandingDetail
from portal.landings.workflow import ENDS, LandingFlag, LandingStage, LossCause
from portal.permissions import Action
from portal.ui import _, label, perform
from portal.ui.record import Button, dialog_button
from portal.ui.run import tell


def buttons(record: LandingDetail) -> tuple[Button | None, list[Button]]:
    """The next stage is recorded in its own form below; these two ask first."""
    found = []
    if Action.FLAG_LANDING in record.actions:
        found.append(Button(label(Action.FLAG_LANDING), lambda: _flag(record), "flag_act"))
    if Action.END_LANDING in record.actions:
        found.append(Button(label(Action.END_LANDING), lambda: _end(record), "end_act"))
    return None, found


def _flag(record: LandingDetail) -> None:
    heading = label(Action.FLAG_LANDING)

    def fire() -> bool:
        state: Any = st.session_state
        done = perform(
            flag_landing,
            landing_id=record.row.id,
            version=record.version,
            flag=state["new_flag"],
            reason=state["flag_reason"],
        )
        if done:
            tell(_("The flag is set."))
        return bool(done)

    flags = {flag: label(flag) for flag in LandingFlag}

    @st.dialog(heading)
    def ask_flag() -> None:
        st.segmented_control(
            _("Flag"),
            list(flags),
            default=record.row.flag,
            format_func=flags.__getitem__,
            key="new_flag",
            required=True,
        )
        st.text_area(_("Reason"), key="flag_reason", max_chars=600, placeholder=_("The parties read this."))
        dialog_button(heading, fire, key="do_flag")

    ask_flag()


def _end(record: LandingDetail) -> None:
    heading = label(Action.END_LANDING)

    def fire() -> Any:
        state: Any = st.session_state
        return perform(
            end_landing,
            landing_id=record.row.id,
            version=record.version,
            end=state["end"],
            reason=state["end_reason"],
            cause=state.get("end_cause"),
            lesson=state.get("end_lesson", ""),
        )

    ends = {end: label(end) for end in ENDS}
    causes = {cause: label(cause) for cause in LossCause}

    @st.dialog(heading)
    def ask_end() -> None:
        st.text(_("The project ends here for good; its records stay."))
        end = st.selectbox(_("How it ended"), list(ends), format_func=ends.__getitem__, key="end")
        if end is LandingStage.LOST:
            st.selectbox(
                _("Cause"),
                list(causes),
                index=None,
                format_func=causes.__getitem__,
                key="end_cause",
                placeholder=_("Choose the cause"),
            )
            st.text_area(_("What was learnt"), key="end_lesson", max_chars=2000)
        st.text_area(_("Reason"), key="end_reason", max_chars=2000, placeholder=_("The parties read this."))
        dialog_button(heading, fire, key="do_end")

    ask_end()

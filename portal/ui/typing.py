"""Long texts that are saved while they are typed: what `typing.js` looks after, and how quietly that is said."""

from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from portal.clock import local
from portal.ui.words import _

_SAID = "saved_said_at"
_QUIET = timedelta(minutes=1)


def saved_as_typed() -> Any:
    """A container whose text areas hand in what stands in them after two seconds' pause, and each ten at the latest."""
    return st.container(key="saved_as_typed")


def say_saved(saved_at: datetime) -> None:
    """Once a minute: the time of the last saving stands below the section anyway."""
    said: datetime | None = st.session_state.get(_SAID)
    if said is None or not said <= saved_at < said + _QUIET:
        st.session_state[_SAID] = saved_at
        st.toast(_("Saved {time}", time=f"{local(saved_at):%H:%M}"), icon=":material/check:")

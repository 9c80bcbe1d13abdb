"""What was done to a proposal: its team reads it at any time, others once it is opened."""

from typing import NamedTuple

import streamlit as st

from portal.proposals.queries import Act, Head, team_history
from portal.proposals.rules import Sight
from portal.ui import _, label, read
from portal.ui.history import record_history
from portal.ui.record import history


class _Line(NamedTuple):
    happened_at: object
    what: str
    who: str
    reason: str = ""


def show_history(head: Head) -> None:
    """Newest first."""
    if head.sight is Sight.FULL:
        record_history(head.id)
    if head.sight is Sight.TEAM:
        st.subheader(_("History"), anchor=False)
        history([_line(act) for act in read(team_history, head.id)])


def _line(act: Act) -> _Line:
    words = label(act.action)
    return _Line(act.happened_at, f"{words} → {label(act.to_status)}" if act.to_status else words, act.person)

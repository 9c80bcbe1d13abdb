"""The two keys: who turned which, and the button for one's own."""

from datetime import timedelta

import streamlit as st

from portal.permissions import Action
from portal.reviews.commands import turn_opening_key
from portal.reviews.queries import EvaluationDetail, KeyRow
from portal.reviews.rules import ENTERPRISE
from portal.ui import _, actor, date_time, perform
from portal.ui.record import confirm_dialog
from portal.ui.run import tell


def show(record: EvaluationDetail) -> None:
    st.subheader(_("Opening"), anchor=False)
    st.caption(
        _(
            "One admin of the enterprise and one operator each turn a key within {minutes} minutes. Until then nobody "
            "can read the proposals, or learn whether there are any.",
            minutes=record.window_minutes,
        )
    )
    with st.grid(2, min_column_width=240, gap="small"):
        for key in record.keys:
            with st.container(border=True):
                _key(key)
    may_turn = record.opened_at is None and any(step.action is Action.OPEN_PROPOSALS for step in record.steps)
    own = next(key for key in record.keys if (key.side == ENTERPRISE) is not actor().is_official)
    if may_turn and own.counts and own.turned_at is not None:
        until = own.turned_at + timedelta(minutes=record.window_minutes)
        st.text(_("This key holds until {moment}; the other side turns theirs before.", moment=date_time(until)))
    elif may_turn and st.button(_("Turn my key"), type="primary", key="turn"):
        confirm_dialog(
            _("Turn my key"),
            _("If the other key was turned in time, every proposal can be read from this moment on. This is recorded."),
            lambda: _turn(record),
            key="turn_key",
        )


def _turn(record: EvaluationDetail) -> None:
    is_open = perform(turn_opening_key, challenge_id=record.row.id)
    if is_open is True:
        tell(_("The proposals are open."))
    elif is_open is False:
        tell(_("Your key is turned. The other side was told to turn theirs."))


def _key(key: KeyRow) -> None:
    st.text(_("Key of the enterprise") if key.side == ENTERPRISE else _("Key of the district"))
    if key.turned_at is None:
        st.badge(_("not turned yet"), icon=":material/lock:", color="gray")
    elif key.counts:
        st.badge(_("turned"), icon=":material/key:", color="primary")
    else:
        st.badge(_("turned too early, to be turned again"), icon=":material/timer_off:", color="orange")
    if key.turned_at is not None:
        st.caption(date_time(key.turned_at))
        st.text(key.name)

"""The history of one record, from the event table, for whoever may see the record."""

from uuid import UUID

import streamlit as st

from portal.metrics.trail import TrailRow, record_trail
from portal.ui.run import read
from portal.ui.trail_words import action_words, status_words
from portal.ui.words import _, date_time, escape, label


def record_history(object_id: UUID) -> None:
    """Newest first; the caller has made sure that the reader may see the record."""
    rows = read(record_trail, object_id)
    st.subheader(_("History"), anchor=False)
    if not rows:
        st.caption(_("Nothing has happened here yet."))
    for row in rows:
        _line(row)


def _line(row: TrailRow) -> None:
    who = " · ".join(part for part in (label(row.role), row.organisation) if part)
    status = status_words(row)
    with st.container(gap=None):
        st.text(
            " · ".join(part for part in (date_time(row.happened_at), action_words(row.action), status, who) if part)
        )
        if row.reason:
            st.caption(escape(row.reason))

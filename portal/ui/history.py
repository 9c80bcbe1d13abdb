"""The history of one record, from the event table, for whoever may see the record."""

from datetime import date
from itertools import groupby
from uuid import UUID

import streamlit as st

from portal.clock import local
from portal.metrics.trail import TrailRow, record_trail
from portal.ui.run import read
from portal.ui.trail_words import action_words, detail_words, status_words
from portal.ui.words import _, date_time, escape, label


def record_history(object_id: UUID) -> None:
    """Newest first; the caller has made sure that the reader may see the record."""
    rows = read(record_trail, object_id)
    st.subheader(_("History"), anchor=False)
    if not rows:
        st.caption(_("Nothing has happened here yet."))
    for (_date, words, reason), same in groupby(rows, key=_said):
        first, *others = same
        times = _("{count} times", count=len(others) + 1) if others else ""
        with st.container(gap=None):
            st.text(" · ".join(part for part in (date_time(first.happened_at), words, times) if part))
            if reason:
                st.caption(escape(reason))


def _said(row: TrailRow) -> tuple[date, str, str]:
    """What a line says beside its time: the same act many times on one day, such as saving, is one line."""
    parts = (action_words(row.action), detail_words(row), status_words(row), label(row.role), row.organisation)
    return local(row.happened_at).date(), " · ".join(part for part in parts if part), row.reason

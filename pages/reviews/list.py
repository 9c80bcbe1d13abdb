"""Evaluations: every challenge between its deadline and its award, with whose turn it is."""

import streamlit as st

from portal.reviews.queries import EvaluationRow, list_evaluations
from portal.ui import _, date_time, filters, read
from portal.ui.lists import cards, count_text, offset_of, page_number
from portal.ui.record import empty, title
from portal.ui.shell import open_page, page_path
from portal.ui.tones import badge
from portal.ui.words import escape

title(_("Evaluation"))
st.caption(_("After the deadline both sides open the proposals, rank them, agree on terms, and one is awarded."))
scopes = {"running": _("In evaluation"), "ended": _("Decided")}
scope = filters.segment(_("Which"), scopes, "scope", default="running", hidden=True)
found = read(list_evaluations, ended=scope == "ended", offset=offset_of())
st.caption(_("{count} challenges", count=count_text(found.total)))
if not found.rows:
    empty(
        _("Nothing is in evaluation now. A challenge comes here when its deadline has passed."),
        page=page_path("challenges/list.py"),
        link=_("Challenges"),
    )
    st.stop()


def draw(row: EvaluationRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        badge(row.status)
        if row.is_my_turn:
            st.badge(_("Your turn"), icon=":material/notifications_active:", color="orange")
    st.markdown(f"**{escape(row.title)}**")
    st.caption(escape(f"{row.number} · {row.organisation}"))
    st.text(_(row.turn.message))
    st.caption(_("Closed on {at}", at=date_time(row.closes_at)))
    if st.button(_("Open it"), key=f"open_{row.id}"):
        open_page("evaluation", row.id)


cards(found.rows, draw)
page_number(found.total)

"""Evaluations: every challenge between its deadline and its award, with whose turn it is."""

import streamlit as st

from portal.reviews.queries import EvaluationRow, list_evaluations
from portal.ui import _, date_time, filters, plural, read
from portal.ui.lists import CARDS_ON_A_PAGE, Card, cards, count_text, offset_of, page_number
from portal.ui.record import empty, title

title(_("Evaluation"))
st.caption(_("After the deadline both sides open the proposals, rank them, agree on terms, and one is awarded."))
scopes = {"running": _("In evaluation"), "ended": _("Decided")}
scope = filters.segment(_("Which"), scopes, "scope", default="running", hidden=True)
found = read(list_evaluations, ended=scope == "ended", offset=offset_of(size=CARDS_ON_A_PAGE), limit=CARDS_ON_A_PAGE)
st.caption(plural("{count} challenge", "{count} challenges", found.total, count=count_text(found.total)))
if not found.rows:
    empty(
        _("Nothing is in evaluation now. A challenge comes here when its deadline has passed."),
        page="challenges",
        link=_("Challenges"),
    )
    st.stop()


def card(row: EvaluationRow) -> Card:
    return Card(
        row.title,
        "evaluation",
        row.id,
        badges=[row.status],
        alert=_("Your turn") if row.is_my_turn else "",
        note=row.number,
        text=_(row.turn.message),
        lines=[row.organisation, _("Closed on {at}", at=date_time(row.closes_at))],
    )


cards(map(card, found.rows))
page_number(found.total, size=CARDS_ON_A_PAGE)

"""My visits: those I take part in, whose group I registered, or which I organise."""

import streamlit as st

from pages.visits.panels.words import card
from portal.ui import _, read
from portal.ui.lists import CARDS_ON_A_PAGE, cards, count_text, export_link, offset_of, page_number
from portal.ui.record import empty, title
from portal.ui.shell import page_link
from portal.visits.queries import MINE, list_visits

title(_("My visits"))
st.caption(_("What I take part in, whose group I registered, and what I organise; the latest first."))
found = read(list_visits, when=MINE, offset=offset_of(size=CARDS_ON_A_PAGE), limit=CARDS_ON_A_PAGE)
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.caption(_("{count} visits", count=count_text(found.total)))
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        page_link(_("In my own calendar"), "account", icon=":material/calendar_month:")
        export_link("visits", when=MINE)
if not found.rows:
    empty(_("You take part in no visit yet."), page="visits", link=_("Look at the visits"))
    st.stop()
cards(map(card, found.rows))
page_number(found.total, size=CARDS_ON_A_PAGE)

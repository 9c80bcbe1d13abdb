"""Visits of young talent: those to come and those that were, by kind and town, with free places."""

import streamlit as st

from pages.visits.panels.words import card, cells
from portal.organisations.places import towns
from portal.permissions import Action, can
from portal.ui import _, actor, filters, label, language, read
from portal.ui.lists import cards, count_text, export_link, linked_table, offset_of, page_number, page_size
from portal.ui.record import empty, title
from portal.ui.shell import open_page, page_link
from portal.ui.web_links import web_link
from portal.visits.queries import PAST, UPCOMING, list_visits
from portal.visits.workflow import VisitKind

current = actor()
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    title(_("Visits"))
    if can(current, Action.PLAN_VISIT) and st.button(
        label(Action.PLAN_VISIT), type="primary", icon=":material/add:", key="plan"
    ):
        open_page("visit-edit")
st.caption(_("Young people get to know what is studied, made and offered in the district."))

names = {place.code: place.in_language(language()) for place in towns()}
with st.container(horizontal=True, vertical_alignment="bottom"):
    whens = {UPCOMING: _("To come"), PAST: _("Past")}
    when = filters.segment(_("When"), whens, "when", default=UPCOMING)
    kind = filters.member(_("Kind"), VisitKind, "kind", anything=_("All kinds"))
    town = filters.choice(_("Town"), names, "town", anything=_("All towns"))
    free = filters.switch(_("With free places"), "free") if when == UPCOMING else False

size = page_size()
found = read(
    list_visits, when=when, kind=kind, town=town or None, only_free=free, offset=offset_of(size=size), limit=size
)
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.caption(_("{count} visits", count=count_text(found.total)))
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        page_link(_("My visits"), "my-visits", icon=":material/event_available:")
        web_link(_("Calendar feed"), "/calendar/visits.ics", is_file=True)
        export_link("visits")
        view = filters.view()
if not found.rows:
    if kind or town or free:
        empty(_("No visit fits these filters."))
        filters.clear_button()
    elif when == PAST:
        empty(_("No visit has taken place yet."))
    else:
        empty(_("No visit is announced now. Universities, enterprises and towns announce them here."))
    st.stop()

if view == "table":
    heads = (_("Title"), _("Kind"), _("Status"), _("Day"), _("Town"), _("Organiser"), _("Places"))
    linked_table(heads, map(cells, found.rows))
else:
    cards(map(card, found.rows))
page_number(found.total, size=size)

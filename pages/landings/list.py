"""Landing projects as cards, table, board, time line or map; the filters are the same and stand in the address."""

import streamlit as st

from pages.landings.parts import board, timeline, town_map
from pages.landings.parts.filters import landing_filters
from pages.landings.parts.rows import card, cells
from portal.landings.filters import LandingFilter
from portal.landings.queries import LandingPage, list_landings
from portal.permissions import Action, can
from portal.ui import _, actor, filters, label, plural, read
from portal.ui.lists import cards, count_text, export_link, linked_table, offset_of, page_number, page_size
from portal.ui.record import empty, title
from portal.ui.shell import open_page

current = actor()
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    title(_("Landing projects"))
    if can(current, Action.CREATE_LANDING) and st.button(
        label(Action.CREATE_LANDING), type="primary", icon=":material/add:", key="create"
    ):
        open_page("landing-new")
st.caption(_("Projects that come to the district, from the first lead to full capacity."))

wanted = landing_filters(current)
line = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
count = line.empty()
with line.container(horizontal=True, width="content", vertical_alignment="center"):
    export_link("landings")
    # To visitors the present stage alone is public: a time line of nothing is not offered.
    timelines = {"timeline": _("Time line")} if current.signed_in else {}
    view = filters.view(more={"board": _("Board"), **timelines, "map": _("Map")})


def say(total: int) -> None:
    """How many, and when there are none, why."""
    count.caption(plural("{count} landing project", "{count} landing projects", total, count=count_text(total)))
    if total:
        return
    if wanted == LandingFilter():
        empty(_("There is no landing project yet. It appears here as soon as its first lead is recorded."))
    else:
        empty(_("No project fits these filters."))
        filters.clear_button()
    st.stop()


def page() -> LandingPage:
    size = page_size()
    found = read(list_landings, **wanted._asdict(), offset=offset_of(size=size), limit=size)
    say(found.total)
    return found


if view == "board":
    board.show(wanted, say)
elif view == "timeline":
    timeline.show(wanted, say)
elif view == "map":
    town_map.show(wanted, say)
elif view == "table":
    heads = (_("Title"), _("Number"), _("Category"), _("Stage"), _("Flag"), _("Town"))
    found = page()
    linked_table(heads, [cells(row) for row in found.rows])
    page_number(found.total, size=page_size())
else:
    found = page()
    cards([card(row) for row in found.rows])
    page_number(found.total, size=page_size())

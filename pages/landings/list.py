"""Landing projects: filters by stage, town, category and flag, kept in the address."""

import streamlit as st

from portal.landings.queries import LandingRow, list_landings
from portal.landings.workflow import LandingCategory, LandingFlag, LandingStage
from portal.organisations.places import town_name, towns
from portal.permissions import Action, can
from portal.ui import _, actor, ago, filters, label, language, read
from portal.ui.lists import cards, count_text, export_link, offset_of, page_number, table
from portal.ui.record import empty, title
from portal.ui.shell import open_page
from portal.ui.tones import badge
from portal.ui.words import escape

current = actor()
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    title(_("Landing projects"))
    if can(current, Action.CREATE_LANDING) and st.button(
        label(Action.CREATE_LANDING), type="primary", icon=":material/add:", key="create"
    ):
        open_page("landing-new")
st.caption(_("Projects that come to the district, from the first lead to full capacity."))

names = {place.code: place.in_language(language()) for place in towns()}
with st.container(horizontal=True, vertical_alignment="bottom"):
    stage = filters.member(_("Stage"), LandingStage, "stage", anything=_("Any stage"))
    town = filters.choice(_("Town"), names, "town", anything=_("All towns"))
    category = filters.member(_("Category"), LandingCategory, "category", anything=_("All categories"))
    flag = filters.member(_("Flag"), LandingFlag, "flag", anything=_("Any flag")) if current.signed_in else None
    view = filters.view()

found = read(list_landings, stage=stage, town=town, category=category, flag=flag, offset=offset_of())
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.caption(_("{count} landing projects", count=count_text(found.total)))
    export_link("landings")
if not found.rows:
    empty(_("No project fits these filters. Widen them to see more."))
    st.stop()


def place(row: LandingRow) -> str:
    parties = " × ".join(name for name in (row.enterprise, row.institute) if name)
    return " · ".join(part for part in (town_name(row.town_code, language()), parties) if part)


def draw(row: LandingRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        badge(row.stage)
        if row.flag not in (None, LandingFlag.ON_TRACK):
            badge(row.flag)
        st.caption(escape(f"{label(row.category)} · {ago(row.changed_at)}"))
    st.markdown(f"**{escape(row.title)}**")
    st.caption(escape(place(row)))
    if row.public_summary:
        st.text(row.public_summary)
    if st.button(_("Open it"), key=f"open_{row.id}"):
        open_page("landing", row.id)


if view == "table":
    table(
        [
            {
                _("Number"): row.number,
                _("Title"): row.title,
                _("Category"): label(row.category),
                _("Stage"): label(row.stage),
                _("Flag"): label(row.flag) if row.flag else "",
                _("Place"): place(row),
            }
            for row in found.rows
        ]
    )
else:
    cards(found.rows, draw)
page_number(found.total)

"""Landing projects: filters by stage, town, category and flag, kept in the address."""

import streamlit as st

from portal.landings.queries import LandingRow, list_landings
from portal.landings.workflow import LandingCategory, LandingFlag, LandingStage
from portal.organisations.places import town_name, towns
from portal.permissions import Action, can
from portal.ui import _, actor, ago, label, language, read
from portal.ui.lists import cards, count_text, offset_of, page_number, table, view_choice
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
    stage = st.selectbox(
        _("Stage"),
        list(LandingStage),
        index=None,
        format_func=label,
        key="stage",
        bind="query-params",
        placeholder=_("Any stage"),
    )
    town = st.selectbox(
        _("Town"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        key="town",
        bind="query-params",
        placeholder=_("All towns"),
    )
    category = st.selectbox(
        _("Category"),
        list(LandingCategory),
        index=None,
        format_func=label,
        key="category",
        bind="query-params",
        placeholder=_("All categories"),
    )
    flag = None
    if current.signed_in:
        flag = st.selectbox(
            _("Flag"),
            list(LandingFlag),
            index=None,
            format_func=label,
            key="flag",
            bind="query-params",
            placeholder=_("Any flag"),
        )
    view = view_choice()

found = read(list_landings, stage=stage, town=town, category=category, flag=flag, offset=offset_of())
st.caption(_("{count} landing projects", count=count_text(found.total)))
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

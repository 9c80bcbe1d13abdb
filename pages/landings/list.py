"""Landing projects: filters by stage, town, category and flag, kept in the address."""

import streamlit as st

from portal.landings.queries import RUNNING, LandingRow, list_landings
from portal.landings.workflow import ENDS, LandingCategory, LandingFlag, LandingStage
from portal.organisations.places import town_name, towns
from portal.permissions import Action, can
from portal.ui import _, actor, ago, filters, label, language, read
from portal.ui.lists import Card, cards, count_text, export_link, linked_table, offset_of, page_number, page_size
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

names = {place.code: place.in_language(language()) for place in towns()}
with st.container(horizontal=True, vertical_alignment="bottom"):
    stages = {RUNNING: _("All under way"), **{one.value: label(one) for one in LandingStage}}
    stage = filters.choice(_("Stage"), stages, "stage", anything=_("Any stage"))
    town = filters.choice(_("Town"), names, "town", anything=_("All towns"))
    category = filters.member(_("Category"), LandingCategory, "category", anything=_("All categories"))
    flag = filters.member(_("Flag"), LandingFlag, "flag", anything=_("Any flag")) if current.signed_in else None

size = page_size()
found = read(
    list_landings,
    stage=LandingStage(stage) if stage and stage != RUNNING else None,
    running=stage == RUNNING,
    town=town,
    category=category,
    flag=flag,
    offset=offset_of(size=size),
    limit=size,
)
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.caption(_("{count} landing projects", count=count_text(found.total)))
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        export_link("landings")
        view = filters.view()
if not found.rows:
    if stage or town or category or flag:
        empty(_("No project fits these filters."))
        filters.clear_button()
    else:
        empty(_("There is no landing project yet. It appears here as soon as its first lead is recorded."))
    st.stop()


def place(row: LandingRow) -> str:
    parties = " × ".join(name for name in (row.enterprise, row.institute) if name)
    return " · ".join(part for part in (town_name(row.town_code, language()), parties) if part)


def flag_of(row: LandingRow) -> LandingFlag | None:
    """What has ended is neither on track nor late."""
    return None if row.stage in ENDS else row.flag


def card(row: LandingRow) -> Card:
    flag = flag_of(row)
    return Card(
        row.title,
        "landing",
        row.id,
        badges=[row.stage, None if flag is LandingFlag.ON_TRACK else flag],
        note=f"{label(row.category)} · {ago(row.changed_at)}",
        text=row.public_summary,
        lines=[place(row)],
    )


def cells(row: LandingRow) -> tuple[Card, list[str]]:
    flag, town = flag_of(row), town_name(row.town_code, language())
    return card(row), [row.number, label(row.category), label(row.stage), label(flag) if flag else "", town]


if view == "table":
    linked_table((_("Title"), _("Number"), _("Category"), _("Stage"), _("Flag"), _("Town")), map(cells, found.rows))
else:
    cards(map(card, found.rows))
page_number(found.total, size=size)

"""Talents: people as far as the reader may see them, by class, field, channel, town and how far they came."""

from urllib.parse import urlencode

import streamlit as st

from portal.organisations.places import town_name, towns
from portal.permissions import Action, can
from portal.talents.queries import NONE, TalentFilter, TalentRow, list_talents
from portal.talents.rules import LOGGED_READERS
from portal.talents.workflow import ReadingPurpose, TalentChannel, TalentClass, TalentField, TalentStage
from portal.ui import _, actor, ask, filters, label, language, read
from portal.ui.lists import Card, cards, count_text, export_link, linked_table, offset_of, page_number, page_size
from portal.ui.record import empty, title
from portal.ui.shell import open_page, page_link
from portal.ui.web_links import web_link

current = actor()
is_official = current.role in LOGGED_READERS
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    title(_("Talents"))
    if can(current, Action.REGISTER_TALENT) and st.button(
        label(Action.REGISTER_TALENT), type="primary", icon=":material/person_add:", key="register"
    ):
        open_page("talent-edit")
if is_official:
    st.caption(_("Names are shown once you open a record and say what for; the person sees each reading."))
elif current.signed_in:
    st.caption(_("People who agreed to be shown, and those of your own organisation if you are its admin."))
else:
    st.caption(_("People who work in Yuhang and agreed to a public card."))
with st.container(horizontal=True, gap="medium"):
    page_link(_("Selection pool"), "talent-pool", icon=":material/diversity_3:")
    page_link(_("Talent funnel"), "talent-funnel", icon=":material/filter_alt:")

names = {place.code: place.in_language(language()) for place in towns()}
classes = {one.value: label(one) for one in TalentClass} | {NONE: _("Without a class")}
with st.container(horizontal=True, vertical_alignment="bottom"):
    text = filters.text(_("Search"), "text", placeholder=_("Name, speciality or number"))
    field = filters.member(_("Field of work"), TalentField, "field", anything=_("All fields"))
    town = filters.choice(_("Town"), names | {NONE: _("Not in a town yet")}, "town", anything=_("All towns"))
    talent_class, channel, reached, cohort, in_pool, is_due = "", None, None, "", False, False
    if current.role not in ("visitor", "researcher"):
        talent_class = filters.choice(_("Class"), classes, "class", anything=_("All classes"))
        channel = filters.member(_("Channel"), TalentChannel, "channel", anything=_("All channels"))
        reached = filters.member(_("Came at least to"), TalentStage, "reached", anything=_("Any step"))
    if is_official:
        cohort = st.query_params.get("cohort", "")
        in_pool = filters.switch(_("In the selection pool"), "pool")
        is_due = filters.switch(_("12 months complete, stay not recorded"), "due")
year = int(cohort) if cohort.isascii() and cohort.isdecimal() and len(cohort) == 4 else None
if year:
    st.caption(_("First contact in {year}", year=str(year)))

employer = ask("employer")
if employer:
    st.caption(_("Only people who hold a post at the organisation you came from."))

wanted = TalentFilter(text, talent_class, field, channel, town, reached, year, in_pool, is_due, employer)
size = page_size()
found = read(list_talents, wanted, offset=offset_of(size=size), limit=size)


def export_by_name() -> None:
    """Only an operator, only for a purpose, and everybody in the file sees it."""
    with st.popover(_("Export with names"), icon=":material/badge:", type="tertiary"):
        purposes = {one: label(one) for one in ReadingPurpose if one is not ReadingPurpose.REGISTRATION}
        purpose = st.selectbox(_("What for"), list(purposes), format_func=purposes.__getitem__, key="export_purpose")
        st.caption(_("Each person in the file sees who took it and what for."))
        asked = {key: value for key, value in st.query_params.to_dict().items() if key != "page" and value != "any"}
        query = urlencode(asked | {"purpose": purpose.value})
        web_link(_("Export as CSV"), f"/export/talents.csv?{query}", is_file=True)


with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.caption(_("{count} people", count=count_text(found.total)))
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        export_link("talents")
        if can(current, Action.EXPORT_TALENTS):
            export_by_name()
        view = filters.view()
if not found.rows:
    if any(wanted):
        empty(_("Nobody fits these filters."))
        filters.clear_button()
    else:
        empty(_("Nobody is shown here yet: people appear once they are registered and agree to be shown."))
    st.stop()


def card(row: TalentRow) -> Card:
    here = " · ".join(part for part in (row.employer, row.post, town_name(row.town_code, language())) if part)
    return Card(
        row.name,
        "talent",
        row.id,
        badges=[row.stage, row.talent_class],
        note=row.number if is_official else "",
        text=row.speciality,
        lines=[label(row.field), here],
    )


def cells(row: TalentRow) -> tuple[Card, list[str]]:
    words = [label(one) if one else "" for one in (row.stage, row.talent_class, row.field, row.channel)]
    return card(row), [*words, row.employer, town_name(row.town_code, language())]


if view == "table":
    heads = (_("Name"), _("Step"), _("Class"), _("Field of work"), _("Channel"), _("Employer"), _("Town"))
    linked_table(heads, map(cells, found.rows))
else:
    cards(map(card, found.rows))
page_number(found.total, size=size)

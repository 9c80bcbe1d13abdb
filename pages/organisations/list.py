"""Organisations: who takes part; for those who verify, who waits."""

import streamlit as st
from portal.organisations.places import industry_name, town_name

from portal.organisations.queries import list_organisations
from portal.organisations.workflow import OrganisationKind, OrganisationStatus
from portal.permissions import Action, can
from portal.ui import _, actor, label, language, read
from portal.ui.lists import cards, count_text, offset_of, page_number
from portal.ui.record import empty, title
from portal.ui.shell import open_page
from portal.ui.tones import badge
from portal.ui.words import escape

title(_("Organisations"))
verifies = can(actor(), Action.VERIFY_ORGANISATION)
with st.container(horizontal=True, vertical_alignment="bottom"):
    text = st.text_input(_("Name"), key="text", bind="query-params", placeholder=_("Part of the name"), max_chars=100)
    kind = st.selectbox(
        _("Kind"),
        list(OrganisationKind),
        index=None,
        format_func=label,
        key="kind",
        bind="query-params",
        placeholder=_("All kinds"),
    )
    status = None
    if verifies:
        status = st.selectbox(
            _("Status"),
            list(OrganisationStatus),
            index=None,
            format_func=label,
            key="status",
            bind="query-params",
            placeholder=_("Any status"),
        )

found = read(list_organisations, kind=kind, status=status, text=text, offset=offset_of())
st.caption(_("{count} organisations", count=count_text(found.total)))
if not found.rows:
    empty(_("No organisation fits these filters. Widen them to see more."))
    st.stop()


def draw(row) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        badge(row.kind)
        if verifies:
            badge(row.status)
    st.markdown(f"**{escape(row.name)}**")
    place = [town_name(row.town_code, language()), industry_name(row.industry_code, language())]
    st.caption(escape(" · ".join(part for part in place if part) or "—"))
    if st.button(_("Open it"), key=f"open_{row.id}"):
        open_page("organisation", row.id)


cards(found.rows, draw, min_width=280)
page_number(found.total)

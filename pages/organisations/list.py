"""Organisations: who takes part; for those who verify, who waits."""

import streamlit as st

from portal.organisations.places import industry_name, town_name
from portal.organisations.queries import list_organisations
from portal.organisations.workflow import OrganisationKind, OrganisationStatus
from portal.permissions import Action, can
from portal.ui import _, actor, filters, language, read
from portal.ui.lists import CARDS_ON_A_PAGE, Card, cards, count_text, export_link, offset_of, page_number
from portal.ui.record import empty, title

title(_("Organisations"))
verifies = can(actor(), Action.VERIFY_ORGANISATION)
with st.container(horizontal=True, vertical_alignment="bottom"):
    text = filters.text(_("Name of the organisation"), "text", placeholder=_("Part of the name"))
    kind = filters.member(_("Kind"), OrganisationKind, "kind", anything=_("All kinds"))
    status = None
    if verifies:
        status = filters.member(_("Status"), OrganisationStatus, "status", anything=_("Any status"))

found = read(
    list_organisations,
    kind=kind,
    status=status,
    text=text,
    offset=offset_of(size=CARDS_ON_A_PAGE),
    limit=CARDS_ON_A_PAGE,
)
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.caption(_("{count} organisations", count=count_text(found.total)))
    export_link("organisations")
if not found.rows:
    empty(_("No organisation fits these filters."))
    filters.clear_button()
    st.stop()


def card(row) -> Card:
    place = [town_name(row.town_code, language()), industry_name(row.industry_code, language())]
    return Card(
        row.name,
        "organisation",
        row.id,
        badges=[row.kind, row.status if verifies else None],
        lines=[" · ".join(part for part in place if part)],
    )


cards(map(card, found.rows), min_width=280)
page_number(found.total, size=CARDS_ON_A_PAGE)

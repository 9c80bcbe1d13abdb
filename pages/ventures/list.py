"""Applications of scientist-entrepreneurs: filters by status and phase, kept in the address."""

import streamlit as st

from portal.permissions import Action, can
from portal.ui import _, actor, ago, filters, label, read
from portal.ui.lists import Card, cards, count_text, export_link, linked_table, offset_of, page_number, page_size
from portal.ui.record import empty, title
from portal.ui.shell import open_page
from portal.ventures.queries import VentureRow, list_ventures
from portal.ventures.workflow import VenturePhase, VentureStatus

current = actor()
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    title(_("Scientist-entrepreneurs"))
    if can(current, Action.CREATE_VENTURE) and st.button(
        label(Action.CREATE_VENTURE), type="primary", icon=":material/add:", key="create"
    ):
        open_page("venture-edit")
st.caption(_("Scientists who found a company: signed by three, noticed in public, accompanied through three phases."))

with st.container(horizontal=True, vertical_alignment="bottom"):
    status = filters.member(_("Status"), VentureStatus, "status", anything=_("Any status"))
    phase = filters.member(_("Phase"), VenturePhase, "phase", anything=_("Any phase"))

size = page_size()
found = read(list_ventures, status=status, phase=phase, offset=offset_of(size=size), limit=size)
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.caption(_("{count} applications", count=count_text(found.total)))
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        export_link("ventures")
        view = filters.view()
if not found.rows:
    if status or phase:
        empty(_("No application fits these filters."))
        filters.clear_button()
    else:
        empty(_("There is no application here yet. A researcher writes one, and three sign it before it comes here."))
    st.stop()


def card(row: VentureRow) -> Card:
    note = " · ".join(part for part in (row.number, ago(row.changed_at)) if part)
    houses = f"{row.institute} × {row.enterprise}"
    lines = [row.scientist, houses, label(row.phase) if row.phase else ""]
    return Card(row.title, "venture", row.id, badges=[row.status], note=note, text=row.summary, lines=lines)


def cells(row: VentureRow) -> tuple[Card, list[str]]:
    return card(row), [row.number, label(row.status), row.scientist, row.institute, row.enterprise]


if view == "table":
    heads = (_("Title"), _("Number"), _("Status"), _("Scientist"), _("Institute"), _("Enterprise"))
    linked_table(heads, map(cells, found.rows))
else:
    cards(map(card, found.rows))
page_number(found.total, size=size)

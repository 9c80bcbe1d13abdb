"""Commitments across all agreements: what is late, what is at risk, and whose they are."""

from uuid import UUID

import streamlit as st

from portal.agreements.commitment_queries import STATES, CommitmentRow, list_commitments
from portal.agreements.workflow import CooperationField
from portal.errors import N_
from portal.organisations.queries import verified_organisations
from portal.organisations.workflow import OrganisationKind
from portal.ui import _, day, filters, label, read
from portal.ui.lists import Card, cards, count_text, export_link, linked_table, offset_of, page_number, page_size
from portal.ui.record import empty, title

WORDS = {
    "open": N_("Not done yet"),
    "late": N_("Past the due day"),
    "at_risk": N_("At risk"),
    "kept": N_("Delivered"),
    "dropped": N_("Dropped"),
}
OWNERS = (
    OrganisationKind.INSTITUTE,
    OrganisationKind.GOVERNMENT,
    OrganisationKind.ENTERPRISE,
    OrganisationKind.AGENCY,
)

title(_("Commitments"))
st.caption(_("What the parties of the agreements promised each other, what is due first on top."))
names = {str(key): name for key, name in read(verified_organisations, kinds=OWNERS)}
universities = {str(key): name for key, name in read(verified_organisations, kinds=OWNERS[:1])}
with st.container(horizontal=True, vertical_alignment="bottom"):
    state = filters.choice(
        _("State"), {code: _(WORDS[code]) for code in STATES}, "state", anything=_("Any state"), default="open"
    )
    field = filters.member(_("Field"), CooperationField, "field", anything=_("All five fields"))
    owner = filters.choice(_("Owner"), names, "owner", anything=_("All owners"))
    university = filters.choice(_("University"), universities, "university", anything=_("All universities"))

size = page_size()
found = read(
    list_commitments,
    state=state,
    field=field,
    owner=UUID(owner) if owner else None,
    university=UUID(university) if university else None,
    offset=offset_of(size=size),
    limit=size,
)
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.caption(_("{count} commitments", count=count_text(found.total)))
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        export_link("commitments", state=state)
        view = filters.view()
if not found.rows:
    if state != "open" or field or owner or university:
        empty(_("No commitment fits these filters."))
        filters.clear_button()
    else:
        empty(
            _("No commitment is open: none has been signed yet, or all of them are delivered or dropped."),
            page="agreements",
            link=_("Agreements"),
        )
    st.stop()


def card(row: CommitmentRow) -> Card:
    return Card(
        row.text,
        "agreement",
        row.agreement_id,
        badges=[row.status],
        note=_("due {due}", due=row.due_on),
        lines=[row.agreement, " · ".join(part for part in (row.owner, row.responsible) if part), label(row.field)],
        alert=_("overdue") if row.is_late else "",
    )


def cells(row: CommitmentRow) -> tuple[Card, list[str]]:
    state = _("overdue") if row.is_late else ""
    return card(row), [
        label(row.field),
        row.owner,
        day(row.due_on),
        " · ".join(filter(None, (label(row.status), state))),
    ]


if view == "table":
    linked_table((_("Commitment"), _("Field"), _("Owner"), _("Due on"), _("Status")), map(cells, found.rows))
else:
    cards(map(card, found.rows))
page_number(found.total, size=size)

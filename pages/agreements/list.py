"""Agreements with universities: filters by university, field, status and end, kept in the address."""

from uuid import UUID

import streamlit as st

from portal.agreements.queries import AgreementRow, list_agreements
from portal.agreements.workflow import AgreementStatus, CooperationField
from portal.organisations.queries import verified_organisations
from portal.organisations.workflow import OrganisationKind
from portal.permissions import Action, can
from portal.ui import _, actor, ago, day, filters, label, language, read
from portal.ui.lists import Card, cards, count_text, export_link, linked_table, offset_of, page_number, page_size
from portal.ui.page_table import AGREEMENT_READERS
from portal.ui.record import empty, title
from portal.ui.shell import open_page, page_link
from portal.wording import word

current = actor()
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    title(_("Agreements"))
    if can(current, Action.CREATE_AGREEMENT) and st.button(
        label(Action.CREATE_AGREEMENT), type="primary", icon=":material/add:", key="create"
    ):
        open_page("agreement-edit")
st.caption(_("What district and universities have agreed on in five fields, and what has become of it."))
page_link(_("See the commitments across all agreements"), "commitments", icon=":material/task_alt:")

reads_whole = current.role in AGREEMENT_READERS
names = {str(key): name for key, name in read(verified_organisations, kinds=(OrganisationKind.INSTITUTE,))}
with st.container(horizontal=True, vertical_alignment="bottom"):
    university = filters.choice(_("University"), names, "university", anything=_("All universities"))
    status = filters.member(_("Status"), AgreementStatus, "status", anything=_("Any status"))
    field, within = None, ""
    if reads_whole:
        field = filters.member(_("Field"), CooperationField, "field", anything=_("All five fields"))
        spans = {days: _("Ends within {count} days", count=days) for days in ("30", "90", "180", "365")}
        within = filters.choice(_("Term"), spans, "within", anything=_("Any term"))

size = page_size()
found = read(
    list_agreements,
    university=UUID(university) if university else None,
    field=field,
    status=status,
    within=int(within) if within else None,
    offset=offset_of(size=size),
    limit=size,
)
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.caption(_("{count} agreements", count=count_text(found.total)))
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        export_link("agreements")
        view = filters.view()
if not found.rows:
    if university or status or field or within:
        empty(_("No agreement fits these filters."))
        filters.clear_button()
    else:
        empty(_("There is no agreement here yet. It appears as soon as an operator has drafted it."))
    st.stop()


def term(row: AgreementRow) -> str:
    return f"{day(row.starts_on)} – {day(row.ends_on)}" if row.starts_on else ""


def card(row: AgreementRow) -> Card:
    return Card(
        row.title,
        "agreement",
        row.id,
        badges=[row.status],
        note=" · ".join(part for part in (row.number, ago(row.changed_at) if row.changed_at else "") if part),
        text=word(row.universities, language()),
        lines=[term(row), word(row.fields, language()), label(row.part) if row.part else ""],
    )


def cells(row: AgreementRow) -> tuple[Card, list[str]]:
    return card(row), [row.number, word(row.universities, language()), label(row.status), day(row.ends_on)]


if view == "table":
    linked_table((_("Title"), _("Number"), _("Universities"), _("Status"), _("Last day")), map(cells, found.rows))
else:
    cards(map(card, found.rows))
page_number(found.total, size=size)

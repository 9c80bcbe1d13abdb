"""Register a group of one's own institute by a table, and see who is registered with which ticket."""

from functools import partial
from typing import Any

import streamlit as st

from portal.permissions import Action
from portal.settings import settings
from portal.ui import _, ask, label, perform, plural, read
from portal.ui.lists import table
from portal.ui.record import begin_afresh, confirm_dialog, empty, fresh, title
from portal.ui.run import tell
from portal.ui.shell import record_link
from portal.visits.details import visit_detail
from portal.visits.people import list_own_group
from portal.visits.registration import cancel_registration, register_group
from portal.visits.rules import CONSENT, FOLLOW, spaced
from portal.visits.workflow import ParticipantStatus, VisitStatus

chosen = ask("id")
if chosen is None:
    empty(_("Choose a visit from the list."), page="visits", link=_("Visits"))
    st.stop()
record = read(visit_detail, chosen)
title(label(Action.REGISTER_GROUP))
record_link(record.row.title, "visit", record.row.id, icon=":material/hiking:")


def save() -> None:
    state: Any = st.session_state
    done = perform(
        register_group,
        visit_id=record.row.id,
        rows=state[fresh("rows")],
        consent=state[fresh("told")],
        follow=state[fresh("followed")],
    )
    if done:
        tell(plural("{count} person is on the list.", "{count} people are on the list.", len(done)))
        begin_afresh()


if record.may_register_group:
    with st.form("group"):
        st.text_area(
            _("One person a line: name, school, field, phone (optional)") + " *",
            key=fresh("rows"),
            height=200,
            placeholder=_("Example: Li Ming, Sample University, materials science, 13800000000"),
            help=_("Paste it from a sheet, or separate by commas. Identity numbers are never collected."),
        )
        st.text(_(CONSENT))
        st.checkbox(_("Each of them was told this and agreed") + " *", key=fresh("told"))
        st.text(_(FOLLOW))
        st.checkbox(_("Each of them agreed to this, too (optional)"), key=fresh("followed"))
        st.form_submit_button(label(Action.REGISTER_GROUP), type="primary", on_click=save)
else:
    st.info(_("Registration is not open for your institute now."), icon=":material/event_busy:")

group = read(list_own_group, record.row.id)
if group.rows:
    st.subheader(_("Our group"), anchor=False)
    address = f"{settings().public_url.rstrip('/')}/check-in/{record.row.id}"
    st.text(_("Please hand everybody their ticket. On the day they open this address and type it with the code:"))
    st.text(address)
    table(
        [
            {
                _("Name"): row.name,
                _("Ticket"): spaced(row.ticket),
                _("Status"): label(row.status),
                _("School and field"): f"{row.school} · {row.field}",
                _("Phone"): row.phone,
            }
            for row in group.rows
        ]
    )
can_leave = (ParticipantStatus.REGISTERED, ParticipantStatus.WAITLISTED)
coming = {row.id: row for row in group.rows if row.status in can_leave}
if coming and record.row.status is VisitStatus.REGISTRATION_OPEN:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        leaver = st.selectbox(
            _("Somebody cannot come"),
            list(coming),
            index=None,
            format_func=lambda one: f"{coming[one].name} · {spaced(coming[one].ticket)}",
            key="leaver",
            placeholder=_("Choose the person"),
        )
        pressed = st.button(label(Action.CANCEL_REGISTRATION), key="cancel_one", disabled=leaver is None)
        if pressed and leaver is not None:
            confirm_dialog(
                label(Action.CANCEL_REGISTRATION),
                _("The place of {name} goes to the first who waits.", name=coming[leaver].name),
                partial(perform, cancel_registration, participant_id=leaver),
                key="cancel_one",
            )

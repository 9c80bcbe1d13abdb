"""One organisation: facts, contact and proof for those who verify, and what they may do."""

from typing import Any

import streamlit as st

from portal.organisations.commands import (
    disable_organisation,
    enable_organisation,
    invite_broker,
    reject_organisation,
    verify_organisation,
)
from portal.organisations.places import industry_name, town_name
from portal.organisations.queries import list_members, organisation_detail
from portal.organisations.workflow import OrganisationKind, OrganisationStatus
from portal.permissions import Action, Role, can
from portal.ui import _, actor, ask, day, label, language, perform, read
from portal.ui.history import record_history
from portal.ui.invitations import mail_language
from portal.ui.lists import table
from portal.ui.record import Button, actions, begin_afresh, confirm_dialog, empty, facts, fresh, head, reason_dialog
from portal.ui.run import tell
from portal.ui.shell import leads_to, record_link
from portal.ui.web_links import file_link

chosen = ask("id")
if chosen is None:
    empty(_("Choose an organisation from the list."), page="organisations", link=_("Organisations"))
    st.stop()
record = read(organisation_detail, chosen)
target: Any = {"organisation_id": record.id, "version": record.version}


def verify() -> None:
    def done() -> None:
        if perform(verify_organisation, **target):
            tell(_("Verified; the contact is invited by mail."))

    confirm_dialog(
        label(Action.VERIFY_ORGANISATION),
        _("The contact is invited by mail and can act for the organisation at once."),
        done,
        key="verify",
    )


def reject() -> None:
    reason_dialog(
        label(Action.REJECT_ORGANISATION),
        _("The contact reads your reason by mail and may apply again."),
        lambda reason: bool(perform(reject_organisation, reason=reason, **target)),
        key="reject",
    )


def disable() -> None:
    reason_dialog(
        label(Action.DISABLE_ORGANISATION),
        _("Nobody can act for this organisation from that moment; its records stay."),
        lambda reason: bool(perform(disable_organisation, reason=reason, **target)),
        key="disable",
    )


def enable() -> None:
    confirm_dialog(
        label(Action.ENABLE_ORGANISATION),
        _("Its people may act for it again."),
        lambda: perform(enable_organisation, **target),
        key="enable",
    )


STEPS = {
    Action.VERIFY_ORGANISATION: verify,
    Action.REJECT_ORGANISATION: reject,
    Action.DISABLE_ORGANISATION: disable,
    Action.ENABLE_ORGANISATION: enable,
}

head(record.name, record.status, over=label(record.kind))
buttons = [Button(label(step), STEPS[step], step.value) for step in record.actions if step in STEPS]
# What takes rights away is never the first thing to do.
is_first = bool(record.actions) and record.actions[0] in (Action.VERIFY_ORGANISATION, Action.ENABLE_ORGANISATION)
actions(buttons[0] if is_first else None, buttons[1:] if is_first else buttons)
facts(
    [
        (_("Credit code"), record.credit_code),
        (_("Industry"), industry_name(record.industry_code, language()) or "—"),
        (_("Place"), town_name(record.town_code, language()) or "—"),
        (_("Applied on"), day(record.created_at)),
    ]
)
if record.summary:
    st.text(record.summary)
if record.kind is OrganisationKind.INSTITUTE and leads_to("university"):
    record_link(_("What came of the work with this university"), "university", record.id, icon=":material/school:")
if record.contact_email:
    st.subheader(_("Contact"), anchor=False)
    st.text(" · ".join(part for part in (record.contact_name, record.contact_phone, record.contact_email) if part))
if record.proof_file_id:
    file_link(_("Open the proof"), record.proof_file_id)
if record.decision_reason:
    st.subheader(_("Reason given"), anchor=False)
    st.text(record.decision_reason)

if actor().role in (Role.OPERATOR, Role.PLATFORM_ADMIN):
    st.subheader(_("People"), anchor=False)
    members = read(list_members, record.id)
    if members:
        table([{_("Name"): row.name, _("Role"): label(row.role), _("Status"): label(row.status)} for row in members])
    else:
        st.caption(_("Nobody acts for this organisation yet."))
is_agency = record.kind is OrganisationKind.AGENCY and record.status is OrganisationStatus.VERIFIED
if is_agency and can(actor(), Action.INVITE_BROKER):
    with st.form("invite_broker", border=True):
        st.text(label(Action.INVITE_BROKER))
        email = st.text_input(_("E-mail"), max_chars=254, key=fresh("broker_email"), placeholder="name@example.org")
        name = st.text_input(_("Name"), max_chars=100, key=fresh("broker_name"))
        wanted = mail_language()
        sent = st.form_submit_button(_("Send the invitation"), type="primary")
    if sent and perform(invite_broker, organisation_id=record.id, email=email, name=name, language=wanted):
        tell(_("The invitation is on its way by mail."))
        begin_afresh()
        st.rerun()
if record.contact_email:
    record_history(record.id)

"""Our people: an organisation's admin invites and disables members."""

import streamlit as st

from portal.accounts.workflow import MembershipStatus
from portal.organisations.commands import disable_member, invite_member
from portal.organisations.queries import MemberRow, list_members
from portal.organisations.rules import MEMBER_ROLES
from portal.permissions import Action
from portal.ui import _, actor, label, perform, read
from portal.ui.invitations import mail_language
from portal.ui.record import begin_afresh, confirm_dialog, fresh, title
from portal.ui.run import tell
from portal.ui.tones import badge

current = actor()
if current.organisation_id is None or current.organisation_kind is None:
    st.info(_("This page is for the admins of an organisation."))
    st.stop()

title(_("Our people"))
st.caption(_("Who may act for your organisation. Somebody who leaves is disabled here and loses access at once."))
with st.expander(label(Action.INVITE_MEMBER), icon=":material/person_add:"), st.form("invite", border=False):
    email = st.text_input(_("E-mail"), max_chars=254, placeholder="name@example.org", key=fresh("invite_email"))
    name = st.text_input(_("Name"), max_chars=100, key=fresh("invite_name"))
    role = st.selectbox(_("Role"), MEMBER_ROLES.get(current.organisation_kind, ()), format_func=label)
    wanted = mail_language()
    sent = st.form_submit_button(_("Send the invitation"), type="primary")
if sent and perform(invite_member, email=email, name=name, role=role, language=wanted):
    tell(_("The invitation is on its way by mail."))
    begin_afresh()
    st.rerun()


def draw(row: MemberRow) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(gap=None, width="stretch"):
            st.text(" · ".join([row.name, label(row.role), *([_("that is you")] if row.is_me else [])]))
            st.text(row.email)
        is_active = row.status is MembershipStatus.ACTIVE
        if is_active and not row.has_signed_in and not row.is_me:
            st.badge(_("Invited, not accepted yet"), color="orange")
        else:
            badge(row.status)
        if is_active and not row.is_me and st.button(label(Action.DISABLE_MEMBER), key=f"disable_{row.membership_id}"):
            confirm_dialog(
                label(Action.DISABLE_MEMBER),
                _("This person can no longer act for your organisation, from this moment on."),
                lambda: perform(disable_member, membership_id=row.membership_id, version=row.version),
                key=f"member_{row.membership_id}",
            )


for member in read(list_members, current.organisation_id):
    draw(member)

"""Accounts and roles: official roles by two people, accounts disabled and enabled."""

from typing import Any

import streamlit as st

from portal.accounts.commands import decide_official_role, disable_person, enable_person, propose_official_role
from portal.accounts.queries import PendingRole, PersonRow, count_platform_admins, list_people, pending_official_roles
from portal.permissions import OFFICIAL_ROLES, Action, Role
from portal.ui import _, actor, day, label, language, perform, read
from portal.ui.lists import PAGE_SIZE, count_text, offset_of, page_number
from portal.ui.record import begin_afresh, confirm_dialog, empty, fresh, reason_dialog, title
from portal.ui.run import tell
from portal.wording import word

title(_("Accounts and roles"))
pending = read(pending_official_roles)
if pending:
    st.subheader(_("Waiting for a second person"), anchor=False)


def who_decides(other: str) -> str:
    """That somebody else decides, or that there is nobody else yet."""
    if read(lambda session, _actor: count_platform_admins(session)) > 1:
        return other
    return _("There is no other platform admin to decide: a second one must be invited first.")


def draw_pending(row: PendingRole) -> None:
    def decide(**decision: Any) -> Any:
        return perform(decide_official_role, membership_id=row.membership_id, version=row.version, **decision)

    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(gap=None, width="stretch"):
            st.text(f"{row.person_name} · {label(row.role)}")
            st.text(_("proposed by {name}", name=row.proposed_by))
        if not row.may_decide:
            st.caption(who_decides(_("Another platform admin decides.")))
            return
        if st.button(_("Confirm the role"), type="primary", key=f"yes_{row.membership_id}"):
            confirm_dialog(
                _("Confirm the role"),
                _("The person can act in this role at once."),
                lambda: decide(approve=True),
                key=f"confirm_{row.membership_id}",
            )
        if st.button(_("Refuse"), key=f"no_{row.membership_id}"):
            reason_dialog(
                _("Refuse"),
                _("Who proposed the role reads your reason."),
                lambda reason: bool(decide(approve=False, reason=reason)),
                key=f"refuse_{row.membership_id}",
            )


def draw_account(row: PersonRow) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(gap=None, width="stretch"):
            hats = [" · ".join(filter(None, (label(role), where))) for role, where in row.roles]
            st.text(" · ".join(filter(None, (row.name, word(hats, language())))))
            st.text(row.email)
        if row.id == actor().person_id:
            st.caption(_("that is you"))
        elif row.disabled_at:
            st.caption(_("disabled since {at}", at=day(row.disabled_at)))
            if st.button(_("Enable"), key=f"enable_{row.id}"):
                perform(enable_person, person_id=row.id, version=row.version)
                st.rerun()
        elif st.button(_("Disable"), key=f"disable_{row.id}"):
            reason_dialog(
                label(Action.DISABLE_PERSON),
                _consequence(row),
                lambda reason: bool(perform(disable_person, person_id=row.id, reason=reason, version=row.version)),
                key=f"person_{row.id}",
            )


def _consequence(row: PersonRow) -> str:
    ends = _("Every session of this person ends at once.")
    if not row.last_admin_of:
        return ends
    alone = _(
        "This is the last admin of {organisations}: until somebody else is, nobody there can invite or disable "
        "members, nor decide or submit in its name.",
        organisations=row.last_admin_of,
    )
    return f"{ends}\n\n{alone}"


for waiting in pending:
    draw_pending(waiting)
with st.expander(label(Action.PROPOSE_OFFICIAL_ROLE), icon=":material/person_add:"), st.form("propose", border=False):
    email = st.text_input(_("E-mail"), max_chars=254, placeholder="name@example.org", key=fresh("propose_email"))
    name = st.text_input(_("Name"), max_chars=100, key=fresh("propose_name"))
    role = st.selectbox(
        _("Role"),
        [role for role in Role if role in OFFICIAL_ROLES],
        index=None,
        format_func=label,
        placeholder=_("Choose a role"),
        key=fresh("propose_role"),
    )
    proposed = st.form_submit_button(_("Propose"), type="primary")
if proposed and role is None:
    st.error(_("Please choose a role."))
elif role and proposed and perform(propose_official_role, email=email, name=name, role=role):
    tell(who_decides(_("Proposed. Another platform admin decides.")))
    begin_afresh()
    st.rerun()

st.subheader(_("Accounts"), anchor=False)
search = st.text_input(_("Name or e-mail"), key="search", bind="query-params", max_chars=100)
people = read(list_people, search=search, page=offset_of() // PAGE_SIZE + 1)
st.caption(_("{count} accounts", count=count_text(people.total)))
for account in people.rows:
    draw_account(account)
if not people.total:
    empty(_("Nobody is found by this name or address. Try a part of it, or empty the field."))
page_number(people.total)

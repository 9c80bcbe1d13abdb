"""Who answers together: the team, organisations that take part, and who leads."""

from typing import Any
from uuid import UUID

import streamlit as st

from portal.permissions import Action
from portal.proposals.partners import PartnerRow, invite_co_applicant, possible_co_applicants, remove_co_applicant
from portal.proposals.queries import Form
from portal.proposals.team import (
    MemberRow,
    add_team_member,
    hand_over_proposal,
    possible_leads,
    remove_team_member,
)
from portal.ui import _, label, perform, read
from portal.ui.record import confirm_dialog
from portal.ui.run import tell
from portal.ui.tones import badge


def people(form: Form) -> None:
    """Everybody sees who takes part; whoever leads changes it."""
    st.subheader(_("Team"), anchor=False)
    st.caption(_("Whoever is on the team reads and writes this proposal. Changing the team asks for clearance again."))
    for member in form.members:
        _member(form, member)
    if form.is_lead:
        _add_member(form)
    st.subheader(_("Partners"), anchor=False)
    st.caption(_("Organisations that answer together with you. Each one's admin confirms before you can submit."))
    for partner in form.partners:
        _partner(form, partner)
    if not form.partners:
        st.text(_("None: your institute answers alone."))
    if form.is_lead:
        _invite(form)
        _hand_over(form)


def _member(form: Form, member: MemberRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        parts = [member.name, member.organisation or _("no longer here, reads no more")]
        st.text(" · ".join([*parts, _("leads")] if member.is_lead else parts), width="content")
        if form.is_lead and not member.is_lead and _remove(member.person_id, ":material/person_remove:"):
            confirm_dialog(
                _("Remove from the team"),
                _("{name} reads and writes this proposal no more.", name=member.name),
                lambda: perform(remove_team_member, proposal_id=form.head.id, person_id=member.person_id),
                key="remove_member",
            )


def _remove(object_id: UUID, icon: str) -> bool:
    return st.button(_("Remove"), key=f"remove_{object_id}", icon=icon)


def _add_member(form: Form) -> None:
    with st.form("add_member", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        email = st.text_input(
            _("E-mail of a colleague"),
            max_chars=254,
            placeholder="name@example.org",
            help=_("Of your institute, of a partner that confirmed, or a broker who does not accompany the challenge."),
        )
        sent = st.form_submit_button(_("Add to the team"))
    if sent and perform(add_team_member, proposal_id=form.head.id, email=email):
        tell(_("They can work on the proposal from now on."))
        st.rerun()


def _partner(form: Form, partner: PartnerRow) -> None:
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(partner.name, width="content")
            badge(partner.status)
            if form.is_lead and _remove(partner.id, ":material/group_remove:"):
                confirm_dialog(
                    _("Remove the partner"),
                    _(
                        "{name} takes part no more; to come back it has to be invited and to confirm anew.",
                        name=partner.name,
                    ),
                    lambda: perform(remove_co_applicant, proposal_id=form.head.id, co_applicant_id=partner.id),
                    key="remove_partner",
                )
        st.text(partner.part)


def _invite(form: Form) -> None:
    names = dict(read(possible_co_applicants, form.head.id))
    with (
        st.expander(label(Action.INVITE_CO_APPLICANT), icon=":material/group_add:"),
        st.form("invite_partner", border=False),
    ):
        chosen: UUID | None = st.selectbox(
            _("Organisation"), list(names), index=None, format_func=names.__getitem__, placeholder=_("Please choose")
        )
        part = st.text_area(
            _("Its part"),
            max_chars=2000,
            help=_("Its admin reads this and the title of the proposal, nothing else."),
        )
        sent = st.form_submit_button(_("Send the invitation"))
    if not sent:
        return
    if chosen is None:
        st.warning(_("Please choose an organisation."))
    elif perform(invite_co_applicant, proposal_id=form.head.id, organisation_id=chosen, part=part):
        tell(_("Its admin is told and answers here."))
        st.rerun()


def _hand_over(form: Form) -> None:
    names = dict(read(possible_leads, form.head.id))
    if not names:
        return
    with st.expander(label(Action.HAND_OVER_PROPOSAL), icon=":material/swap_horiz:"):
        chosen: Any = st.selectbox(
            _("Who leads from now on"),
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder=_("Please choose"),
        )
        if st.button(label(Action.HAND_OVER_PROPOSAL), disabled=chosen is None, key="hand_over"):
            confirm_dialog(
                label(Action.HAND_OVER_PROPOSAL),
                _("From then on this person alone submits, replaces and withdraws. You stay on the team."),
                lambda: perform(
                    hand_over_proposal, proposal_id=form.head.id, person_id=chosen, version=form.head.version
                ),
                key="hand_over",
            )

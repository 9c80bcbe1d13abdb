"""What a proposer sees: where the own proposal stands, the terms to accept, the reply."""

import streamlit as st

from pages.reviews.panels import terms
from portal.permissions import Action
from portal.reviews.commands import decline_award, sign_contract
from portal.reviews.own_award import OwnAward
from portal.reviews.workflow import ProposalStatus
from portal.ui import _, date_time, escape, label, money, perform
from portal.ui.record import confirm_dialog, head, reason_dialog
from portal.ui.run import tell
from portal.ui.shell import open_page, record_link


def show(record: OwnAward) -> None:
    head(record.title, record.status, over=record.enterprise, line=_line(record))
    if st.button(_("Open the proposal"), icon=":material/description:", type="tertiary", key="proposal"):
        open_page("proposal", record.proposal_id)
    if record.awarded_at is not None:
        _award(record)
    if record.terms is not None:
        st.subheader(_("Terms"), anchor=False)
        terms.draw(record.terms)
        if Action.ACCEPT_TERMS in record.steps:
            terms.accept_button(record.terms)
    elif record.status is ProposalStatus.SHORTLISTED:
        st.caption(_("The terms are being written. You are told when there is something to accept."))
    if Action.DECLINE_AWARD in record.steps and st.button(label(Action.DECLINE_AWARD), key="decline"):
        reason_dialog(
            label(Action.DECLINE_AWARD),
            _("Your proposal is out of the running for good. Enterprise and operator read your reason."),
            lambda reason: bool(perform(decline_award, challenge_id=record.challenge_id, reason=reason)),
            key="walk_away",
        )
    if record.ended_reason:
        _ended(record)
    if record.replied_at is not None and record.reply_code is not None:
        st.subheader(_("The reply to your proposal"), anchor=False)
        with st.container(border=True):
            st.caption(escape(f"{label(record.reply_code)} · {date_time(record.replied_at)}"))
            st.text(record.reply)


def _ended(record: OwnAward) -> None:
    """Why the challenge ended, where the reply does not say just that."""
    if record.ended_reason != record.reply:
        st.subheader(_("The challenge has ended"), anchor=False)
        with st.container(border=True):
            st.caption(_("Reason given"))
            st.text(record.ended_reason)
    record_link(_("See the challenge"), "challenge", record.challenge_id, icon=":material/lightbulb:")


def _line(record: OwnAward) -> str:
    if record.status is ProposalStatus.SUBMITTED and not record.is_opened:
        return _("Your proposal is sealed until enterprise and district open it together.")
    if record.status in (ProposalStatus.SUBMITTED, ProposalStatus.IN_EVALUATION):
        return _("Enterprise and district compare the proposals. You hear from them either way.")
    if record.status is ProposalStatus.SHORTLISTED:
        return _("Your proposal is shortlisted; terms are negotiated with you.")
    return ""


def _award(record: OwnAward) -> None:
    with st.container(border=True):
        st.badge(_("Awarded"), icon=":material/trophy:", color="primary")
        st.text(_("Awarded on {at}", at=date_time(record.awarded_at)))
        st.text(_("Sum: {sum}", sum=money(record.sum_fen)))
        if record.status is ProposalStatus.CONTRACTED:
            st.caption(_("The contract is signed by both sides."))
            record_link(_("Go on to the line validation"), "validations", None, icon=":material/arrow_forward:")
        elif Action.SIGN_CONTRACT in record.steps:
            if st.button(_("Confirm the signed contract"), type="primary", key="sign"):
                confirm_dialog(
                    _("Confirm the signed contract"),
                    _("The enterprise recorded it; with your word it counts as signed by both sides."),
                    lambda: _signed(record),
                    key="sign_contract",
                )
        elif not record.contract_recorded:
            st.caption(_("The enterprise records the signed contract first; then you confirm it."))


def _signed(record: OwnAward) -> None:
    if perform(sign_contract, challenge_id=record.challenge_id):
        tell(_("The contract is signed by both sides."))

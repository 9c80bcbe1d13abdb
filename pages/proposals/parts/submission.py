"""A summary before the final act: what is missing, the clearance, submitting, replacing, withdrawing."""

from itertools import groupby
from typing import Any, Literal

import streamlit as st

from pages.proposals.parts.promises import show_promises
from pages.proposals.parts.rail import go
from pages.proposals.parts.receipts import show_receipts
from portal.permissions import Action
from portal.proposals.clearance import ask_clearance
from portal.proposals.queries import Form
from portal.proposals.sections import promises_of
from portal.proposals.submission import submit_proposal, withdraw_proposal
from portal.proposals.workflow import ProposalSectionKey
from portal.ui import _, escape, label, money, perform
from portal.ui.record import confirm_dialog, facts
from portal.ui.run import tell
from portal.ui.shell import record_link

_K = ProposalSectionKey


def submission(form: Form) -> None:
    """Everything at a glance, then the act."""
    st.subheader(_("Check and submit"), anchor=False)
    if form.receipts:
        show_receipts(form.receipts, form.is_submitted)
    cover = form.sections[_K.COVER].content
    facts(
        [
            (_("Sum"), money(cover["sum_fen"])),
            (_("Team"), str(len(form.members))),
            (_("Partners"), str(len(form.partners))),
            (_("Attachments"), str(len(form.files))),
        ]
    )
    show_promises(promises_of(form.sections[_K.PROMISES].content), form.metrics)
    _missing(form)
    _clearance(form)
    _acts(form)


def say_return(form: Form) -> None:
    """The note of the institute's admin, beside every section until the cover is asked about anew."""
    if form.clearance_note and not form.is_cleared:
        with st.container(border=True, gap="small"):
            st.markdown(":material/rate_review: " + _("Your institute's admin returned it with this note:"))
            st.text(form.clearance_note)


def _clearance(form: Form) -> None:
    if form.is_cleared:
        st.markdown(":material/check_circle: " + _("Your institute's admin cleared title, sum and team."))
        return
    if form.clearance_asked:
        st.markdown(":material/hourglass_top: " + _("Your institute's admin was asked to clear title, sum and team."))
        return
    if Action.ASK_CLEARANCE not in form.actions:
        return
    is_next = {section for section, _message, _params in form.missing} == {"clearance"}
    look: Literal["primary", "secondary"] = "primary" if is_next else "secondary"
    if st.button(label(Action.ASK_CLEARANCE), type=look, key="ask_clearance"):
        confirm_dialog(
            label(Action.ASK_CLEARANCE),
            _("The admin of your institute reads title, sum and team, and nothing else."),
            lambda: perform(ask_clearance, proposal_id=form.head.id, version=form.head.version),
            key="ask",
        )


def _missing(form: Form) -> None:
    """What stands in the way, section by section with the way there."""
    if not form.missing:
        st.markdown(":material/check_circle: " + _("Nothing is missing."))
        return
    st.caption(_("Something is still missing."))
    for place, (section, found) in enumerate(groupby(form.missing, key=lambda row: row[0])):
        words = [f":material/radio_button_unchecked: {escape(_(message, **params))}" for _key, message, params in found]
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("  \n".join(words), width="content")
            if section == "nda":
                record_link(_("Read and accept it"), "challenge", form.head.challenge_id)
            elif section != "clearance":
                st.button(_("Go there"), key=f"go_{place}", type="tertiary", on_click=go, args=(section,))


def _acts(form: Form) -> None:
    if not form.is_lead:
        st.info(_("Whoever leads the proposal submits it."))
        return
    if not form.accepts:
        st.info(_("The challenge is suspended: nothing is accepted until it resumes, and its deadline moves with it."))
    act = Action.REPLACE_PROPOSAL if form.is_submitted else Action.SUBMIT_PROPOSAL
    with st.container(horizontal=True):
        ready = form.accepts and not form.missing
        if st.button(label(act), type="primary", key="submit_proposal", disabled=not ready):
            confirm_dialog(label(act), _consequence(form), lambda: _submit(form), key="submit")
        if Action.WITHDRAW_PROPOSAL in form.actions and st.button(
            label(Action.WITHDRAW_PROPOSAL), key="withdraw_proposal"
        ):
            confirm_dialog(
                label(Action.WITHDRAW_PROPOSAL),
                _("Nothing of yours counts any more. Until the deadline you can submit again.")
                if form.is_submitted
                else _("Your draft is put aside. Until the deadline you can take it up again."),
                lambda: _withdraw(form),
                key="withdraw",
            )
    if form.is_submitted:
        st.caption(_("What you submitted last counts until you replace it; unsent edits do not weaken it."))


def _consequence(form: Form) -> str:
    if form.is_submitted:
        return _("What you submitted before no longer counts; this one does. You get a new receipt.")
    return _("It stays sealed until the opening. Until the deadline you can replace or withdraw it.")


def _submit(form: Form) -> Any:
    receipt = perform(submit_proposal, proposal_id=form.head.id, version=form.head.version)
    if receipt:
        tell(_("Your proposal was received. The receipt stands below and can be kept."))
    return receipt


def _withdraw(form: Form) -> None:
    if perform(withdraw_proposal, proposal_id=form.head.id, version=form.head.version):
        tell(_("Your proposal was withdrawn."))

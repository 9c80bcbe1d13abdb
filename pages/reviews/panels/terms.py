"""The terms: the newest version, who accepted it, and the next one."""

from datetime import datetime
from typing import Literal

import streamlit as st

from portal.errors import Invalid
from portal.permissions import Action
from portal.reviews.commands import accept_terms, write_terms
from portal.reviews.past import PastNegotiation
from portal.reviews.queries import EvaluationDetail, TermsRow
from portal.reviews.workflow import WALKED_AWAY, ProposalStatus
from portal.ui import _, date_time, label, money, perform
from portal.ui.record import confirm_dialog
from portal.ui.run import perform_and_tell, tell, tell_refusal
from portal.wording import parse_money, wan_from_fen

PARTNERS = (ProposalStatus.SHORTLISTED, ProposalStatus.AWARDED, ProposalStatus.CONTRACTED)


def show(record: EvaluationDetail, past: list[PastNegotiation]) -> None:
    st.subheader(_("Terms"), anchor=False)
    partner = next((row for row in record.proposals if row.status in PARTNERS), None)
    if partner is not None:
        st.caption(_("Negotiated with"))
        st.text(f"{partner.institute} · {partner.lead}")
    possible = {step.action for step in record.steps if not step.why_not}
    if record.terms is not None:
        draw(record.terms)
        if Action.ACCEPT_TERMS in possible:
            accept_button(record.terms)
    elif partner is not None or not past:
        st.caption(_("No terms are written yet."))
    if Action.WRITE_TERMS in possible:
        _form(record)
    for row in past:
        _ended(row)


def _ended(row: PastNegotiation) -> None:
    """A negotiation that is over: with whom, who left and why, and what was on the table."""
    with st.container(border=True):
        st.badge(_(WALKED_AWAY[row.walked_away]), icon=":material/link_off:", color="orange")
        st.text(f"{row.institute} · {row.lead} · {date_time(row.ended_at)}")
        if row.proposer_reason:
            st.caption(_("Reason given by the investigator"))
            st.text(row.proposer_reason)
        if row.reason:
            st.caption(_("Reason recorded by the operator"))
            st.text(row.reason)
        if row.terms is None:
            st.caption(_("No terms were written."))
            return
    with st.expander(_("The terms at the end"), icon=":material/description:", expanded=True):
        draw(row.terms)


def draw(terms: TermsRow) -> None:
    """One version with both acceptances; also on the proposer's page."""
    with st.container(border=True):
        st.caption(_("Version {number} of {at}", number=terms.number, at=date_time(terms.written_at)))
        st.text(_("Sum: {sum}", sum=money(terms.sum_fen)))
        st.text(terms.text)
        _accepted(_("Enterprise"), terms.enterprise_accepted_at)
        _accepted(_("Investigator"), terms.investigator_accepted_at)


def accept_button(terms: TermsRow) -> None:
    """Accepting binds, so it is asked once; also on the proposer's page."""
    if st.button(label(Action.ACCEPT_TERMS), type="primary", key="accept"):
        confirm_dialog(
            label(Action.ACCEPT_TERMS),
            _("Once both sides have accepted this version, the award is prepared on it."),
            lambda: _accept(terms),
            key="accept_terms",
        )


def _accept(terms: TermsRow) -> None:
    perform_and_tell(
        accept_terms, _("You accepted version {number} of the terms.", number=terms.number), terms_id=terms.id
    )


def _accepted(who: str, at: datetime | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if at is None:
            st.badge(_("not accepted yet"), icon=":material/hourglass_empty:", color="orange")
        else:
            st.badge(_("accepted"), icon=":material/check:", color="primary")
        st.text(who if at is None else f"{who} · {date_time(at)}")


def _form(record: EvaluationDetail) -> None:
    known = record.terms
    with st.expander(label(Action.WRITE_TERMS), icon=":material/edit_note:", expanded=known is None):
        if known is not None:
            st.caption(_("A new version voids every acceptance of the one before."))
        st.text_input(
            _("Sum in 10,000 yuan (万元)"),
            "" if known is None else f"{wan_from_fen(known.sum_fen):f}",
            key="terms_sum",
            max_chars=40,
            placeholder=_("e.g. {example}", example="260"),
        )
        st.text_area(
            _("What was agreed"),
            "" if known is None else known.text,
            key="terms_text",
            max_chars=8000,
            height=200,
            placeholder=_("Dates, payments, intellectual property, what is measured on the line."),
        )
        look: Literal["primary", "secondary"] = "primary" if known is None else "secondary"
        st.button(_("Save as the next version"), type=look, key="write_terms", on_click=_write, args=(record,))


def _write(record: EvaluationDetail) -> None:
    state = st.session_state
    try:
        sum_fen = parse_money(state["terms_sum"])
    except Invalid as refusal:
        tell_refusal(refusal)
        return
    number = 0 if record.terms is None else record.terms.number
    if perform(write_terms, challenge_id=record.row.id, sum_fen=sum_fen, text=state["terms_text"], number=number):
        tell(_("Version {number} of the terms is saved; both sides were asked to accept it.", number=number + 1))

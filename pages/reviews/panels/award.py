"""The award: what is prepared, the approver's decision, and what was decided."""

import streamlit as st

from portal.permissions import Action
from portal.reviews.commands import decide_award
from portal.reviews.queries import DecisionRow, EvaluationDetail
from portal.reviews.workflow import DecisionStatus
from portal.ui import _, date_time, label, money, perform
from portal.ui.record import confirm_dialog, reason_dialog
from portal.ui.run import tell
from portal.ui.tones import badge


def show(record: EvaluationDetail) -> None:
    st.subheader(_("Award"), anchor=False)
    if record.award is not None:
        with st.container(border=True):
            st.text(f"{record.award.institute} · {record.award.lead}")
            st.caption(_("Awarded on {at}", at=date_time(record.award.awarded_at)))
            st.text(_("Sum: {sum}", sum=money(record.award.sum_fen)))
    decision = record.decision
    if decision is None:
        st.caption(_("No award is prepared yet."))
        return
    with st.container(border=True):
        badge(decision.status)
        prepared = _("Prepared by {name} on {at}", name=decision.prepared_by, at=date_time(decision.prepared_at))
        st.text(prepared)
        if decision.reason:
            st.text(decision.reason)
        if decision.decided_at is not None:
            st.text(_("Decided by {name} on {at}", name=decision.decided_by, at=date_time(decision.decided_at)))
        if decision.decision_reason:
            st.text(decision.decision_reason)
        step = next((step for step in record.steps if step.action is Action.DECIDE_AWARD), None)
        if step is not None and decision.status is DecisionStatus.PREPARED:
            if step.why_not:
                st.caption(_(step.why_not))
            else:
                _decide(decision)


def _decide(decision: DecisionRow) -> None:
    with st.container(horizontal=True):
        if st.button(label(Action.AWARD_CHALLENGE), type="primary", key="award"):
            confirm_dialog(
                label(Action.AWARD_CHALLENGE),
                _("The award holds from this moment, and every other proposer gets the prepared reply."),
                lambda: _done(decision, approve=True),
                key="award_yes",
            )
        if st.button(_("Refuse the prepared award"), key="refuse"):
            reason_dialog(
                _("Refuse the prepared award"),
                _("The operator reads your reason; the negotiation goes on."),
                lambda reason: _done(decision, approve=False, reason=reason),
                key="award_no",
            )


def _done(decision: DecisionRow, *, approve: bool, reason: str = "") -> bool:
    done = perform(decide_award, decision_id=decision.id, approve=approve, reason=reason, version=decision.version)
    if done:
        tell(_("The award is decided.") if approve else _("The prepared award is refused."))
    return bool(done)

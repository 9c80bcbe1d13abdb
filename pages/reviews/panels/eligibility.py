"""Each opened proposal: eligible or not, and why."""

from typing import Any

import streamlit as st

from portal.permissions import Action
from portal.reviews.commands import accept_eligible, declare_ineligible, reinstate_proposal
from portal.reviews.queries import EvaluationDetail, ProposalRow
from portal.reviews.workflow import ProposalStatus
from portal.ui import _, escape, label, perform
from portal.ui.record import reason_dialog
from portal.ui.shell import record_link
from portal.ui.tones import badge

OFFERED = {
    ProposalStatus.SUBMITTED: (Action.ACCEPT_ELIGIBLE, Action.DECLARE_INELIGIBLE),
    ProposalStatus.INELIGIBLE: (Action.REINSTATE_PROPOSAL,),
}


def show(record: EvaluationDetail) -> None:
    st.caption(_("A proposal is eligible when it is complete in form. What it promises is judged by the ranking."))
    if not record.proposals:
        st.caption(_("Nobody handed in a proposal."))
    possible = {step.action for step in record.steps if not step.why_not}
    for row in record.proposals:
        with st.container(border=True, gap="small"):
            st.text(f"{row.institute} · {row.lead}")
            if row.decision_reason:
                st.caption(escape(row.decision_reason))
            with st.container(horizontal=True, vertical_alignment="center"):
                badge(row.status)
                record_link(_("Open the proposal"), "proposal", row.id)
                for action in OFFERED.get(row.status, ()):
                    if action in possible:
                        _button(row, action)


def _button(row: ProposalRow, action: Action) -> None:
    target: dict[str, Any] = {"proposal_id": row.id, "version": row.version}
    if not st.button(label(action), key=f"{action.value}_{row.id}"):
        return
    if action is Action.ACCEPT_ELIGIBLE:
        perform(accept_eligible, **target)
        st.rerun()
    command = declare_ineligible if action is Action.DECLARE_INELIGIBLE else reinstate_proposal
    reason_dialog(
        label(action),
        _("Your words become the prepared reply to this proposer; it goes out with the others.")
        if action is Action.DECLARE_INELIGIBLE
        else _("The proposal is in the running again; the reason is kept in its history."),
        lambda reason: bool(perform(command, reason=reason, **target)),
        key=f"why_{row.id}",
    )

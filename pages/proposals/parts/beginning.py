"""The first step of an answer: what one is about to do, and the draft that is there already."""

from uuid import UUID

import streamlit as st

from portal.challenges.details import challenge_detail
from portal.permissions import Action, can
from portal.proposals.commands import draft_proposal
from portal.proposals.lists import my_proposal_for
from portal.ui import _, actor, date_time, label, perform, read
from portal.ui.record import empty, facts, head
from portal.ui.shell import open_page


def begin_answer(challenge_id: UUID | None) -> None:
    """Go on with the draft that is there, or begin one by a click."""
    if challenge_id is None:
        empty(_("Choose a proposal from your list."), page="proposals", link=_("My proposals"))
        return
    known = read(my_proposal_for, challenge_id)
    if known is not None:
        open_page("proposal-edit", known)
    challenge = read(challenge_detail, challenge_id)
    over = f"{challenge.number} · {challenge.organisation}"
    head(challenge.title, challenge.status, over=over, line=challenge.summary)
    facts([(_("Deadline"), date_time(challenge.closes_at))])
    if not can(actor(), Action.DRAFT_PROPOSAL):
        st.info(_("A researcher of a verified institute writes the proposal."))
        return
    st.text(
        _(
            "Your draft is encrypted from the first word. Nobody outside your team sees it, or that it exists, before "
            "enterprise and district open the proposals together after the deadline."
        )
    )
    if st.button(label(Action.DRAFT_PROPOSAL), type="primary", icon=":material/edit:", key="begin"):
        proposal_id = perform(draft_proposal, challenge_id=challenge_id)
        if proposal_id:
            open_page("proposal-edit", proposal_id)
        st.rerun()

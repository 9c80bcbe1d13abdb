"""One proposal: what was submitted and counts, for its own side and, after the opening, for those who judge it."""

import streamlit as st

from pages.proposals.parts.acts import show_history
from pages.proposals.parts.document import show_document
from pages.proposals.parts.receipts import show_receipts
from pages.proposals.parts.standing import to_evaluation
from portal.challenges.workflow import ChallengeStatus
from portal.proposals.queries import proposal_view
from portal.proposals.rules import Sight
from portal.ui import _, ask, date_time, escape, money, read
from portal.ui.record import empty, facts, head
from portal.ui.shell import record_link

chosen = ask("id")
if chosen is None:
    empty(_("Choose a proposal from your list."), page="proposals", link=_("My proposals"))
    st.stop()
view = read(proposal_view, chosen)
is_team, is_opened = view.head.sight is Sight.TEAM, view.head.opened_at is not None

over = " · ".join([view.head.challenge_number, view.head.challenge_title, view.head.institute])
head(view.title or _("Untitled draft"), view.head.status, over=over)
with st.container(horizontal=True, vertical_alignment="center"):
    record_link(_("See the challenge"), "challenge", view.head.challenge_id, icon=":material/lightbulb:")
    if is_team and not is_opened:
        record_link(_("Open the draft"), "proposal-edit", view.head.id)
    if is_team and is_opened and view.document is not None:
        to_evaluation(view.head.challenge_id)
newest = view.receipts[0] if view.receipts else None
facts(
    [
        (_("Sum"), money(view.sum_fen)),
        (_("Enterprise"), view.head.enterprise),
        (_("Deadline"), date_time(view.head.closes_at)),
        *([(_("Submitted"), date_time(newest.submitted_at))] if newest and view.document else []),
        *([(_("Opened"), date_time(view.head.opened_at))] if is_opened else []),
    ]
)
if view.head.challenge_status is ChallengeStatus.SUSPENDED:
    st.warning(
        _("The challenge is suspended: nothing is accepted until it resumes, and its deadline moves with it."),
        icon=":material/pause_circle:",
    )
for addendum in view.addenda:
    st.warning(
        _(
            "Addendum {number} came after the submission and is not acknowledged: {title}. The proposal is valid.",
            number=addendum.number,
            title=escape(addendum.title),
        ),
        icon=":material/campaign:",
    )
if view.document is not None:
    show_document(view, view.document)
elif is_team:
    empty(_("Nothing counts now: it was not submitted yet, or it was withdrawn."))
else:
    st.info(_("Before the opening you see title, sum and team; the proposal itself stays sealed."))
    st.text("\n".join(f"{member.name} · {member.organisation}" for member in view.members))
    for partner in view.partners:
        st.text(partner.name)
if view.receipts:
    st.subheader(_("Receipts"), anchor=False)
    show_receipts(view.receipts, view.head.status is not view.head.status.WITHDRAWN)
show_history(view.head)

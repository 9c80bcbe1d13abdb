"""Write a proposal: sections down the left, one at a time, each sealed and saved as it is left."""

import streamlit as st

from pages.proposals.parts.addenda import say_addenda
from pages.proposals.parts.beginning import begin_answer
from pages.proposals.parts.files import files
from pages.proposals.parts.people import people
from pages.proposals.parts.rail import FILES, PEOPLE, SUBMIT, onward, rail
from pages.proposals.parts.receipts import show_receipts
from pages.proposals.parts.section_form import section_form
from pages.proposals.parts.submission import say_return, submission
from portal.proposals.queries import proposal_form
from portal.proposals.workflow import ProposalSectionKey
from portal.ui import _, ask, date_time, read
from portal.ui.record import countdown, empty, head
from portal.ui.shell import record_link
from portal.ui.typing import saved_as_typed

chosen = ask("id")
if chosen is None:
    begin_answer(ask("challenge"))
    st.stop()
form = read(proposal_form, chosen)

over = " · ".join([form.head.challenge_number, form.head.challenge_title, form.head.enterprise])
head(form.title or _("Untitled draft"), form.head.status, over=over)
if form.accepts and form.head.closes_at:
    countdown(form.head.closes_at)
with st.container(horizontal=True, vertical_alignment="center"):
    record_link(_("See the challenge"), "challenge", form.head.challenge_id, icon=":material/lightbulb:")
    if form.is_submitted:
        record_link(_("See what was submitted"), "proposal", form.head.id)
    st.caption(":material/lock: " + _("Sealed: nobody outside your team reads it before the opening."))
say_addenda(form)

if not form.is_editable:
    if form.receipts:
        show_receipts(form.receipts, form.head.status is not form.head.status.WITHDRAWN)
    empty(
        _("The deadline has passed; the draft can no longer be changed."),
        page="proposals",
        link=_("My proposals"),
    )
    st.stop()

say_return(form)
left, right = st.columns([1, 3], gap="medium")
with left:
    step = rail(form)
with right:
    if step == FILES:
        files(form)
    elif step == PEOPLE:
        people(form)
    elif step == SUBMIT:
        submission(form)
    else:
        section = form.sections[ProposalSectionKey(step)]
        with saved_as_typed():
            section_form(form, section)
        st.caption(_("Last saved: {moment}", moment=date_time(section.changed_at)))
    onward(step)

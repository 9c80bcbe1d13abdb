"""Write a challenge: sections down the left, one at a time, each saved as it is left."""

import streamlit as st

from pages.challenges.parts.rail import onward, open_section, rail
from pages.challenges.parts.section_form import section_form
from pages.challenges.parts.submission import submission
from pages.challenges.parts.table_form import NOT_SAVED
from portal.challenges.drafts import challenge_draft
from portal.challenges.workflow import ChallengeStatus
from portal.ui import _, ask, date_time, escape, label, read
from portal.ui.record import empty
from portal.ui.shell import record_link
from portal.ui.tones import badge
from portal.ui.typing import saved_as_typed

chosen = ask("id")
if chosen is None:
    empty(_("Choose a challenge from the list."), page="challenges", link=_("Challenges"))
    st.stop()
draft = read(challenge_draft, chosen)

with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    st.title(escape(draft.title or _("Untitled draft")), anchor=False, width="content")
    badge(draft.status)
    st.caption(draft.number)
    record_link(_("See it as it reads"), "challenge", draft.id, icon=":material/visibility:")
if draft.status is not ChallengeStatus.DRAFT:
    st.info(_("It is “{status}” now and cannot be edited.", status=label(draft.status)))
    st.stop()

if draft.returned_with:
    st.warning(escape(draft.returned_with), icon=":material/rate_review:")
left, right = st.columns([1, 3], gap="medium")
# The section first, though it stands beside the rail: only then is it known whether what stands in it is saved.
key = open_section(draft)
with right:
    if key is None:
        submission(draft)
    else:
        with saved_as_typed():
            section_form(draft, draft.sections[key])
        st.caption(_("Last saved: {moment}", moment=date_time(draft.sections[key].changed_at)))
        onward(draft, key)
with left:
    rail(draft, not_saved=key if key and st.session_state.pop(NOT_SAVED, False) else None)

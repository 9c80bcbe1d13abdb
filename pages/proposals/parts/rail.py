"""The rail of the form with its marks; leaving a section saves it, a refusal keeps its writer there."""

import streamlit as st

from pages.proposals.parts.saving import save_open_section
from portal.proposals.queries import Form
from portal.proposals.workflow import ProposalSectionKey
from portal.ui import _, label

FILES, PEOPLE, SUBMIT = "files", "people", "submit"
STATE, ADDRESS = "proposal_section", "section"
DONE, OPEN, WRONG = ":material/check_circle:", ":material/radio_button_unchecked:", ":material/error:"
LEADS_TO = {"partners": PEOPLE, "clearance": SUBMIT, "nda": SUBMIT}
"""Where something that is missing is mended, when it is no section of words."""


def rail(form: Form) -> str:
    """The step on screen, kept in the address."""
    open_ones = {section for section, _message, _params in form.missing}
    names = {key.value: f"{OPEN if key.value in open_ones else DONE} {label(key)}" for key in ProposalSectionKey}
    names[FILES] = ":material/attach_file: " + _("Attachments")
    names[PEOPLE] = (WRONG if "partners" in open_ones else DONE) + " " + _("Team and partners")
    names[SUBMIT] = ":material/send: " + _("Check and submit")
    asked = st.query_params.get(ADDRESS, "")
    st.session_state[STATE] = asked if asked in names else ProposalSectionKey.COVER.value
    chosen = st.radio(_("Sections"), list(names), format_func=names.__getitem__, key=STATE, on_change=_leave)
    st.caption(_("✓ done, ○ open"))
    return str(chosen)


def go(step: str) -> None:
    """Open another step, for a callback."""
    st.query_params[ADDRESS] = LEADS_TO.get(step, step)


def _leave() -> None:
    """Save what is left behind first; the new section only opens if that went well."""
    if save_open_section():
        st.query_params[ADDRESS] = st.session_state[STATE]

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
    marks = {key.value: OPEN if key.value in open_ones else DONE for key in ProposalSectionKey}
    marks |= {FILES: ":material/attach_file:", PEOPLE: WRONG if "partners" in open_ones else DONE}
    marks[SUBMIT] = ":material/send:"
    names = {step: f"{marks[step]} {words}" for step, words in _steps().items()}
    asked = st.query_params.get(ADDRESS, "")
    st.session_state[STATE] = asked if asked in names else ProposalSectionKey.COVER.value
    chosen = st.radio(_("Sections"), list(names), format_func=names.__getitem__, key=STATE, on_change=_leave)
    st.caption(_("✓ done, ○ open"))
    return str(chosen)


def onward(step: str) -> None:
    """The way to the next step: on a phone the rail is far above."""
    steps = _steps()
    order = list(steps)
    following = order[order.index(step) + 1 :][:1]
    for name in following:
        st.button(_("Next: {section}", section=steps[name]), key="onward", on_click=_go_on, args=(name,))


def _steps() -> dict[str, str]:
    """Every step by its address, in order."""
    return {
        **{key.value: label(key) for key in ProposalSectionKey},
        FILES: _("Attachments"),
        PEOPLE: _("Team and partners"),
        SUBMIT: _("Check and submit"),
    }


def _go_on(step: str) -> None:
    if save_open_section():
        st.query_params[ADDRESS] = step


def go(step: str) -> None:
    """Open another step, for a callback."""
    st.query_params[ADDRESS] = LEADS_TO.get(step, step)


def _leave() -> None:
    """Save what is left behind first; the new section only opens if that went well."""
    if save_open_section():
        st.query_params[ADDRESS] = st.session_state[STATE]

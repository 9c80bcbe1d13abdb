"""The rail of sections with their marks; leaving a section saves it, a refusal keeps its writer there."""

import streamlit as st

from pages.challenges.parts.saving import save_open_section
from portal.challenges.drafts import Draft, Mark
from portal.challenges.workflow import SectionKey
from portal.ui import _, label

SUBMIT = "submit"
STATE, ADDRESS = "edit_section", "section"
ICONS = {
    Mark.DONE: ":material/check_circle:",
    Mark.OPEN: ":material/radio_button_unchecked:",
    Mark.COMMENTED: ":material/error:",
}


def rail(draft: Draft) -> SectionKey | None:
    """The section on screen, None for the last step, submission; kept in the address."""
    names: dict[str, str] = {
        key.value: f"{ICONS[section.mark]} {label(key)}" for key, section in draft.sections.items()
    }
    names[SUBMIT] = ":material/send: " + _("Check and submit")
    asked = st.query_params.get(ADDRESS, "")
    st.session_state[STATE] = asked if asked in names else SectionKey.PROBLEM.value
    chosen = st.radio(_("Sections"), list(names), format_func=names.__getitem__, key=STATE, on_change=_leave)
    st.caption(_("✓ done, ○ open, ! commented"))
    return None if chosen == SUBMIT else SectionKey(chosen)


def _leave() -> None:
    """Save what is left behind first; the new section only opens if that went well."""
    if save_open_section():
        st.query_params[ADDRESS] = st.session_state[STATE]

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
    Mark.OPTIONAL: ":material/remove:",
    Mark.COMMENTED: ":material/error:",
}
NOT_SAVED_ICON = ":material/edit_note:"


def open_section(draft: Draft) -> SectionKey | None:
    """The section on screen by the address, None for the last step, submission."""
    asked = st.query_params.get(ADDRESS, "")
    if asked == SUBMIT:
        return None
    return next((key for key in draft.sections if key.value == asked), SectionKey.PROBLEM)


def rail(draft: Draft, *, not_saved: SectionKey | None = None) -> None:
    """The way through the sections; `not_saved` is the one on screen whose fields cannot be accepted yet."""
    names = {
        key.value: f"{NOT_SAVED_ICON if key is not_saved else ICONS[section.mark]} {label(key)}"
        for key, section in draft.sections.items()
    }
    names[SUBMIT] = ":material/send: " + _("Check and submit")
    here = open_section(draft)
    st.session_state[STATE] = SUBMIT if here is None else here.value
    st.radio(_("Sections"), list(names), format_func=names.__getitem__, key=STATE, on_change=_leave)
    st.caption(_("✓ done, ○ open, – optional, ! commented"))
    if not_saved is not None:
        st.caption(f"{NOT_SAVED_ICON} " + _("{section}: not saved", section=label(not_saved)))


def onward(draft: Draft, key: SectionKey) -> None:
    """The way to the next step: on a phone the rail is far above."""
    order = list(draft.sections)
    following = order[order.index(key) + 1 :][:1]
    name = label(following[0]) if following else _("Check and submit")
    step = following[0].value if following else SUBMIT
    st.button(_("Next: {section}", section=name), key="onward", on_click=_go_on, args=(step,))


def _go_on(step: str) -> None:
    if save_open_section():
        st.query_params[ADDRESS] = step


def _leave() -> None:
    """Save what is left behind first; the new section only opens if that went well."""
    if save_open_section():
        st.query_params[ADDRESS] = st.session_state[STATE]

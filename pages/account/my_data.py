"""Data about me: see, correct, take along, decide about each use, and delete."""

from functools import partial

import streamlit as st

from pages.talents.panels import about, consents, journey, opening, pool, posts
from pages.talents.panels.fields import person_fields, typed
from portal.permissions import Action
from portal.talents.commands import delete_talent, edit_talent
from portal.talents.queries import TalentDetail, my_talent
from portal.ui import _, label, perform, read
from portal.ui.record import confirm_dialog, empty, head, title
from portal.ui.run import tell
from portal.ui.web_links import web_link


def save(record: TalentDetail) -> None:
    done = perform(edit_talent, talent_id=record.row.id, version=record.version, **typed())
    if done is not None:
        tell(_("Saved."))


def delete(record: TalentDetail) -> None:
    if perform(delete_talent, talent_id=record.row.id, confirm=True):
        tell(_("Everything that was kept about you as a talent is deleted."))


mine = read(my_talent)
if mine is None or mine.row.stage is None:
    title(_("Data about me"))
    empty(
        _("No talent record about you is kept. Your account has your name, e-mail and phone."),
        page="account",
        link=_("My account"),
    )
    st.stop()

head(_("Data about me"), mine.row.stage, over=mine.row.number, line=mine.row.name)
st.caption(_("All that is kept about you as a talent. What is wrong in class, steps or posts, an operator corrects."))
with st.container(horizontal=True, vertical_alignment="center"):
    web_link(_("Take it along (JSON)"), "/my-data/talent.json", is_file=True)
    if st.button(label(Action.DELETE_TALENT), icon=":material/delete:", key="delete_mine"):
        confirm_dialog(
            label(Action.DELETE_TALENT),
            _("Everything kept about you as a talent is deleted at once and for good; your account stays."),
            partial(delete, mine),
            key="delete_mine",
        )
tabs = {
    "mine": _("About me"),
    "consents": _("Consents"),
    "journey": _("Journey"),
    "posts": _("Posts"),
    "class": _("Class"),
    "pool": _("Selection pool"),
    "readings": _("Who read it"),
}
for key, tab in zip(tabs, st.tabs(list(tabs.values()), key="tab", on_change="rerun"), strict=True):
    if not tab.open:
        continue
    with tab:
        if key == "mine":
            with st.form("mine", border=False):
                person_fields(mine)
                st.form_submit_button(_("Save"), type="primary", on_click=save, args=(mine,))
        elif key == "consents":
            consents.show(mine)
        elif key == "journey":
            journey.show(mine)
        elif key == "posts":
            posts.show(mine)
        elif key == "class":
            about.certificate(mine)
        elif key == "pool":
            pool.show(mine)
        else:
            opening.readings(mine)

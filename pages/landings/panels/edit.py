"""Change the words and the place of a project, and publish its summary."""

from typing import Any

import streamlit as st

from portal.landings.commands import edit_landing, publish_landing
from portal.landings.queries import LandingDetail
from portal.organisations.places import industries, towns
from portal.permissions import Action
from portal.ui import _, label, language, perform
from portal.ui.run import tell


def show(record: LandingDetail) -> None:
    with st.expander(label(Action.EDIT_LANDING), icon=":material/edit:"), st.form("edit", border=False):
        _words(record)
        st.form_submit_button(_("Save"), type="primary", on_click=_save, args=(record,))
    with st.expander(_("Publish a summary"), icon=":material/public:"), st.form("publish", border=False):
        st.caption(_("Everybody then reads title, parties, stage, place and this summary; no money, no evidence."))
        st.text_area(_("Public summary"), record.row.public_summary, key="public_summary", max_chars=600)
        st.toggle(_("Show it to everybody"), record.is_public, key="is_public")
        st.form_submit_button(_("Save"), type="primary", on_click=_publish, args=(record,))


def _words(record: LandingDetail) -> None:
    row = record.row
    place_names = {place.code: place.in_language(language()) for place in towns()}
    industry_names = {place.code: place.in_language(language()) for place in industries()}
    st.text_input(_("Title"), row.title, key="title", max_chars=200)
    codes, divisions = list(place_names), list(industry_names)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Town"),
            codes,
            index=codes.index(row.town_code) if row.town_code in codes else None,
            format_func=place_names.__getitem__,
            key="town",
            placeholder=_("Choose the town"),
        )
        st.selectbox(
            _("Industry"),
            divisions,
            index=divisions.index(row.industry_code) if row.industry_code in divisions else None,
            format_func=lambda code: f"{code} {industry_names[code]}",
            key="industry",
            placeholder=_("Choose the industry"),
        )
        st.text_input(_("Place"), record.place, key="place", max_chars=200)
    st.text_area(_("What it is about"), record.summary, key="summary", max_chars=2000)


def _save(record: LandingDetail) -> None:
    state: Any = st.session_state
    done = perform(
        edit_landing,
        landing_id=record.row.id,
        version=record.version,
        title=state["title"],
        summary=state["summary"],
        town_code=state["town"] or "",
        place=state["place"],
        industry_code=state["industry"],
    )
    if done is not None:
        tell(_("Saved."))


def _publish(record: LandingDetail) -> None:
    state: Any = st.session_state
    done = perform(
        publish_landing,
        landing_id=record.row.id,
        version=record.version,
        is_public=state["is_public"],
        public_summary=state["public_summary"],
    )
    if done:
        tell(_("Saved."))

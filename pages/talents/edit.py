"""Register a person who agreed to it, or correct a record."""

from typing import Any
from uuid import uuid4

import streamlit as st

from pages.talents.panels.fields import person_fields, typed
from pages.talents.panels.posts import chosen_organisation, organisation_field
from portal import clock
from portal.permissions import Action, Role
from portal.talents.commands import edit_talent, register_talent
from portal.talents.queries import TalentDetail, talent_detail
from portal.talents.rules import CONSENT_WORDS, FIRST_DAY
from portal.talents.workflow import ConsentUse, TalentChannel
from portal.ui import _, actor, ask, label, perform, read
from portal.ui.record import empty, title
from portal.ui.run import tell
from portal.ui.shell import open_page

state: Any = st.session_state
chosen = ask("id")
record: TalentDetail | None = read(talent_detail, chosen) if chosen else None
is_operator = actor().role is Role.OPERATOR
title(label(Action.EDIT_TALENT if record else Action.REGISTER_TALENT))
if record is not None and (Action.EDIT_TALENT not in record.actions or record.is_self):
    empty(_("Please open the record first and say what for."), page="talents", link=_("Talents"))
    st.stop()
if record is None:
    state.setdefault("talent_token", uuid4())


def channel_and_days() -> None:
    channels = {one: label(one) for one in TalentChannel}
    present = record.row.channel if record else None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Channel") + " *",
            list(channels),
            index=list(channels).index(present) if present else None,
            format_func=channels.__getitem__,
            key="channel",
            placeholder=_("How the person came to us"),
        )
        if record is None:
            st.date_input(
                _("First contact on"), clock.today(), key="reached_on", format="YYYY-MM-DD", min_value=FIRST_DAY
            )
        st.date_input(
            _("Arrived on (if already)"),
            record.row.arrived_on if record else None,
            key="arrived_on",
            format="YYYY-MM-DD",
            min_value=FIRST_DAY,
        )
    if record is None:
        st.text_input(
            _("Known from") + " *",
            key="source",
            max_chars=300,
            placeholder=_("Number of a challenge or landing project, or words: list of participants of 5 March"),
        )


with st.container(border=True):
    person_fields(record)
    if record is None or is_operator:
        channel_and_days()
    if is_operator:
        st.text_input(
            _("E-mail of the portal account, if there is one"),
            record.account if record else "",
            key="account_email",
            max_chars=254,
            help=_(
                "Whoever signs in with it sees, corrects and deletes this record. Please make sure it is the person's."
            ),
        )
    if record is None:
        organisation_field("first", needed=not is_operator)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(_("Post") + ("" if is_operator else " *"), key="first_post", max_chars=100)
            st.date_input(_("In this post since"), None, key="first_since", format="YYYY-MM-DD", min_value=FIRST_DAY)
        st.text(_(CONSENT_WORDS[ConsentUse.FOLLOW]))
        st.checkbox(_("The person agrees to this; the signed form is with us."), key="consent")

if st.button(_("Save") if record else label(Action.REGISTER_TALENT), type="primary", key="save"):
    common = typed() | {
        "channel": state.get("channel"),
        "arrived_on": state.get("arrived_on"),
        "account_email": state.get("account_email", ""),
    }
    if record is not None:
        done = perform(edit_talent, talent_id=record.row.id, version=record.version, **common)
        if done is not None:
            tell(_("Saved."))
            open_page("talent", record.row.id)
    else:
        made = perform(
            register_talent,
            **common,
            reached_on=state["reached_on"],
            source=state["source"],
            consent=state["consent"],
            post=state["first_post"],
            post_since=state["first_since"],
            talent_id=state["talent_token"],
            **chosen_organisation("first"),
        )
        if made:
            del state["talent_token"]
            tell(_("The person is registered."))
            open_page("talent", made)

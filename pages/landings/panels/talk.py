"""The support talk after a loss: when it is due, recording it, closing it; what was said is for those who took part."""

from typing import Any

import streamlit as st

from portal import clock
from portal.landings.commands import close_talk, hold_talk
from portal.landings.talks import TalkView
from portal.landings.workflow import TalkStatus
from portal.permissions import Action
from portal.ui import _, date_time, day, label, perform
from portal.ui.record import dialog_button
from portal.ui.run import tell
from portal.ui.tones import badge


def show(talk: TalkView) -> None:
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.text(_("Support talk"), width="content")
            badge(talk.status)
            st.text(_when(talk), width="content")
        if talk.takes_part:
            st.text(_("Took part: {people}", people="、".join(talk.people)))
            st.text(talk.notes)
            if talk.follow_up:
                st.text(_("What comes of it: {words}", words=talk.follow_up))
            st.caption(_("Only those who took part read this."))
        if Action.HOLD_TALK in talk.actions and st.button(label(Action.HOLD_TALK), type="primary", key="hold_talk"):
            _hold(talk)
        if Action.CLOSE_TALK in talk.actions and st.button(label(Action.CLOSE_TALK), type="primary", key="close_talk"):
            _close(talk)


def _when(talk: TalkView) -> str:
    if talk.status is not TalkStatus.DUE:
        return _("held on {day}", day=day(talk.held_on))
    guess = " " + _("(counted Monday to Friday for now)") if talk.is_provisional else ""
    return _("due by {moment}", moment=date_time(talk.due_at)) + guess


def _hold(talk: TalkView) -> None:
    heading = label(Action.HOLD_TALK)
    names = {str(person_id): name for person_id, name in talk.invited}

    def fire() -> Any:
        state: Any = st.session_state
        people = [person_id for person_id, _name in talk.invited if str(person_id) in state["talk_people"]]
        done = perform(
            hold_talk,
            talk_id=talk.id,
            version=talk.version,
            held_on=state["talk_day"],
            notes=state["talk_notes"],
            people=people,
        )
        if done:
            tell(_("The talk is recorded. Thank you for taking the time."))
        return done

    @st.dialog(heading)
    def ask_hold() -> None:
        st.text(_("What was said is read by those who took part alone: support, not blame."))
        st.date_input(_("Held on"), clock.today(), key="talk_day", format="YYYY-MM-DD")
        st.multiselect(
            _("Who took part, besides you"),
            list(names),
            default=list(names)[:1],
            format_func=names.__getitem__,
            key="talk_people",
            placeholder=_("Choose people of the project"),
        )
        st.text_area(_("What was said"), key="talk_notes", max_chars=4000)
        dialog_button(heading, fire, key="do_hold")

    ask_hold()


def _close(talk: TalkView) -> None:
    heading = label(Action.CLOSE_TALK)

    def fire() -> Any:
        words = st.session_state["talk_follow_up"]
        return perform(close_talk, talk_id=talk.id, version=talk.version, follow_up=words)

    @st.dialog(heading)
    def ask_close() -> None:
        st.text_area(
            _("What comes of it"),
            key="talk_follow_up",
            max_chars=2000,
            placeholder=_("What the team gets, who sees to it, until when."),
        )
        dialog_button(heading, fire, key="do_close")

    ask_close()

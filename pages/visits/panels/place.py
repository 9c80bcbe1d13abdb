"""My own place: how to register, what I agreed to, how to check in, how to give it back."""

from typing import Any

import streamlit as st

from portal import clock
from portal.permissions import Action
from portal.ui import _, actor, label, perform
from portal.ui.record import confirm_dialog, dialog_button
from portal.ui.run import tell
from portal.ui.shell import open_page
from portal.ui.tones import badge
from portal.ui.web_links import web_link
from portal.visits.details import Mine, VisitDetail
from portal.visits.registration import cancel_registration, change_consent, register_for_visit
from portal.visits.rules import CONSENT, FOLLOW, TOOK_PART, Window, spaced
from portal.visits.workflow import ParticipantStatus, VisitStatus


def show(record: VisitDetail) -> None:
    """What concerns the reader, before everything else."""
    if record.mine is not None:
        _mine(record, record.mine)
    elif record.may_register:
        _register(record)
    elif record.row.window is Window.OPEN and not actor().signed_in:
        web_link(_("Sign in to register"), "/login", strong=True)
    if record.may_register_group and st.button(
        label(Action.REGISTER_GROUP), icon=":material/group_add:", key="register_group"
    ):
        open_page("visit-group", record.row.id)


def _register(record: VisitDetail) -> None:
    words = _("Register") if record.row.free != 0 else _("Join the waiting list")

    def submit() -> Any:
        state: Any = st.session_state
        done = perform(
            register_for_visit,
            visit_id=record.row.id,
            consent=state["my_consent"],
            follow=state["my_follow"],
            field=state["my_field"],
            phone=state["my_phone"],
        )
        if done:
            tell(_("You are on the list; a confirmation is on its way."))
        return done

    @st.dialog(words)
    def ask_consent() -> None:
        st.text_input(_("Field of study or work"), key="my_field", max_chars=100)
        st.text_input(_("Phone (optional)"), key="my_phone", max_chars=40)
        st.text(_(CONSENT))
        st.checkbox(_("I agree") + " *", key="my_consent")
        st.text(_(FOLLOW))
        st.checkbox(_("I agree to this, too (optional)"), key="my_follow")
        dialog_button(words, submit, key="do_register")

    if st.button(words, type="primary", icon=":material/how_to_reg:", key="register"):
        ask_consent()


def _mine(record: VisitDetail, mine: Mine) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.text(_("My registration"), width="content")
            badge(mine.status)
            if mine.place_in_line:
                st.text(_("Number {number} on the list", number=mine.place_in_line), width="content")
            if mine.ticket:
                st.text(_("Ticket {ticket}", ticket=spaced(mine.ticket)), width="content")
        _offers(record, mine)


def _offers(record: VisitDetail, mine: Mine) -> None:
    row = record.row
    comes = mine.status in (ParticipantStatus.REGISTERED, ParticipantStatus.WAITLISTED)
    with st.container(horizontal=True, vertical_alignment="center"):
        on_its_days = row.starts_on <= clock.today() <= row.ends_on
        if mine.status is ParticipantStatus.REGISTERED and on_its_days and row.status is not VisitStatus.CANCELLED:
            web_link(label(Action.CHECK_IN), f"/check-in/{row.id}", strong=True)
        if mine.status in TOOK_PART and row.status in (VisitStatus.HELD, VisitStatus.DEBRIEFED):
            web_link(label(Action.GIVE_FEEDBACK), f"/check-in/{row.id}", strong=True)
        if (
            comes
            and row.status is VisitStatus.REGISTRATION_OPEN
            and st.button(label(Action.CANCEL_REGISTRATION), key="cancel_mine")
        ):
            _cancel(mine)
        if row.status is not VisitStatus.CANCELLED:
            follow = mine.follow_agreed
            words = _("Take back that I am followed") if follow else _("Agree to be followed afterwards")
            st.button(words, key="change_consent", help=_(FOLLOW), on_click=_change_consent, args=(mine,))


def _cancel(mine: Mine) -> None:
    def submit() -> None:
        if perform(cancel_registration, participant_id=mine.id):
            tell(_("The registration is cancelled."))

    confirm_dialog(
        label(Action.CANCEL_REGISTRATION),
        _("Your place goes to the first who waits. You can register again while registration is open."),
        submit,
        key="cancel_mine",
    )


def _change_consent(mine: Mine) -> None:
    if perform(change_consent, participant_id=mine.id, follow=not mine.follow_agreed):
        tell(_("Your choice is saved."))

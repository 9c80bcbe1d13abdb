"""Who takes part, for the organisers: present or not, whom they met, what became of them."""

from typing import Any

import streamlit as st

from portal import clock
from portal.organisations.queries import verified_organisations
from portal.organisations.workflow import OrganisationKind
from portal.permissions import Action
from portal.ui import _, date_time, escape, label, perform, read
from portal.ui.lists import count_text, export_link, offset_of, page_number
from portal.ui.record import confirm_dialog, dialog_button
from portal.ui.run import tell
from portal.ui.tones import badge
from portal.visits.attendance import record_contact, record_outcome, tick_off
from portal.visits.details import VisitDetail
from portal.visits.people import ParticipantRow, list_participants, may_record
from portal.visits.registration import cancel_registration
from portal.visits.rules import TOOK_PART, spaced
from portal.visits.workflow import OUTCOMES, PARTICIPANT_WORKFLOW, ParticipantStatus, VisitStatus

MET = (OrganisationKind.ENTERPRISE, OrganisationKind.INSTITUTE, OrganisationKind.GOVERNMENT, OrganisationKind.AGENCY)


def show(record: VisitDetail) -> None:
    """Twenty a page; phones are whole for the organiser alone."""
    visit_id = record.row.id
    found = read(list_participants, visit_id, offset=offset_of("guests_page"))
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(_("{count} registrations", count=count_text(found.total)))
        if found.rows:
            export_link("visit-participants", id=str(visit_id))
    if not found.rows:
        st.caption(_("Nobody has registered yet."))
        return
    records_them = read(may_record, visit_id)
    for row in found.rows:
        _row(record, row, records_them)
    page_number(found.total, key="guests_page")


def _row(record: VisitDetail, row: ParticipantRow, records_them: bool) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(gap=None, width=420):
            st.text(row.name or _("Personal data deleted"))
            parts = [row.school or row.organisation, row.field, row.phone]
            parts += [_("ticket {ticket}", ticket=spaced(row.ticket))] if row.ticket else []
            st.caption(escape(" · ".join(part for part in parts if part)))
            st.caption(date_time(row.registered_at))
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            badge(row.status)
            if row.follow_agreed:
                st.badge(_("to be followed"), icon=":material/visibility:", color="gray")
            if records_them and not row.is_purged:
                _offers(record, row)


def _offers(record: VisitDetail, row: ParticipantRow) -> None:
    acts = PARTICIPANT_WORKFLOW.actions_from(row.status)
    begun = clock.today() >= record.row.starts_on
    if Action.TICK_OFF in acts and begun:
        st.button(label(Action.TICK_OFF), key=f"tick_{row.id}", on_click=_tick, args=(row,))
    is_open = record.row.status is VisitStatus.REGISTRATION_OPEN
    if (
        Action.CANCEL_REGISTRATION in acts
        and is_open
        and st.button(label(Action.CANCEL_REGISTRATION), key=f"cancel_{row.id}", type="tertiary")
    ):
        _cancel(row)
    if row.status in TOOK_PART:
        if st.button(label(Action.RECORD_CONTACT), key=f"contact_{row.id}", type="tertiary"):
            _contact(row)
        if Action.RECORD_OUTCOME in acts and st.button(
            _("Record what followed"), key=f"step_{row.id}", type="tertiary"
        ):
            _outcome(row)


def _tick(row: ParticipantRow) -> None:
    if perform(tick_off, participant_id=row.id):
        tell(_("Marked as present."))


def _cancel(row: ParticipantRow) -> None:
    confirm_dialog(
        label(Action.CANCEL_REGISTRATION),
        _("The place of {name} goes to the first who waits.", name=row.name),
        lambda: perform(cancel_registration, participant_id=row.id),
        key="cancel_guest",
    )


def _contact(row: ParticipantRow) -> None:
    heading = label(Action.RECORD_CONTACT)
    names = dict(read(verified_organisations, kinds=MET))

    def fire() -> Any:
        state: Any = st.session_state
        return perform(
            record_contact,
            participant_id=row.id,
            happened_on=state["met_on"],
            organisation_id=state["met_organisation"],
            person_name=state["met_person"],
            note=state["met_note"],
        )

    @st.dialog(heading)
    def ask_contact() -> None:
        st.text(row.name)
        st.selectbox(
            _("Organisation"),
            list(names),
            index=None,
            format_func=names.__getitem__,
            key="met_organisation",
            placeholder=_("None"),
        )
        st.text_input(_("Person"), key="met_person", max_chars=100)
        st.text_area(_("Note"), key="met_note", max_chars=600)
        st.date_input(_("Day"), clock.today(), key="met_on", format="YYYY-MM-DD")
        dialog_button(heading, fire, key="do_contact")

    ask_contact()


def _outcome(row: ParticipantRow) -> None:
    heading = _("Record what followed")
    later = [step for step in OUTCOMES if _comes_after(step, row.status)]
    words = {step: label(step) for step in later}

    def fire() -> Any:
        state: Any = st.session_state
        return perform(
            record_outcome,
            participant_id=row.id,
            step=state["reached"],
            happened_on=state["reached_on"],
            source=state["reached_source"],
        )

    @st.dialog(heading)
    def ask_outcome() -> None:
        st.text(row.name)
        if not row.follow_agreed:
            st.caption(_("Has not agreed to be followed: only a contact made at the visit can be recorded."))
        st.selectbox(_("Step"), list(words), format_func=words.__getitem__, key="reached")
        st.date_input(_("Day"), clock.today(), key="reached_on", format="YYYY-MM-DD")
        st.text_input(
            _("Known from"), key="reached_source", max_chars=200, placeholder=_("Example: contract of 5 March")
        )
        dialog_button(heading, fire, key="do_outcome")

    ask_outcome()


def _comes_after(step: ParticipantStatus, status: ParticipantStatus) -> bool:
    return PARTICIPANT_WORKFLOW.find(status, Action.RECORD_OUTCOME, step) is not None

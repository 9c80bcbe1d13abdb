"""Certificate, contact and account; the class is copied from the certificate, never concluded from a title."""

from typing import Any

import streamlit as st

from portal import clock
from portal.permissions import Action
from portal.talents.commands import classify_talent, delete_talent
from portal.talents.queries import TalentDetail
from portal.talents.rules import FIRST_DAY
from portal.talents.workflow import TalentClass
from portal.ui import _, day, label, perform
from portal.ui.record import confirm_dialog, facts
from portal.ui.run import tell


def show(record: TalentDetail) -> None:
    certificate(record)
    facts(
        [
            (_("Phone"), record.phone or "—"),
            (_("E-mail"), record.email or "—"),
            (_("Portal account"), record.account or _("none")),
        ]
    )
    if Action.CLASSIFY_TALENT in record.actions:
        _classify(record)
    if (
        Action.DELETE_TALENT in record.actions
        and not record.is_self
        and st.button(label(Action.DELETE_TALENT), icon=":material/delete:", key="delete_record")
    ):
        confirm_dialog(
            label(Action.DELETE_TALENT),
            _("At the person's request. Everything kept about the person here is deleted at once and for good."),
            lambda: _delete(record),
            key="delete_record",
        )


def certificate(record: TalentDetail) -> None:
    if record.row.talent_class is None:
        st.caption(_("No certificate of a class is recorded."))
        return
    facts(
        [
            (_("Class"), label(record.row.talent_class)),
            (_("Edition of the catalogue"), record.class_edition),
            (_("Number of the certificate"), record.certificate_number),
            (_("Day of the certificate"), day(record.certificate_on)),
        ]
    )


def _classify(record: TalentDetail) -> None:
    with (
        st.expander(label(Action.CLASSIFY_TALENT), icon=":material/workspace_premium:"),
        st.form("class", border=False),
    ):
        st.caption(_("Copy it from the certificate; a title or an award gives no class."))
        classes = {one: label(one) for one in TalentClass}
        present = record.row.talent_class
        st.selectbox(
            _("Class"),
            list(classes),
            index=list(classes).index(present) if present else None,
            format_func=classes.__getitem__,
            key="new_class",
            placeholder=_("Without a class"),
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(_("Edition of the catalogue"), record.class_edition, key="class_edition", max_chars=40)
            st.text_input(
                _("Number of the certificate"), record.certificate_number, key="certificate_number", max_chars=40
            )
            st.date_input(
                _("Day of the certificate"),
                record.certificate_on or clock.today(),
                key="certificate_on",
                format="YYYY-MM-DD",
                min_value=FIRST_DAY,
            )
        st.form_submit_button(label(Action.CLASSIFY_TALENT), type="primary", on_click=_save, args=(record,))


def _save(record: TalentDetail) -> None:
    state: Any = st.session_state
    done = perform(
        classify_talent,
        talent_id=record.row.id,
        version=record.version,
        talent_class=state["new_class"],
        class_edition=state["class_edition"],
        certificate_number=state["certificate_number"],
        certificate_on=state["certificate_on"],
    )
    if done:
        tell(_("Saved."))


def _delete(record: TalentDetail) -> None:
    if perform(delete_talent, talent_id=record.row.id, confirm=True):
        tell(_("The record is deleted."))
        st.query_params.clear()

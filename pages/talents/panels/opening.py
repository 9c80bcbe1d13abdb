"""The door before a record: an official says what for; and who came through it so far."""

from typing import Any

import streamlit as st

from portal.permissions import Action
from portal.talents.commands import open_talent
from portal.talents.queries import TalentDetail
from portal.talents.workflow import ReadingPurpose
from portal.ui import _, date_time, label, perform
from portal.ui.lists import table

_BY_ITSELF = (ReadingPurpose.REGISTRATION, ReadingPurpose.EXPORT)


def show(record: TalentDetail) -> None:
    if Action.OPEN_TALENT not in record.actions:
        return
    with st.form("open_record"):
        st.text(
            _("Please say what you read this record for. The record and the person keep it; it holds for one hour.")
        )
        purposes = {one: label(one) for one in ReadingPurpose if one not in _BY_ITSELF}
        st.selectbox(
            _("What for"),
            list(purposes),
            index=None,
            format_func=purposes.__getitem__,
            key="purpose",
            placeholder=_("Choose the purpose"),
        )
        st.text_input(_("In your own words (optional)"), key="purpose_words", max_chars=300)
        st.form_submit_button(label(Action.OPEN_TALENT), type="primary", on_click=_open, args=(record,))


def _open(record: TalentDetail) -> None:
    state: Any = st.session_state
    perform(open_talent, talent_id=record.row.id, purpose=state["purpose"], words=state["purpose_words"])


def readings(record: TalentDetail) -> None:
    """Who of the officials opened the record, for the person above all."""
    st.subheader(_("Who read it"), anchor=False)
    if not record.readings:
        st.caption(_("No official has opened this record."))
        return
    table(
        [
            {
                _("Time"): date_time(one.read_at),
                _("Who"): f"{one.reader} · {label(one.role)}",
                _("What for"): " · ".join(part for part in (label(one.purpose), one.words) if part),
            }
            for one in record.readings
        ]
    )

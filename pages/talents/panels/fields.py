"""The fields that describe a person, on the form of the operator and on the person's own page."""

from typing import Any

import streamlit as st

from portal.organisations.places import towns
from portal.talents.queries import TalentDetail
from portal.talents.workflow import TalentField
from portal.ui import _, label, language


def person_fields(record: TalentDetail | None) -> None:
    """Name, field, speciality, town and contact, filled in from the record if there is one."""
    row = record.row if record else None
    fields = {one: label(one) for one in TalentField}
    places = {place.code: place.in_language(language()) for place in towns()}
    codes = list(places)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(_("Name") + " *", row.name if row else "", key="name", max_chars=100)
        st.selectbox(
            _("Field of work") + " *",
            list(fields),
            index=list(fields).index(row.field) if row else None,
            format_func=fields.__getitem__,
            key="field_of_work",
            placeholder=_("Choose the field"),
        )
        st.selectbox(
            _("Town"),
            codes,
            index=codes.index(row.town_code) if row and row.town_code in codes else None,
            format_func=places.__getitem__,
            key="town_of_person",
            placeholder=_("Not in a town yet"),
        )
    st.text_input(
        _("Speciality"),
        row.speciality if row else "",
        key="speciality",
        max_chars=200,
        placeholder=_("Example: solid-state electrolytes"),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(_("Phone (optional)"), record.phone if record else "", key="phone", max_chars=40)
        st.text_input(_("E-mail (optional)"), record.email if record else "", key="email", max_chars=254)
    st.caption(_("No identity-card number is kept here."))


def typed() -> dict[str, Any]:
    """What stands in them, as commands take it."""
    state: Any = st.session_state
    return {
        "name": state["name"],
        "field": state["field_of_work"],
        "speciality": state["speciality"],
        "town_code": state["town_of_person"],
        "phone": state["phone"],
        "email": state["email"],
    }

"""The plan as both parties agree to it: what is measured, how it is decided, who agreed."""

from decimal import Decimal

import streamlit as st

from pages.challenges.parts.tables import limits
from portal.permissions import Action
from portal.ui import _, date_time, number
from portal.ui.lists import table
from portal.ui.shell import open_page
from portal.ui.words import unbroken
from portal.validation.findings import CharacteristicRow
from portal.validation.queries import PlanDetail
from portal.validation.rules import VERDICT_RULE
from portal.wording import unit_of, with_unit


def named(row: CharacteristicRow) -> str:
    """`厚度 (μm)`; a unit of one is left out."""
    return f"{row.name} ({unit})" if (unit := unit_of(row.unit)) else row.name


def measured(value: Decimal, row: CharacteristicRow) -> str:
    """`8.10 μm`."""
    return with_unit(number(value), row.unit)


def limits_text(row: CharacteristicRow) -> str:
    """`8.0 – 10.0 μm, target 9, mandatory`."""
    parts = [with_unit(limits(row.lower, row.upper), row.unit)]
    if row.target is not None:
        parts.append(_("target {value}", value=row.target))
    parts.append(_("mandatory") if row.mandatory else _("optional"))
    return " · ".join(parts)


def show(record: PlanDetail) -> None:
    for message in record.missing:
        st.warning(_(message), icon=":material/checklist:")
    if Action.WRITE_PLAN in record.actions and st.button(_("Edit the plan"), icon=":material/edit:", key="edit_plan"):
        open_page("validation-plan", record.row.id)
    st.subheader(_("What is measured"), anchor=False)
    table(
        [
            {
                _("Characteristic"): row.name,
                _("Limits"): limits_text(row),
                unbroken(_("Sample size")): str(row.sample_size),
                _("Method and instrument"): row.method,
            }
            for row in record.characteristics
        ]
    )
    if record.line:
        st.caption(_("Line"))
        st.text(record.line)
    st.subheader(_("How it is decided"), anchor=False)
    st.text(_(VERDICT_RULE))
    if record.sampling:
        st.caption(_("Sampling"))
        st.text(record.sampling)
    if record.decision_rule:
        st.caption(_("What else both parties agree"))
        st.text(record.decision_rule)
    st.subheader(_("Agreement"), anchor=False)
    for name, at in (
        (record.row.enterprise, record.enterprise_agreed_at),
        (record.row.institute, record.investigator_agreed_at),
    ):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if at is None:
                st.badge(_("not agreed yet"), icon=":material/hourglass_empty:", color="orange")
            else:
                st.badge(_("agreed"), icon=":material/check:", color="primary", help=date_time(at))
            st.text(name if at is None else f"{name} · {date_time(at)}")

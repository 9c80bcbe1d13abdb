"""Acceptance metrics and rubric as light tables."""

from decimal import Decimal
from uuid import UUID

import streamlit as st

from portal.challenges.queries import challenge_metrics, challenge_rubric
from portal.ui import _, number, read
from portal.ui.lists import table
from portal.wording import unit_of


def show_metrics(challenge_id: UUID, note: str = "") -> None:
    """What is measured on the line, with unit and limits."""
    rows = read(challenge_metrics, challenge_id)
    if not rows:
        st.caption(_("No acceptance metric was written yet."))
        return
    st.caption(_("A value on a limit is inside. Mandatory metrics decide; the others count in the comparison."))
    table(
        [
            {
                _("Characteristic"): row.name,
                _("Limits"): limits(row.lower, row.upper),
                _("Target"): "" if row.target is None else number(row.target),
                _("Unit"): unit_of(row.unit),
                _("Mandatory"): _("yes") if row.mandatory else _("no"),
            }
            for row in rows
        ]
    )
    if methods := [f"{row.name} — {row.method}" for row in rows if row.method]:
        # Below the table: on a phone its last column would be a letter wide.
        st.caption(_("How it is measured"))
        st.text("\n".join(methods))
    if note:
        st.text(note)


def show_rubric(challenge_id: UUID, note: str = "") -> None:
    """By what proposals are judged."""
    rows = read(challenge_rubric, challenge_id)
    if not rows:
        st.caption(_("No criterion was written yet."))
        return
    table(
        [
            {
                _("Criterion"): row.name,
                _("Weight"): f"{row.weight}%",
                _("What counts"): row.description,
            }
            for row in rows
        ]
    )
    if note:
        st.text(note)


def limits(lower: Decimal | None, upper: Decimal | None) -> str:
    """`120 – 140`, `≥ 1,300`, `≤ 0.10`."""
    if lower is not None and upper is not None:
        return f"{number(lower)} – {number(upper)}"
    return f"≥ {number(lower)}" if lower is not None else f"≤ {number(upper)}"

"""Promised values beside what is asked."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

import streamlit as st

from pages.challenges.parts.tables import limits
from portal.challenges.queries import MetricRow
from portal.errors import Invalid
from portal.proposals.rules import meets
from portal.ui import _, number
from portal.ui.lists import table
from portal.wording import parse_number, unit_of


def say_whether_met(text: str, metric: MetricRow) -> None:
    """A word on a value as it is typed; nothing while it is none."""
    try:
        value = parse_number(text) if text.strip() else None
    except Invalid:
        return
    if value is None:
        return
    if meets(value, metric.lower, metric.upper):
        st.badge(_("Within the limits"), color="green", icon=":material/check:")
    else:
        st.badge(_("Outside the limits"), color="red", icon=":material/close:")


def show_promises(promises: Mapping[UUID, Decimal], metrics: Sequence[MetricRow]) -> None:
    """Each metric with its limits, what is promised, and whether that keeps them."""
    table(
        [
            {
                _("Characteristic"): metric.name,
                _("Asked"): limits(metric.lower, metric.upper),
                _("Promised"): number(promises[metric.id]) if metric.id in promises else "",
                _("Unit"): unit_of(metric.unit),
                _("Judgement"): _verdict(promises.get(metric.id), metric),
            }
            for metric in metrics
        ]
    )


def _verdict(value: Decimal | None, metric: MetricRow) -> str:
    if value is None:
        return _("no value promised")
    return _("Within the limits") if meets(value, metric.lower, metric.upper) else _("Outside the limits")

"""What came of a visit: how many came how far, and for the organisers each step with its day and source."""

import streamlit as st

from pages.visits.panels.words import people
from portal.ui import _, day, label, read
from portal.ui.lists import table
from portal.visits.details import VisitDetail
from portal.visits.people import Known, outcome_counts, what_became


def show(record: VisitDetail) -> None:
    table(
        [
            {_("Step"): label(row.step), _("Number of people"): people(row.people)}
            for row in read(outcome_counts, record.row.id)
        ]
    )
    st.caption(_("Each step counts everybody who came at least that far."))
    rows = read(what_became, record.row.id)
    if rows:
        table(
            [
                {
                    _("Day"): day(row.happened_on),
                    _("Participant"): row.participant or _("Personal data deleted"),
                    _("What happened"): _what(row),
                    _("Known from"): _(row.note) if row.note else "",
                }
                for row in rows
            ]
        )


def _what(row: Known) -> str:
    return label(row.step) if row.step else _("met {whom}", whom=row.what)

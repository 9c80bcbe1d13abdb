"""What happens when and where, and the places that are visited."""

import streamlit as st

from pages.visits.panels.words import days
from portal.organisations.places import town_name
from portal.ui import _, escape, language
from portal.ui.lists import table
from portal.ui.shell import record_link
from portal.visits.details import VisitDetail


def show(record: VisitDetail) -> None:
    if record.summary:
        st.text(record.summary)
    several = record.row.starts_on != record.row.ends_on
    rows = [
        ({_("Day"): days(item.day, item.day)} if several else {})
        | {
            _("Time"): f"{item.start}–{item.end}",
            _("What happens"): item.what,
            _("Place"): item.place,
            _("Host"): item.host,
        }
        for item in record.programme
    ]
    if rows:
        table(rows)
    else:
        st.caption(_("The programme is not written yet."))
    for site in record.sites:
        words = " · ".join(part for part in (site.name, town_name(site.town_code, language())) if part)
        if site.organisation_id:
            record_link(words, "organisation", site.organisation_id, icon=":material/location_on:")
        else:
            st.markdown(f":material/location_on: {escape(words)}")

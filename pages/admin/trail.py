"""The audit trail: filter, read, export; acts on sealed proposals appear only after the opening."""

import streamlit as st

from portal.metrics.trail import PROCESS_TYPES, SECURITY_TYPES, TrailFilter, list_trail
from portal.ui import _, ask, date_time, filters, label, read
from portal.ui.lists import PAGE_SIZE, export_link, offset_of, table
from portal.ui.record import empty, title
from portal.ui.trail_words import action_words, object_words, status_words

title(_("Audit trail"))
types = sorted(set(SECURITY_TYPES) | set(PROCESS_TYPES))
with st.container(horizontal=True, vertical_alignment="bottom"):
    kind = filters.choice(
        _("Kind of record"), {one: object_words(one) for one in types}, "kind", anything=_("All kinds")
    )
    since = filters.day(_("From"), "since")
    until = filters.day(_("Until"), "until")
    export_link("trail")

offset = offset_of()
found = read(list_trail, TrailFilter(kind, "", ask("record"), since, until), offset=offset)
if not found:
    empty(_("No act fits these filters."))
    st.stop()
table(
    [
        {
            _("Time"): date_time(row.happened_at),
            _("Who"): " · ".join(part for part in (row.person, label(row.role), row.organisation) if part),
            _("Act"): action_words(row.action),
            _("Record"): object_words(row.object_type),
            _("Status"): status_words(row),
            _("Reason"): row.reason,
        }
        for row in found[:PAGE_SIZE]
    ]
)
has_more = len(found) > PAGE_SIZE
pages = offset // PAGE_SIZE + (2 if has_more else 1)
if pages > 1:
    st.pagination(pages, key="page", bind="query-params")

"""The audit trail: filter, read, export; acts on sealed proposals appear only after the opening."""

import streamlit as st

from portal.metrics.trail import PROCESS_TYPES, SECURITY_TYPES, TrailFilter, TrailRow, list_trail
from portal.permissions import Role
from portal.ui import _, actor, ask, date_time, filters, label, read
from portal.ui.lists import PAGE_SIZE, LinkCell, export_link, offset_of, table
from portal.ui.page_table import pages_for
from portal.ui.record import empty, title
from portal.ui.trail_words import action_words, acts, object_words, status_words
from portal.ui.words import unbroken

title(_("Audit trail"))
types = sorted(set(SECURITY_TYPES) | set(PROCESS_TYPES))
with st.container(horizontal=True, vertical_alignment="bottom"):
    kind = filters.choice(
        _("Kind of record"), {one: object_words(one) for one in types}, "kind", anything=_("All kinds")
    )
    act = filters.choice(_("Act"), acts(), "act", anything=_("All acts"))
    person = filters.text(_("Who acted"), "person", placeholder=_("Name of the person"))
    since = filters.day(_("From"), "since")
    until = filters.day(_("Until"), "until")
    export_link("trail")

offset = offset_of()
wanted = TrailFilter(kind, act, ask("record"), since, until, person)
found = read(list_trail, wanted, offset=offset)
if not found and offset:
    # Past the end: the trail is not counted, so the newest acts instead of a page that says there are none.
    offset = 0
    found = read(list_trail, wanted)
if not found:
    empty(_("No act fits these filters."))
    st.stop()
mine = {row.url_path for row in pages_for(actor())}


def record(row: TrailRow) -> str:
    """The kind of record and which one; it opens the record where the reader has a page for it."""
    kind, (name, page, id_) = unbroken(object_words(row.object_type)), row.record
    words = f"{kind} · {name}" if name else kind
    if name and row.object_type == "person" and "people" in mine:
        return LinkCell(words, "people", search=name)
    return LinkCell(words, page, id_) if id_ and page in mine else words


def who(row: TrailRow) -> str:
    """Whoever signs in is still a visitor, which says nothing beside the name."""
    role = "" if row.person and row.role is Role.VISITOR else label(row.role)
    return " · ".join(part for part in (row.person, role, row.organisation) if part)


table(
    [
        {
            _("Time"): unbroken(date_time(row.happened_at)),
            _("Who"): who(row),
            _("Act"): unbroken(action_words(row.action)),
            _("Record"): record(row),
            _("Status"): unbroken(status_words(row)),
            _("Reason"): row.reason,
        }
        for row in found[:PAGE_SIZE]
    ]
)
has_more = len(found) > PAGE_SIZE
pages = offset // PAGE_SIZE + (2 if has_more else 1)
if pages > 1:
    st.pagination(pages, key="page", bind="query-params")

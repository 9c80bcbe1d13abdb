"""One visit: register or cancel, programme and sites, who takes part, feedback, what came of it."""

import streamlit as st

from pages.visits.panels import acts, arrival, followed, guests, opinions, place, programme
from pages.visits.panels.words import days, hosts, people, places
from portal.organisations.places import town_name
from portal.ui import _, ask, date_time, label, language, read
from portal.ui.history import record_history
from portal.ui.record import actions, diagram, empty, facts, head
from portal.visits.details import visit_detail
from portal.visits.workflow import VISIT_WORKFLOW, VisitStatus

chosen = ask("id")
if chosen is None:
    empty(_("Choose a visit from the list."), page="visits", link=_("Visits"))
    st.stop()
record = read(visit_detail, chosen)
row = record.row
when = f"{days(row.starts_on, row.ends_on)} · {town_name(row.town_code, language())}"

head(row.title, row.status, over=f"{row.number} · {label(row.kind)}", line=when)
if row.status is VisitStatus.CANCELLED:
    st.warning(_("This visit is called off."), icon=":material/event_busy:")
    st.text(_("Reason: {reason}", reason=record.cancel_reason))
place.show(record)
actions(*acts.buttons(record))
facts(
    [
        (_("Organiser"), hosts(row)),
        (_("Places"), places(row)),
        (_("Registration"), f"{date_time(row.opens_at)} – {date_time(row.closes_at)}"),
        (_("Meeting point"), record.meeting_point or "—"),
        (_("Contact"), record.contact or "—"),
    ]
)
if row.status is not VisitStatus.PLANNED:
    st.caption(_("Taken: {taken} · waiting: {waiting}", taken=people(row.taken), waiting=people(row.waiting)))
if record.audience:
    st.text(_("For people of: {names}", names=[name for _id, name in record.audience]))
if row.status is VisitStatus.DEBRIEFED:
    st.text(_("What was found: {findings}", findings=record.findings))

names = {"programme": _("Programme")}
if record.code:
    names = {"arrival": _("Check-in")} | names
if record.sees_people:
    names["guests"] = _("Participants")
if row.status in (VisitStatus.HELD, VisitStatus.DEBRIEFED):
    names |= {"opinions": _("Feedback"), "followed": _("What came of it")}
names["history"] = _("History")
tabs = st.tabs(list(names.values()), key="tab", on_change="rerun")
for key, tab in zip(names, tabs, strict=True):
    if not tab.open:
        continue
    with tab:
        if key == "arrival":
            arrival.show(record)
        elif key == "programme":
            programme.show(record)
        elif key == "guests":
            guests.show(record)
        elif key == "opinions":
            opinions.show(record)
        elif key == "followed":
            followed.show(record)
        else:
            record_history(row.id)
            diagram(VISIT_WORKFLOW, row.status)

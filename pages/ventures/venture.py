"""One application: where it stands, who has signed, the plan, advice and objections, the tasks of each party."""

import streamlit as st

from pages.ventures.panels import acts, judging, tasks
from portal.permissions import Action
from portal.ui import _, ask, date_time, label, read
from portal.ui.history import record_history
from portal.ui.record import actions, diagram, empty, facts, head
from portal.ui.shell import record_link
from portal.ventures.queries import venture_detail
from portal.ventures.workflow import VENTURE_WORKFLOW, VentureStatus

chosen = ask("id")
if chosen is None:
    empty(_("Choose an application from the list."), page="ventures", link=_("Scientist-entrepreneurs"))
    st.stop()
record = read(venture_detail, chosen)
row = record.row
over = " · ".join(part for part in (row.number, label(row.phase) if row.phase else "") if part)
head(row.title, row.status, over=over, line=f"{row.scientist} · {row.institute} × {row.enterprise}")
primary, others = acts.buttons(record)
actions(primary, others)
if row.status is VentureStatus.PUBLIC_NOTICE and row.notice_until:
    st.info(_("Public notice until {moment}, Beijing time.", moment=row.notice_until), icon=":material/campaign:")
facts(
    [
        (_("Institute signed"), date_time(record.institute_signed_at)),
        (_("Enterprise signed"), date_time(record.enterprise_signed_at)),
        (_("Submitted by the scientist"), date_time(record.submitted_at)),
        (_("Public notice until"), date_time(row.notice_until)),
        (_("Transfer agency"), record.agency or "—"),
    ]
)

names = {"plan": _("Plan"), "tasks": _("Tasks"), "history": _("History")}
if record.advice or record.objections or Action.ADVISE_VENTURE in record.actions:
    names = {"plan": names["plan"], "judging": _("Advice and objections"), **names}
tabs = st.tabs(list(names.values()), key="tab", on_change="rerun")
for key, tab in zip(names, tabs, strict=True):
    if not tab.open:
        continue
    with tab:
        if key == "plan":
            st.text(row.summary)
            st.subheader(_("Plan"), anchor=False)
            st.text(record.plan or _("The plan has not been written yet."))
            record_link(_("See the institute"), "organisation", record.institute_id, icon=":material/school:")
            record_link(_("See the enterprise"), "organisation", record.enterprise_id, icon=":material/factory:")
        elif key == "judging":
            judging.show(record)
        elif key == "tasks":
            tasks.show(record)
        else:
            record_history(row.id)
            diagram(VENTURE_WORKFLOW, row.status)

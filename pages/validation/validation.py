"""One validation: where it stands, the plan with both agreements, runs with judged values, verdict and signatures."""

import streamlit as st

from pages.validation.panels import plan, results, runs, steps
from portal.landings.queries import landing_sources
from portal.permissions import Action
from portal.ui import _, ask, day, label, read
from portal.ui.history import record_history
from portal.ui.record import actions, diagram, empty, facts, head
from portal.ui.shell import record_link
from portal.validation.access import Sight
from portal.validation.queries import plan_detail
from portal.validation.workflow import VALIDATION_WORKFLOW, ValidationStatus

chosen = ask("id")
if chosen is None:
    empty(_("Choose a validation from the list."), page="validations", link=_("Line validation"))
    st.stop()
record = read(plan_detail, chosen)
row = record.row

head(
    row.title,
    row.status,
    over=f"{row.challenge_number} · " + _("Validation no. {number}", number=row.number),
    line=f"{row.enterprise} × {row.institute}",
)
if record.sight is Sight.RESULT:
    results.show(record)
    st.stop()

primary, others = steps.buttons(record)
actions(primary, others, hint=steps.hint(record))
dates = f"{day(record.starts_on)} – {day(record.ends_on)}" if record.starts_on else _("not set yet")
details = [
    (_("Dates"), dates),
    (
        _("Validation plan"),
        _("frozen on {day}", day=day(record.frozen_at)) if record.frozen_at else _("not frozen yet"),
    ),
    (_("Runs"), str(len(record.runs))),
    (_("What the values say now"), results.finding_words(record))
    if row.verdict is None
    else (_("Verdict"), label(row.verdict)),
]
facts(details)
with st.container(horizontal=True):
    record_link(_("See the challenge"), "challenge", row.challenge_id, icon=":material/lightbulb:")
    if row.status is ValidationStatus.SIGNED_OFF and any(
        source.challenge_id == row.challenge_id for source in read(landing_sources)
    ):
        record_link(label(Action.CREATE_LANDING), "landing-new", row.challenge_id, icon=":material/add_location:")

names = {"plan": _("Validation plan"), "runs": _("Runs"), "result": _("Result"), "history": _("History")}
first = {ValidationStatus.PLANNED: "plan", ValidationStatus.PLAN_AGREED: "plan", ValidationStatus.RUNNING: "runs"}
tabs = st.tabs(
    list(names.values()), default=names[first.get(row.status, "result")], key=f"tab_{row.status}", on_change="rerun"
)
opened = {key: tab for key, tab in zip(names, tabs, strict=True) if tab.open}
for key, tab in opened.items():
    with tab:
        if key == "plan":
            plan.show(record)
        elif key == "runs":
            runs.show(record)
        elif key == "result":
            results.show(record)
        else:
            record_history(row.id)
            diagram(VALIDATION_WORKFLOW, row.status)

"""One agreement: who, how long, in which fields; commitments, parties and steering group, document, history."""

import streamlit as st

from pages.agreements.panels import acts, commitments, document, people
from portal import clock
from portal.agreements.queries import agreement_detail
from portal.agreements.workflow import AGREEMENT_WORKFLOW, IN_FORCE, AgreementStatus
from portal.ui import _, actor, ask, day, label, language, money, plural, read
from portal.ui.history import record_history
from portal.ui.record import actions, diagram, empty, facts, head
from portal.ui.shell import record_link
from portal.wording import word

chosen = ask("id")
if chosen is None:
    empty(_("Choose an agreement from the list."), page="agreements", link=_("Agreements"))
    st.stop()
record = read(agreement_detail, chosen)
row = record.row
universities = word(row.universities, language())
if not row.is_full:
    head(row.title, row.status, line=universities)
    st.caption(_("You see that this agreement exists; what stands in it is for its parties and the district."))
    st.stop()

head(row.title, row.status, over=f"{row.number} · {label(row.part)}" if row.part else row.number, line=universities)
if record.predecessor:
    record_link(
        _("It continues “{title}”.", title=record.predecessor.title),
        "agreement",
        record.predecessor.id,
        icon=":material/history:",
    )
if record.successor and record.successor.status is not AgreementStatus.TERMINATED:
    record_link(
        _("Its renewal: “{title}” – {status}", title=record.successor.title, status=record.successor.status),
        "agreement",
        record.successor.id,
        icon=":material/autorenew:",
    )
primary, others = acts.buttons(record)
actions(primary, others, hint=acts.hint(record, actor()))


def last_day() -> str:
    """The name of the fact, with what is left of the term while it runs."""
    left = (row.ends_on - clock.today()).days if row.ends_on else -1
    if row.status not in IN_FORCE or left < 0:
        return _("Last day")
    return plural("Last day, {count} day left", "Last day, {count} days left", left)


facts(
    [
        (_("Fields of cooperation"), word(row.fields, language())),
        (_("First day"), day(row.starts_on)),
        (last_day(), day(row.ends_on)),
        (_("Signed on"), day(record.signed_on)),
        (_("Money promised"), money(record.money_fen)),
    ]
)

names = {
    "commitments": _("Commitments"),
    "people": _("Parties and steering group"),
    "document": _("Content and document"),
    "history": _("History"),
}
tabs = st.tabs(list(names.values()), key="tab", on_change="rerun")
for key, tab in zip(names, tabs, strict=True):
    if not tab.open:
        continue
    with tab:
        if key == "commitments":
            commitments.show(record)
        elif key == "people":
            people.show(record)
        elif key == "document":
            document.show(record)
        else:
            record_history(row.id)
            diagram(AGREEMENT_WORKFLOW, row.status)

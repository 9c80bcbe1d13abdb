"""Write the plan: line, sampling, dates, sample size and method of each characteristic."""

import streamlit as st

from pages.validation.panels.plan import limits_text
from portal import clock
from portal.permissions import Action
from portal.ui import _, ask, perform, read
from portal.ui.record import empty, title
from portal.ui.run import tell
from portal.ui.shell import open_page
from portal.ui.words import escape
from portal.validation.commands import save_plan
from portal.validation.plans import Characteristic
from portal.validation.queries import PlanDetail, plan_detail
from portal.validation.rules import VERDICT_RULE

chosen = ask("id")
record = read(plan_detail, chosen) if chosen else None
if record is None or Action.WRITE_PLAN not in record.actions:
    empty(
        _("This plan cannot be changed now, or not by you."),
        page="validations",
        link=_("Line validation"),
    )
    st.stop()
state = st.session_state


def save(record: PlanDetail) -> None:
    rows = [
        Characteristic(row.id, int(state[f"sample_{row.position}"] or 0), state[f"method_{row.position}"])
        for row in record.characteristics
    ]
    changed = perform(
        save_plan,
        plan_id=record.row.id,
        version=record.version,
        line=state.get("line") if record.is_enterprise else None,
        sampling=state["sampling"],
        decision_rule=state["decision_rule"],
        starts_on=state["starts_on"],
        ends_on=state["ends_on"],
        characteristics=rows,
    )
    if changed is not None:
        tell(_("Saved at {time}.", time=f"{clock.local(clock.now()):%H:%M}"))


title(_("Validation plan"))
st.text(record.row.title)
if record.enterprise_agreed_at or record.investigator_agreed_at:
    st.warning(_("One side has agreed already. Any change voids that agreement, and both agree anew."))
with st.form("plan", border=False):
    st.subheader(_("Where and when"), anchor=False)
    if record.is_enterprise:
        st.text_input(_("Line"), record.line, key="line", max_chars=400, help=_("The institute does not see this."))
    else:
        st.caption(_("The enterprise names its line; you do not see it."))
    with st.container(horizontal=True):
        st.date_input(_("First day"), record.starts_on, key="starts_on", format="YYYY-MM-DD")
        st.date_input(_("Last day"), record.ends_on, key="ends_on", format="YYYY-MM-DD")
    st.subheader(_("What is measured"), anchor=False)
    st.caption(_("Name, unit and limits come from the challenge and stay as they were published."))
    for row in record.characteristics:
        with st.container(border=True, gap="small"):
            st.markdown(f"**{escape(row.name)}**")
            st.text(limits_text(row))
            with st.container(horizontal=True):
                st.number_input(_("Sample size"), value=row.sample_size, step=1, key=f"sample_{row.position}")
                st.text_input(_("Method and instrument"), row.method, key=f"method_{row.position}", max_chars=400)
    st.subheader(_("How it is decided"), anchor=False)
    st.text_area(
        _("Sampling"),
        record.sampling,
        key="sampling",
        max_chars=2000,
        placeholder=_("Example: three pieces from head, middle and tail of each coil; the mean is entered."),
    )
    st.text(_(VERDICT_RULE))
    st.text_area(
        _("What else both parties agree"),
        record.decision_rule,
        key="decision_rule",
        max_chars=2000,
        placeholder=_("Optional. Example: who is present, which instrument decides in doubt."),
    )
    st.form_submit_button(_("Save the plan"), type="primary", on_click=save, args=(record,))
if st.button(_("Back to the validation"), icon=":material/arrow_back:"):
    open_page("validation", record.row.id)

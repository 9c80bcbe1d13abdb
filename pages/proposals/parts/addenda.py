"""Material addenda that came after the submission."""

import streamlit as st

from portal.permissions import Action
from portal.proposals.queries import Form
from portal.proposals.submission import acknowledge_addendum
from portal.ui import _, escape, label, perform
from portal.ui.shell import record_link


def say_addenda(form: Form) -> None:
    """The proposal stays valid, marked, until its leader acknowledges or replaces it."""
    for row in form.addenda:
        with st.container(border=True):
            st.warning(
                _(
                    "Addendum {number} changed the task after you submitted: {title}. Your proposal stays valid; "
                    "acknowledge the addendum or replace your submission.",
                    number=row.number,
                    title=escape(row.title),
                ),
                icon=":material/campaign:",
            )
            with st.container(horizontal=True):
                if form.is_lead and form.is_editable:
                    st.button(
                        label(Action.ACKNOWLEDGE_ADDENDUM),
                        key=f"acknowledge_{row.id}",
                        on_click=lambda addendum_id=row.id: perform(
                            acknowledge_addendum, proposal_id=form.head.id, addendum_id=addendum_id
                        ),
                    )
                record_link(_("Read it"), "challenge", form.head.challenge_id)

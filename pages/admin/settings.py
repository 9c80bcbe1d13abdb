"""Settings: rules that the platform admin may change while the portal runs."""

import streamlit as st

from portal.house_rules import change_rule, list_rules
from portal.ui import _, perform, read
from portal.ui.record import title
from portal.ui.run import tell

FORM_WIDTH = 560  # a number needs no more

title(_("Settings"))
st.caption(_("A change is in force from now on and is written to the audit trail."))
for rule in read(list_rules):
    with st.form(rule.name, border=True, width=FORM_WIDTH), st.container(horizontal=True, vertical_alignment="bottom"):
        value = st.number_input(
            _(rule.label),
            value=rule.value,
            help=_(
                "From {least} to {most}; default: {default}", least=rule.least, most=rule.most, default=rule.default
            ),
        )
        saved = st.form_submit_button(_("Save"))
    if saved and perform(change_rule, name=rule.name, value=int(value)):
        tell(_("The setting is saved."))
        st.rerun()

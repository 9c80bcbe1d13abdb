"""Help: who answers, what an error number is for, how to report misuse."""

import streamlit as st

from portal.settings import settings
from portal.ui import _
from portal.ui.record import title

title(_("Help"))
st.subheader(_("Duty contact"), anchor=False)
st.text(
    settings().duty_contact or _("No duty contact is set yet. The platform admin enters it when the portal is set up.")
)
st.subheader(_("Error numbers"), anchor=False)
st.write(
    _(
        "When something goes wrong on our side, the page shows a number such as 4F2A91C0. Nothing was saved then. "
        "Tell the duty contact the number and what you were doing; with it we find the cause in the log."
    )
)
st.subheader(_("Report misuse"), anchor=False)
st.write(
    _(
        "If you believe that an account is misused, that somebody read what they should not have, or that a person "
        "asks you for your password, tell the duty contact at once. We never ask for passwords."
    )
)
st.subheader(_("Deadlines"), anchor=False)
st.write(
    _(
        "Every deadline is shown in Beijing time and judged by the clock of this portal alone. The deadline is the "
        "first instant that is late: what arrives at 17:00:00 for a deadline of 17:00 is not accepted."
    )
)

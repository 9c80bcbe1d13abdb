"""What stands at the address of a page that is for other roles: sign in, or change the hat."""

import streamlit as st

from portal.ui import _, actor
from portal.ui.record import empty, title
from portal.ui.web_links import web_link

current = actor()
if not current.signed_in:
    title(_("Please sign in"))
    st.write(_("This page is for people who are signed in."))
    web_link(_("Sign in"), "/login", strong=True)
elif current.membership_id is None:
    title(_("You have no active role"))
    empty(_("You have no active role. Ask the admin of your organisation to invite you."), page="home", link=_("Home"))
else:
    title(_("This page is for other roles"))
    empty(
        _("In the role you act in now, this page is not for you. If you have another role, change it at your name."),
        page="home",
        link=_("Home"),
    )

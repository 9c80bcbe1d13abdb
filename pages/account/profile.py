"""My account: profile, memberships, password, where I am signed in."""

import streamlit as st

from portal import i18n
from portal.accounts.commands import change_password, end_other_sessions, end_session, update_profile
from portal.accounts.queries import my_memberships, my_profile, my_sessions
from portal.ui import _, actor, label, perform, read
from portal.ui.record import title
from portal.ui.run import choose_language, session_key, tell
from portal.ui.shell import page_link
from portal.visits.feeds import address_of_feed, calendar_since, renew_calendar, revoke_calendar

if not actor().signed_in:
    st.info(_("Please sign in first."))
    st.stop()

title(_("My account"))
# In tabs, so that each of the three fits a screen and a refusal stands in sight of its button.
about_me, password, places, calendar = st.tabs([_("Profile"), _("Password"), _("Where I am signed in"), _("Calendar")])
with about_me:
    profile = read(my_profile)
    with st.form("profile", border=False):
        name = st.text_input(_("Name"), profile.name, max_chars=100)
        st.text_input(_("E-mail"), profile.email, disabled=True)
        phone = st.text_input(_("Phone"), profile.phone, max_chars=40)
        language = st.selectbox(
            _("Language"),
            list(i18n.LANGUAGES),
            index=list(i18n.LANGUAGES).index(profile.language),
            format_func=i18n.LANGUAGES.__getitem__,
        )
        mails = st.toggle(_("Send me notices by mail too"), profile.mail_notices)
        saved = st.form_submit_button(_("Save"), type="primary")
    if saved and perform(
        update_profile, name=name, phone=phone, language=language, mail_notices=mails, version=profile.version
    ):
        choose_language(language)
        tell(_("Your profile is saved."))
        st.rerun()

    page_link(_("Data about me"), "my-data", icon=":material/shield_person:")
    st.subheader(_("My memberships"), anchor=False)
    for row in read(my_memberships):
        st.text(" · ".join(part for part in (label(row.role), row.organisation_name) if part))
with password:
    with st.form("password", border=False, clear_on_submit=True):
        current = st.text_input(_("Current password"), type="password", autocomplete="current-password")
        new = st.text_input(
            _("New password"), type="password", autocomplete="new-password", help=_("At least 12 characters.")
        )
        changed = st.form_submit_button(_("Change the password"))
    if changed and perform(change_password, current=current, new=new, key=session_key()):
        tell(_("The password is changed; other browsers were signed out."))
        st.rerun()
with places:
    signed_in = read(my_sessions, key=session_key() or "")
    for here in signed_in:
        with st.container(horizontal=True, vertical_alignment="center"):
            mark = " · " + _("this browser") if here.is_this_one else ""
            st.text(_("since {at}", at=here.started_at) + mark + " · " + _("last seen {at}", at=here.seen_at))
            elsewhere = not here.is_this_one and st.button(_("Sign out there"), key=f"end_{here.id}")
            if elsewhere and perform(end_session, session_id=here.id):
                tell(_("That browser is signed out."))
                st.rerun()
    others = st.button(_("Sign out everywhere else"), icon=":material/logout:") if len(signed_in) > 1 else False
    if others and perform(end_other_sessions, key=session_key() or ""):
        tell(_("Every other browser is signed out."))
        st.rerun()
with calendar:
    st.text(_("The visits you take part in or organise, in your own calendar. Whoever has the address can read them."))
    since = read(calendar_since)
    if since is not None:
        st.text(_("The address was made on {moment} and is shown only then.", moment=since))
    with st.container(horizontal=True):
        renewed = st.button(_("Make a new address") if since else _("Make an address"), key="renew_calendar")
        revoked = st.button(_("Take the address back"), key="revoke_calendar") if since else False
    if renewed and (token := perform(renew_calendar)):
        st.text(_("Copy this address into your calendar as a subscription; an earlier one has ended:"))
        st.code(address_of_feed(token), language=None, wrap_lines=True)
    if revoked and perform(revoke_calendar):
        tell(_("The address shows nothing any more."))
        st.rerun()

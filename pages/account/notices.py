"""Notices: what I was told, newest first."""

import streamlit as st

from portal.notifications.commands import mark_all_read, mark_read
from portal.notifications.queries import list_notifications
from portal.ui import _, date_time, language, perform, read
from portal.ui.lists import PAGE_SIZE, offset_of, page_number
from portal.ui.record import empty, title
from portal.ui.shell import open_page

title(_("Notices"))
notices = read(list_notifications, page=offset_of() // PAGE_SIZE + 1)
if not notices.rows:
    empty(_("Nobody has told you anything yet."))
    st.stop()
if any(not row.is_read for row in notices.rows) and st.button(_("Mark all as read"), icon=":material/done_all:"):
    perform(mark_all_read)
    st.rerun()
for row in notices.rows:
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(gap=None, width="stretch"):
            st.text(row.text(language()))
            st.caption(date_time(row.created_at) + ("" if row.is_read else " · " + _("new")))
        if row.page and st.button(_("Open it"), key=f"open_{row.id}"):
            perform(mark_read, notification_id=row.id)
            open_page(row.page, row.object_id)
page_number(notices.total)

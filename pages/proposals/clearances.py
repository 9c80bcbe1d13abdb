"""Clearances: cover sheets that wait for the institute's admin, invitations to answer together, and lost leaders."""

import streamlit as st

from pages.proposals.parts.clearing import cover_sheet, invitation, lost_leader
from portal.permissions import Role
from portal.proposals.duties import co_applications, cover_sheets_due, leaderless
from portal.ui import _, actor, read
from portal.ui.record import empty, title

if actor().role is Role.ENTERPRISE_ADMIN:
    title(_("Answering together"))
    st.caption(
        _(
            "Institutes invite your enterprise to answer a challenge together. You see the title and your part; "
            "everything else stays sealed until the proposals are opened."
        )
    )
else:
    title(_("Clearances"))
    st.caption(
        _(
            "You see title, sum and team of your institute's proposals, and your part in those of others. Everything "
            "else stays sealed until enterprise and district open the proposals together."
        )
    )
sheets, invitations, lost = read(cover_sheets_due), read(co_applications), read(leaderless)
if not (sheets or invitations or lost):
    empty(_("No signature is due now. When a team asks for one, you are told and find it here."))
    st.stop()
if sheets:
    st.subheader(_("Cover sheets to clear"), anchor=False)
    for sheet in sheets:
        cover_sheet(sheet)
if invitations:
    st.subheader(_("Invitations to answer together"), anchor=False)
    for row in invitations:
        invitation(row)
if lost:
    st.subheader(_("Proposals that nobody leads any more"), anchor=False)
    for orphan in lost:
        lost_leader(orphan)

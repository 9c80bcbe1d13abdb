"""What stands where people are received: the code of today, and the address as a QR code."""

import streamlit as st

from portal import clock
from portal.settings import settings
from portal.ui import _, day, read
from portal.ui.web_links import picture
from portal.visits.details import VisitDetail
from portal.visits.people import outcome_counts
from portal.visits.qr import qr_picture
from portal.visits.workflow import ParticipantStatus


def show(record: VisitDetail) -> None:
    """Large enough for a screen at the door."""
    address = f"{settings().public_url.rstrip('/')}/check-in/{record.row.id}"
    counts = {row.step: row.people for row in read(outcome_counts, record.row.id)}
    with st.container(horizontal=True, gap="large"):
        picture(qr_picture(address), _("QR code of the check-in page"), width=220)
        with st.container(width=320, gap="small"):
            st.caption(_("Code of {day}", day=day(clock.today())))
            st.title(f"{record.code[:3]} {record.code[3:]}", anchor=False)
            came, all_of_them = counts[ParticipantStatus.ATTENDED], counts[ParticipantStatus.REGISTERED]
            st.text(_("{came} of {count} are here", came=came, count=all_of_them))
            st.caption(_("Scan the picture, or open this address, and type the code. It changes every day."))
            st.text(address)

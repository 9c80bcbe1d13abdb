"""The parties with their signatures, and the steering group."""

import streamlit as st

from portal.agreements.queries import AgreementDetail, Party
from portal.agreements.rules import SIGNS
from portal.agreements.workflow import PartySide
from portal.ui import _, date_time, label
from portal.ui.lists import table
from portal.ui.shell import record_link


def show(record: AgreementDetail) -> None:
    st.subheader(_("Parties"), anchor=False)
    for party in record.parties:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(label(party.side), color="gray")
            page = "university" if party.side is PartySide.INSTITUTE else "organisation"
            record_link(party.name, page, party.organisation_id)
            _signature(party)
    st.subheader(_("Steering group"), anchor=False)
    if not record.steering:
        st.caption(_("Nobody has been named yet."))
        return
    table(
        [
            {
                _("Side"): label(row.side),
                _("Name"): row.name,
                _("Post"): row.post,
                _("Role in the group"): _("Co-chair") if row.is_chair else _("Member"),
            }
            for row in record.steering
        ]
    )


def _signature(party: Party) -> None:
    if party.side not in SIGNS:
        st.caption(_("takes part without a signature"))
    elif party.signed_at:
        st.badge(_("has signed"), icon=":material/draw:", color="green", help=date_time(party.signed_at))
        st.text(f"{party.signed_by} · {date_time(party.signed_at)}", width="content")
    else:
        st.badge(_("not signed yet"), icon=":material/hourglass_empty:", color="orange")

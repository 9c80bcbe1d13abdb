"""Receipts on screen, each with a copy to keep."""

from collections.abc import Sequence

import streamlit as st

from portal.clock import local
from portal.proposals.submission import Receipt
from portal.ui import _, date_time, language
from portal.ui.web_links import web_link


def show_receipts(receipts: Sequence[Receipt], newest_counts: bool) -> None:
    """The newest with its hash, older ones behind a click."""
    newest, *older = receipts
    with st.container(border=True, gap="small"):
        said = _("This submission counts.") if newest_counts else _("Your last submission was withdrawn.")
        st.markdown(":material/receipt_long: " + said)
        _receipt(newest)
    if older:
        with st.expander(_("Earlier submissions")):
            for receipt in older:
                _receipt(receipt)


def _receipt(receipt: Receipt) -> None:
    with st.container(gap=None):
        moment = f"{date_time(receipt.submitted_at)}:{local(receipt.submitted_at):%S}"
        st.text(_("Submission {number}, received {moment}", number=receipt.number, moment=moment))
        st.caption(_("SHA-256 of the document"))
        st.code(receipt.content_hash, language=None, wrap_lines=True)
        web_link(_("Keep the receipt"), f"/receipts/{receipt.submission_id}?lang={language()}", strong=True)

"""What the agreement says, and its files: the draft, the signed scan."""

from typing import Any

import streamlit as st

from portal.agreements.commands import attach_document
from portal.agreements.queries import AgreementDetail
from portal.agreements.workflow import AgreementStatus
from portal.permissions import Action, can
from portal.ui import _, actor, date_time, perform
from portal.ui.record import begin_afresh, fresh
from portal.ui.run import tell
from portal.ui.web_links import file_link


def show(record: AgreementDetail) -> None:
    if record.row.part:
        st.text(_("Part in “one body, two wings”: {part}", part=record.row.part))
    st.text(record.summary or _("Nobody has summed up the content yet."))
    st.subheader(_("Document"), anchor=False)
    if not record.documents:
        st.caption(_("No file has been added yet."))
    for file in record.documents:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            file_link(file.name, file.id)
            st.caption(date_time(file.uploaded_at))
    if can(actor(), Action.EDIT_AGREEMENT) and record.row.status is not AgreementStatus.TERMINATED:
        _form(record)


def _form(record: AgreementDetail) -> None:
    with st.form("document"):
        if record.row.status is AgreementStatus.NEGOTIATING:
            st.caption(_("Signatures given before belong to other words: with a new file everybody signs anew."))
        st.file_uploader(_("File (up to 20 MB)"), key=fresh("document_file"))
        st.form_submit_button(_("Add the file"), type="primary", on_click=_save, args=(record,))


def _save(record: AgreementDetail) -> None:
    upload: Any = st.session_state.get(fresh("document_file"))
    if upload is None:
        tell(_("Please choose a file first."), icon=":material/info:")
        return
    content = upload.getvalue()
    if perform(attach_document, agreement_id=record.row.id, version=record.version, name=upload.name, content=content):
        tell(_("The file is added."))
        begin_afresh()

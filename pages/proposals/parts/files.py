"""Files of a draft: attach one, take one off."""

from uuid import UUID

import streamlit as st

from pages.challenges.parts.sections import size
from portal.proposals.attachments import attach_file, remove_attachment
from portal.proposals.queries import Form
from portal.proposals.rules import MOST_FILES
from portal.ui import _, escape, perform
from portal.ui.record import confirm_dialog
from portal.ui.web_links import file_link

TURN = "proposal_upload_turn"


def files(form: Form) -> None:
    """The list, and one more."""
    st.subheader(_("Attachments"), anchor=False)
    st.caption(_("Encrypted before they are stored; they are opened together with the proposal."))
    for file in form.files:
        with st.container(horizontal=True, vertical_alignment="center"):
            file_link(f"{file.name} ({size(file.size)})", file.id)
            if st.button(_("Remove"), key=f"remove_{file.id}", icon=":material/delete:", help=escape(file.name)):
                _remove(form.head.id, file.id, file.name)
    turn = st.session_state.get(TURN, 0)
    key = f"proposal_upload_{turn}"
    st.file_uploader(
        _("Attach a file, at most 20 MB; {count} files fit.", count=MOST_FILES),
        key=key,
        max_upload_size=20,
        on_change=_attach,
        args=(form.head.id, key, turn),
    )


def _attach(proposal_id: UUID, key: str, turn: int) -> None:
    upload = st.session_state.get(key)
    if upload is None:
        return
    perform(attach_file, proposal_id=proposal_id, name=upload.name, content=upload.getvalue())
    # A new key drops the upload from memory.
    st.session_state[TURN] = turn + 1


def _remove(proposal_id: UUID, file_id: UUID, name: str) -> None:
    confirm_dialog(
        _("Remove the attachment"),
        _("“{name}” is no longer part of the draft. What was submitted stays as it is.", name=name),
        lambda: perform(remove_attachment, proposal_id=proposal_id, file_id=file_id),
        key="remove_file",
    )

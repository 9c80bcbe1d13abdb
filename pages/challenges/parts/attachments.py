"""Files of a draft: attach one, take one off."""

from uuid import UUID

import streamlit as st

from pages.challenges.parts.sections import size
from portal.challenges.commands import MOST_FILES, attach_file, remove_attachment
from portal.challenges.details import challenge_files
from portal.challenges.drafts import Draft
from portal.ui import _, escape, perform, read
from portal.ui.web_links import file_link

TURN = "edit_upload_turn"


def attachments(draft: Draft) -> None:
    """The list, and one more."""
    for file in read(challenge_files, draft.id):
        with st.container(horizontal=True, vertical_alignment="center"):
            file_link(f"{file.name} ({size(file.size)})", file.id)
            st.button(
                _("Remove"),
                key=f"remove_{file.id}",
                icon=":material/delete:",
                help=escape(file.name),
                on_click=_remove,
                args=(draft.id, file.id),
            )
    turn = st.session_state.get(TURN, 0)
    key = f"edit_upload_{turn}"
    st.file_uploader(
        _("Attach a file, at most 20 MB; {count} files fit.", count=MOST_FILES),
        key=key,
        max_upload_size=20,
        on_change=_attach,
        args=(draft.id, key, turn),
    )


def _attach(challenge_id: UUID, key: str, turn: int) -> None:
    upload = st.session_state.get(key)
    if upload is None:
        return
    perform(attach_file, challenge_id=challenge_id, name=upload.name, content=upload.getvalue())
    # A new key drops the upload from memory.
    st.session_state[TURN] = turn + 1


def _remove(challenge_id: UUID, file_id: UUID) -> None:
    perform(remove_attachment, challenge_id=challenge_id, file_id=file_id)

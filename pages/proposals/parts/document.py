"""The words of a submitted proposal, literally, section by section."""

import streamlit as st

from pages.challenges.parts.sections import READING_WIDTH, size
from pages.proposals.parts.promises import show_promises
from portal.proposals.content import Document
from portal.proposals.queries import View
from portal.proposals.workflow import ProposalSectionKey
from portal.ui import _, escape, label
from portal.ui.web_links import file_link

_K = ProposalSectionKey


def show_document(view: View, document: Document) -> None:
    """Promised values first, since they are what is compared."""
    with st.container(width=READING_WIDTH):
        _show(view, document)


def _show(view: View, document: Document) -> None:
    st.text(document.summary)
    _heading(_K.PROMISES)
    show_promises(document.promises, view.metrics)
    _heading(_K.APPROACH)
    for criterion in view.rubric:
        st.markdown(f"**{escape(criterion.name)}** · {criterion.weight}%")
        st.text(document.approach.get(criterion.id, "—"))
    _heading(_K.READINESS)
    st.text(_("{now} today, {after} after the work", now=document.readiness_now, after=document.readiness_after))
    _text(document.readiness_note)
    _heading(_K.ADVANTAGE)
    _text(document.advantage)
    for name, value in ((_("By how much"), document.gain), (_("At what cost"), document.cost)):
        if value:
            st.caption(name)
            st.text(value)
    for key, words in ((_K.PLAN, document.plan), (_K.TEAM, document.team)):
        _heading(key)
        _text(words)
    for member in (*document.members, *document.co_applicants):
        st.text(" · ".join(part for part in (member.name, member.organisation) if part))
    _heading(_K.BUDGET)
    _text(document.budget_note)
    if document.files:
        st.subheader(_("Attachments"), anchor=False)
        for file in document.files:
            file_link(f"{file.name} ({size(file.size)})", file.id)


def _heading(key: ProposalSectionKey) -> None:
    st.subheader(label(key), anchor=False)


def _text(words: str) -> None:
    if words:
        st.text(words)

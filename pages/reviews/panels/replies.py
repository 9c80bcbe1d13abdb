"""The reasoned replies: one for each proposer, prepared here, released together when the challenge ends."""

import streamlit as st

from portal.permissions import Action
from portal.reviews.commands import prepare_reply
from portal.reviews.queries import EvaluationDetail, ProposalRow
from portal.reviews.rules import likely_ground
from portal.reviews.workflow import NEEDS_REPLY, ProposalStatus, ReplyReason
from portal.ui import _, date_time, escape, label, perform, plural
from portal.ui.run import tell


def show(record: EvaluationDetail) -> None:
    rows = [row for row in record.proposals if row.status in NEEDS_REPLY or row.reply is not None]
    # The one that is negotiated with needs a reply only if that fails.
    rows.sort(key=lambda row: row.status is ProposalStatus.SHORTLISTED)
    st.caption(
        _("Everybody who handed in a proposal hears why it was not chosen. The replies go out together with the end.")
    )
    missing = [row for row in rows if row.reply is None and row.status is not ProposalStatus.SHORTLISTED]
    if missing:
        st.warning(
            plural("{count} reply is still missing.", "{count} replies are still missing.", len(missing)),
            icon=":material/checklist:",
        )
    negotiated = next((row.rank for row in rows if row.status is ProposalStatus.SHORTLISTED), None)
    may_write = any(step.action is Action.PREPARE_REPLY for step in record.steps)
    for row in rows:
        released = row.reply is not None and row.reply.released_at is not None
        if released or not may_write or row.status not in NEEDS_REPLY:
            _read_only(row)
        else:
            _form(row, negotiated)


def _read_only(row: ProposalRow) -> None:
    with st.container(border=True):
        st.text(f"{row.institute} · {row.lead}")
        if row.reply is None:
            st.badge(_("no reply yet"), color="orange")
            return
        at = row.reply.released_at
        if at is None:
            st.badge(_("prepared"), icon=":material/check:", color="green")
        else:
            st.badge(_("sent on {at}", at=date_time(at)), icon=":material/send:", color="primary")
        st.caption(escape(label(row.reply.code)))
        st.text(row.reply.text)


def _form(row: ProposalRow, negotiated: int | None) -> None:
    is_winning = row.status is ProposalStatus.SHORTLISTED
    word = (
        _("prepared")
        if row.reply
        else _("in negotiation, needed only if that fails")
        if is_winning
        else _("no reply yet")
    )
    name = escape(f"{row.institute} · {row.lead}") + " · " + word
    with st.expander(name, icon=":material/check:" if row.reply else ":material/edit_note:"):
        if is_winning:
            st.caption(_("Write it before you record that the negotiation fell through, or end the challenge."))
        codes = {code: label(code) for code in ReplyReason}
        code = row.reply.code if row.reply else likely_ground(row.status, row.rank, negotiated)
        st.selectbox(
            _("Ground"),
            list(codes),
            index=None if code is None else list(codes).index(code),
            placeholder=_("Please choose"),
            format_func=codes.__getitem__,
            key=f"code_{row.id}",
        )
        st.text_area(
            _("Reply"),
            row.reply.text if row.reply else "",
            key=f"reply_{row.id}",
            max_chars=4000,
            placeholder=_("What was good, what decided, what would help next time."),
        )
        st.button(label(Action.PREPARE_REPLY), key=f"prepare_{row.id}", on_click=_prepare, args=(row,))


def _prepare(row: ProposalRow) -> None:
    done = perform(
        prepare_reply,
        proposal_id=row.id,
        code=st.session_state[f"code_{row.id}"],
        text=st.session_state[f"reply_{row.id}"],
        version=row.reply.version if row.reply else None,
    )
    if done:
        tell(_("The reply is prepared."))

"""Rank and reason per proposal; once the other side agreed and it is locked, it stays."""

from typing import Literal

import streamlit as st

from portal.permissions import Action
from portal.reviews.commands import agree_ranking, record_ranking
from portal.reviews.queries import EvaluationDetail, ProposalRow
from portal.reviews.rules import ENTERPRISE, RankEntry
from portal.reviews.workflow import RANKED, ProposalStatus
from portal.ui import _, escape, label, perform
from portal.ui.run import tell
from portal.ui.shell import record_link
from portal.ui.tones import badge


def show(record: EvaluationDetail) -> None:
    _state(record)
    rows = [row for row in record.proposals if row.status in RANKED or row.rank is not None]
    if not rows:
        st.caption(_("No proposal is in evaluation."))
        return
    possible = {step.action for step in record.steps if not step.why_not}
    if Action.AGREE_RANKING in possible:
        st.button(label(Action.AGREE_RANKING), type="primary", key="agree", on_click=_agree, args=(record,))
    if Action.RECORD_RANKING not in possible:
        for row in rows:
            _line(row)
        return
    st.caption(_("Each rank once, 1 is the best. The reason is read by the other side, the approver and the auditor."))
    if record.ranked_by:
        st.caption(_("Recording it anew asks the other side to agree anew."))
    for row in rows:
        _field(row, len(rows))
    look: Literal["primary", "secondary"] = "secondary" if record.ranked_by else "primary"
    st.button(label(Action.RECORD_RANKING), type=look, key="record", on_click=_record, args=(record, rows))


def _state(record: EvaluationDetail) -> None:
    if record.is_locked:
        st.badge(_("locked"), icon=":material/lock:", color="primary")
    elif record.is_agreed:
        st.badge(_("agreed by both sides"), icon=":material/check:", color="green")
    elif record.ranked_by == ENTERPRISE:
        st.badge(_("recorded by the enterprise, waiting for the operator"), color="orange")
    elif record.ranked_by:
        st.badge(_("recorded by the operator, waiting for the enterprise"), color="orange")


def _line(row: ProposalRow) -> None:
    with st.container(border=True, gap=None):
        with st.container(horizontal=True, vertical_alignment="center"):
            rank = _("Rank {rank}", rank=row.rank) if row.rank else _("not ranked yet")
            st.text(f"{rank} · {row.institute} · {row.lead}", width="content")
            badge(row.status)
            record_link(_("Open the proposal"), "proposal", row.id)
        if row.rank_reason:
            st.text(row.rank_reason)
        if row.status is ProposalStatus.DECLINED and row.decision_reason:
            st.caption(_("The institute walked away"))
            st.text(row.decision_reason)
        elif row.reply is not None and row.reply.released_at is not None:
            st.caption(escape(_("Reply: {ground}", ground=label(row.reply.code))))
            st.text(row.reply.text)


def _field(row: ProposalRow, count: int) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{row.institute} · {row.lead}", width="content")
            record_link(_("Open the proposal"), "proposal", row.id)
        place, words = st.columns([1, 5])
        options = list(range(1, count + 1))
        known = row.rank - 1 if row.rank in options else None
        place.selectbox(_("Rank"), options, index=known, key=f"rank_{row.id}", placeholder=_("Choose"))
        words.text_area(_("Reason"), row.rank_reason, key=f"reason_{row.id}", max_chars=2000, height=80)


def _record(record: EvaluationDetail, rows: list[ProposalRow]) -> None:
    state = st.session_state
    entries = [RankEntry(row.id, state[f"rank_{row.id}"] or 0, state[f"reason_{row.id}"]) for row in rows]
    if perform(record_ranking, challenge_id=record.row.id, entries=entries, version=record.version):
        tell(_("The ranking is recorded. The other side was asked to agree."))


def _agree(record: EvaluationDetail) -> None:
    if perform(agree_ranking, challenge_id=record.row.id, version=record.version):
        tell(_("You agreed to the ranking."))

"""On the page of a challenge: its award, the way to its evaluation, and its withdrawal."""

from uuid import UUID

import streamlit as st

from portal.permissions import Action
from portal.reviews.commands import withdraw_challenge
from portal.reviews.results import AwardRow, outcome_of
from portal.ui import _, date_time, label, money, perform, read
from portal.ui.record import reason_dialog
from portal.ui.shell import open_page


def show(challenge_id: UUID, version: int) -> None:
    found = read(outcome_of, challenge_id)
    if found.award is not None:
        _award(found.award)
    with st.container(horizontal=True):
        if found.has_evaluation and st.button(_("Open the evaluation"), icon=":material/balance:", key="evaluation"):
            open_page("evaluation", challenge_id)
        if found.may_withdraw and st.button(label(Action.WITHDRAW_CHALLENGE), key="withdraw"):
            reason_dialog(
                label(Action.WITHDRAW_CHALLENGE),
                _("The challenge ends for good. Whoever worked on a proposal is told, with your reason."),
                lambda reason: bool(
                    perform(withdraw_challenge, challenge_id=challenge_id, reason=reason, version=version)
                ),
                key="withdraw_challenge",
            )
    if found.withdrawn_there:
        words = _("It is withdrawn in its evaluation: every proposer needs a prepared reply first.")
        st.caption(_("{act}: {why}", act=label(Action.WITHDRAW_CHALLENGE), why=words))


def _award(award: AwardRow) -> None:
    with st.container(border=True):
        st.badge(_("Awarded on {at}", at=date_time(award.awarded_at)), icon=":material/trophy:", color="primary")
        st.text(f"{award.institute} · {award.lead}" if award.lead else award.institute)
        if award.sum_fen is not None:
            st.text(_("Sum: {sum}", sum=money(award.sum_fen)))

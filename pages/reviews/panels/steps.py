"""The acts at the head of an evaluation, each asking once before it is done."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from portal.permissions import Action
from portal.reviews.commands import (
    declare_no_award,
    evaluate_challenge,
    fall_through,
    prepare_award,
    shortlist_challenge,
    sign_contract,
    withdraw_challenge,
)
from portal.reviews.queries import EvaluationDetail, ProposalRow
from portal.reviews.workflow import RANKED, Party, ProposalStatus
from portal.ui import _, label, perform
from portal.ui.record import Button, confirm_dialog, dialog_button, reason_dialog

# Each is the next step where it is possible; the other acts end or undo something and stand in the menu.
FORWARD = (Action.EVALUATE_CHALLENGE, Action.SHORTLIST_CHALLENGE, Action.PREPARE_AWARD, Action.SIGN_CONTRACT)

# Where nothing leads on, the reader is told what stands in the way of an end.
ENDING = (Action.DECLARE_NO_AWARD, Action.WITHDRAW_CHALLENGE)


def buttons(record: EvaluationDetail) -> tuple[Button | None, list[Button]]:
    """The next step, and the rest."""
    possible = [step.action for step in record.steps if not step.why_not and step.action in ASKS]
    found = [Button(label(action), partial(ASKS[action], record), action.value) for action in possible]
    forward = [button for button in found if button.key in FORWARD or _is_forward(record, button.key)]
    primary = forward[0] if forward else None
    return primary, [button for button in found if button is not primary]


def _is_forward(record: EvaluationDetail, key: str) -> bool:
    """Recording the end is the next step once there is nobody left to negotiate with."""
    return key == Action.FALL_THROUGH.value and negotiated(record) is None


def negotiated(record: EvaluationDetail) -> ProposalRow | None:
    return next((row for row in record.proposals if row.status is ProposalStatus.SHORTLISTED), None)


def hint(record: EvaluationDetail) -> str:
    """Why the next step is not possible yet."""
    blocked = [step for step in record.steps if step.why_not and step.action in FORWARD]
    blocked += [step for step in record.steps if step.why_not and step.action in ENDING]
    return _("{act}: {why}", act=label(blocked[0].action), why=_(blocked[0].why_not)) if blocked else ""


def _target(record: EvaluationDetail) -> dict[str, Any]:
    return {"challenge_id": record.row.id, "version": record.version}


def _evaluate(record: EvaluationDetail) -> None:
    confirm_dialog(
        label(Action.EVALUATE_CHALLENGE),
        _("The eligible proposals go into evaluation; from here they are compared and ranked."),
        lambda: perform(evaluate_challenge, **_target(record)),
        key="evaluate",
    )


def _prepare(record: EvaluationDetail) -> None:
    confirm_dialog(
        label(Action.PREPARE_AWARD),
        _("An approver decides on exactly this proposal and these terms."),
        lambda: perform(prepare_award, **_target(record)),
        key="prepare",
    )


def _sign(record: EvaluationDetail) -> None:
    confirm_dialog(
        label(Action.SIGN_CONTRACT),
        _("The investigator confirms it for the institute."),
        lambda: perform(sign_contract, challenge_id=record.row.id),
        key="sign",
    )


def _no_award(record: EvaluationDetail) -> None:
    reason_dialog(
        label(Action.DECLARE_NO_AWARD),
        _("The challenge ends. Everybody reads your reason; every proposer gets the prepared reply."),
        lambda reason: bool(perform(declare_no_award, reason=reason, **_target(record))),
        key="no_award",
    )


def _withdraw(record: EvaluationDetail) -> None:
    reason_dialog(
        label(Action.WITHDRAW_CHALLENGE),
        _("The challenge ends for good. Whoever worked on a proposal is told, with your reason."),
        lambda reason: bool(perform(withdraw_challenge, reason=reason, **_target(record))),
        key="withdraw",
    )


def _shortlist(record: EvaluationDetail) -> None:
    left = sum(1 for row in record.proposals if row.status in RANKED)

    def ask() -> None:
        st.text(_("The ranking is locked. The first is negotiated with; whoever is in reserve follows if that fails."))
        st.selectbox(_("How many in reserve"), list(range(left)), key="reserves", placeholder=_("Choose"))

        def done() -> Any:
            return perform(shortlist_challenge, reserves=st.session_state.get("reserves") or 0, **_target(record))

        dialog_button(label(Action.SHORTLIST_CHALLENGE), done, key="shortlist_confirm")

    st.dialog(label(Action.SHORTLIST_CHALLENGE))(ask)()


def _fall_through(record: EvaluationDetail) -> None:
    words = {Party.INSTITUTE: _("The institute"), Party.ENTERPRISE: _("The enterprise")}
    partner = negotiated(record)
    if partner is None:
        del words[Party.ENTERPRISE]  # the proposer left before, so that is what is recorded

    def ask() -> None:
        if partner is not None and partner.reply is None:
            # Said before a word is typed: the reply goes out with this act.
            words_first = _(
                "First prepare the reply to {institute} under “{tab}”: it goes out with this act.",
                institute=partner.institute,
                tab=_("Replies"),
            )
            st.text(words_first)
            return
        st.text(_("The next in reserve moves up; without one the operator negotiates with the next by rank."))
        st.segmented_control(
            _("Who walked away"),
            list(words),
            default=Party.INSTITUTE,
            format_func=words.__getitem__,
            key="walked_away",
            required=True,
        )
        st.text_area(_("Reason"), key="fall_reason", max_chars=2000)

        def done() -> Any:
            state = st.session_state
            return perform(
                fall_through,
                walked_away=Party(state.get("walked_away") or Party.INSTITUTE),
                reason=state.get("fall_reason", ""),
                **_target(record),
            )

        dialog_button(label(Action.FALL_THROUGH), done, key="fall_confirm")

    st.dialog(label(Action.FALL_THROUGH))(ask)()


ASKS: dict[Action, Callable[[EvaluationDetail], None]] = {
    Action.EVALUATE_CHALLENGE: _evaluate,
    Action.SHORTLIST_CHALLENGE: _shortlist,
    Action.PREPARE_AWARD: _prepare,
    Action.SIGN_CONTRACT: _sign,
    Action.FALL_THROUGH: _fall_through,
    Action.DECLARE_NO_AWARD: _no_award,
    Action.WITHDRAW_CHALLENGE: _withdraw,
}

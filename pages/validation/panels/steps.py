"""The acts on a validation as buttons with their dialogs, and in one line what is awaited."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from portal.permissions import Action
from portal.ui import _, label, perform
from portal.ui.record import Button, confirm_dialog, dialog_button, reason_dialog
from portal.ui.run import tell
from portal.validation.commands import (
    abort_validation,
    agree_plan,
    close_actions,
    judge_validation,
    lock_data,
    sign_off,
    start_runs,
)
from portal.validation.queries import PlanDetail
from portal.validation.workflow import ValidationStatus, Verdict

ORDER = (
    Action.AGREE_PLAN,
    Action.START_RUNS,
    Action.LOCK_DATA,
    Action.JUDGE_VALIDATION,
    Action.CLOSE_ACTIONS,
    Action.SIGN_OFF,
    Action.ABORT_VALIDATION,
)
_S = ValidationStatus


def buttons(record: PlanDetail) -> tuple[Button | None, list[Button]]:
    """The one thing to do next, and the rest."""
    found = [
        Button(label(action), _opener(action, record), action.value)
        for action in ORDER
        if action in record.actions and not _is_done(action, record)
    ]
    if found and found[0].key == Action.ABORT_VALIDATION.value:
        return None, found
    return (found[0] if found else None), found[1:]


def hint(record: PlanDetail) -> str:
    """Whose turn it is, where it is not the reader's."""
    signed = {row.side for row in record.signatures if row.signed_at}
    if record.row.status is _S.PLANNED and record.i_agreed:
        return _("You agreed; the other side's agreement freezes the plan.")
    if record.row.status in (_S.PASSED, _S.FAILED):
        if record.i_signed and len(signed) < 2:
            return _("You signed; the other side has not signed yet.")
        if {"enterprise", "investigator"} <= signed:
            return _("Both parties signed; an operator countersigns.")
        if Action.SIGN_OFF in record.actions and _is_done(Action.SIGN_OFF, record):
            return _("You countersign after enterprise and investigator.")
    if record.row.status is _S.INCONCLUSIVE:
        return _("The challenge went back to its award; the next plan may be written.")
    return "" if buttons(record)[0] else _awaited(record)


def _awaited(record: PlanDetail) -> str:
    """Who acts next, for those who only look on."""
    row = record.row
    if row.status is _S.PLANNED:
        sides = ((row.enterprise, record.enterprise_agreed_at), (row.institute, record.investigator_agreed_at))
        names = " · ".join(name for name, at in sides if at is None)
        return _("The plan waits for the agreement of {names}.", names=names)
    words = {
        _S.PLAN_AGREED: _("Enterprise or investigator starts the runs."),
        _S.RUNNING: _("The enterprise records the runs; then its admin locks the data."),
        _S.DATA_LOCKED: _("The enterprise's admin judges by the limits."),
        _S.CONDITIONAL: _("The enterprise's admin closes the open actions."),
        _S.PASSED: _("Enterprise and investigator sign; then an operator countersigns."),
        _S.FAILED: _("Enterprise and investigator sign; then an operator countersigns."),
    }
    return words.get(row.status, "")


def _is_done(action: Action, record: PlanDetail) -> bool:
    if action is Action.AGREE_PLAN:
        return record.i_agreed
    if action is Action.SIGN_OFF:
        parties = sum(1 for row in record.signatures[:2] if row.signed_at)
        too_early = not record.is_party and parties < 2
        return record.i_signed or too_early
    return False


def _opener(action: Action, record: PlanDetail) -> Callable[[], None]:
    target: dict[str, Any] = {"plan_id": record.row.id, "version": record.version}
    words: dict[Action, tuple[Callable[..., Any], str]] = {
        Action.AGREE_PLAN: (agree_plan, _("When both sides agree, nothing of the plan can be changed any more.")),
        Action.START_RUNS: (start_runs, _("The challenge goes into validation, and runs can be recorded.")),
        Action.LOCK_DATA: (lock_data, _("No further run can be recorded; a correction stays possible with a reason.")),
        Action.SIGN_OFF: (sign_off, _signing(record)),
    }
    if action in words:
        command, consequence = words[action]
        return lambda: confirm_dialog(
            label(action), consequence, lambda: _done(perform(command, **target)), key=f"do_{action.value}"
        )
    if action is Action.JUDGE_VALIDATION:
        return lambda: _judge(record, target)
    command = close_actions if action is Action.CLOSE_ACTIONS else abort_validation
    consequence = (
        _("Say how each open action was closed; the validation then counts as passed.")
        if action is Action.CLOSE_ACTIONS
        else _("The validation ends here; the challenge goes back to its award, and another plan may follow.")
    )
    return lambda: reason_dialog(
        label(action),
        consequence,
        lambda reason: _done(perform(command, reason=reason, **target)),
        key=f"do_{action.value}",
    )


def _signing(record: PlanDetail) -> str:
    """Under what the signature stands, and what follows from it."""
    if record.row.status is _S.FAILED:
        verdict = _("The verdict: not passed. With all three signatures the challenge ends as unsolved.")
    else:
        verdict = _("The verdict: passed. With all three signatures the challenge counts as solved.")
    return "\n".join([verdict, _("Your signature stands under the verdict for good.")])


def _judge(record: PlanDetail, target: dict[str, Any]) -> None:
    heading = label(Action.JUDGE_VALIDATION)

    def fire() -> bool:
        state = st.session_state
        return _done(
            perform(judge_validation, note=state["note"], open_actions=state.get("open_actions", ""), **target)
        )

    @st.dialog(heading)
    def ask_judge() -> None:
        finding = record.finding or Verdict.INCONCLUSIVE
        st.text(_("The portal finds in the measured values: {verdict}.", verdict=finding))
        if finding is Verdict.CONDITIONAL:
            st.text_area(_("Open actions: what is to be done until when"), key="open_actions", max_chars=2000)
        if finding is Verdict.INCONCLUSIVE:
            st.text(_("The challenge goes back to its award, and another plan may be written."))
        st.text_area(_("Note on the verdict (optional)"), key="note", max_chars=2000)
        dialog_button(heading, fire, key="do_judge")

    ask_judge()


def _done(result: Any) -> bool:
    if result is None:
        return False
    tell(_("Done. The history says who did what and when."))
    return True

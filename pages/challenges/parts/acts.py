"""What the reader may do with a challenge: one primary act, the others in a menu, and why not."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.challenges.panels import deadline
from pages.challenges.parts import dialogs
from pages.challenges.parts.waiting import RUNNING, to_deadline, waiting
from portal.challenges.copies import copy_challenge
from portal.challenges.details import ChallengeDetail
from portal.challenges.flow import approve_challenge, reject_challenge, submit_challenge
from portal.challenges.steps import Step
from portal.permissions import Action, Role
from portal.ui import _, actor, label, perform
from portal.ui.record import Button, actions, confirm_dialog, reason_dialog
from portal.ui.run import perform_and_tell, tell
from portal.ui.shell import open_page

NEVER_FIRST = frozenset({Action.DRAFT_CHALLENGE, Action.RETURN_CHALLENGE, Action.REJECT_CHALLENGE})


def show_acts(record: ChallengeDetail) -> None:
    """Buttons for what is possible now; one line for what is not."""
    possible = [step for step in record.steps if not step.why_not]
    buttons = {step.action: Button(_word(step), _fire(record, step), f"act_{step.action.value}") for step in possible}
    first = next((buttons.pop(step.action) for step in possible if step.action not in NEVER_FIRST), None)
    first = first or waiting(record)
    others = [*buttons.values(), *_deadline(record)]
    if first is not None:
        others = [button for button in others if button.key != first.key]
    hints = [
        _("{name}: {value}", name=_word(step), value=_(step.why_not, **step.params))
        for step in record.steps
        if step.why_not
    ]
    actions(first, others, hint=" · ".join(hints))


def _deadline(record: ChallengeDetail) -> list[Button]:
    """For whoever can do something about it, the head leads there."""
    if record.status not in RUNNING or not record.is_inside or not deadline.has_acts(record):
        return []
    return [to_deadline()]


def _word(step: Step) -> str:
    return _("Copy as a new draft") if step.action is Action.DRAFT_CHALLENGE else label(step.action)


def _fire(record: ChallengeDetail, step: Step) -> Callable[[], None]:
    target: dict[str, Any] = {"challenge_id": record.id, "version": record.version}

    def confirmed(command: Callable[..., Any], consequence: str, done: str) -> Callable[[], None]:
        heading = label(step.action)
        return lambda: confirm_dialog(
            heading, consequence, lambda: perform_and_tell(command, done, **target), key=step.action.value
        )

    def reject() -> None:
        reason_dialog(
            label(Action.REJECT_CHALLENGE),
            _("The challenge ends here. The enterprise reads your reason and may copy it as a new draft."),
            lambda reason: bool(perform(reject_challenge, reason=reason, **target)),
            key="reject",
        )

    acts: dict[Action, Callable[[], None]] = {
        Action.EDIT_CHALLENGE: lambda: open_page("challenge-edit", record.id),
        Action.SUBMIT_CHALLENGE: confirmed(
            submit_challenge,
            _("The district takes it up for refining; you can edit it again when it is returned."),
            _("Your challenge was handed over to the district."),
        ),
        Action.TAKE_CHALLENGE: lambda: dialogs.take(record, as_broker=actor().role is Role.BROKER),
        Action.CHECK_CONFIDENTIALITY: lambda: dialogs.check(record),
        Action.RETURN_CHALLENGE: lambda: dialogs.give_back(record),
        Action.APPROVE_CHALLENGE: confirmed(
            approve_challenge,
            _("An operator can publish it from then on."),
            _("The challenge is approved; an operator publishes it next."),
        ),
        Action.REJECT_CHALLENGE: reject,
        Action.PUBLISH_CHALLENGE: lambda: dialogs.publish(record),
        Action.DRAFT_CHALLENGE: lambda: _copy(record),
        Action.DRAFT_PROPOSAL: lambda: dialogs.begin_proposal(record),
    }
    return acts[step.action]


def _copy(record: ChallengeDetail) -> None:
    if challenge_id := perform(copy_challenge, challenge_id=record.id):
        tell(_("This is your new draft. Dates and attachments were not copied."))
        open_page("challenge-edit", challenge_id)


def say_ended(record: ChallengeDetail) -> None:
    """The reason of a negative end, literally."""
    if record.ended_reason:
        with st.container(border=True):
            st.caption(_("Reason given"))
            st.text(record.ended_reason)

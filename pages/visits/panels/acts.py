"""The acts on a visit: edit, announce, record as held, debrief, call off."""

from typing import Any

import streamlit as st

from portal.permissions import Action
from portal.ui import _, label, perform
from portal.ui.record import Button, confirm_dialog, dialog_button, reason_dialog
from portal.ui.run import tell
from portal.ui.shell import open_page
from portal.visits.commands import cancel_visit, debrief_visit, hold_visit, open_registration
from portal.visits.details import VisitDetail

_FIRST = (Action.OPEN_REGISTRATION, Action.HOLD_VISIT, Action.DEBRIEF_VISIT)


def buttons(record: VisitDetail) -> tuple[Button | None, list[Button]]:
    """The next step first; the rest in the menu."""
    fire = {
        Action.OPEN_REGISTRATION: _announce,
        Action.HOLD_VISIT: _hold,
        Action.DEBRIEF_VISIT: _debrief,
        Action.EDIT_VISIT: _edit,
        Action.CANCEL_VISIT: _cancel,
    }
    found = {
        action: Button(label(action), lambda act=act: act(record), f"act_{action.value}")  # type: ignore[misc]
        for action, act in fire.items()
        if action in record.actions
    }
    first = next((action for action in _FIRST if action in found), None)
    return (found.pop(first) if first else None), list(found.values())


def _edit(record: VisitDetail) -> None:
    open_page("visit-edit", record.row.id)


def _announce(record: VisitDetail) -> None:
    def submit() -> None:
        if perform(open_registration, visit_id=record.row.id, version=record.version):
            tell(_("The visit is announced."))

    confirm_dialog(
        label(Action.OPEN_REGISTRATION),
        _("Everybody can read it from now on and registers in the time you set."),
        submit,
        key="announce",
    )


def _hold(record: VisitDetail) -> None:
    def submit() -> None:
        if perform(hold_visit, visit_id=record.row.id, version=record.version):
            tell(_("The visit is recorded as held; those who came are asked for feedback."))

    confirm_dialog(
        label(Action.HOLD_VISIT),
        _("Registration ends, and those who came are asked for feedback. The clock does it after the last day."),
        submit,
        key="hold",
    )


def _cancel(record: VisitDetail) -> None:
    reason_dialog(
        label(Action.CANCEL_VISIT),
        _("Everybody who is registered or waits is told, with your reason. This cannot be undone."),
        lambda reason: bool(perform(cancel_visit, visit_id=record.row.id, version=record.version, reason=reason)),
        key="cancel_visit",
    )


def _debrief(record: VisitDetail) -> None:
    heading = label(Action.DEBRIEF_VISIT)

    def fire() -> Any:
        return perform(
            debrief_visit,
            visit_id=record.row.id,
            version=record.version,
            findings=st.session_state["findings"],
        )

    @st.dialog(heading)
    def ask_findings() -> None:
        st.text(_("Whoever was not marked as present counts as absent. Personal data are deleted 90 days from today."))
        st.text_area(
            _("What was found"),
            key="findings",
            max_chars=2000,
            placeholder=_("What the guests asked for, whom to follow up with, what to do better."),
        )
        dialog_button(heading, fire, key="do_debrief")

    ask_findings()

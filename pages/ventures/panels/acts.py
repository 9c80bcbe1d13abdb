"""The acts at the head of an application: each asks once and names what follows."""

from typing import Any

import streamlit as st

from portal.errors import N_
from portal.permissions import Action
from portal.ui import _, label, perform, read
from portal.ui.record import Button, confirm_dialog, dialog_button, reason_dialog
from portal.ui.run import perform_and_tell
from portal.ui.shell import open_page
from portal.ventures import commands, growing
from portal.ventures.queries import VentureDetail, experts
from portal.ventures.workflow import VENTURE_WORKFLOW

_ENDS = N_("The application ends here for good.")
_A = Action
# In the order in which they are offered: what moves it on first, what ends it last.
STEPS: dict[Action, tuple[Any, str]] = {
    _A.ENDORSE_VENTURE: (
        commands.endorse_venture,
        N_("Your institute lets the scientist go ahead with this plan."),
    ),
    _A.HOST_VENTURE: (commands.host_venture, N_("Your enterprise hosts the venture as the plan says.")),
    _A.SUBMIT_VENTURE: (
        commands.submit_venture,
        N_("Yours is the third signature; from now on the district reads the application."),
    ),
    _A.PROPOSE_VENTURE: (
        commands.propose_venture,
        N_("The notice runs for five workdays; the decision follows when it is over."),
    ),
    _A.APPROVE_VENTURE: (commands.approve_venture, N_("The district takes the venture on.")),
    _A.DISMISS_OBJECTION: (commands.dismiss_objection, N_("The application can be approved afterwards.")),
    _A.UPHOLD_OBJECTION: (commands.uphold_objection, _ENDS),
    _A.START_VENTURE: (growing.start_venture, N_("The first phase begins.")),
    _A.MOVE_PHASE: (growing.move_phase, N_("The next phase begins; open tasks stay where they are.")),
    _A.COMPLETE_VENTURE: (
        growing.complete_venture,
        N_("Every task is done, and the venture goes its own way."),
    ),
    _A.RETURN_VENTURE: (commands.return_venture, N_("All three sign anew after the improvement.")),
    _A.DECLINE_VENTURE: (commands.decline_venture, _ENDS),
    _A.EXIT_VENTURE: (commands.exit_venture, _ENDS),
    _A.TERMINATE_VENTURE: (commands.terminate_venture, _ENDS),
}
NEVER_FIRST = frozenset(
    {_A.OBJECT_TO_VENTURE, _A.RETURN_VENTURE, _A.DECLINE_VENTURE, _A.EXIT_VENTURE, _A.TERMINATE_VENTURE}
)


def buttons(record: VentureDetail) -> tuple[Button | None, list[Button]]:
    """What moves it on comes first; what ends it never does."""
    special: dict[Action, Any] = {
        _A.REVIEW_VENTURE: _review,
        _A.EDIT_VENTURE: lambda record: open_page("venture-edit", record.row.id),
        _A.OBJECT_TO_VENTURE: _object,
    }
    order = [*list(STEPS)[:3], *special, *list(STEPS)[3:]]
    found = [
        Button(label(one), lambda act=special.get(one), one=one: act(record) if act else _step(record, one), one.value)  # type: ignore[misc]
        for one in order
        if one in record.actions
    ]
    if not found or found[0].key in {one.value for one in NEVER_FIRST}:
        return None, found
    return found[0], found[1:]


def _target(record: VentureDetail) -> dict[str, Any]:
    return {"venture_id": record.row.id, "version": record.version}


def _step(record: VentureDetail, action: Action) -> None:
    """Ask once; with a reason where the table wants one."""
    command, consequence = STEPS[action]
    if VENTURE_WORKFLOW.needs_reason(record.row.status, action):
        words = _(consequence) + " " + _("The parties read your reason.")
        reason_dialog(
            label(action),
            words,
            lambda reason: bool(perform(command, reason=reason, **_target(record))),
            key="act",
        )
        return
    done = _("Done; whoever is next has been told.")
    confirm_dialog(label(action), _(consequence), lambda: perform_and_tell(command, done, **_target(record)), key="act")


def _review(record: VentureDetail) -> None:
    heading = label(Action.REVIEW_VENTURE)
    known = dict(read(experts))

    def fire() -> Any:
        chosen = st.session_state["experts"]
        return perform_and_tell(commands.review_venture, _("The experts are asked."), experts=chosen, **_target(record))

    @st.dialog(heading)
    def choose() -> None:
        st.text(_("At least three, none of whom belongs to a party."))
        st.multiselect(
            _("Experts"), list(known), format_func=known.__getitem__, key="experts", placeholder=_("Please choose")
        )
        dialog_button(heading, fire, key="act_confirm")

    choose()


def _object(record: VentureDetail) -> None:
    heading = label(Action.OBJECT_TO_VENTURE)
    state: Any = st.session_state

    def fire() -> Any:
        said = {"from_whom": state["object_who"], "words": state["object_words"]}
        return perform_and_tell(
            commands.object_to_venture, _("The objection is taken down."), **said, **_target(record)
        )

    @st.dialog(heading)
    def take_down() -> None:
        st.text(_("It counts by the time at which it is entered here; an approver answers it."))
        st.text_input(_("Who objects"), key="object_who", max_chars=200)
        st.text_area(_("What is objected"), key="object_words", max_chars=2000)
        dialog_button(heading, fire, key="act_confirm")

    take_down()

"""The life of a visit, and of somebody who takes part in it (domain.md 4.8)."""

from db.models import ParticipantStatus, VisitKind, VisitStatus
from portal.permissions import Action
from portal.visits.rules import guest_sides, sides
from portal.workflow import Transition, Workflow

__all__ = [
    "OUTCOMES",
    "PARTICIPANT_WORKFLOW",
    "VISIT_WORKFLOW",
    "ParticipantStatus",
    "VisitKind",
    "VisitStatus",
]

_V, _P = VisitStatus, ParticipantStatus

VISIT_WORKFLOW = Workflow(
    name="visit",
    sides=sides,
    transitions=(
        Transition(
            Action.OPEN_REGISTRATION,
            (_V.PLANNED,),
            _V.REGISTRATION_OPEN,
            guards=("a programme and a meeting point; the visit has not begun",),
        ),
        Transition(Action.HOLD_VISIT, (_V.REGISTRATION_OPEN,), _V.HELD, guards=("its first day has come",)),
        Transition(Action.DEBRIEF_VISIT, (_V.HELD,), _V.DEBRIEFED, guards=("what was found",)),
        Transition(Action.CANCEL_VISIT, (_V.PLANNED, _V.REGISTRATION_OPEN), _V.CANCELLED, needs_reason=True),
    ),
)

OUTCOMES = (_P.CONTACT_MADE, _P.INTERN, _P.JOINED, _P.RETAINED_12M)
"""What may become of somebody who took part, in order; a step may be left out."""

_LATER = (_P.ATTENDED, *OUTCOMES)

PARTICIPANT_WORKFLOW = Workflow(
    name="participant",
    sides=guest_sides,
    parent_of=lambda participant: participant.visit_id,
    transitions=(
        Transition(Action.MOVE_UP, (_P.WAITLISTED,), _P.REGISTERED, guards=("a place is free",)),
        Transition(
            Action.CANCEL_REGISTRATION,
            (_P.REGISTERED, _P.WAITLISTED),
            _P.CANCELLED,
            guards=("the visit was not held yet",),
        ),
        Transition(
            Action.CHECK_IN, (_P.REGISTERED,), _P.ATTENDED, guards=("a day of the visit, and the code of that day",)
        ),
        Transition(
            Action.TICK_OFF, (_P.REGISTERED, _P.NO_SHOW), _P.ATTENDED, guards=("the first day of the visit has come",)
        ),
        Transition(Action.MARK_ABSENT, (_P.REGISTERED,), _P.NO_SHOW, guards=("the visit is debriefed",)),
        *(
            Transition(
                Action.RECORD_OUTCOME,
                _LATER[: _LATER.index(step)],
                step,
                guards=("a day and a source; beyond the contact only of those who agreed to be followed",),
            )
            for step in OUTCOMES
        ),
    ),
)

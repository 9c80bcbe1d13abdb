"""The funnel of a talent as data: one step after the other, and the last one back when it was a mistake."""

from itertools import pairwise

from db.models import ConsentUse, ReadingPurpose, TalentChannel, TalentClass, TalentField, TalentStage
from portal.permissions import Action
from portal.talents.rules import STAGES, sides
from portal.workflow import Transition, Workflow

__all__ = [
    "STAGES",
    "TALENT_WORKFLOW",
    "ConsentUse",
    "ReadingPurpose",
    "TalentChannel",
    "TalentClass",
    "TalentField",
    "TalentStage",
]

_GUARDS = {
    TalentStage.RETAINED: ("a source and the day; at least 12 months after joining",),
}
_USUAL = ("a source and the day, not before the step before",)

TALENT_WORKFLOW = Workflow(
    name="talent",
    sides=sides,
    status_field="stage",
    transitions=(
        *(
            Transition(Action.RECORD_TALENT_STEP, (here,), there, guards=_GUARDS.get(there, _USUAL))
            for here, there in pairwise(STAGES)
        ),
        *(Transition(Action.TAKE_BACK_TALENT_STEP, (there,), here) for here, there in pairwise(STAGES)),
    ),
)
"""domain.md 6 as data: reached → visited → registered → matched → joined → retained 12 months → leads a project."""

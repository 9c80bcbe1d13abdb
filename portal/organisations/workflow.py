"""The life of an organisation in the portal."""

from typing import Any

from db.models import OrganisationKind, OrganisationStatus
from portal.permissions import Action, Actor, Side
from portal.workflow import Transition, Workflow

__all__ = ["ORGANISATION_WORKFLOW", "OrganisationKind", "OrganisationStatus"]

_S = OrganisationStatus


def sides(actor: Actor, organisation: Any) -> frozenset[Side]:
    """One's own organisation."""
    return frozenset({Side.OWN}) if actor.organisation_id == organisation.id else frozenset()


ORGANISATION_WORKFLOW = Workflow(
    name="organisation",
    sides=sides,
    transitions=(
        Transition(
            Action.VERIFY_ORGANISATION, (_S.APPLIED, _S.REJECTED), _S.VERIFIED, guards=("its first admin is invited",)
        ),
        Transition(Action.APPLY_FOR_ORGANISATION, (_S.REJECTED,), _S.APPLIED, guards=("with papers of its own",)),
        Transition(Action.REJECT_ORGANISATION, (_S.APPLIED,), _S.REJECTED, needs_reason=True),
        Transition(Action.DISABLE_ORGANISATION, (_S.VERIFIED,), _S.DISABLED, needs_reason=True),
        Transition(Action.ENABLE_ORGANISATION, (_S.DISABLED,), _S.VERIFIED),
    ),
)
"""Applied for in the browser, verified or rejected by an operator."""

"""The life of an edition: prepared by one person, published by another."""

from typing import Any

from db.models import Chain, EditionStatus
from portal.permissions import Action, Actor, Side
from portal.workflow import Transition, Workflow

__all__ = ["EDITION_WORKFLOW", "Chain", "EditionStatus"]

_S = EditionStatus


def sides(_actor: Actor, _edition: Any) -> frozenset[Side]:
    """An edition belongs to the district."""
    return frozenset()


EDITION_WORKFLOW = Workflow(
    name="edition",
    sides=sides,
    transitions=(
        Transition(Action.PUBLISH_EDITION, (_S.PREPARED,), _S.PUBLISHED, guards=("never by who prepared it (R9)",)),
        Transition(Action.DISCARD_EDITION, (_S.PREPARED,), _S.DISCARDED, needs_reason=True),
    ),
)
"""A published edition stays as it is for good: another base period is another edition."""

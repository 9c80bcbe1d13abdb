"""The records that a source of a project may be: how those of each kind are named, as far as the reader may see them.

A kind without a line here is known by its words alone; a feature that keeps such records adds its line.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.models import Agreement, Challenge, SourceKind, Venture, Visit
from portal.agreements import access as agreements
from portal.challenges import access as challenges
from portal.errors import NotFound
from portal.landings.rules import Share
from portal.permissions import Actor
from portal.ventures import access as ventures
from portal.visits import access as visits

RECORDS: dict[SourceKind, Callable[[Actor, set[UUID]], Select[UUID, str]]] = {
    SourceKind.CHALLENGE: lambda actor, ids: select(Challenge.id, Challenge.title).where(
        Challenge.id.in_(ids), challenges.visible_to(actor)
    ),
    SourceKind.AGREEMENT: lambda actor, ids: select(Agreement.id, Agreement.title).where(
        Agreement.id.in_(ids), agreements.visible_to(actor)
    ),
    SourceKind.VISIT: lambda actor, ids: select(Visit.id, Visit.title).where(
        Visit.id.in_(ids), visits.visible_to(actor)
    ),
    SourceKind.VENTURE: lambda actor, ids: select(Venture.id, Venture.title).where(
        Venture.id.in_(ids), ventures.visible_to(actor)
    ),
}
"""Id and name of those among the ids that the reader may see."""


def names_of(session: Session, actor: Actor, shares: Iterable[Share]) -> dict[UUID, str]:
    """The names of the sources' records; one that the reader may not see is missing."""
    found: dict[UUID, str] = {}
    for kind, ids in _by_kind(shares).items():
        if kind in RECORDS:
            found.update(session.execute(RECORDS[kind](actor, ids)).all())
    return found


def require_records(session: Session, actor: Actor, shares: Iterable[Share]) -> None:
    """Every record that is named exists for this reader. Raises: NotFound."""
    rows = list(shares)
    if {one for ids in _by_kind(rows).values() for one in ids} - set(names_of(session, actor, rows)):
        raise NotFound


def _by_kind(shares: Iterable[Share]) -> dict[SourceKind, set[UUID]]:
    found: dict[SourceKind, set[UUID]] = {}
    for row in shares:
        if row.object_id is not None:
            found.setdefault(row.kind, set()).add(row.object_id)
    return found

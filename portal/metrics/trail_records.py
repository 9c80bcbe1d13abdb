"""What the acts of the audit trail were done on: number and title, as far as the reader may see the record itself.

Names are looked up when the trail is read and never stand in an event.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, select, true
from sqlalchemy.orm import Session

from db.models import (
    Agreement,
    Challenge,
    ImportBatch,
    Landing,
    Membership,
    Organisation,
    Person,
    Proposal,
    Talent,
    ValidationPlan,
    Venture,
    Visit,
)
from portal.agreements.access import visible_to as agreements_of
from portal.challenges.access import visible_to as challenges_of
from portal.landings.access import visible_to as landings_of
from portal.organisations.access import visible_to as organisations_of
from portal.permissions import Action, Actor, Role, can
from portal.proposals.access import visible_to as proposals_of
from portal.talents.access import details_to as details_of_talents_to
from portal.validation.access import visible_to as validations_of
from portal.ventures.access import visible_to as ventures_of
from portal.visits.access import visible_to as visits_of

_Question = Select[*tuple[Any, ...]]
_AT_ONCE = 500  # ids in one question: both databases bound their number
_ON_A_CHALLENGE = frozenset({"question", "addendum", "nda", "opening_key"})
_READS_PEOPLE = frozenset({Role.AUDITOR, Role.PLATFORM_ADMIN})


class TrailRecord(NamedTuple):
    """The record of an act as its reader knows it; without a page there is nothing to open."""

    name: str = ""
    page: str = ""
    id: UUID | None = None


def records_of(
    session: Session, actor: Actor, objects: Iterable[tuple[str, UUID, UUID | None]]
) -> dict[tuple[str, UUID], TrailRecord]:
    """The records that this reader may see, by kind and id; `objects` are kind, id and the id of what it belongs to.

    What the reader may not see, and what is gone, is left out.
    """
    wanted: dict[str, dict[UUID, list[tuple[str, UUID]]]] = {}
    for kind, object_id, parent_id in set(objects):
        shown, shown_id = ("challenge", parent_id) if kind in _ON_A_CHALLENGE and parent_id else (kind, object_id)
        if shown in _SOURCES:
            wanted.setdefault(shown, {}).setdefault(shown_id, []).append((kind, object_id))
    found: dict[tuple[str, UUID], TrailRecord] = {}
    for shown, asked in wanted.items():
        ids = list(asked)
        for start in range(0, len(ids), _AT_ONCE):
            for row in session.execute(_SOURCES[shown](actor, ids[start : start + _AT_ONCE])):
                name = " · ".join(filter(None, row[1:]))
                record = TrailRecord(name, _PAGES.get(shown, ""), row[0])
                found.update(dict.fromkeys(asked[row[0]], record))
    return found


def _people(actor: Actor) -> ColumnElement[bool]:
    """Auditor and platform admin, who read every act on accounts; an organisation its own people; oneself."""
    if actor.role in _READS_PEOPLE:
        return true()
    if actor.person_id is None:
        return false()
    if actor.organisation_id is None or not can(actor, Action.READ_AUDIT_TRAIL):
        return Person.id == actor.person_id
    ours = select(Membership.person_id).where(Membership.organisation_id == actor.organisation_id)
    return Person.id.in_(ours.correlate(None))


def _challenges(actor: Actor, ids: Sequence[UUID]) -> _Question:
    return select(Challenge.id, Challenge.number, Challenge.title).where(Challenge.id.in_(ids), challenges_of(actor))


def _proposals(actor: Actor, ids: Sequence[UUID]) -> _Question:
    # Its own title is sealed: the challenge it answers and the institute say which one it is.
    return (
        select(Proposal.id, Challenge.number, Challenge.title, Organisation.name)
        .join(Challenge, Challenge.id == Proposal.challenge_id)
        .join(Organisation, Organisation.id == Proposal.institute_id)
        .where(Proposal.id.in_(ids), proposals_of(actor))
    )


def _validations(actor: Actor, ids: Sequence[UUID]) -> _Question:
    return (
        select(ValidationPlan.id, Challenge.number, Challenge.title)
        .join(Challenge, Challenge.id == ValidationPlan.challenge_id)
        .where(ValidationPlan.id.in_(ids), validations_of(actor))
    )


def _landings(actor: Actor, ids: Sequence[UUID]) -> _Question:
    return select(Landing.id, Landing.number, Landing.title).where(Landing.id.in_(ids), landings_of(actor))


def _agreements(actor: Actor, ids: Sequence[UUID]) -> _Question:
    return select(Agreement.id, Agreement.number, Agreement.title).where(Agreement.id.in_(ids), agreements_of(actor))


def _visits(actor: Actor, ids: Sequence[UUID]) -> _Question:
    return select(Visit.id, Visit.number, Visit.title).where(Visit.id.in_(ids), visits_of(actor))


def _ventures(actor: Actor, ids: Sequence[UUID]) -> _Question:
    return select(Venture.id, Venture.number, Venture.title).where(Venture.id.in_(ids), ventures_of(actor))


def _talents(actor: Actor, ids: Sequence[UUID]) -> _Question:
    """By number: a name is read on the record, where the reading is recorded."""
    return select(Talent.id, Talent.number).where(Talent.id.in_(ids), details_of_talents_to(actor))


def _organisations(actor: Actor, ids: Sequence[UUID]) -> _Question:
    return select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids), organisations_of(actor))


def _imports(actor: Actor, ids: Sequence[UUID]) -> _Question:
    reads = can(actor, Action.IMPORT_CHALLENGES) or actor.role is Role.AUDITOR
    return select(ImportBatch.id, ImportBatch.file_name).where(ImportBatch.id.in_(ids), true() if reads else false())


def _persons(actor: Actor, ids: Sequence[UUID]) -> _Question:
    return select(Person.id, Person.name).where(Person.id.in_(ids), _people(actor))


def _memberships(actor: Actor, ids: Sequence[UUID]) -> _Question:
    return (
        select(Membership.id, Person.name, Organisation.name)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.id.in_(ids), _people(actor))
    )


_SOURCES: dict[str, Callable[[Actor, Sequence[UUID]], _Question]] = {
    "challenge": _challenges,
    "proposal": _proposals,
    "validation": _validations,
    "landing": _landings,
    "agreement": _agreements,
    "visit": _visits,
    "venture": _ventures,
    "talent": _talents,
    "organisation": _organisations,
    "import": _imports,
    "person": _persons,
    "membership": _memberships,
}
_PAGES = {
    kind: kind
    for kind in (
        *("challenge", "proposal", "validation", "landing", "organisation"),
        *("agreement", "visit", "venture", "talent"),
    )
}

"""首: the first of its kind in the country, the province or the city, or a flagship; claimed, then verified."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from db.models import FirstLevel, FirstStatus, Landing, LandingFirst, Person
from portal import clock
from portal.errors import N_, Forbidden, NotFound, NotPossibleNow
from portal.events import record_event
from portal.landings.access import get_landing
from portal.landings.notices import tell_of_first, tell_of_first_decision
from portal.landings.rules import sides
from portal.landings.workflow import FIRST_WORKFLOW, LANES
from portal.organisations.access import acts_for
from portal.permissions import Action, Actor, authorize, can
from portal.texts import needed, paragraphs
from portal.workflow import advance

_decider = aliased(Person)


class FirstRow(NamedTuple):
    """One claim with what shows it, by whom, and who looked at it."""

    id: UUID
    level: FirstLevel
    status: FirstStatus
    evidence: str
    claimed_by: str
    claimed_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    may_decide: bool


def claim_first(session: Session, actor: Actor, *, landing_id: UUID, level: FirstLevel, evidence: str) -> UUID:
    """Say that the project is a first, and what shows it; after a refusal again with other evidence.

    Raises: NotFound, Forbidden, Invalid without evidence, NotPossibleNow once the project ended or while the same claim
    waits or is verified.
    """
    landing = get_landing(session, actor, landing_id, lock=True)
    authorize(actor, Action.CLAIM_FIRST, sides(actor, landing))
    if landing.stage not in LANES[landing.lane]:
        raise NotPossibleNow(status=landing.stage)
    message = N_("Please say what shows it: the register, the report, the certificate.")
    words = needed(paragraphs(evidence, 600, field="first_evidence"), message, field="first_evidence")
    row = session.scalars(_of(landing_id).where(LandingFirst.level == level)).one_or_none()
    if row is None:
        row = LandingFirst(landing_id=landing_id, level=level, status=FirstStatus.CLAIMED)
        session.add(row)
        _claim(row, actor, words)
        session.flush()
        record_event(
            session,
            actor,
            Action.CLAIM_FIRST,
            "landing_first",
            row.id,
            to_status=FirstStatus.CLAIMED,
            fields=(level.value,),
            parent_id=landing.id,
        )
    else:
        where = sides(actor, landing)
        if row.status is not FirstStatus.REFUSED:
            raise NotPossibleNow(status=row.status)
        with session.no_autoflush:
            _claim(row, actor, words)
            advance(session, actor, FIRST_WORKFLOW, row, Action.CLAIM_FIRST, fields=(level.value,), extra_sides=where)
    landing.changed_at = clock.now()
    session.flush()
    tell_of_first(session, actor, landing, row)
    return row.id


def verify_first(session: Session, actor: Actor, *, first_id: UUID) -> None:
    """An operator has looked at the evidence and confirms it.

    Raises: NotFound, Forbidden for whoever claimed it or acts for a party, NotPossibleNow.
    """
    _decide(session, actor, first_id, Action.VERIFY_FIRST, "")


def refuse_first(session: Session, actor: Actor, *, first_id: UUID, reason: str) -> None:
    """An operator does not confirm it and says why.

    Raises: NotFound, Forbidden for whoever claimed it or acts for a party, NotPossibleNow, Invalid without a reason.
    """
    _decide(session, actor, first_id, Action.REFUSE_FIRST, reason)


def firsts_of(session: Session, actor: Actor, landing: Landing) -> list[FirstRow]:
    """Every claim by its level; the caller has made sure that the reader may see the whole project."""
    query = (
        select(LandingFirst, Person.name, _decider.name)
        .join(Person, Person.id == LandingFirst.claimed_by)
        .outerjoin(_decider, _decider.id == LandingFirst.decided_by)
        .where(LandingFirst.landing_id == landing.id)
    )
    decides = can(actor, Action.VERIFY_FIRST, sides(actor, landing)) and not _is_party(session, actor, landing)
    rows = [
        FirstRow(
            id=row.id,
            level=row.level,
            status=row.status,
            evidence=row.evidence,
            claimed_by=person,
            claimed_at=row.claimed_at,
            decided_by=decider or "",
            decided_at=row.decided_at,
            reason=row.reason,
            may_decide=decides and row.status is FirstStatus.CLAIMED and row.claimed_by != actor.person_id,
        )
        for row, person, decider in session.execute(query)
    ]
    order = list(FirstLevel)
    return sorted(rows, key=lambda row: order.index(row.level))


def verified_firsts(session: Session, landing_ids: Collection[UUID]) -> dict[UUID, tuple[FirstLevel, ...]]:
    """The verified levels of these projects, the highest first; public as soon as the project is."""
    if not landing_ids:
        return {}
    query = select(LandingFirst.landing_id, LandingFirst.level).where(
        LandingFirst.landing_id.in_(landing_ids), LandingFirst.status == FirstStatus.VERIFIED
    )
    found: defaultdict[UUID, list[FirstLevel]] = defaultdict(list)
    for landing_id, level in session.execute(query):
        found[landing_id].append(level)
    order = list(FirstLevel)
    return {landing_id: tuple(sorted(levels, key=order.index)) for landing_id, levels in found.items()}


def _of(landing_id: UUID) -> Select[LandingFirst]:
    return select(LandingFirst).where(LandingFirst.landing_id == landing_id)


def _claim(row: LandingFirst, actor: Actor, words: str) -> None:
    row.evidence, row.reason = words, ""
    row.claimed_by, row.claimed_at = actor.acting_person, clock.now()
    row.decided_by = row.decided_at = None


def _decide(session: Session, actor: Actor, first_id: UUID, action: Action, reason: str) -> None:
    row = session.get(LandingFirst, first_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    landing = get_landing(session, actor, row.landing_id)
    authorize(actor, action, sides(actor, landing))
    if row.claimed_by == actor.person_id:
        raise Forbidden(N_("Who claims a first does not decide on it; please ask another operator."))
    if _is_party(session, actor, landing):
        raise Forbidden(N_("You act for one of the parties in another role; somebody else must do this."))
    words, now = paragraphs(reason, 2000, field="reason"), clock.now()
    if row.status is not FirstStatus.CLAIMED:
        raise NotPossibleNow(status=row.status)
    if action is Action.REFUSE_FIRST:
        needed(words, N_("Please give a reason; the other side will read it."), field="reason")
    with session.no_autoflush:  # status and decision are written together, as their constraint says
        row.decided_by, row.decided_at, row.reason = actor.acting_person, now, words
        advance(session, actor, FIRST_WORKFLOW, row, action, reason=words, fields=(row.level.value,))
    landing.changed_at = now
    session.flush()
    tell_of_first_decision(session, landing, row)


def _is_party(session: Session, actor: Actor, landing: Landing) -> bool:
    return acts_for(session, actor.acting_person, [landing.enterprise_id, landing.institute_id])

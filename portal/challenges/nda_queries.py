"""Who holds a challenge's confidentiality agreement, who asks for it, who read under it."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from db.models import Challenge, ChallengeStatus, Event, NdaAcceptance, NdaMode, NdaVersion, Organisation, Person
from portal import clock
from portal.challenges.access import get_challenge, learns_readers, tells_readers
from portal.challenges.rules import has_closed, sides
from portal.errors import Forbidden
from portal.permissions import Action, Actor, can

_S = ChallengeStatus
NDA_WRITABLE = (_S.DRAFT, _S.SUBMITTED, _S.REFINING, _S.APPROVED, _S.OPEN, _S.SUSPENDED)
"""Until the close: later the text stays as it was accepted."""


class Nda(NamedTuple):
    """One wording of the agreement."""

    id: UUID
    number: int
    text: str
    written_at: datetime


class NdaStanding(StrEnum):
    """How a reader stands to the current version."""

    NONE = "none"
    WAITING = "waiting"
    HELD = "held"
    REVOKED = "revoked"
    OUTDATED = "outdated"  # an older version was accepted
    ELSEWHERE = "elsewhere"  # accepted for another organisation


class MyNda(NamedTuple):
    current: Nda | None
    mode: NdaMode
    standing: NdaStanding
    accepted_at: datetime | None
    may_accept: bool


class NdaRequest(NamedTuple):
    """Somebody who asked for the enterprise's word: name and organisation are all it learns."""

    id: UUID
    person: str
    organisation: str
    asked_at: datetime
    granted_at: datetime | None
    version: int


class NdaReader(NamedTuple):
    """Who accepted, and what they read; shown from the opening on."""

    id: UUID
    person: str
    organisation: str
    nda_number: int
    accepted_at: datetime
    granted_at: datetime | None
    revoked_at: datetime | None
    reads: int
    last_read_at: datetime | None
    version: int


def current_nda(session: Session, challenge_id: UUID) -> Nda | None:
    """The version with the highest number."""
    query = (
        select(NdaVersion.id, NdaVersion.number, NdaVersion.text, NdaVersion.written_at)
        .where(NdaVersion.challenge_id == challenge_id)
        .order_by(NdaVersion.number.desc())
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    return Nda(*row) if row else None


def holds_nda(session: Session, actor: Actor, challenge_id: UUID) -> bool:
    """Whether this person accepted the current version for the organisation acted for now, and may read."""
    if actor.person_id is None or actor.organisation_id is None or not actor.organisation_verified:
        return False
    newest = select(func.max(NdaVersion.number)).where(NdaVersion.challenge_id == challenge_id).scalar_subquery()
    query = (
        select(NdaAcceptance.id)
        .join(NdaVersion, NdaVersion.id == NdaAcceptance.nda_version_id)
        .where(
            NdaVersion.challenge_id == challenge_id,
            NdaVersion.number == newest,
            NdaAcceptance.person_id == actor.person_id,
            NdaAcceptance.organisation_id == actor.organisation_id,
            NdaAcceptance.granted_at.is_not(None),
            NdaAcceptance.revoked_at.is_(None),
        )
    )
    return session.scalar(query) is not None


def takes_readers(challenge: Challenge) -> bool:
    """Whether the agreement can still be accepted: until the close, a suspension included."""
    if challenge.status is ChallengeStatus.SUSPENDED:
        return True
    return challenge.status is ChallengeStatus.OPEN and not has_closed(challenge, clock.now())


def latest_acceptance(session: Session, person_id: UUID, challenge_id: UUID) -> NdaAcceptance | None:
    """What this person accepted last on a challenge, whichever version and organisation."""
    query = (
        select(NdaAcceptance)
        .where(NdaAcceptance.person_id == person_id, NdaAcceptance.challenge_id == challenge_id)
        .order_by(NdaAcceptance.accepted_at.desc())
        .limit(1)
    )
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def my_nda(session: Session, actor: Actor, challenge_id: UUID) -> MyNda:
    """The text in force and how the reader stands to it. Raises: NotFound."""
    challenge = get_challenge(session, actor, challenge_id)
    current = current_nda(session, challenge_id)
    row = latest_acceptance(session, actor.person_id, challenge_id) if actor.person_id else None
    standing = _standing(actor, current, row)
    may_accept = (
        current is not None
        and can(actor, Action.ACCEPT_NDA)
        and actor.organisation_verified
        and takes_readers(challenge)
        and standing in (NdaStanding.NONE, NdaStanding.OUTDATED, NdaStanding.ELSEWHERE)
    )
    return MyNda(current, challenge.nda_mode, standing, row.accepted_at if row else None, may_accept)


def may_write_nda(session: Session, actor: Actor, challenge_id: UUID) -> bool:
    """Whether this reader may change text or mode now. Raises: NotFound."""
    challenge = get_challenge(session, actor, challenge_id)
    return can(actor, Action.WRITE_NDA, sides(actor, challenge)) and challenge.status in NDA_WRITABLE


def list_nda_requests(session: Session, actor: Actor, challenge_id: UUID) -> list[NdaRequest]:
    """Those who asked, and whom the enterprise granted it, oldest first; empty for everybody else. Raises: NotFound."""
    challenge = get_challenge(session, actor, challenge_id)
    if not can(actor, Action.GRANT_NDA, sides(actor, challenge)):
        return []
    current = current_nda(session, challenge_id)
    if current is None:
        return []
    query = (
        select(
            NdaAcceptance.id,
            Person.name,
            Organisation.name,
            NdaAcceptance.accepted_at,
            NdaAcceptance.granted_at,
            NdaAcceptance.version,
        )
        .join(Person, Person.id == NdaAcceptance.person_id)
        .join(Organisation, Organisation.id == NdaAcceptance.organisation_id)
        .where(
            NdaAcceptance.nda_version_id == current.id,
            # Whom it let in itself it knows already; who accepted by themselves stays unknown until the opening.
            or_(NdaAcceptance.granted_at.is_(None), NdaAcceptance.granted_by.is_not(None)),
            NdaAcceptance.revoked_at.is_(None),
        )
        .order_by(NdaAcceptance.granted_at.is_not(None), NdaAcceptance.accepted_at, NdaAcceptance.id)
        .limit(200)
    )
    return [NdaRequest(*row) for row in session.execute(query)]


def list_readers(session: Session, actor: Actor, challenge_id: UUID) -> list[NdaReader] | None:
    """Who accepted and how often they read; None until `tells_readers`, for everybody.

    Raises: NotFound, Forbidden for others than the enterprise and the auditor.
    """
    challenge = get_challenge(session, actor, challenge_id)
    if not learns_readers(actor, challenge):
        raise Forbidden
    if not tells_readers(challenge):
        return None
    reads = and_(
        Event.object_id == challenge_id,
        Event.action == Action.READ_CONFIDENTIAL.value,
        Event.person_id == NdaAcceptance.person_id,
        Event.organisation_id == NdaAcceptance.organisation_id,
        Event.happened_at >= NdaAcceptance.accepted_at,
    )
    query = (
        select(
            NdaAcceptance.id,
            Person.name,
            Organisation.name,
            NdaVersion.number,
            NdaAcceptance.accepted_at,
            NdaAcceptance.granted_at,
            NdaAcceptance.revoked_at,
            select(func.count()).select_from(Event).where(reads).correlate(NdaAcceptance).scalar_subquery(),
            select(func.max(Event.happened_at)).where(reads).correlate(NdaAcceptance).scalar_subquery(),
            NdaAcceptance.version,
        )
        .join(NdaVersion, NdaVersion.id == NdaAcceptance.nda_version_id)
        .join(Person, Person.id == NdaAcceptance.person_id)
        .join(Organisation, Organisation.id == NdaAcceptance.organisation_id)
        .where(NdaAcceptance.challenge_id == challenge_id)
        .order_by(NdaAcceptance.accepted_at, NdaAcceptance.id)
        .limit(1000)
    )
    return [NdaReader(*row) for row in session.execute(query)]


def _standing(actor: Actor, current: Nda | None, row: NdaAcceptance | None) -> NdaStanding:
    if current is None or row is None:
        return NdaStanding.NONE
    if row.revoked_at is not None:
        return NdaStanding.REVOKED
    if row.organisation_id != actor.organisation_id:
        return NdaStanding.ELSEWHERE
    if row.nda_version_id != current.id:
        return NdaStanding.OUTDATED
    return NdaStanding.HELD if row.granted_at is not None else NdaStanding.WAITING

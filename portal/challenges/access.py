"""Who sees which challenge, and which of its sections."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session, joinedload

from db.models import Challenge, ChallengeStatus, Disclosure, Event
from portal import clock
from portal.challenges.rules import sides
from portal.challenges.workflow import PUBLISHED
from portal.errors import NotFound
from portal.permissions import PROPOSERS, Action, Actor, Role, Side

SEES_SUBMITTED = frozenset({Role.OPERATOR, Role.APPROVER, Role.LEADER, Role.AUDITOR})
READS_UNDER_DUTY = frozenset({Role.OPERATOR, Role.APPROVER})
WITHOUT_VERIFIED_SECTIONS = frozenset({Role.VISITOR, Role.PLATFORM_ADMIN})
LOGGED_READ_LASTS = timedelta(minutes=30)

_PUBLISHED = sorted(PUBLISHED)
_MAY_BE_UNSEEN = (ChallengeStatus.DRAFT, ChallengeStatus.WITHDRAWN)
_SUBMITTED_ONCE = [status for status in ChallengeStatus if status not in _MAY_BE_UNSEEN]
_ALL = frozenset(Disclosure)
_SIGNED_IN = frozenset({Disclosure.PUBLIC, Disclosure.VERIFIED})
_PUBLIC = frozenset({Disclosure.PUBLIC})


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Published ones for everybody; one's own enterprise's; officials from submission; a broker's and those to take."""
    if actor.role is Role.CLOCK:
        return true()
    arms: list[ColumnElement[bool]] = [Challenge.status.in_(_PUBLISHED)]
    if actor.organisation_id is not None:
        arms.append(Challenge.organisation_id == actor.organisation_id)
    if actor.role in SEES_SUBMITTED:
        arms[0] = Challenge.status.in_(_SUBMITTED_ONCE)
        arms.append(and_(Challenge.status.in_(_MAY_BE_UNSEEN), Challenge.submitted_at.is_not(None)))
    if actor.role is Role.BROKER:
        arms.append(Challenge.status == ChallengeStatus.SUBMITTED)
        arms.append(Challenge.broker_id == actor.person_id if actor.person_id else false())
    return or_(*arms)


def get_challenge(session: Session, actor: Actor, challenge_id: UUID, *, lock: bool = False) -> Challenge:
    """The challenge with its organisation. `lock` keeps others from changing it in this transaction.

    Raises: NotFound, the same for an unknown id and for one that this actor may not see.
    """
    query = (
        select(Challenge)
        .options(joinedload(Challenge.organisation))
        .where(Challenge.id == challenge_id, visible_to(actor))
    )
    if lock:
        query = query.with_for_update(of=Challenge).execution_options(populate_existing=True)
    challenge = session.scalars(query).one_or_none()
    if challenge is None:
        raise NotFound
    return challenge


def readable(session: Session, actor: Actor, challenge: Challenge) -> frozenset[Disclosure]:
    """The levels of disclosure that this actor may read on a challenge that is visible to them."""
    where = sides(actor, challenge)
    if actor.role is Role.CLOCK or Side.ENTERPRISE in where or actor.role in READS_UNDER_DUTY:
        return _ALL
    if actor.role is Role.BROKER and Side.ASSIGNED in where:
        return _ALL
    if not actor.signed_in or actor.role in WITHOUT_VERIFIED_SECTIONS or not actor.organisation_verified:
        return _PUBLIC
    if actor.role in PROPOSERS and _holds_nda(session, actor, challenge.id):
        return _ALL
    return _SIGNED_IN


def is_inside(actor: Actor, challenge: Challenge) -> bool:
    """Whether somebody follows the challenge from within rather than reading it from outside."""
    return actor.role in READS_UNDER_DUTY or actor.role is Role.AUDITOR or bool(sides(actor, challenge))


def reads_unlogged(actor: Actor, challenge: Challenge) -> bool:
    """The enterprise reads its own words; everybody else's reading under NDA is recorded first."""
    return actor.role is Role.CLOCK or Side.ENTERPRISE in sides(actor, challenge)


def has_logged_read(session: Session, actor: Actor, challenge: Challenge) -> bool:
    """Whether this person's reading of the confidential sections was recorded within the last half hour."""
    if reads_unlogged(actor, challenge):
        return True
    query = (
        select(Event.seq)
        .where(
            Event.object_id == challenge.id,
            Event.action == Action.READ_CONFIDENTIAL.value,
            Event.person_id == actor.person_id,
            Event.organisation_id.is_not_distinct_from(actor.organisation_id),
            Event.happened_at > clock.now() - LOGGED_READ_LASTS,
        )
        .limit(1)
    )
    return session.scalar(query) is not None


def readable_now(
    session: Session, actor: Actor, challenge: Challenge, levels: frozenset[Disclosure] | None = None
) -> frozenset[Disclosure]:
    """Like `readable` (whose answer may be passed in), without the confidential level until the reading is recorded."""
    levels = readable(session, actor, challenge) if levels is None else levels
    if Disclosure.NDA in levels and not has_logged_read(session, actor, challenge):
        return levels - {Disclosure.NDA}
    return levels


def tells_readers(challenge: Challenge) -> bool:
    """Whether enterprise and auditor may learn who read under NDA.

    Not before the opening, though the deadline has passed: every proposer accepts the agreement, so a list without
    readers would say that nobody proposed, while that is still sealed. A withdrawn challenge is never opened; its
    enterprise still has to know who holds its secrets.
    """
    return challenge.opened_at is not None or challenge.status is ChallengeStatus.WITHDRAWN


def learns_readers(actor: Actor, challenge: Challenge) -> bool:
    """Whom it is told to, once it is told: the enterprise, whose secrets they are, and the auditor."""
    return actor.role is Role.AUDITOR or Side.ENTERPRISE in sides(actor, challenge)


def about_readers() -> ColumnElement[bool]:
    """The events on who accepted the agreement and read under it; what officials read by duty is not among them."""
    reads = or_(Event.object_type == "nda", Event.action == Action.READ_CONFIDENTIAL.value)
    return and_(Event.sealed_until_opened.is_not(None), reads)


def unsealed() -> ColumnElement[bool]:
    """The events that may be shown: sealed ones after the opening, those on readers as soon as `tells_readers`."""
    withdrawn = and_(Challenge.status == ChallengeStatus.WITHDRAWN, about_readers())
    told = exists().where(Challenge.id == Event.sealed_until_opened, or_(Challenge.opened_at.is_not(None), withdrawn))
    return or_(Event.sealed_until_opened.is_(None), told.correlate(Event))


def _holds_nda(session: Session, actor: Actor, challenge_id: UUID) -> bool:
    from portal.challenges.nda import holds_nda  # which itself asks `get_challenge`

    return holds_nda(session, actor, challenge_id)

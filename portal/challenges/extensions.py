"""Moving a deadline while it has not passed: extensions by two people, suspension and resumption."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Challenge, ChallengeStatus, Decision, DecisionKind, DecisionStatus, Person, Role
from portal import clock
from portal.challenges.access import get_challenge
from portal.challenges.followers import followers
from portal.challenges.history import BEFORE
from portal.challenges.rules import has_closed, parse_moment, require_open, sides
from portal.challenges.texts import paragraphs
from portal.challenges.workflow import CHALLENGE_WORKFLOW
from portal.errors import N_, Forbidden, Invalid, NotFound, NotPossibleNow
from portal.events import record_event
from portal.notifications.commands import notify, people_with_role
from portal.permissions import Action, Actor, authorize, can
from portal.workflow import advance, require_version

REASON_LIMIT = 2_000
FURTHEST = timedelta(days=366)
SEES_DECISIONS = frozenset({Role.OPERATOR, Role.APPROVER, Role.AUDITOR, Role.LEADER})


class ExtensionRow(NamedTuple):
    """A prepared extension; `may_decide` is about the reader."""

    id: UUID
    closes_at: datetime
    reason: str
    prepared_by: str
    prepared_at: datetime
    may_decide: bool
    version: int


class DeadlineActs(NamedTuple):
    """What the reader may do about the deadline now."""

    may_prepare: bool
    may_suspend: bool
    may_resume: bool
    resumed_closes_at: datetime | None  # the deadline if it were resumed now
    waiting: ExtensionRow | None


def prepare_extension(
    session: Session,
    actor: Actor,
    *,
    challenge_id: UUID,
    closes_at: datetime | str,
    reason: str,
    version: int | None = None,
) -> UUID:
    """Propose a later deadline; an approver decides. `version` is that of the challenge.

    Raises: NotFound, Forbidden, NotPossibleNow, DeadlinePassed, Stale, Invalid.
    """
    challenge = _open_challenge(session, actor, challenge_id, Action.PREPARE_EXTENSION)
    require_version(challenge, version)
    later = parse_moment(closes_at, field="closes_at") if isinstance(closes_at, str) else closes_at
    _require_later(challenge, later)
    reason = paragraphs(reason, REASON_LIMIT, section=Action.PREPARE_EXTENSION, field="reason")
    if not reason:
        raise Invalid(N_("Please give a reason; the other side will read it."), field="reason")
    if _waiting(session, challenge.id) is not None:
        raise NotPossibleNow(N_("Another extension waits for the approver already."))
    decision = Decision(
        kind=DecisionKind.EXTENSION,
        object_id=challenge.id,
        payload={"closes_at": later.isoformat()},
        reason=reason,
        prepared_by=actor.acting_person,
        prepared_at=clock.now(),
        status=DecisionStatus.PREPARED,
    )
    session.add(decision)
    session.flush()
    record_event(
        session,
        actor,
        Action.PREPARE_EXTENSION,
        "challenge",
        challenge.id,
        reason=reason,
        fields=["closes_at", later.isoformat()],
    )
    notify(
        session,
        person_ids=people_with_role(session, Role.APPROVER),
        message=N_("An extension of “{title}” waits for your decision before {closes_at}."),
        params={"title": challenge.title, "closes_at": challenge.closes_at},
        page="challenge",
        object_id=challenge.id,
        dedupe_key=f"extension-prepared:{decision.id}",
    )
    return decision.id


def decide_extension(
    session: Session, actor: Actor, *, decision_id: UUID, approve: bool, reason: str = "", version: int | None = None
) -> None:
    """The approver moves the deadline, or refuses with a reason. Both happen before the deadline in force.

    Raises: NotFound, Forbidden for who prepared it, NotPossibleNow, DeadlinePassed, Stale, Invalid.
    """
    decision = session.get(Decision, decision_id)
    if decision is None or decision.kind is not DecisionKind.EXTENSION:
        raise NotFound
    challenge = get_challenge(session, actor, decision.object_id, lock=True)
    authorize(actor, Action.DECIDE_EXTENSION, sides(actor, challenge))
    if decision.prepared_by == actor.person_id:
        raise Forbidden(N_("Who prepared a decision does not decide on it."))
    _require_running(challenge)
    session.refresh(decision)
    require_version(decision, version)
    if decision.status is not DecisionStatus.PREPARED:
        raise NotPossibleNow(status=decision.status)
    reason = paragraphs(reason, REASON_LIMIT, section=Action.DECIDE_EXTENSION, field="reason")
    if approve:
        _extend(session, actor, challenge, decision)
    else:
        _refuse(session, actor, challenge, decision, reason)
    decision.decided_by, decision.decided_at, decision.decision_reason = actor.person_id, clock.now(), reason


def suspend_challenge(
    session: Session, actor: Actor, *, challenge_id: UUID, reason: str, version: int | None = None
) -> None:
    """Stop everything on an open challenge; the deadline moves by the length of the pause.

    Raises: NotFound, Forbidden, NotPossibleNow, DeadlinePassed, Stale, Invalid without a reason.
    """
    challenge = _open_challenge(session, actor, challenge_id, Action.SUSPEND_CHALLENGE)
    require_version(challenge, version)
    reason = paragraphs(reason, REASON_LIMIT, section=Action.SUSPEND_CHALLENGE, field="reason")
    advance(
        session,
        actor,
        CHALLENGE_WORKFLOW,
        challenge,
        Action.SUSPEND_CHALLENGE,
        reason=reason,
        fields=_before(challenge),
    )
    challenge.suspended_at = challenge.changed_at = clock.now()
    message = N_("“{title}” is suspended: {reason} The deadline will move by the length of the pause.")
    _tell_all(session, challenge, message, reason=reason)


def resume_challenge(session: Session, actor: Actor, *, challenge_id: UUID, version: int | None = None) -> None:
    """Go on where it stopped: as much time is left as there was.

    An extension prepared before the pause to a date that the pause alone reached is void, and its author is told.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale.
    """
    challenge = get_challenge(session, actor, challenge_id, lock=True)
    authorize(actor, Action.RESUME_CHALLENGE, sides(actor, challenge))
    require_version(challenge, version)
    closes_at = _resumed_closes_at(challenge)
    overtaken = _overtaken(session, challenge.id, closes_at)
    fields: tuple[str, ...] = ("closes_at", closes_at.isoformat()) if closes_at else ()
    if overtaken is not None:
        fields += ("decision", str(overtaken.id), "withdrawn")
    fields += _before(challenge)
    advance(session, actor, CHALLENGE_WORKFLOW, challenge, Action.RESUME_CHALLENGE, fields=fields)
    challenge.closes_at = closes_at
    challenge.suspended_at, challenge.changed_at = None, clock.now()
    if overtaken is not None:
        _withdraw_overtaken(session, challenge, overtaken)
    _tell_all(session, challenge, N_("“{title}” is open again. The deadline is now {closes_at}."))


def deadline_acts(session: Session, actor: Actor, challenge_id: UUID) -> DeadlineActs:
    """What can be done about the deadline by this reader, and the extension that waits. Raises: NotFound."""
    challenge = get_challenge(session, actor, challenge_id)
    where = sides(actor, challenge)
    is_open = challenge.status is ChallengeStatus.OPEN and not has_closed(challenge, clock.now())
    is_suspended = challenge.status is ChallengeStatus.SUSPENDED
    waiting = _waiting_row(session, actor, challenge, is_open) if actor.role in SEES_DECISIONS else None
    return DeadlineActs(
        may_prepare=is_open and can(actor, Action.PREPARE_EXTENSION, where) and waiting is None,
        may_suspend=is_open and can(actor, Action.SUSPEND_CHALLENGE, where),
        may_resume=is_suspended and can(actor, Action.RESUME_CHALLENGE, where),
        resumed_closes_at=_resumed_closes_at(challenge) if is_suspended else None,
        waiting=waiting,
    )


def lapse_extensions(session: Session, challenge_id: UUID) -> None:
    """A prepared extension is void once the deadline has passed."""
    decision = _waiting(session, challenge_id)
    if decision is not None:
        decision.status = DecisionStatus.WITHDRAWN


def _overtaken(session: Session, challenge_id: UUID, closes_at: datetime | None) -> Decision | None:
    """The waiting extension, if it would not move that deadline any later."""
    decision = _waiting(session, challenge_id)
    if decision is None or closes_at is None or closes_at < datetime.fromisoformat(decision.payload["closes_at"]):
        return None
    return decision


def _withdraw_overtaken(session: Session, challenge: Challenge, decision: Decision) -> None:
    decision.status = DecisionStatus.WITHDRAWN
    message = N_(
        "The extension of “{title}” that you prepared is void: after the pause the deadline is {closes_at}, which is "
        "not earlier than the one you proposed. Prepare another one if still more time is needed."
    )
    notify(
        session,
        person_ids=[decision.prepared_by],
        message=message,
        params={"title": challenge.title, "closes_at": challenge.closes_at},
        page="challenge",
        object_id=challenge.id,
        dedupe_key=f"extension-overtaken:{decision.id}",
    )


def _extend(session: Session, actor: Actor, challenge: Challenge, decision: Decision) -> None:
    closes_at = datetime.fromisoformat(decision.payload["closes_at"])
    _require_later(challenge, closes_at)
    advance(
        session,
        actor,
        CHALLENGE_WORKFLOW,
        challenge,
        Action.DECIDE_EXTENSION,
        reason=decision.reason,
        fields=("closes_at", closes_at.isoformat(), *_before(challenge)),
    )
    challenge.closes_at, challenge.changed_at = closes_at, clock.now()
    decision.status = DecisionStatus.APPROVED
    message = N_("The deadline of “{title}” is now {closes_at}. Reason: {reason}")
    _tell_all(session, challenge, message, reason=decision.reason)


def _before(challenge: Challenge) -> tuple[str, ...]:
    """The deadline that was in force, for the timeline that everybody reads."""
    return (BEFORE, challenge.closes_at.isoformat()) if challenge.closes_at else ()


def _refuse(session: Session, actor: Actor, challenge: Challenge, decision: Decision, reason: str) -> None:
    if not reason:
        raise Invalid(N_("Please give a reason; the other side will read it."), field="reason")
    decision.status = DecisionStatus.REFUSED
    record_event(session, actor, Action.DECIDE_EXTENSION, "challenge", challenge.id, reason=reason, fields=["refused"])
    notify(
        session,
        person_ids=[decision.prepared_by],
        message=N_("The extension of “{title}” was refused: {reason}"),
        params={"title": challenge.title, "reason": reason},
        page="challenge",
        object_id=challenge.id,
        dedupe_key=f"extension-refused:{decision.id}",
    )


def _open_challenge(session: Session, actor: Actor, challenge_id: UUID, action: Action) -> Challenge:
    challenge = get_challenge(session, actor, challenge_id, lock=True)
    authorize(actor, action, sides(actor, challenge))
    _require_running(challenge)
    return challenge


def _require_running(challenge: Challenge) -> None:
    if challenge.status is not ChallengeStatus.OPEN:
        raise NotPossibleNow(status=challenge.status)
    require_open(challenge, clock.now())


def _require_later(challenge: Challenge, closes_at: datetime) -> None:
    if challenge.closes_at is not None and closes_at <= challenge.closes_at:
        message = N_("The deadline can only move later than {moment}.")
        raise Invalid(message, field="closes_at", moment=challenge.closes_at)
    if closes_at > clock.now() + FURTHEST:
        raise Invalid(N_("A deadline lies at most a year ahead."), field="closes_at")


def _resumed_closes_at(challenge: Challenge) -> datetime | None:
    if challenge.closes_at is None or challenge.suspended_at is None:
        return challenge.closes_at
    # A clock that stepped back must not shorten the time.
    return challenge.closes_at + max(clock.now() - challenge.suspended_at, timedelta(0))


def _waiting(session: Session, challenge_id: UUID) -> Decision | None:
    query = select(Decision).where(
        Decision.object_id == challenge_id,
        Decision.kind == DecisionKind.EXTENSION,
        Decision.status == DecisionStatus.PREPARED,
    )
    return session.scalars(query).one_or_none()


def _waiting_row(session: Session, actor: Actor, challenge: Challenge, is_open: bool) -> ExtensionRow | None:
    decision = _waiting(session, challenge.id)
    if decision is None:
        return None
    person = session.get(Person, decision.prepared_by)
    may_decide = can(actor, Action.DECIDE_EXTENSION) and actor.person_id != decision.prepared_by and is_open
    return ExtensionRow(
        decision.id,
        datetime.fromisoformat(decision.payload["closes_at"]),
        decision.reason,
        person.name if person else "",
        decision.prepared_at,
        may_decide,
        decision.version,
    )


def _tell_all(session: Session, challenge: Challenge, message: str, **params: str) -> None:
    """The enterprise, the operators and whoever follows; nobody learns who that is."""
    session.flush()
    people = followers(session, challenge.id) | set(people_with_role(session, Role.OPERATOR))
    for role in (Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_MEMBER):
        people |= set(people_with_role(session, role, challenge.organisation_id))
    notify(
        session,
        person_ids=people,
        message=message,
        params={"title": challenge.title, "closes_at": challenge.closes_at, **params},
        page="challenge",
        object_id=challenge.id,
        dedupe_key=f"deadline:{challenge.id}:{challenge.version}",
    )

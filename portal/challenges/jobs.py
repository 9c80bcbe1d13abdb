"""What the clock does to challenges: opens, closes, reminds. Each run may be repeated at any moment."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.models import Challenge, ChallengeStatus, Notification, Role
from portal import clock
from portal.challenges.extensions import lapse_extensions
from portal.challenges.flow import publish_challenge
from portal.challenges.followers import followers
from portal.challenges.workdays import add_workdays
from portal.challenges.workflow import CHALLENGE_WORKFLOW
from portal.errors import N_, PortalError
from portal.house_rules import house_rules
from portal.notifications.commands import notify, people_with_role
from portal.permissions import CLOCK, Action
from portal.workflow import advance

log = logging.getLogger(__name__)

BATCH = 100
MOST_REMINDED = 2_000  # more than ever close within a few days: who was told stays in the window
_C, _S = Challenge, ChallengeStatus


def is_publishing_due(session: Session) -> bool:
    """Asked every second, so that the writer's lock is taken only when there is something to open."""
    return bool(session.scalar(select(exists().where(_is_ready(clock.now())))))


def is_closing_due(session: Session) -> bool:
    """The same for what is to be closed."""
    return bool(session.scalar(select(exists().where(_is_over(clock.now())))))


def publish_due(session: Session) -> int:
    """Open what is approved and planned to open by now; returns how many."""
    moved = 0
    for challenge_id in session.scalars(_first(_is_ready(clock.now()), _C.opens_at)).all():
        try:
            with session.begin_nested():
                publish_challenge(session, CLOCK, challenge_id=challenge_id)
            moved += 1
        except PortalError:
            # One that cannot open must not hold up the others; an operator sees it among those to publish.
            log.exception("challenge %s could not be published", challenge_id)
    return moved


def close_due(session: Session) -> int:
    """Write down that the deadline has passed; nothing was accepted from that instant on anyway. Returns how many.

    A suspended challenge has no running deadline. `closed_at` is never cleared, so a clock that steps back does not
    re-open anything.
    """
    moved = 0
    query = _first(_is_over(clock.now()), _C.closes_at)
    for challenge_id in session.scalars(query).all():
        challenge = session.scalars(
            select(_C).where(_C.id == challenge_id, _is_over(clock.now())).with_for_update()
        ).one_or_none()
        if challenge is None:
            continue
        advance(session, CLOCK, CHALLENGE_WORKFLOW, challenge, Action.CLOSE_CHALLENGE)
        challenge.closed_at = challenge.changed_at = clock.now()
        lapse_extensions(session, challenge.id)
        session.flush()
        _tell_closed(session, challenge)
        moved += 1
    return moved


def is_reminder_due(session: Session) -> bool:
    """Whether anybody has to be reminded of anything."""
    return bool(_closing_soon(session) or _overdue_desks(session))


def remind(session: Session) -> int:
    """Before a deadline: enterprise, operators and followers; on a desk too long: the operators. Returns how many."""
    closing, overdue = _closing_soon(session), _overdue_desks(session)
    for challenge, key in closing:
        people = followers(session, challenge.id) | set(people_with_role(session, Role.OPERATOR))
        people |= set(people_with_role(session, Role.ENTERPRISE_ADMIN, challenge.organisation_id))
        _tell(session, challenge, people, N_("“{title}” closes at {closes_at}."), key)
    for challenge, key in overdue:
        people = set(people_with_role(session, Role.OPERATOR))
        _tell(session, challenge, people, N_("“{title}” was submitted and nobody has taken it up yet."), key)
    return len(closing) + len(overdue)


def _is_ready(now: datetime) -> ColumnElement[bool]:
    return (_C.status == _S.APPROVED) & (_C.opens_at <= now)


def _is_over(now: datetime) -> ColumnElement[bool]:
    return (_C.status == _S.OPEN) & (_C.closes_at <= now)


def _first(where: ColumnElement[bool], order: InstrumentedAttribute[datetime | None]) -> Select[UUID]:
    return select(_C.id).where(where).order_by(order, _C.id).limit(BATCH)


def _closing_soon(session: Session) -> list[tuple[Challenge, str]]:
    """Open challenges within the reminder's days that nobody was reminded of, each with its key."""
    now, days = clock.now(), house_rules(session).reminder_days
    query = (
        select(_C)
        .where(_C.status == _S.OPEN, _C.closes_at > now, _C.closes_at <= now + timedelta(days=days))
        .order_by(_C.closes_at, _C.id)
        .limit(MOST_REMINDED)
    )
    # The key begins with the deadline: an extended one is told again, and the told ones are one range of the index.
    return _untold(session, "closing", [(row, row.closes_at) for row in session.scalars(query) if row.closes_at])


def _overdue_desks(session: Session) -> list[tuple[Challenge, str]]:
    """Submitted challenges that lie longer than the workdays allowed, each with its key."""
    days = house_rules(session).refining_workdays
    query = select(_C).where(_C.status == _S.SUBMITTED).order_by(_C.changed_at, _C.id).limit(MOST_REMINDED)
    late = [
        (row, row.submitted_at)
        for row in session.scalars(query)
        if row.submitted_at and add_workdays(row.submitted_at, days).at <= clock.now()
    ]
    return _untold(session, "untaken", late)


def _untold(session: Session, kind: str, rows: list[tuple[Challenge, datetime]]) -> list[tuple[Challenge, str]]:
    keys = {f"{kind}:{at.isoformat()}:{row.id}": row for row, at in rows}
    if not keys:
        return []
    told = session.scalars(
        select(Notification.dedupe_key).where(
            Notification.dedupe_key >= min(keys), Notification.dedupe_key < max(keys) + ";"
        )
    )
    # A notice's key is ours, a colon and the person it went to.
    known = {key.rpartition(":")[0] for key in told}
    return [(row, key) for key, row in keys.items() if key not in known]


def _tell_closed(session: Session, challenge: Challenge) -> None:
    people = set(people_with_role(session, Role.OPERATOR))
    people |= set(people_with_role(session, Role.ENTERPRISE_ADMIN, challenge.organisation_id))
    message = N_("“{title}” is closed. Enterprise and district open the proposals together.")
    _tell(session, challenge, people, message, f"closed:{challenge.id}")


def _tell(session: Session, challenge: Challenge, people: Iterable[UUID], message: str, key: str) -> None:
    notify(
        session,
        person_ids=people,
        message=message,
        params={"title": challenge.title, "closes_at": challenge.closes_at},
        page="challenge",
        object_id=challenge.id,
        dedupe_key=key,
    )

"""Who is behind a browser: sessions in the database, read afresh for every run."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, Select, and_, or_, select, update
from sqlalchemy.orm import Session

from db.models import (
    LoginSession,
    Membership,
    MembershipStatus,
    Organisation,
    OrganisationStatus,
    Person,
    Role,
)
from portal import clock
from portal.errors import NotFound
from portal.notifications.commands import WORKING
from portal.permissions import VISITOR, Actor
from portal.settings import settings

VISITOR_PREFIX = "v-"
TOUCH_EVERY = timedelta(minutes=1)


def key_of(token: str) -> str:
    """What the database and the pages know of a session's token: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_session(session: Session, person_id: UUID, membership_id: UUID | None = None) -> str:
    """Sign a browser in; returns the token for its cookie, which is kept nowhere else.

    Without a membership the person wears the hat of the last session, or the oldest one.
    """
    now = clock.now()
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            token_hash=key_of(token),
            person_id=person_id,
            membership_id=membership_id or usual_membership(session, person_id),
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(hours=settings().session_hours),
        )
    )
    session.flush()
    return token


def actor_of_session(session: Session, key: str | None) -> Actor:
    """The actor behind a session key, by one query; a visitor for an unknown, ended or timed-out one.

    Rights follow the rows as they are now: a disabled person is a visitor; somebody whose membership or organisation
    was disabled stays signed in without any role.
    """
    if not key or key.startswith(VISITOR_PREFIX):
        return VISITOR
    row = session.execute(_live(key)).first()
    if row is None:
        return VISITOR
    person, membership, organisation = row
    if not _counts(membership, organisation):
        return Actor(
            Role.VISITOR, person_id=person.id, name=person.name, language=person.language, is_demo=person.is_demo
        )
    return Actor(
        membership.role,
        person_id=person.id,
        membership_id=membership.id,
        organisation_id=membership.organisation_id,
        organisation_kind=organisation.kind if organisation else None,
        organisation_verified=organisation is None or organisation.status is OrganisationStatus.VERIFIED,
        name=person.name,
        organisation_name=organisation.name if organisation else "",
        language=person.language,
        is_demo=person.is_demo,
    )


def is_live(session: Session, key: str) -> bool:
    """Whether the session may still act; the gate asks it for open sockets."""
    return session.execute(_live(key).with_only_columns(LoginSession.id)).first() is not None


def ending_of(session: Session, key: str) -> str:
    """Why a session no longer acts: `closed` with its account, `ended` by somebody, empty where it only timed out."""
    row = session.execute(
        select(LoginSession.revoked_at, Person.disabled_at)
        .join(Person, Person.id == LoginSession.person_id)
        .where(LoginSession.token_hash == key)
    ).first()
    if row is None:
        return ""
    return "closed" if row.disabled_at else "ended" if row.revoked_at else ""


def touch(session: Session, key: str) -> None:
    """Note that the browser was active, at most once a minute."""
    now = clock.now()
    session.execute(
        update(LoginSession)
        .where(
            LoginSession.token_hash == key,
            LoginSession.revoked_at.is_(None),
            LoginSession.seen_at < now - TOUCH_EVERY,
            *not_timed_out(),
        )
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def is_touch_due(session: Session, key: str) -> bool:
    """Whether `touch` would write something; asked first, so that most clicks need no write lock."""
    query = select(LoginSession.id).where(
        LoginSession.token_hash == key, LoginSession.seen_at < clock.now() - TOUCH_EVERY
    )
    return session.execute(query).first() is not None


def session_by_key(session: Session, key: str) -> LoginSession | None:
    """The live session row behind a key."""
    query = select(LoginSession).where(
        LoginSession.token_hash == key, LoginSession.revoked_at.is_(None), *not_timed_out()
    )
    return session.scalars(query).first()


def revoke(session: Session, key: str) -> bool:
    """End one session; False when it had ended before."""
    return _revoke(session, LoginSession.token_hash == key) > 0


def revoke_one_of_person(session: Session, person_id: UUID, session_id: UUID) -> bool:
    """End one of a person's sessions by its row; False when it had ended before. Raises: NotFound for another's."""
    mine = and_(LoginSession.id == session_id, LoginSession.person_id == person_id)
    if session.scalar(select(LoginSession.id).where(mine)) is None:
        raise NotFound
    return _revoke(session, mine) > 0


def revoke_all_of_person(session: Session, person_id: UUID, *, except_key: str | None = None) -> int:
    """End every session of a person, or every other one; returns how many ended."""
    return _revoke(session, and_(LoginSession.person_id == person_id, LoginSession.token_hash != (except_key or "")))


def wear(session: Session, key: str, person_id: UUID, membership_id: UUID) -> None:
    """Let this browser act under another membership of the same person.

    Raises: NotFound.
    """
    if session.scalars(usable_memberships(person_id).where(Membership.id == membership_id)).first() is None:
        raise NotFound
    row = session_by_key(session, key)
    if row is None or row.person_id != person_id:
        raise NotFound
    row.membership_id = membership_id
    session.flush()


def usual_membership(session: Session, person_id: UUID) -> UUID | None:
    """The hat of the person's last session if it can still be worn, else the oldest usable one."""
    usable = list(session.scalars(usable_memberships(person_id)))
    last = session.scalars(
        select(LoginSession)
        .where(LoginSession.person_id == person_id, LoginSession.membership_id.is_not(None))
        .order_by(LoginSession.created_at.desc(), LoginSession.id)
        .limit(1)
    ).first()
    if last is not None and last.membership_id in usable:
        return last.membership_id
    return next(iter(usable), None)


def usable_memberships(person_id: UUID) -> Select[UUID]:
    """Ids of the memberships a person may act under now, oldest first."""
    return (
        select(Membership.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id == person_id, Membership.status == MembershipStatus.ACTIVE, organisation_works())
        .order_by(Membership.created_at, Membership.id)
    )


def organisation_works() -> Any:
    """For the district, or for an organisation that is neither disabled nor rejected."""
    return or_(
        Membership.organisation_id.is_(None),
        Organisation.status.in_(WORKING),
    )


def _live(key: str) -> Select[Person, Membership, Organisation]:
    """Person, membership and organisation behind a key that is neither ended nor timed out."""
    worn = and_(Membership.id == LoginSession.membership_id, Membership.person_id == LoginSession.person_id)
    return (
        select(Person, Membership, Organisation)
        .select_from(LoginSession)
        .join(Person, Person.id == LoginSession.person_id)
        .outerjoin(Membership, worn)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            LoginSession.token_hash == key,
            LoginSession.revoked_at.is_(None),
            Person.disabled_at.is_(None),
            *not_timed_out(),
        )
    )


def _counts(membership: Membership | None, organisation: Organisation | None) -> bool:
    if membership is None or membership.status is not MembershipStatus.ACTIVE:
        return False
    return organisation is None or organisation.status in WORKING


def not_timed_out() -> tuple[Any, ...]:
    now = clock.now()
    idle = timedelta(minutes=settings().session_idle_minutes)
    return (LoginSession.expires_at > now, LoginSession.seen_at > now - idle)


def _revoke(session: Session, which: Any) -> int:
    result = session.execute(
        update(LoginSession)
        .where(which, LoginSession.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )
    return result.rowcount if isinstance(result, CursorResult) else 0

"""Calendar feeds: the public one, and one for each person under a secret address that can be renewed and taken back."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from db.models import (
    CalendarFeed,
    Membership,
    MembershipStatus,
    Organisation,
    ParticipantStatus,
    Person,
    Role,
    Visit,
    VisitItem,
    VisitParticipant,
    VisitStatus,
)
from portal import clock
from portal.accounts.sessions import key_of, organisation_works
from portal.errors import N_, NotFound
from portal.events import record_event
from portal.i18n import translate
from portal.permissions import VISITOR, Action, Actor, authorize
from portal.settings import settings
from portal.visits.access import visible_to
from portal.visits.calendar import Entry, calendar_text

MOST = 500
SHOWN_DAYS = 400
"""How far back a feed reaches: calendars ask every hour and keep what they have."""
_V, _P, _S = Visit, VisitParticipant, ParticipantStatus


def renew_calendar(session: Session, actor: Actor) -> str:
    """A fresh secret address for this person's calendar; the one before ends. Returns the token, kept nowhere else.

    Raises: NotSignedIn.
    """
    authorize(actor, Action.UPDATE_PROFILE)
    token = secrets.token_urlsafe(32)
    feed = session.get(CalendarFeed, actor.acting_person)
    if feed is None:
        feed = CalendarFeed(person_id=actor.acting_person)
        session.add(feed)
    feed.token_hash, feed.created_at = key_of(token), clock.now()
    session.flush()
    _record(session, actor)
    return token


def revoke_calendar(session: Session, actor: Actor) -> None:
    """No address shows this person's calendar any more. Raises: NotSignedIn."""
    authorize(actor, Action.UPDATE_PROFILE)
    feed = session.get(CalendarFeed, actor.acting_person)
    if feed is not None:
        session.delete(feed)
        session.flush()
        _record(session, actor)


def calendar_since(session: Session, actor: Actor) -> datetime | None:
    """Since when this person's calendar has its address; None without one. Raises: NotSignedIn."""
    feed = session.get(CalendarFeed, actor.acting_person)
    return feed.created_at if feed else None


def address_of_feed(token: str) -> str:
    """Always below the configured address, whatever Host a request named."""
    return f"{settings().public_url.rstrip('/')}/calendar/{token}.ics"


def public_feed(session: Session, language: str) -> str:
    """Every announced visit, called off ones marked as such."""
    # What a visitor sees, whoever asks: the address is no secret.
    found = _visits(session, visible_to(VISITOR))
    return _text(session, translate(N_("Visits of young talent in Yuhang"), language), found, language, {})


def feed_of_token(session: Session, token: str) -> str:
    """What somebody takes part in or organises, in the language of that person.

    Raises: NotFound for a guessed, renewed or revoked token, and for a disabled account.
    """
    person = session.scalars(
        select(Person)
        .join(CalendarFeed, CalendarFeed.person_id == Person.id)
        .where(CalendarFeed.token_hash == key_of(token), Person.disabled_at.is_(None))
    ).one_or_none()
    if person is None:
        raise NotFound
    query = select(_P.visit_id, _P.status).where(_P.person_id == person.id, _P.status != _S.CANCELLED)
    mine = {row.visit_id: row.status for row in session.execute(query)}
    found = _visits(session, or_(_V.id.in_(list(mine)), *_organised_by_hats(session, person.id)))
    return _text(session, translate(N_("My visits in Yuhang"), person.language), found, person.language, mine)


def _organised_by_hats(session: Session, person_id: UUID) -> list[ColumnElement[bool]]:
    """A calendar wears every hat of its person: admin of an organiser, broker of a visit."""
    hats = select(Membership).outerjoin(Organisation, Organisation.id == Membership.organisation_id)
    hats = hats.where(
        Membership.person_id == person_id, Membership.status == MembershipStatus.ACTIVE, organisation_works()
    )
    homes, found = [], []
    for hat in session.scalars(hats):
        if hat.role in (Role.ENTERPRISE_ADMIN, Role.INSTITUTE_ADMIN) and hat.organisation_id is not None:
            homes.append(hat.organisation_id)
        if hat.role is Role.BROKER:
            found.append(_V.broker_id == person_id)
    if homes:
        found += [_V.organiser_id.in_(homes), _V.partner_id.in_(homes)]
    return found


def _visits(session: Session, which: ColumnElement[bool]) -> Sequence[Visit]:
    since = clock.today() - timedelta(days=SHOWN_DAYS)
    query = select(_V).where(and_(which, _V.ends_on >= since)).order_by(_V.starts_on, _V.id).limit(MOST)
    return session.scalars(query).all()


def _text(
    session: Session, name: str, visits: Sequence[Visit], language: str, mine: dict[UUID, ParticipantStatus]
) -> str:
    items: dict[UUID, list[VisitItem]] = {}
    for item in session.scalars(select(VisitItem).where(VisitItem.visit_id.in_([visit.id for visit in visits]))):
        items.setdefault(item.visit_id, []).append(item)
    return calendar_text(
        name, [_entry(visit, items.get(visit.id, []), language, mine.get(visit.id)) for visit in visits]
    )


def _entry(visit: Visit, items: list[VisitItem], language: str, mine: ParticipantStatus | None) -> Entry:
    address = settings().public_url.rstrip("/")
    title = visit.title
    if mine is _S.WAITLISTED:
        title = translate(N_("{title} (waiting list)"), language, title=visit.title)
    times: dict[str, Any] = {}
    if items and visit.starts_on == visit.ends_on:
        times = {
            "starts_at": _instant(visit, min(item.from_minute for item in items)),
            "ends_at": _instant(visit, max(item.to_minute for item in items)),
        }
    status = {VisitStatus.CANCELLED: "CANCELLED", VisitStatus.PLANNED: "TENTATIVE"}.get(visit.status, "CONFIRMED")
    return Entry(
        uid=f"visit-{visit.id}@{urlsplit(address).hostname or 'portal'}",
        sequence=visit.sequence,
        changed_at=visit.changed_at,
        first_day=visit.starts_on,
        last_day=visit.ends_on,
        summary=title,
        location=visit.meeting_point,
        description=visit.cancel_reason or visit.summary,
        url=f"{address}/visit?id={visit.id}",
        status=status,
        **times,
    )


def _instant(visit: Visit, minute: int) -> datetime:
    day = visit.starts_on
    return clock.from_local(day.year, day.month, day.day, 0, minute)


def _record(session: Session, actor: Actor) -> None:
    record_event(session, actor, Action.UPDATE_PROFILE, "person", actor.acting_person, fields=("calendar",))

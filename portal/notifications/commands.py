"""Tell people something: a notice in the portal and a mail in the outbox, once for each fact and person."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db.models import (
    Membership,
    MembershipStatus,
    Notification,
    Organisation,
    OrganisationStatus,
    OutboxMail,
    Person,
    Role,
)
from portal import clock
from portal.errors import N_, NotFound
from portal.i18n import LANGUAGES, translate
from portal.notifications.words import one_line, packed, sentence
from portal.permissions import Actor
from portal.settings import settings

SUBJECT_LIMIT = 120
BETWEEN_LANGUAGES = "\n\n----------------------------------------\n\n"
WORKING = (OrganisationStatus.APPLIED, OrganisationStatus.VERIFIED)
"""Organisations whose people can act."""


def queue_mail(
    session: Session,
    *,
    recipient: str,
    subject: str,
    body: str,
    params: Mapping[str, Any] | None = None,
    language: str | None,
    dedupe_key: str,
    person_id: UUID | None = None,
) -> bool:
    """Put a mail in the outbox, worded now; False when this fact was queued for this recipient before.

    `subject` and `body` are message ids; without a language, that of the recipient being unknown, they are worded in
    each. A mail may lie on strange servers: it holds nothing confidential, only a link.
    """
    now, values = clock.now(), packed(params)
    languages = [language] if language else list(LANGUAGES)
    return _insert_once(
        session,
        OutboxMail,
        person_id=person_id,
        recipient=recipient,
        subject=one_line(" / ".join(sentence(subject, values, code) for code in languages), SUBJECT_LIMIT),
        body=BETWEEN_LANGUAGES.join(sentence(body, values, code) for code in languages),
        created_at=now,
        next_try_at=now,
        tries=0,
        last_error="",
        dedupe_key=_key(dedupe_key),
    )


def notify(
    session: Session,
    *,
    person_ids: Iterable[UUID],
    message: str,
    params: Mapping[str, Any] | None = None,
    page: str = "",
    object_id: UUID | None = None,
    dedupe_key: str,
) -> None:
    """A notice for each person, and the same sentence by mail with a link for those who want mails.

    `page` is the address of the page that shows more, e.g. `challenge`; `params` may hold strings, numbers, times,
    days, enum members and `{"fen": sum}`. The sentence must not hold anything sealed or confidential.
    """
    session.flush()
    people = session.scalars(select(Person).where(Person.id.in_(set(person_ids))).order_by(Person.id)).all()
    values = packed(params)
    for person in people:
        key = _key(f"{dedupe_key}:{person.id}")
        is_new = _insert_once(
            session,
            Notification,
            person_id=person.id,
            message=message,
            params=values,
            page=page,
            object_id=object_id,
            created_at=clock.now(),
            dedupe_key=key,
        )
        if is_new and person.mail_notices and person.disabled_at is None:
            _mail_notice(session, person, sentence(message, values, person.language), _link(page, object_id), key)


def people_with_role(session: Session, role: Role, organisation_id: UUID | None = None) -> list[UUID]:
    """Everybody who can act in that role now: in one organisation, or anywhere.

    Nobody of an organisation that was rejected or disabled.
    """
    query = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.role == role,
            Membership.status == MembershipStatus.ACTIVE,
            Person.disabled_at.is_(None),
            or_(Membership.organisation_id.is_(None), Organisation.status.in_(WORKING)),
        )
        .order_by(Membership.person_id)
        .distinct()
    )
    if organisation_id is not None:
        query = query.where(Membership.organisation_id == organisation_id)
    return list(session.scalars(query))


def mark_read(session: Session, actor: Actor, *, notification_id: UUID) -> None:
    """The reader has seen it; a repeat changes nothing. No event: reading a notice is nobody else's business.

    Raises: NotFound.
    """
    notice = session.get(Notification, notification_id)
    if notice is None or notice.person_id != actor.acting_person:
        raise NotFound
    notice.read_at = notice.read_at or clock.now()
    session.flush()


def mark_all_read(session: Session, actor: Actor) -> int:
    """The reader has seen them all; returns how many were new."""
    result: CursorResult[Any] = session.execute(
        update(Notification)
        .where(Notification.person_id == actor.acting_person, Notification.read_at.is_(None))
        .values(read_at=clock.now())
    )  # type: ignore[assignment]
    return int(result.rowcount)


def _mail_notice(session: Session, person: Person, words: str, link: str, key: str) -> None:
    now = clock.now()
    reason = translate(N_("You can switch these mails off in your account."), person.language)
    _insert_once(
        session,
        OutboxMail,
        person_id=person.id,
        recipient=person.email,
        subject=one_line(words, SUBJECT_LIMIT),
        body=f"{words}\n\n{link}\n\n{reason}\n",
        created_at=now,
        next_try_at=now,
        tries=0,
        last_error="",
        dedupe_key=key,
    )


def _link(page: str, object_id: UUID | None) -> str:
    query = f"?id={object_id}" if object_id else ""
    return f"{settings().public_url.rstrip('/')}/{page}{query}"


def _key(key: str) -> str:
    """The key as it fits its column."""
    return key if len(key) <= 200 else hashlib.sha256(key.encode()).hexdigest()


def _insert_once(session: Session, table: type[Notification | OutboxMail], **values: Any) -> bool:
    """Insert unless the dedupe key is taken, whoever else is inserting it at this moment."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(id=uuid4(), **values).on_conflict_do_nothing(index_elements=["dedupe_key"])
    return session.scalar(statement.returning(table.id)) is not None

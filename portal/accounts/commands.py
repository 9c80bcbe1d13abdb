"""What a person does with the own account: sign in and out, choose a password, switch the hat, edit the profile."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Membership, OneTimeLinkKind, Person
from portal.accounts import links, passwords, rate_limits, sessions
from portal.accounts.invitations import Invitation, invite_person
from portal.accounts.mails import mail_password_changed, mail_reset
from portal.accounts.officials import decide_official_role, disable_person, enable_person, propose_official_role
from portal.accounts.rules import clean_name, clean_phone, normal_email
from portal.errors import N_, Invalid, NotFound, TooMany
from portal.events import record_event
from portal.i18n import is_language
from portal.permissions import Action, Actor, Role, authorize
from portal.workflow import require_version

__all__ = [
    "Invitation",
    "accept_invitation",
    "change_password",
    "decide_official_role",
    "disable_person",
    "enable_person",
    "end_other_sessions",
    "end_session",
    "invite_person",
    "propose_official_role",
    "refuse_sign_in",
    "request_password_reset",
    "reset_password",
    "set_language",
    "sign_in",
    "sign_in_as_demo",
    "sign_out",
    "switch_membership",
    "update_profile",
]

NOBODY = UUID(int=0)


def sign_in(session: Session, actor: Actor, *, person_id: UUID, password: str | None = None) -> str:
    """Open a session for somebody whose credentials were checked; returns the token for the cookie.

    With the password at hand an old hash is renewed. Raises: NotFound for a disabled person.
    """
    authorize(actor, Action.SIGN_IN)
    person = _person(session, person_id)
    if password is not None and person.password_hash and passwords.is_outdated(person.password_hash):
        person.password_hash = passwords.hash_password(password)
    token = sessions.create_session(session, person.id)
    _record(session, person, Action.SIGN_IN)
    return token


def sign_in_as_demo(session: Session, actor: Actor, *, membership_id: UUID, language: str = "") -> str:
    """Open a session for a demonstration account by a button, in the language on screen.

    Raises: NotFound for any other account.
    """
    authorize(actor, Action.SIGN_IN)
    membership = session.get(Membership, membership_id)
    person = session.get(Person, membership.person_id) if membership else None
    if person is None or not person.is_demo or person.disabled_at is not None:
        raise NotFound
    if membership_id not in session.scalars(sessions.usable_memberships(person.id)).all():
        raise NotFound
    if is_language(language):
        person.language = language
    _record(session, person, Action.SIGN_IN)
    return sessions.create_session(session, person.id, membership_id)


def refuse_sign_in(session: Session, actor: Actor, *, person_id: UUID | None) -> None:
    """Note a wrong password; an unknown name leaves the same row, without naming anybody."""
    record_event(session, actor, Action.REFUSE_SIGN_IN, "person", person_id or NOBODY)


def sign_out(session: Session, actor: Actor, *, key: str) -> None:
    """End this browser's session at once, in every tab; a repeat changes nothing."""
    if sessions.revoke(session, key) and actor.person_id is not None:
        record_event(session, actor, Action.SIGN_OUT, "person", actor.person_id)


def end_session(session: Session, actor: Actor, *, session_id: UUID) -> None:
    """Sign out in another browser, at once and in all its tabs; a repeat changes nothing. Raises: NotFound."""
    authorize(actor, Action.SIGN_OUT)
    if sessions.revoke_one_of_person(session, actor.acting_person, session_id):
        record_event(session, actor, Action.SIGN_OUT, "person", actor.acting_person, fields=("elsewhere",))


def end_other_sessions(session: Session, actor: Actor, *, key: str) -> int:
    """Sign out in every browser but the one of `key`; returns in how many."""
    authorize(actor, Action.SIGN_OUT)
    ended = sessions.revoke_all_of_person(session, actor.acting_person, except_key=key)
    if ended:
        record_event(session, actor, Action.SIGN_OUT, "person", actor.acting_person, fields=("elsewhere", "all"))
    return ended


def accept_invitation(
    session: Session, actor: Actor, *, token: str, name: str, password: str, language: str = ""
) -> str:
    """Use an invitation up: the person has a password from here on and is signed in, in the language on screen.

    Returns the session's token.

    Raises: LinkEnded, Invalid.
    """
    authorize(actor, Action.ACCEPT_INVITATION)
    person = _person(session, links.peek(session, OneTimeLinkKind.INVITATION, token).person_id)
    plain_name = clean_name(name)
    plain_password = passwords.check_password(password, person.email)
    links.use(session, OneTimeLinkKind.INVITATION, token)
    person.name = plain_name
    if is_language(language):
        person.language = language
    person.password_hash = passwords.hash_password(plain_password)
    _record(session, person, Action.ACCEPT_INVITATION, fields=("name", "password"))
    return sessions.create_session(session, person.id)


def request_password_reset(session: Session, actor: Actor, *, email: str) -> None:
    """Mail a reset link if the address is known; the caller answers the same in any case. Raises: Invalid."""
    authorize(actor, Action.REQUEST_PASSWORD_RESET)
    person = session.scalars(select(Person).where(Person.email == normal_email(email))).first()
    if person is None or person.disabled_at is not None or person.password_hash is None:
        record_event(session, actor, Action.REQUEST_PASSWORD_RESET, "person", NOBODY)
        return
    token = links.create_link(session, person.id, OneTimeLinkKind.PASSWORD_RESET)
    mail_reset(session, person, token)
    record_event(session, actor, Action.REQUEST_PASSWORD_RESET, "person", person.id)


def reset_password(session: Session, actor: Actor, *, token: str, password: str) -> None:
    """Use a reset link up; every session of the person ends. Raises: LinkEnded, Invalid."""
    authorize(actor, Action.RESET_PASSWORD)
    person = _person(session, links.peek(session, OneTimeLinkKind.PASSWORD_RESET, token).person_id)
    plain = passwords.check_password(password, person.email)
    links.use(session, OneTimeLinkKind.PASSWORD_RESET, token)
    _set_password(session, person, plain)
    _record(session, person, Action.RESET_PASSWORD, fields=("password",))


def change_password(session: Session, actor: Actor, *, current: str, new: str, key: str | None = None) -> None:
    """Change the own password; every session but the one of `key` ends. Raises: Invalid, TooMany."""
    authorize(actor, Action.CHANGE_PASSWORD)
    person = _person(session, actor.acting_person)
    if not rate_limits.count_here(f"change_password:{person.id}"):
        raise TooMany
    if not passwords.matches(person.password_hash, current):
        raise Invalid(N_("The current password is wrong."), field="current")
    plain = passwords.check_password(new, person.email)
    _set_password(session, person, plain, except_key=key)
    record_event(session, actor, Action.CHANGE_PASSWORD, "person", person.id, fields=("password",))


def switch_membership(session: Session, actor: Actor, *, membership_id: UUID, key: str | None) -> None:
    """Act in another role or for another organisation in the browser of that session key. Raises: NotFound."""
    authorize(actor, Action.SWITCH_MEMBERSHIP)
    sessions.wear(session, key or "", actor.acting_person, membership_id)
    record_event(session, actor, Action.SWITCH_MEMBERSHIP, "membership", membership_id)


def update_profile(
    session: Session,
    actor: Actor,
    *,
    name: str | None = None,
    phone: str | None = None,
    language: str | None = None,
    mail_notices: bool | None = None,
    version: int | None = None,
) -> None:
    """Change what is given of the own profile. Raises: Stale, Invalid."""
    authorize(actor, Action.UPDATE_PROFILE)
    person = _person(session, actor.acting_person)
    require_version(person, version)
    if language is not None and not is_language(language):
        raise Invalid(N_("The portal does not speak this language."), field="language")
    given = {
        "name": None if name is None else clean_name(name),
        "language": language,
        "mail_notices": mail_notices,
    }
    changes: dict[str, Any] = {field: value for field, value in given.items() if value is not None}
    if phone is not None:
        changes["phone"] = clean_phone(phone)
    changed = [field for field, value in changes.items() if getattr(person, field) != value]
    for field in changed:
        setattr(person, field, changes[field])
    if changed:
        session.flush()
        record_event(session, actor, Action.UPDATE_PROFILE, "person", person.id, fields=changed)


def set_language(session: Session, actor: Actor, *, code: str) -> None:
    """Read the portal in another language from now on. Raises: Invalid."""
    update_profile(session, actor, language=code)


def _set_password(session: Session, person: Person, plain: str, *, except_key: str | None = None) -> None:
    person.password_hash = passwords.hash_password(plain)
    session.flush()
    sessions.revoke_all_of_person(session, person.id, except_key=except_key)
    links.end_links(session, person.id)
    mail_password_changed(session, person, key=f"{person.id}:{person.version}")


def _person(session: Session, person_id: UUID) -> Person:
    person = session.get(Person, person_id)
    if person is None or person.disabled_at is not None:
        raise NotFound
    return person


def _record(session: Session, person: Person, action: Action, fields: tuple[str, ...] = ()) -> None:
    """Somebody who signs in is named as the actor, although the role is only chosen afterwards."""
    record_event(session, Actor(Role.VISITOR, person_id=person.id), action, "person", person.id, fields=fields)

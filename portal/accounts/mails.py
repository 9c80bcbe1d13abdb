"""The mails of accounts: an invitation, a reset, news about a role. They hold a link and nothing confidential."""

from typing import Any

from sqlalchemy.orm import Session

from db.models import OneTimeLinkKind, Person
from portal.accounts.links import address_of_link
from portal.accounts.sessions import key_of
from portal.errors import N_
from portal.house_rules import house_rules
from portal.notifications.commands import queue_mail
from portal.settings import settings


def mail_invitation(
    session: Session, person: Person, token: str, *, organisation_name: str, language: str | None
) -> None:
    """In that language, or in each: whoever has no account has chosen none yet."""
    body = (
        N_(
            "You are invited to the collaboration portal to act for {organisation}.\n\n"
            "Please choose a password here within {days} days:\n{link}\n\n"
            "If you did not expect this mail, please ignore it."
        )
        if organisation_name
        else N_(
            "You are invited to the collaboration portal.\n\n"
            "Please choose a password here within {days} days:\n{link}\n\n"
            "If you did not expect this mail, please ignore it."
        )
    )
    link = address_of_link(OneTimeLinkKind.INVITATION, token)
    subject = N_("Your invitation to the collaboration portal")
    days = house_rules(session).invitation_days
    key = f"invitation:{key_of(token)}"
    facts = {"organisation": organisation_name, "link": link, "days": days}
    _mail(session, person, subject, body, key, language, **facts)


def mail_membership(session: Session, person: Person, *, organisation_name: str, membership_key: str) -> None:
    body = (
        N_(
            "You can now also act for {organisation} in the collaboration portal. "
            "Sign in and choose for whom you act:\n{link}"
        )
        if organisation_name
        else N_(
            "You have a further role in the collaboration portal. Sign in and choose in which role you act:\n{link}"
        )
    )
    subject = N_("A further role in the collaboration portal")
    _mail(
        session,
        person,
        subject,
        body,
        membership_key,
        person.language,
        organisation=organisation_name,
        link=_sign_in_address(),
    )


def mail_reset(session: Session, person: Person, token: str) -> None:
    body = N_(
        "Somebody asked for a new password for your account. "
        "If it was you, choose one here within 30 minutes:\n{link}\n\n"
        "If it was not you, please ignore this mail; your password stays as it is."
    )
    link = address_of_link(OneTimeLinkKind.PASSWORD_RESET, token)
    subject = N_("A new password for the collaboration portal")
    _mail(session, person, subject, body, f"reset:{key_of(token)}", person.language, link=link)


def mail_password_changed(session: Session, person: Person, *, key: str) -> None:
    body = N_(
        "The password of your account was changed and every other session was ended. If it was not you, please ask for "
        "a new password at once:\n{link}"
    )
    link = f"{settings().public_url.rstrip('/')}/forgot"
    _mail(session, person, N_("Your password was changed"), body, f"password_changed:{key}", person.language, link=link)


def _mail(
    session: Session,
    person: Person,
    subject: str,
    body: str,
    dedupe_key: str,
    language: str | None,
    **params: Any,
) -> None:
    queue_mail(
        session,
        recipient=person.email,
        subject=subject,
        body=body,
        params=params,
        language=language,
        dedupe_key=dedupe_key,
        person_id=person.id,
    )


def _sign_in_address() -> str:
    return f"{settings().public_url.rstrip('/')}/login"

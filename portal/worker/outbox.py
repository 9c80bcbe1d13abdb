"""Sends what lies in the outbox: claimed first, sent outside of any transaction, marked afterwards."""

import logging
import smtplib
import time
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from db.models import OutboxMail
from portal import clock
from portal.notifications.words import one_line
from portal.settings import Settings, settings
from portal.transactions import reading, writing
from portal.worker.stopping import Stop, Stopped

log = logging.getLogger(__name__)

CLAIMED_FOR = timedelta(minutes=5)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=7)
SERVER_PAUSE_S = 30.0
TIMEOUT_S = 10.0


class Letter(NamedTuple):
    """A claimed mail, as it is sent."""

    id: UUID
    recipient: str
    subject: str
    body: str
    dedupe_key: str
    tries: int


class ServerUnreachable(Exception):
    """No conversation was possible, whoever the recipient is."""


class Outbox:
    """Sends due mails one by one; knows when the server was last out of reach."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._not_before = 0.0
        self._said_unset = False

    def send_due(self) -> int:
        """Send everything that is due; returns how many mails a server accepted.

        A worker killed between sending and marking sends the same mail again after five minutes, with the same
        Message-ID and X-Portal-Dedupe. Raises: Stopped.
        """
        if not settings().smtp_host:
            self._say_unset()
            return 0
        sent = 0
        while time.monotonic() >= self._not_before and not self._stop.is_set():
            letter = claim()
            if letter is None:
                break
            sent += self._send(letter)
        return sent

    def _send(self, letter: Letter) -> bool:
        try:
            with self._stop.may_break_off():
                deliver(letter, settings())
        except Stopped:
            give_back(letter, "broken off", clock.now())
            raise
        except ServerUnreachable as error:
            self._not_before = time.monotonic() + SERVER_PAUSE_S
            give_back(letter, str(error), clock.now() + timedelta(seconds=SERVER_PAUSE_S))
            log.warning("mail server out of reach, mails wait: %s", error)
            return False
        except (smtplib.SMTPException, OSError, ValueError) as error:
            give_back(letter, describe(error), clock.now() + pause_after(letter.tries))
            log.warning("mail %s not accepted at try %d: %s", letter.id, letter.tries, describe(error))
            return False
        mark_sent(letter)
        return True

    def _say_unset(self) -> None:
        if self._said_unset:
            return
        self._said_unset = True
        log.warning("PORTAL_SMTP_HOST is not set: mails stay in the outbox")


def claim() -> Letter | None:
    """The mail that has been due longest; nobody else tries it for five minutes."""
    with reading() as session:
        if session.scalars(select(OutboxMail.id).where(_is_due()).limit(1)).first() is None:
            return None
    with writing() as session:
        query = select(OutboxMail).where(_is_due()).order_by(OutboxMail.next_try_at, OutboxMail.id).limit(1)
        mail = session.scalars(query.with_for_update(skip_locked=True)).first()
        if mail is None:
            return None
        mail.tries += 1
        mail.next_try_at = clock.now() + CLAIMED_FOR
        return Letter(mail.id, mail.recipient, mail.subject, mail.body, mail.dedupe_key, mail.tries)


def deliver(letter: Letter, current: Settings) -> None:
    """One conversation, one recipient.

    Raises: ServerUnreachable, SMTPException, OSError, ValueError.
    """
    message = composed(letter, current)
    try:
        server = smtplib.SMTP(current.smtp_host, current.smtp_port, timeout=TIMEOUT_S)
    except (OSError, smtplib.SMTPException) as error:
        raise ServerUnreachable(describe(error)) from error
    with server:
        try:
            _sign_in(server, current)
            server.send_message(message, current.mail_from, [letter.recipient])
        except Stopped:
            server.close()  # no QUIT: its answer could take as long as the rest
            raise


def _sign_in(server: smtplib.SMTP, current: Settings) -> None:
    try:
        if current.smtp_starttls:
            server.starttls()
        if current.smtp_user:
            server.login(current.smtp_user, current.smtp_password.get_secret_value())
    except (OSError, smtplib.SMTPException) as error:
        raise ServerUnreachable(describe(error)) from error


def composed(letter: Letter, current: Settings) -> EmailMessage:
    """The mail as it goes out; the same letter has the same Message-ID every time."""
    host = urlsplit(current.public_url).hostname or "localhost"
    message = EmailMessage(policy=SMTP)
    message["From"] = current.mail_from
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{letter.id}@{host}>"
    message["X-Portal-Dedupe"] = sha256(letter.dedupe_key.encode()).hexdigest()
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message


def mark_sent(letter: Letter) -> None:
    """Sent; the words go, because links in them are worth as much as a password."""
    with writing() as session:
        mail = _locked(session, letter)
        mail.sent_at, mail.body, mail.last_error = clock.now(), "", ""


def give_back(letter: Letter, error: str, next_try_at: datetime) -> None:
    """Not sent; to be tried again."""
    with writing() as session:
        mail = _locked(session, letter)
        mail.last_error, mail.next_try_at = one_line(error, 300), next_try_at


def pause_after(tries: int) -> timedelta:
    """1, 2, 4, … minutes, at most an hour."""
    return min(FIRST_PAUSE * (1 << min(tries - 1, 10)), LONGEST_PAUSE)


def describe(error: Exception) -> str:
    """What the server said, without naming the recipient."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code = next(iter(error.recipients.values()))[0] if error.recipients else 0
            return f"recipient refused ({code})"
        case smtplib.SMTPResponseException():
            return f"{type(error).__name__} ({error.smtp_code})"
        case OSError():
            return error.strerror or type(error).__name__
    return type(error).__name__


def _is_due() -> ColumnElement[bool]:
    now = clock.now()
    return and_(
        OutboxMail.sent_at.is_(None),
        OutboxMail.next_try_at <= now,
        OutboxMail.created_at > now - GIVEN_UP_AFTER,
    )


def _locked(session: Session, letter: Letter) -> OutboxMail:
    return session.get_one(OutboxMail, letter.id, with_for_update=True)

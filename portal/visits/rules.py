"""Pure checks on visits: who stands where, when one may register, what a table of names or a programme may hold."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from unicodedata import normalize
from uuid import UUID

from db.models import ParticipantStatus, Visit, VisitKind, VisitParticipant, VisitStatus
from portal.errors import N_, Invalid
from portal.permissions import ORGANISATION_ADMINS, Actor, Side

CONSENT_EDITION = 1
CONSENT = N_(
    "Name, school, field and phone are used to prepare this visit and for nothing else, are read by the organisers "
    "alone, and are deleted 90 days after the visit was debriefed."
)
"""The purpose that is asked for; its edition is kept with every registration."""
FOLLOW = N_(
    "The organisers may also keep these data and record what came of the visit, such as an internship or a job. "
    "This can be taken back at any time."
)
KEPT_DAYS = 90
FORGOTTEN_DAYS = 180
"""A visit that nobody debriefs must not keep personal data for ever."""
MOST_PLACES = 1000
LONGEST_DAYS = 14
FEEDBACK_FROM = 5
SMALL = 5
"""Counts of persons below this are not shown to those who may not see the persons."""
TAKES_A_PLACE = tuple(
    status for status in ParticipantStatus if status not in (ParticipantStatus.WAITLISTED, ParticipantStatus.CANCELLED)
)
TOOK_PART = tuple(
    status for status in TAKES_A_PLACE if status not in (ParticipantStatus.REGISTERED, ParticipantStatus.NO_SHOW)
)
"""Everybody who was there, whatever became of them."""
TICKET_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0 and O, 1 and I
_CODE = re.compile(r"[0-9]{6}")


class Window(StrEnum):
    """How registration stands; the clock decides, not the row."""

    NOT_YET = "not_yet"
    OPEN = "open"
    OVER = "over"


class VisitForm(NamedTuple):
    """What the form of a visit holds; rows of `programme` and `sites` are those of the page's tables."""

    kind: VisitKind
    title: str
    town_code: str
    starts_on: date
    ends_on: date
    capacity: int
    registration_opens_at: datetime
    registration_closes_at: datetime
    partner_id: UUID | None = None
    broker_id: UUID | None = None
    summary: str = ""
    meeting_point: str = ""
    contact: str = ""
    audience: Sequence[UUID] = ()
    programme: Sequence[dict[str, Any]] = ()
    sites: Sequence[dict[str, Any]] = ()


def sides(actor: Actor, visit: Visit) -> frozenset[Side]:
    """The organiser and its partner own a visit alike; a broker may be named to help."""
    found = set()
    if actor.organisation_id is not None and actor.organisation_id in (visit.organiser_id, visit.partner_id):
        found.add(Side.OWN)
    if actor.person_id is not None and actor.person_id == visit.broker_id:
        found.add(Side.ASSIGNED)
    return frozenset(found)


def guest_sides(actor: Actor, participant: VisitParticipant) -> frozenset[Side]:
    """Oneself, or the institute that registered somebody in a group."""
    found = set()
    if actor.person_id is not None and actor.person_id == participant.person_id:
        found.add(Side.SELF)
    in_a_group = participant.person_id is None and participant.organisation_id is not None
    if in_a_group and actor.organisation_id == participant.organisation_id:
        found.add(Side.INSTITUTE)
    return frozenset(found)


def is_admin_of(actor: Actor, organisation_id: UUID | None) -> bool:
    """Whether this hat is an admin's of that organisation."""
    return (
        actor.role in ORGANISATION_ADMINS and organisation_id is not None and actor.organisation_id == organisation_id
    )


def window_of(status: VisitStatus, opens_at: datetime, closes_at: datetime, now: datetime) -> Window:
    """[opens, closes): the closing instant is the first that is too late."""
    if status is VisitStatus.PLANNED or (status is VisitStatus.REGISTRATION_OPEN and now < opens_at):
        return Window.NOT_YET
    return Window.OPEN if status is VisitStatus.REGISTRATION_OPEN and now < closes_at else Window.OVER


def require_days(starts_on: date, ends_on: date) -> None:
    """Raises: Invalid for an end before the start or a visit that is longer than two weeks."""
    if ends_on < starts_on:
        raise Invalid(N_("The last day cannot be before the first."), field="ends_on")
    if ends_on - starts_on >= timedelta(days=LONGEST_DAYS):
        raise Invalid(N_("A visit lasts at most {days} days."), field="ends_on", days=LONGEST_DAYS)


def require_window(opens_at: datetime, closes_at: datetime, starts: datetime) -> None:
    """`starts` is the first day's midnight in Hangzhou, plus a day: one may register until the visit begins.

    Raises: Invalid.
    """
    if closes_at <= opens_at:
        raise Invalid(N_("Registration must close after it opens."), field="registration_closes_at")
    if closes_at > starts:
        raise Invalid(N_("Registration must close on the first day of the visit at the latest."), field="closes_at")


def require_capacity(capacity: int, taken: int = 0) -> int:
    """Raises: Invalid outside 1 to 1,000, and below the places that are taken already."""
    if not 1 <= capacity <= MOST_PLACES:
        raise Invalid(N_("A visit has 1 to {most} places."), field="capacity", most=MOST_PLACES)
    if capacity < taken:
        raise Invalid(
            N_("{taken} people are registered already; there cannot be fewer places."), field="capacity", taken=taken
        )
    return capacity


def code_of_day(secret: str, day: date) -> str:
    """Six figures that change each day and tell nothing about another day's."""
    digest = hmac.digest(secret.encode(), day.isoformat().encode(), hashlib.sha256)
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


def is_code(typed: str, secret: str, day: date) -> bool:
    """Full-width figures and blanks between them are understood."""
    plain = "".join(normalize("NFKC", typed).split())
    return bool(_CODE.fullmatch(plain)) and hmac.compare_digest(plain, code_of_day(secret, day))


def clean_ticket(typed: str) -> str:
    """As it is stored: upper case, no blanks, no hyphens; empty when it can be none."""
    plain = "".join(letter for letter in normalize("NFKC", typed).upper() if letter.isalnum())
    return plain if len(plain) == 8 and set(plain) <= set(TICKET_LETTERS) else ""


def spaced(ticket: str) -> str:
    """`ABCD 2345`: read out and typed in two halves."""
    return f"{ticket[:4]} {ticket[4:]}"


def masked(phone: str) -> str:
    """`138****5678`: enough to tell two people apart, not enough to call."""
    if len(phone) < 7:
        return "*" * len(phone)
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def shown_count(count: int, *, sees_people: bool) -> int | None:
    """A count of persons, or None where it is too small for this reader; nobody at all is no secret."""
    return count if sees_people or count == 0 or count >= SMALL else None


def clock_words(minute: int) -> str:
    """`09:30`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"

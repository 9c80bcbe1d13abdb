"""Pure checks on agreements: who stands where, what a term, a steering group and a report may be."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from db.models import Agreement, AgreementParty, Commitment, PartySide
from portal.errors import N_, Invalid
from portal.permissions import Actor, Role, Side
from portal.texts import one_line

LONGEST_TERM = timedelta(days=366 * 30)
GROUP_MOST = 30
NAME_LONGEST, POST_LONGEST = 60, 100
SIGNS = frozenset({PartySide.DISTRICT, PartySide.INSTITUTE, PartySide.ENTERPRISE})


class Member(NamedTuple):
    """Somebody in the steering group."""

    name: str
    post: str


def sides(actor: Actor, agreement: Agreement) -> frozenset[Side]:
    """A party's own people stand on its side; `agreement.parties` is loaded."""
    return _own(actor, (party.organisation_id for party in agreement.parties))


def commitment_sides(actor: Actor, commitment: Commitment) -> frozenset[Side]:
    """Whoever acts for the organisation that made the promise."""
    return _own(actor, (commitment.owner_id,))


def _own(actor: Actor, organisation_ids: Iterable[UUID]) -> frozenset[Side]:
    if actor.organisation_id is not None and actor.organisation_id in set(organisation_ids):
        return frozenset({Side.OWN})
    return frozenset()


def signs_for(actor: Actor, agreement: Agreement) -> AgreementParty | None:
    """The party whose signature this actor gives: an approver the district's, an admin their organisation's."""
    for party in agreement.parties:
        if actor.role is Role.APPROVER:
            if party.side is PartySide.DISTRICT:
                return party
        elif party.side in SIGNS and party.organisation_id == actor.organisation_id:
            return party
    return None


def is_fully_signed(agreement: Agreement) -> bool:
    return all(party.signed_at is not None for party in agreement.parties if party.side in SIGNS)


def require_term(starts_on: date, ends_on: date) -> None:
    """Raises: Invalid for an end before the beginning, or a term of more than thirty years."""
    if ends_on < starts_on:
        raise Invalid(N_("The agreement ends before it begins; please check both days."), field="ends_on")
    if ends_on - starts_on > LONGEST_TERM:
        raise Invalid(N_("A term of more than thirty years is surely a slip; please check both days."), field="ends_on")


def require_past(day: date, today: date, *, field: str) -> None:
    """Raises: Invalid for a day that has not come yet."""
    if day > today:
        raise Invalid(N_("This day lies in the future; only what has happened can be recorded."), field=field)


def review_from(ends_on: date, notice_days: int) -> date:
    """The first day on which the renewal has to be decided."""
    return ends_on - timedelta(days=notice_days)


def is_late(due_on: date, today: date) -> bool:
    """The due day itself is still in time."""
    return today > due_on


def parse_group(text: str | None, *, field: str) -> list[Member]:
    """One side of the steering group, a person a line: name, then the post after a comma or a blank.

    Raises: Invalid, which names the line.
    """
    found = []
    lines = [line.strip() for line in (text or "").splitlines()]
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        name, _mark, post = _split(line)
        if not name or not post:
            raise Invalid(
                N_("Line {number} of the steering group needs a name and a post, like “Chen Hao, vice president”."),
                field=field,
                number=number,
            )
        found.append(Member(one_line(name, NAME_LONGEST, field=field), one_line(post, POST_LONGEST, field=field)))
    if len(found) > GROUP_MOST:
        raise Invalid(N_("At most {most} people of each side fit."), field=field, most=GROUP_MOST)
    return found


def _split(line: str) -> tuple[str, str, str]:
    """At the first comma of any kind; without one, at the first blank."""
    for marks in ("[,，、;；\t]", r"\s"):
        parts = re.split(marks, line, maxsplit=1)
        if len(parts) == 2:
            return parts[0].strip(), marks, parts[1].strip()
    return line, "", ""

"""Pure checks on talents: who stands where, which day a step may have, which post is the main one, what may be kept."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple
from unicodedata import normalize

from db.models import ConsentUse, Talent, TalentStage
from portal.errors import N_, Invalid
from portal.permissions import Actor, Role, Side

STAGES = tuple(TalentStage)
BY_THE_EMPLOYER = frozenset({TalentStage.JOINED, TalentStage.RETAINED})
"""Steps that the admin of the organisation somebody works for may record: they are about the work there."""
LOGGED_READERS = frozenset({Role.OPERATOR, Role.APPROVER, Role.AUDITOR})
"""They read any record, one after the other, and each reading is recorded first."""
FIGURES_ONLY = frozenset({Role.LEADER, Role.EXPERT, Role.PLATFORM_ADMIN})
"""They see no person: a leader reads figures, the other two not even those."""
CONSENTED_READERS = frozenset(
    {
        Role.ENTERPRISE_MEMBER,
        Role.ENTERPRISE_ADMIN,
        Role.INSTITUTE_ADMIN,
        Role.BROKER,
        Role.STEWARD,
        Role.LEAD_STEWARD,
    }
)
"""They read whoever agreed to be shown for matching."""
FIRST_DAY = date(1990, 1, 1)

CONSENT_WORDS: dict[ConsentUse, str] = {
    ConsentUse.FOLLOW: N_(
        "The district records contact, certificate, posts and the steps from the first contact to the stay, "
        "to serve the person and to count arrivals and stays."
    ),
    ConsentUse.PUBLIC_CARD: N_("Everybody sees name, field, speciality, town and employer on a public card."),
    ConsentUse.MATCHING: N_(
        "Enterprises, institutes, technology brokers and stewards see name, class, field, posts and steps, "
        "to find a fitting partner; phone and e-mail stay with the district."
    ),
    ConsentUse.MAIL: N_("The district sends news and invitations to the e-mail address."),
}
"""What each consent is for, as a message id; the words shown are kept with the consent."""

_ID_NUMBER = re.compile(
    r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])"
)
_BETWEEN = re.compile(r"(?<=\d)[\s\-]+(?=[\dXx])")


def sides(actor: Actor, talent: Talent) -> frozenset[Side]:
    """The sides that the record alone tells; who acts for the employer is asked of the posts."""
    if actor.person_id is not None and talent.person_id == actor.person_id:
        return frozenset({Side.SELF})
    return frozenset()


def masked(name: str) -> str:
    """`陈**`, `J**`: enough to find the line again, too little to know the person."""
    return f"{name[:1]}**"


def refuse_identity_number(text: str, *, field: str) -> str:
    """The text itself. Raises: Invalid when an identity-card number stands in it: none is kept here."""
    if _ID_NUMBER.search(_BETWEEN.sub("", normalize("NFKC", text))):
        raise Invalid(N_("Please leave out identity-card numbers; none is kept here."), field=field)
    return text


def require_day(day: date, today: date, *, field: str) -> None:
    """Raises: Invalid for a day that has not come yet or lies before anything that could be followed."""
    if day > today:
        raise Invalid(N_("This day lies in the future; only what has happened can be recorded."), field=field)
    if day < FIRST_DAY:
        raise Invalid(N_("This day lies too far back."), field=field)


def next_stage(stage: TalentStage) -> TalentStage | None:
    place = STAGES.index(stage) + 1
    return STAGES[place] if place < len(STAGES) else None


def at_least(stage: TalentStage) -> tuple[TalentStage, ...]:
    """Every step at which somebody has come at least that far."""
    return STAGES[STAGES.index(stage) :]


def a_year_after(day: date) -> date:
    """The same day of the next year; the day after the 28th for a leap day."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def a_year_before(day: date) -> date:
    """The last day of joining whose twelve months are complete on this day."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return date(day.year - 1, 2, 28)


def require_step_day(stage: TalentStage, day: date, previous: date, joined: date | None) -> None:
    """Raises: Invalid for a step before the one before it, or a stay shorter than twelve months."""
    if day < previous:
        raise Invalid(
            N_("The step before happened on {day}; this one cannot be earlier."), field="happened_on", day=previous
        )
    if stage is TalentStage.RETAINED and (joined is None or day < a_year_after(joined)):
        raise Invalid(
            N_("Twelve months are complete on {day} at the earliest."),
            field="happened_on",
            day=a_year_after(joined or previous),
        )


class Period(NamedTuple):
    """One post in time; `until` is its last day."""

    is_main: bool
    since: date
    until: date | None


def require_one_main(posts: Sequence[Period]) -> None:
    """On every day with a post exactly one of them is the main post. Raises: Invalid."""
    mains = sorted((post for post in posts if post.is_main), key=lambda post: post.since)
    for before, after in pairwise(mains):
        if before.until is None or before.until >= after.since:
            raise Invalid(N_("Two main posts at the same time; please end the first one before."), field="since")
    for post in posts:
        if not post.is_main and not _is_covered(post, mains):
            raise Invalid(N_("Beside every other post there must be a main post at the same time."), field="since")


def _is_covered(post: Period, mains: Iterable[Period]) -> bool:
    """Whether main posts, one after the other without a gap, reach over the whole period; `mains` come in order."""
    reached = post.since
    for main in mains:
        if main.since > reached:
            break
        if main.until is None:
            return True
        if main.until >= reached:
            if post.until is not None and main.until >= post.until:
                return True
            reached = main.until + timedelta(days=1)
    return False

"""What an exported file says of itself: the list, the filters in words, when it was made and for whom."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from db.models import (
    FirstLevel,
    LandingCategory,
    LandingFlag,
    LandingLane,
    LandingStage,
    OrganisationKind,
    OrganisationStatus,
)
from portal import clock, wording
from portal.errors import N_
from portal.i18n import translate
from portal.metrics.queries import STEPS
from portal.metrics.words import OBJECTS
from portal.organisations.places import industry_name, industry_sections, town_name
from portal.permissions import Actor
from portal.tables import About

NO_FILTERS = frozenset({"page", "view", "lang", "size"})
"""What stands in the address of a list and narrows nothing."""


class Narrowed(NamedTuple):
    """The word for a filter, and the enums whose members it may name."""

    name: str
    members: tuple[type[StrEnum], ...] = ()


TITLES = {
    "challenges": N_("Challenges"),
    "landings": N_("Landing projects"),
    "organisations": N_("Organisations"),
    "trail": N_("Audit trail"),
}
FILTERS: Mapping[str, Narrowed] = {
    "band": Narrowed(N_("Budget")),
    "before": Narrowed(N_("Deadline until")),
    "category": Narrowed(N_("Category"), (LandingCategory,)),
    "first": Narrowed(N_("Firsts"), (FirstLevel,)),
    "flag": Narrowed(N_("Flag"), (LandingFlag,)),
    "group": Narrowed(N_("Status")),
    "industry": Narrowed(N_("Industry")),
    "kind": Narrowed(N_("Kind"), (OrganisationKind,)),
    "lane": Narrowed(N_("Lane"), (LandingLane,)),
    "mine": Narrowed(N_("Mine only")),
    "order": Narrowed(N_("Sorted by")),
    "reached": Narrowed(N_("Step")),
    "record": Narrowed(N_("Record's id")),
    "since": Narrowed(N_("From")),
    "stage": Narrowed(N_("Stage"), (LandingStage,)),
    "status": Narrowed(N_("Status"), (OrganisationStatus,)),
    "submitted": Narrowed(N_("Challenges submitted in")),
    "text": Narrowed(N_("Search")),
    "town": Narrowed(N_("Town")),
    "trl": Narrowed(N_("Readiness wanted")),
    "until": Narrowed(N_("Until")),
}
"""A list with a filter of another name adds a line; without one its file shows the code."""


def used_filters(asked: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the filters that narrow, for the record: never what was searched for."""
    return tuple(sorted(key for key, value in asked.items() if key in FILTERS and value and value != "any"))


def about(actor: Actor, name: str, asked: Mapping[str, str], language: str) -> About:
    """The second sheet of a workbook."""

    def say(message: str) -> str:
        return translate(message, language)

    title = say(TITLES.get(name, name))
    reader = (actor.name, actor.organisation_name, wording.label(actor.role, language))
    moment = say(N_("{moment}, Beijing time")).format(moment=wording.date_time(clock.now(), language))
    facts = [
        (say(N_("List")), title),
        (say(N_("Made at")), moment),
        (say(N_("For")), " · ".join(part for part in reader if part)),
        (say(N_("Rows")), "{rows}"),
    ]
    chosen = {key: value for key, value in asked.items() if value and value != "any" and key not in NO_FILTERS}
    facts += [
        (_filter_name(key, language), _filter_value(key, value, language)) for key, value in sorted(chosen.items())
    ]
    if not chosen:
        facts.append((say(N_("Filters")), say(N_("none"))))
    facts.append((say(N_("Note")), say(N_("The file holds what this reader may see at that moment."))))
    return About(title, say(N_("About this file")), facts)


def _filter_name(key: str, language: str) -> str:
    known = FILTERS.get(key)
    return translate(known.name, language) if known else key[:40]


def _filter_value(key: str, value: str, language: str) -> str:
    """The word that the list shows for it, where there is one."""
    for members in FILTERS[key].members if key in FILTERS else ():
        if value in {member.value for member in members}:
            return wording.label(members(value), language)
    if key == "town":
        return town_name(value, language)
    if key == "industry":
        sections = {row.code: row.in_language(language) for row in industry_sections()}
        return sections.get(value) or industry_name(value, language)
    if key == "kind" and value in OBJECTS:
        return translate(OBJECTS[value], language)
    words = WORDS.get(key, {}).get(value)
    return translate(words, language) if words else value[:200]


WORDS: Mapping[str, Mapping[str, str]] = {
    "band": {
        "under_100": N_("Below 1 million yuan"),
        "100_300": N_("1 to 3 million yuan"),
        "300_1000": N_("3 to 10 million yuan"),
        "over_1000": N_("10 million yuan and more"),
    },
    "order": {
        "closing": N_("Deadline, soonest first"),
        "newest": N_("Changed last"),
        "budget": N_("Budget, largest first"),
        "readiness": N_("Readiness wanted, lowest first"),
    },
    "reached": dict(STEPS),
    "mine": {"True": N_("yes")},
    "stage": {"running": N_("All under way")},
    "submitted": {"year": N_("Last 12 months"), "quarter": N_("Last 3 months")},
}

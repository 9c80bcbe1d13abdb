"""One project of the list, as a card and as a line of the table."""

from collections.abc import Sequence

from portal.landings.queries import LandingRow
from portal.landings.workflow import ENDS, LandingFlag
from portal.organisations.places import town_name
from portal.ui import ago, label, language, plural
from portal.ui.lists import Card


def place(row: LandingRow) -> str:
    parties = " × ".join(name for name in (row.enterprise, row.institute) if name)
    return " · ".join(part for part in (town_name(row.town_code, language()), parties) if part)


def flag_of(row: LandingRow) -> LandingFlag | None:
    """What has ended is neither on track nor late."""
    return None if row.stage in ENDS else row.flag


def over(row: LandingRow) -> str:
    """How many days the stage lasts beyond its norm; nothing while it is within."""
    if not row.days_over or row.stage in ENDS:
        return ""
    return plural("{count} day over the norm", "{count} days over the norm", row.days_over)


def card(row: LandingRow) -> Card:
    flag = flag_of(row)
    return Card(
        row.title,
        "landing",
        row.id,
        badges=[row.stage, None if flag is LandingFlag.ON_TRACK else flag, *row.firsts],
        note=f"{label(row.category)} · {ago(row.changed_at)}",
        text=row.public_summary,
        lines=[place(row), over(row)],
    )


def cells(row: LandingRow) -> tuple[Card, Sequence[str]]:
    flag, town = flag_of(row), town_name(row.town_code, language())
    words = " · ".join(part for part in (label(flag) if flag else "", over(row)) if part)
    stage = " · ".join([label(row.stage), *map(label, row.firsts)])
    return card(row), [row.number, label(row.category), stage, words, town]

"""What every page of the four chains asks for: month, town and edition, kept in the address."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import streamlit as st

from portal.metrics.four_chains.degrees import EditionRow
from portal.metrics.four_chains.indicators import Unit
from portal.metrics.four_chains.workflow import EditionStatus
from portal.organisations.places import is_town, town_name, towns
from portal.ui import _, filters, language, money, month


class Asked(NamedTuple):
    """The place, month and edition on screen; an empty town is the whole district."""

    town: str
    month: date
    edition: EditionRow

    def address(self, **more: str) -> dict[str, str]:
        """The same for another page."""
        kept = {"month": f"{self.month:%Y-%m}", "town": self.town, "edition": str(self.edition.number)}
        return {key: value for key, value in {**kept, **more}.items() if value}


def choose(months: Sequence[date], editions: Sequence[EditionRow]) -> Asked:
    """Filters in one line; the newest month, the whole district and the newest published edition unless asked."""
    published = [row for row in editions if row.status is EditionStatus.PUBLISHED]
    names = {place.code: place.in_language(language()) for place in towns()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        town = filters.choice(_("Town"), names, "town", anything=_("The whole district"))
        by_code = {f"{day:%Y-%m}": day for day in months}
        newest = next(iter(by_code))
        names_of_months = {code: month(day) for code, day in by_code.items()}
        chosen = filters.one_of(_("Month"), names_of_months, "month", default=newest)
        by_number = {str(row.number): row for row in published}
        first = next(iter(by_number))
        words = {code: _("Edition {number}", number=code) for code in by_number}
        number = filters.one_of(_("Edition"), words, "edition", default=first) if len(words) > 1 else first
    return Asked(town, by_code[chosen], by_number[number])


def month_asked() -> date | None:
    """The month of the address, e.g. `2026-03`; None for a word that is no month."""
    try:
        return date.fromisoformat(f"{st.query_params.get('month', '')}-01")
    except ValueError:
        return None


def town_asked() -> str:
    town = st.query_params.get("town", "")
    return town if is_town(town) else ""


def score(value: float | None) -> str:
    return _("not shown") if value is None else f"{value:.3f}"


def say_not_shown() -> None:
    """Why a figure about persons is missing."""
    st.caption(_("In your role, counts of persons are shown for the whole district only, and not below five."))


def place_name(town: str) -> str:
    return town_name(town, language()) if town else _("The whole district")


def amount(value: float | None, unit: Unit) -> str:
    """A value with its unit: money in 元, 万元 or 亿元, counts with their word; what is not told as such."""
    if value is None:
        return _("not shown")
    if unit.is_money:
        return money(round(value))
    return f"{value:,.{unit.digits}f} {_(unit.name)}"

"""The map: projects by town as circles at the towns' seats, and the table whose names open the lists."""

from collections.abc import Callable

import streamlit as st

from portal.landings.filters import LandingFilter
from portal.landings.views import TownLandings, landing_towns
from portal.organisations.places import town_name, town_seats
from portal.ui import _, filters, language, money, read
from portal.ui.figures import FigureRow, figure_table
from portal.ui.plots import Spot, town_map

WAN = 10**6  # fen


def show(wanted: LandingFilter, say: Callable[[int], None]) -> None:
    size = filters.segment(
        _("Size of the circles"), {"projects": _("Projects"), "money": _("Investment")}, "size", default="projects"
    )
    towns = read(landing_towns, wanted, money=size == "money")
    say(sum(row.total for row in towns))
    by_money = size == "money"
    chart, table = st.columns([3, 2], gap="medium")
    with chart:
        _draw(towns, by_money=by_money)
    with table:
        heads = [_("Town"), _("Projects (count)"), *([_("Invested so far")] if by_money else [])]
        figure_table(heads, [_line(row, by_money=by_money) for row in [*towns, *_empty(towns, wanted)]])
        if by_money:
            st.caption(_("Only projects under way that you may read as a whole are summed."))


def _draw(towns: list[TownLandings], *, by_money: bool) -> None:
    found = {row.town_code: row for row in towns}
    spots = []
    for seat in town_seats():
        row = found.get(seat.code)
        value = 0.0 if row is None else row.invested_fen / WAN if by_money else float(row.total)
        spots.append(Spot(town_name(seat.code, language()), seat.longitude, seat.latitude, value))
    unit = _("Investment (10,000 yuan)") if by_money else _("Projects (count)")
    words = "；".join(f"{spot.name} {spot.value:,.0f}" for spot in spots if spot.value)
    town_map(spots, unit=unit, words=f"{unit}: {words}", key="town_map")
    st.caption(_("Roughly at the seats of the towns; {unit}. A sketch, not a survey.", unit=unit))


def _empty(towns: list[TownLandings], wanted: LandingFilter) -> list[TownLandings]:
    """The towns without a project: their lists say so. One town that is asked for stands alone."""
    known = {row.town_code for row in towns}
    return [] if wanted.town else [TownLandings(seat.code, 0, 0) for seat in town_seats() if seat.code not in known]


def _line(row: TownLandings, *, by_money: bool) -> FigureRow:
    kept = {
        key: value for key, value in st.query_params.to_dict().items() if key not in ("page", "view", "size", "lang")
    }
    amount = [money(row.invested_fen) if row.invested_fen else ""] if by_money else []
    name = town_name(row.town_code, language())
    return FigureRow(name, "landings", {**kept, "town": row.town_code}, [f"{row.total:,}", *amount])

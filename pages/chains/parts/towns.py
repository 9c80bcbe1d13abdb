"""The towns beside each other, the highest degree first."""

import streamlit as st

from pages.chains.parts.head import Asked, place_name
from portal.metrics.four_chains.degrees import degrees_by_town
from portal.metrics.four_chains.workflow import Chain
from portal.metrics.words import GRADES
from portal.ui import _, label, read
from portal.ui.chain_charts import profile
from portal.ui.figures import FigureRow, figure_table


def show_towns(asked: Asked) -> None:
    """Each opens the same page for that town."""
    st.subheader(_("Towns and subdistricts"), anchor=False)
    rows = read(degrees_by_town, edition_id=asked.edition.id, month=asked.month)
    known = [row for row in rows if row.result.d is not None]
    if known:
        profile(
            [(place_name(row.town_code), [row.scores[chain] for chain in Chain]) for row in known],
            [label(chain) for chain in Chain],
            chosen=place_name(asked.town),
            value=_("Score (0 to 1)"),
            place=_("Town"),
            key="profile",
        )
    figure_table(
        (_("Town"), _("Degree D"), _("Grade"), *(label(chain) for chain in Chain)),
        [
            FigureRow(
                place_name(row.town_code),
                "",
                {"town": row.town_code},
                [
                    "" if row.result.d is None else f"{row.result.d:.3f}",
                    _("no data") if row.result.grade is None else _(GRADES[row.result.grade]),
                    *(f"{row.scores[chain]:.3f}" for chain in Chain),
                ],
            )
            for row in rows
        ],
    )
    st.caption(_("A town without any record in the month has no data, which is not a degree of 0."))

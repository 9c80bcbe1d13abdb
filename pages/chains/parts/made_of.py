"""What a score is made of: the indicators of one chain, each of which opens its records."""

import streamlit as st

from pages.chains.parts.head import Asked, amount, say_not_shown, score
from portal.metrics.four_chains.evidence import parts_of
from portal.metrics.four_chains.workflow import Chain
from portal.ui import _, filters, label, read
from portal.ui.figures import FigureRow, figure_table


def show_parts(asked: Asked) -> None:
    """One chain at a time, by choice."""
    st.subheader(_("What the scores are made of"), anchor=False)
    names = {chain.value: label(chain) for chain in Chain}
    chain = Chain(filters.segment(_("Chain"), names, "chain", default=Chain.INNOVATION.value, hidden=True))
    parts = read(parts_of, edition_id=asked.edition.id, month=asked.month, chain=chain, town=asked.town)
    if not parts:
        st.caption(_("This edition knows no indicator of this chain."))
        return
    figure_table(
        (_("Indicator"), _("Value"), _("Share of the span"), _("Weight"), _("Gives")),
        [
            FigureRow(
                _(part.indicator.label),
                "chain-records",
                asked.address(indicator=part.indicator.key),
                [
                    amount(part.value, part.indicator.unit),
                    score(part.share),
                    f"{part.weight:.1%}",
                    score(part.gives),
                ],
            )
            for part in parts
        ],
    )
    if any(part.value is None for part in parts):
        say_not_shown()
    if not asked.town:
        st.caption(_("Of the district the values are sums over its towns, ratios and shares their means."))

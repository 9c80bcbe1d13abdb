"""The records behind one indicator in one month: what the figure counted, as far as the reader may see it."""

from datetime import date

import streamlit as st

from pages.chains.parts.head import amount, month_asked, place_name, say_not_shown, town_asked
from portal.metrics.four_chains.evidence import Records, records_of
from portal.metrics.four_chains.indicators import Indicator, indicator_of
from portal.ui import _, label, month, plural, read
from portal.ui.lists import Card, offset_of, page_number
from portal.ui.lists import lines as rows_of
from portal.ui.record import empty, facts, title
from portal.ui.shell import page_link

BACK = ("month", "town", "edition")


def show(indicator: Indicator, when: date, found: Records) -> None:
    st.caption(_(indicator.source))
    values = [
        (_("Chain"), label(indicator.chain)),
        (_("Place"), place_name(town)),
        (_("Month"), month(when)),
        (_("By the records of today"), amount(found.now, indicator.unit)),
        (_("As frozen"), amount(found.frozen, indicator.unit) if found.is_frozen else "—"),
    ]
    facts(values)
    if found.frozen is not None and found.frozen != found.now:
        st.info(
            _("Records of this month were entered or changed after it was frozen. The frozen value counts."),
            icon=":material/ac_unit:",
        )
    if found.now is None:
        say_not_shown()
    elif not found.total and not found.hidden:
        empty(_("No record of this month counts here."))
    rows_of(
        Card(row.title, indicator.page, row.object_id, lines=[amount(row.amount, indicator.unit)]) for row in found.rows
    )
    page_number(found.total)
    if found.hidden:
        st.caption(
            plural(
                "{count} more record counts that you may not open.",
                "{count} more records count that you may not open.",
                found.hidden,
            )
        )


when, town = month_asked(), town_asked()
indicator = indicator_of(st.query_params.get("indicator", ""))
if indicator is None or when is None:
    title(_("Records behind an indicator"))
    empty(_("This address names no indicator or no month."), page="four-chains", link=_("Four chains"))
    st.stop()
title(_(indicator.label))
page_link(
    _("Back to the four chains"),
    "four-chains",
    icon=":material/arrow_back:",
    query_params={key: st.query_params[key] for key in BACK if key in st.query_params},
)
show(indicator, when, read(records_of, key=indicator.key, month=when, town=town, offset=offset_of()))

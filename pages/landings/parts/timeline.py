"""The time line: how long each project of a page stood in each stage, and its table."""

from collections.abc import Callable

import streamlit as st

from pages.landings.parts.rows import cells
from portal import clock
from portal.landings.filters import LandingFilter
from portal.landings.views import Timeline, landing_timeline
from portal.landings.workflow import LandingStage
from portal.ui import _, label, read
from portal.ui.fold import fold
from portal.ui.lists import PAGE_SIZE, linked_table, offset_of, page_number
from portal.ui.plots import Bar, spans

NAME = 20  # half-width letters of a title beside its bar


def show(wanted: LandingFilter, say: Callable[[int], None]) -> None:
    found = read(landing_timeline, wanted, offset=offset_of(size=PAGE_SIZE), limit=PAGE_SIZE)
    say(found.total)
    chart(found)
    hidden = sum(not stretches for _row, stretches in found.rows)
    if hidden:
        st.caption(_("Of {count} projects on this page the present stage alone is public.", count=hidden))
    heads = (_("Title"), _("Number"), _("Category"), _("Stage"), _("Flag"), _("Town"))
    linked_table(heads, [cells(row) for row, _stretches in found.rows])
    page_number(found.total, size=PAGE_SIZE)


def chart(found: Timeline) -> None:
    order = {stage: place for place, stage in enumerate(LandingStage)}
    bars = [
        Bar(f"{row.number[-4:]} {fold(row.title, NAME)[0]}", label(span.stage), span.start, span.end, order[span.stage])
        for row, stretches in found.rows
        for span in stretches
    ]
    if not bars:
        return
    parts = list(dict.fromkeys(bar.part for bar in sorted(bars, key=lambda bar: bar.order)))
    words = _("Time line of {count} projects by stage; the table below says the same.", count=len(found.rows))
    spans(bars, clock.today(), parts=parts, words=words, key="timeline")
    st.caption(_("The broken line is today. Source: records of this portal."))

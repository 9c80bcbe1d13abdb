"""The talent funnel: from the first contact to leading a project, by class, channel, town or year."""

from collections.abc import Mapping

import streamlit as st

from portal import clock
from portal.organisations.places import towns
from portal.talents.figures import Dimension, cohorts, funnel
from portal.talents.queries import NONE
from portal.talents.rules import LOGGED_READERS, STAGES
from portal.talents.suppression import FEWEST
from portal.talents.workflow import TalentChannel, TalentClass, TalentStage
from portal.ui import _, actor, date_time, escape, filters, label, language, read
from portal.ui.fold import fold
from portal.ui.funnel_chart import funnel_bars
from portal.ui.record import empty, title
from portal.ui.shell import leads_to, page_link

NAME = 20  # half-width letters of a name beside the columns

title(_("Talent funnel"))
sees_people = actor().role in LOGGED_READERS
places = {place.code: place.in_language(language()) for place in towns()}
classes = {one.value: label(one) for one in TalentClass}
channels = {one.value: label(one) for one in TalentChannel}
years = {str(year): str(year) for year in read(cohorts)}
nobody = {
    Dimension.CLASS: _("Without a class"),
    Dimension.CHANNEL: "—",
    Dimension.TOWN: _("Not in a town yet"),
    Dimension.COHORT: "—",
}
names: dict[Dimension, Mapping[str, str]] = {
    Dimension.CLASS: classes,
    Dimension.CHANNEL: channels,
    Dimension.TOWN: places,
    Dimension.COHORT: years,
}
words = {
    Dimension.CLASS: _("Class"),
    Dimension.CHANNEL: _("Channel"),
    Dimension.TOWN: _("Town"),
    Dimension.COHORT: _("Year of the first contact"),
}
by = Dimension(
    filters.segment(_("Broken down by"), {one.value: words[one] for one in Dimension}, "by", default="class")
)
chosen: dict[str, str] = {}
if sees_people:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = {
            "class": filters.choice(
                _("Class"), classes | {NONE: nobody[Dimension.CLASS]}, "class", anything=_("All classes")
            ),
            "channel": filters.choice(_("Channel"), channels, "channel", anything=_("All channels")),
            "town": filters.choice(_("Town"), places | {NONE: nobody[Dimension.TOWN]}, "town", anything=_("All towns")),
            "cohort": filters.choice(_("Year of the first contact"), years, "cohort", anything=_("All years")),
        }
    chosen = {key: value for key, value in wanted.items() if value}
else:
    st.caption(
        _(
            "You read figures, not people: counts that would tell of fewer than {few} persons are hidden, also where "
            "they could be found by subtracting. So the figures are broken down by one thing at a time, and no list "
            "opens from here.",
            few=FEWEST,
        )
    )
found = read(
    funnel,
    by=by,
    talent_class=chosen.get("class", ""),
    channel=TalentChannel(chosen["channel"]) if "channel" in chosen else None,
    town=chosen.get("town", ""),
    cohort=int(chosen["cohort"]) if "cohort" in chosen else None,
)
if not found.groups:
    if chosen:
        empty(_("Nobody fits these filters."))
        filters.clear_button()
    else:
        empty(_("Nobody is registered yet. The funnel fills as people are registered and move on."))
    st.stop()


def share(count: int | None, of: int | None) -> str:
    return f"{count / of:.0%}" if count is not None and of else ""


def cell(count: int | None, query: dict[str, str]) -> None:
    """A count that opens its list, where the reader may see people."""
    if count is None:
        st.markdown(f":small[:gray[{_('hidden')}]]")
    elif count and leads_to("talents"):
        page_link(f"{count:,}", "talents", query_params=chosen | query)
    else:
        st.markdown(f":small[{count:,}]")


def row_of(name: str, counts: tuple[int | None, ...], query: dict[str, str]) -> None:
    with grid.cell(column_span=2):
        st.markdown("  \n".join(map(escape, fold(name, NAME))))
    for stage, count in zip(STAGES, counts, strict=True):
        with grid.cell():
            cell(count, query | {"reached": stage.value})


total = dict(zip(STAGES, found.total, strict=True))
reached, joined, stayed = (total[one] for one in (TalentStage.REACHED, TalentStage.JOINED, TalentStage.RETAINED))
if reached is not None and joined is not None and stayed is not None:
    st.write(
        _(
            "Of {reached} people reached, {joined} joined and {stayed} of them stayed for twelve months.",
            reached=f"{reached:,}",
            joined=f"{joined:,}",
            stayed=f"{stayed:,}",
        )
    )
before = (None, *found.total[:-1])
funnel_bars(
    [(label(stage), count, share(count, last)) for stage, count, last in zip(STAGES, found.total, before, strict=True)],
    category=_("Step"),
    value=_("People (count)"),
    source=_("records of this portal, {at}", at=date_time(clock.now())),
    key="funnel",
)
st.caption(_("Beside each bar: people who came at least that far, and their share of the step before."))
st.subheader(words[by], anchor=False)
with st.grid(len(STAGES) + 2, wrap=False, min_column_width=68, gap="xxsmall", vertical_alignment="center") as grid:
    grid.cell(column_span=2).caption(words[by])
    for stage in STAGES:
        grid.caption(label(stage))
    for group in found.groups:
        row_of(names[by].get(group.code, nobody[by]), group.counts, {by.value: group.code})
    row_of(_("Together"), found.total, {})
    for name, olds in (
        (_("Share of the step before"), before),
        (_("Share of all reached"), (found.total[0],) * len(STAGES)),
    ):
        grid.cell(column_span=2).caption(name)
        for count, old in zip(found.total, olds, strict=True):
            grid.caption(share(count, old) or "—")

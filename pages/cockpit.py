"""The cockpit: pipeline from posted to landed, landings by stage and town, what is overdue and whose turn it is."""

from datetime import timedelta

import streamlit as st

from portal import clock
from portal.metrics.queries import landings_by_stage, landings_by_town, overdue, pipeline
from portal.organisations.places import town_name
from portal.ui import _, ago, date_time, filters, label, language, money, plural, read
from portal.ui.charts import bars
from portal.ui.lists import table
from portal.ui.record import empty, title
from portal.ui.shell import open_page, page_path

PERIODS = {"year": 365, "quarter": 91, "all": None}

title(_("Cockpit"))
names = {"year": _("Last 12 months"), "quarter": _("Last 3 months"), "all": _("Since the beginning")}
period = filters.segment(_("Challenges submitted in"), names, "period", default="year")
days = PERIODS[period]
steps = read(pipeline, since=clock.today() - timedelta(days=days) if days else None)
posted, landed = steps[0].total, steps[-1].total
if not posted:
    empty(_("No challenge was submitted in this period."), page=page_path("challenges/list.py"), link=_("Challenges"))
    st.stop()

solved = next(step for step in steps if step.key == "solved")
st.write(
    _(
        "Of {posted} challenges posted, {solved} were solved on the line and {landed} became landing projects.",
        posted=posted,
        solved=solved.total,
        landed=landed,
    )
)
late = read(overdue)
stages = read(landings_by_stage)
with st.grid(4, min_column_width=150):
    st.metric(_("Challenges posted"), posted, border=True)
    st.metric(_("Solved on the line"), solved.total, border=True)
    st.metric(_("Landing projects"), sum(row.total for row in stages), border=True)
    st.metric(_("Overdue"), len(late), border=True)
with st.container(horizontal=True):
    if st.button(_("List of challenges"), icon=":material/list:"):
        st.switch_page(page_path("challenges/list.py"))
    if st.button(_("List of landing projects"), icon=":material/list:"):
        st.switch_page(page_path("landings/list.py"))

st.subheader(_("From posted to landed"), anchor=False)
source = _("records of this portal, {at}", at=date_time(clock.now()))
bars(
    [(_(step.label), step.total) for step in steps],
    category=_("Step"),
    value=_("Challenges (count)"),
    source=source,
    key="pipeline",
    has_table=True,
)
table(
    [
        {
            _("Step"): _(step.label),
            _("Challenges (count)"): str(step.total),
            _("Share of posted"): f"{step.total / posted:.0%}",
            _("Median days since the step before"): "—" if step.median_days is None else f"{step.median_days:g}",
        }
        for step in steps
    ]
)

st.subheader(_("Landing projects"), anchor=False)
if stages:
    bars(
        [(label(row.stage), row.total) for row in stages],
        category=_("Stage"),
        value=_("Projects (count)"),
        source=source,
        key="stages",
    )
    towns = read(landings_by_town)
    table(
        [
            {
                _("Town"): town_name(row.town_code, language()),
                _("Projects (count)"): str(row.total),
                _("Invested so far"): money(row.invested_fen) if row.invested_fen else "—",
                _("Jobs so far"): str(row.jobs),
            }
            for row in towns
        ]
    )
else:
    st.caption(_("No landing project is recorded yet."))

st.subheader(_("Overdue, and whose turn it is"), anchor=False)
if not late:
    st.caption(_("Nothing is overdue."))
else:
    st.caption(plural("{count} record should have moved", "{count} records should have moved", len(late)))
for number, row in enumerate(late[:20]):
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(gap=None, width="stretch"):
            st.text(row.title)
            st.caption(_("{what} · turn: {turn} · {since}", what=_(row.message), turn=row.turn, since=ago(row.since)))
        if st.button(_("Open it"), key=f"late_{number}"):
            open_page(row.page, row.object_id)

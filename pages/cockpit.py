"""The cockpit: pipeline from posted to landed, landings by stage and town, what is overdue and whose turn it is."""

from collections.abc import Sequence

import streamlit as st

from portal import clock
from portal.challenges.progress import since_of
from portal.landings.queries import RUNNING
from portal.landings.workflow import ENDS
from portal.metrics.queries import (
    LIST_LIMIT,
    Overdue,
    Step,
    landings_by_stage,
    landings_by_town,
    overdue,
    pipeline,
    posted_between,
)
from portal.organisations.places import town_name
from portal.ui import _, about, ago, date_time, filters, label, language, plural, read
from portal.ui.charts import bars
from portal.ui.figures import FigureRow, figure, figure_table
from portal.ui.lists import Card, lines, offset_of, page_number
from portal.ui.record import empty, title

LATE_ON_A_PAGE = 10  # beside charts and tables; each line costs as much as a small query

title(_("Cockpit"))
names = {"year": _("Last 12 months"), "quarter": _("Last 3 months"), "all": _("Since the beginning")}
period = filters.segment(_("Challenges submitted in"), names, "period", default="year")
submitted = {} if period == "all" else {"submitted": period}
since = since_of(period)
steps = read(pipeline, since=since)
late = read(overdue)
stages = read(landings_by_stage)
source = _("records of this portal, {at}", at=date_time(clock.now()))


def opens(step: Step) -> dict[str, str]:
    """The filters of the list behind a step."""
    return {"reached": step.key, **submitted}


def change(posted: int) -> dict[str, object]:
    """What the challenges posted are compared with."""
    if since is None:
        return {}
    before = read(posted_between, since - (clock.today() - since), since)
    return {"delta": posted - before, "delta_description": _("on last period")}


def show_figures() -> None:
    """Four figures, each with its list."""
    solved = next(step for step in steps if step.key == "solved")
    running = sum(row.total for row in stages if row.stage not in ENDS)
    see = _("See the list")
    grid = st.grid(4, min_column_width=150, border=True)
    figure(
        grid,
        _("Challenges posted"),
        f"{steps[0].total:,}",
        link=see,
        page="challenges",
        filters=opens(steps[0]),
        **change(steps[0].total),
    )
    figure(grid, _("Solved on the line"), f"{solved.total:,}", link=see, page="challenges", filters=opens(solved))
    figure(grid, _("Projects under way"), f"{running:,}", link=see, page="landings", filters={"stage": RUNNING})
    with grid.cell():
        st.metric(_("Overdue"), f"{LIST_LIMIT}+" if len(late) == LIST_LIMIT else len(late))
        see = _("See whose turn it is")
        st.markdown(f":small[:material/arrow_downward: [{see}](#overdue)]")


def show_pipeline() -> None:
    st.subheader(_("From posted to landed"), anchor=False)
    if not steps[0].total:
        empty(_("No challenge was submitted in this period."), page="challenges", link=_("Challenges"))
        return
    bars(
        [(_(step.label), step.total) for step in steps],
        category=_("Step"),
        value=_("Challenges (count)"),
        source=source,
        key="pipeline",
        has_table=True,
    )
    heads = (_("Step"), _("Challenges (count)"), _("Share of posted"), _("Median days since the step before"))
    figure_table(heads, [FigureRow(_(step.label), "challenges", opens(step), step_cells(step)) for step in steps])


def step_cells(step: Step) -> list[str]:
    median = "—" if step.median_days is None else f"{step.median_days:g}"
    return [f"{step.total:,}", f"{step.total / steps[0].total:.0%}", median]


def show_landings() -> None:
    st.subheader(_("Landing projects"), anchor=False)
    if not stages:
        st.caption(_("No landing project is recorded yet."))
        return
    towns = read(landings_by_town)
    st.write(
        _(
            "{projects} projects are under way in {towns} towns: {sum} invested and {jobs} jobs so far.",
            projects=sum(row.total for row in towns),
            towns=len(towns),
            sum=about(sum(row.invested_fen for row in towns)),
            jobs=f"{sum(row.jobs for row in towns):,}",
        )
    )
    bars(
        [(label(row.stage), row.total) for row in stages],
        category=_("Stage"),
        value=_("Projects (count)"),
        source=source,
        key="stages",
        has_table=True,
    )
    by_stage, by_town = st.columns(2, gap="medium")
    with by_stage:
        figure_table(
            (_("Stage"), _("Projects (count)")),
            [FigureRow(label(row.stage), "landings", {"stage": row.stage.value}, [f"{row.total:,}"]) for row in stages],
        )
    with by_town:
        figure_table(
            (_("Town"), _("Projects under way"), _("Invested so far"), _("Jobs so far")),
            [
                FigureRow(
                    town_name(row.town_code, language()),
                    "landings",
                    {"town": row.town_code, "stage": RUNNING},
                    [f"{row.total:,}", about(row.invested_fen) if row.invested_fen else "", f"{row.jobs:,}"],
                )
                for row in towns
            ],
        )


def show_overdue(rows: Sequence[Overdue]) -> None:
    st.subheader(_("Overdue, and whose turn it is"), anchor="overdue")
    if not rows:
        st.caption(_("Nothing is overdue."))
        return
    st.caption(plural("{count} record should have moved", "{count} records should have moved", len(rows)))
    first = offset_of(size=LATE_ON_A_PAGE)
    lines(
        Card(
            row.title,
            row.page,
            row.object_id,
            lines=[_("{what} · turn: {turn} · {since}", what=_(row.message), turn=row.turn, since=ago(row.since))],
        )
        for row in rows[first : first + LATE_ON_A_PAGE]
    )
    page_number(len(rows), size=LATE_ON_A_PAGE)


if steps[0].total:
    st.write(
        _(
            "Of {posted} challenges posted, {solved} were solved on the line and {landed} became landing projects.",
            posted=steps[0].total,
            solved=next(step.total for step in steps if step.key == "solved"),
            landed=steps[-1].total,
        )
    )
show_figures()
show_pipeline()
show_landings()
show_overdue(late)

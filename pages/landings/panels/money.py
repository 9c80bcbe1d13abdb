"""Money, jobs and output: over time, planned against actual, the form for a figure, every figure that was entered."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from portal import clock
from portal.errors import Invalid
from portal.landings.commands import record_figure
from portal.landings.figures import (
    DayJobs,
    DayMoney,
    Standing,
    jobs_over_time,
    money_over_time,
    output_by_year,
)
from portal.landings.queries import LandingDetail
from portal.landings.rules import parse_amount
from portal.landings.workflow import FigureKind, MoneySource
from portal.permissions import Action
from portal.ui import _, date_time, day, label, money, number, perform, plural
from portal.ui.lists import table
from portal.ui.plots import Line, paired_bars, stacked_steps, steps
from portal.ui.run import tell
from portal.ui.words import escape

WAN = 10**6  # fen


def amount(kind: FigureKind, value: int | None) -> str:
    """`120 万元` or `35 人`; a dash where nothing was entered."""
    if kind is not FigureKind.JOBS or value is None:
        return money(value)
    return plural("{count} person", "{count} persons", value, count=number(value))


def against(record: LandingDetail, *, jobs: bool) -> str:
    """`30 万元 / 120 万元`, `15 人 / 35 人`."""
    kind = FigureKind.JOBS if jobs else FigureKind.INVESTMENT
    row = next(row for row in record.standing if row.kind is kind and row.source is None)
    if row.actual is None and row.planned is None:
        return "—"
    return f"{amount(kind, row.actual)} / {amount(kind, row.planned)}"


def show(record: LandingDetail) -> None:
    _over_time(record)
    table(
        [
            {
                _("Figure"): _name(row),
                _("Planned"): amount(row.kind, row.planned),
                _("Actual"): amount(row.kind, row.actual),
                _("Reached"): _share(row),
            }
            for row in record.standing
        ]
    )
    _government(record)
    if Action.RECORD_FIGURE in record.actions:
        _form(record)
    if record.figures:
        with st.expander(_("Every figure that was entered"), icon=":material/table:"):
            table(
                [
                    {
                        _("As of"): day(row.as_of),
                        _("Figure"): label(row.source) if row.source else label(row.kind),
                        _("Kind"): _("planned") if row.is_plan else _("actual"),
                        _("Amount"): amount(row.kind, row.amount),
                        _("Entered"): f"{row.entered_by} · {date_time(row.entered_at)}",
                    }
                    for row in record.figures
                ]
            )


def _over_time(record: LandingDetail) -> None:
    """Money by source and jobs in steps against their plans, output by year; each with its table."""
    money_days, jobs_days = money_over_time(record.figures), jobs_over_time(record.figures)
    years = output_by_year(record.figures)
    if money_days:
        st.subheader(_("Investment so far, by source (10,000 yuan)"), anchor=False)
        _money_chart(money_days)
    both = (_("Planned"), _("Actual"))
    left, right = st.columns(2, gap="medium") if jobs_days and years else (st.container(), st.container())
    if jobs_days:
        with left:
            st.subheader(_("Jobs"), anchor=False)
            _jobs_chart(jobs_days, both)
    if years:
        with right:
            st.subheader(_("Output of the year (10,000 yuan)"), anchor=False)
            bars = [
                (str(row.year), name, value / WAN)
                for row in years
                for name, value in zip(both, (row.planned, row.actual), strict=True)
                if value is not None
            ]
            words = "；".join(f"{name} {series} {value:,.0f}" for name, series, value in bars)
            paired_bars(bars, names=both, unit=_("10,000 yuan"), words=words, key="output_years")


def _money_chart(days: Sequence[DayMoney]) -> None:
    today = clock.today()
    sources = [source for source in MoneySource if any(source in row.actual for row in days)]
    # An actual sum holds until today, a planned one until the last planned day.
    actual = [row for row in days if row.day <= today]
    actual += [actual[-1]._replace(day=today)] if actual else []
    parts = [Line(row.day, _marked(source), row.actual.get(source, 0) / WAN) for row in actual for source in sources]
    planned = [Line(row.day, _("Planned"), row.planned / WAN) for row in days if row.planned is not None]
    if planned and planned[-1].day < today:
        planned.append(planned[-1]._replace(day=today))
    last = days[-1]
    words = _("Investment so far {actual}, planned {planned}", actual=money(last.total), planned=money(last.planned))
    names = [_marked(source) for source in sources]
    stacked_steps(parts, planned, names=names, unit=_("10,000 yuan"), words=words, key="money_time")
    st.caption(_("The broken line is the plan. Source: figures entered by the parties and operators."))
    with st.expander(_("Show as a table"), icon=":material/table:"):
        table(
            [
                {
                    _("As of"): day(row.day),
                    **{_marked(source): money(row.actual.get(source)) for source in sources},
                    _("Actual, all sources"): money(row.total),
                    _("Planned"): money(row.planned),
                }
                for row in days
            ]
        )


def _jobs_chart(days: Sequence[DayJobs], names: tuple[str, str]) -> None:
    rows = []
    for row in days:
        values = zip(names, (row.planned, row.actual), strict=True)
        rows += [Line(row.day, name, value) for name, value in values if value is not None]
    last = days[-1]
    words = _(
        "Jobs: {actual} of {planned} planned",
        actual=amount(FigureKind.JOBS, last.actual),
        planned=amount(FigureKind.JOBS, last.planned),
    )
    steps(rows, names=names, unit=_("Persons"), words=words, key="jobs_time")


def _marked(source: MoneySource) -> str:
    """Public money is told from all other at a glance."""
    return _("Government (public money)") if source is MoneySource.GOVERNMENT else label(source)


def _government(record: LandingDetail) -> None:
    """How much of the money is public, and how much other money came for each yuan of it."""
    by_source = {row.source: row.actual for row in record.standing if row.kind is FigureKind.INVESTMENT}
    public, total = by_source.get(MoneySource.GOVERNMENT), by_source.get(None)
    if not public or not total:
        return
    st.caption(
        _(
            ":material/account_balance: Government money: {sum}, {share} % of the investment so far.",
            sum=escape(money(public)),
            share=f"{public * 100 / total:.1f}".rstrip("0").rstrip("."),
        )
    )


def _name(row: Standing) -> str:
    if row.kind is not FigureKind.INVESTMENT:
        return label(row.kind)
    return _marked(row.source) if row.source else _("Investment, all sources")


def _share(row: Standing) -> str:
    return f"{row.actual * 100 // row.planned}%" if row.planned and row.actual is not None else "—"


def _form(record: LandingDetail) -> None:
    st.subheader(label(Action.RECORD_FIGURE), anchor=False)
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            what = {kind: label(kind) for kind in FigureKind}
            kind: Any = st.selectbox(_("Figure"), list(what), format_func=what.__getitem__, key="figure_kind")
            kinds = {True: _("planned"), False: _("actual")}
            st.selectbox(_("Kind"), list(kinds), format_func=kinds.__getitem__, key="figure_plan")
            if kind is FigureKind.INVESTMENT:
                sources = {source: label(source) for source in MoneySource}
                st.selectbox(
                    _("Source of the money"), list(sources), format_func=sources.__getitem__, key="figure_source"
                )
            st.date_input(
                _("As of"),
                clock.today(),
                key="figure_day",
                format="YYYY-MM-DD",
                help=_("A plan may be for a day to come; output counts for the whole year of the day."),
            )
        text = st.text_input(
            _("Persons") if kind is FigureKind.JOBS else _("Amount in 10,000 yuan (万元)"),
            key="figure_amount",
            max_chars=40,
            placeholder="35" if kind is FigureKind.JOBS else _("Example: 1200, 1.2 亿元 or 3000 元"),
        )
        if text.strip():
            st.caption(escape(_echo(kind, text)))
        st.button(label(Action.RECORD_FIGURE), type="primary", key="save_figure", on_click=_save, args=(record,))


def _echo(kind: FigureKind, text: str) -> str:
    """What the portal understood, before it is saved: 万 and 元 are easily confused."""
    try:
        value = parse_amount(kind, text)
    except Invalid as refused:
        return _(refused.message, **refused.params)
    if kind is FigureKind.JOBS:
        return _("That is {count} persons.", count=number(value))
    return _("That is {sum}, or {yuan} yuan.", sum=money(value), yuan=f"{value / 100:,.2f}")


def _save(record: LandingDetail) -> None:
    state: Any = st.session_state
    kind = state["figure_kind"]
    done = perform(
        record_figure,
        landing_id=record.row.id,
        kind=kind,
        is_plan=state["figure_plan"],
        amount=state["figure_amount"],
        as_of=state["figure_day"],
        source=state.get("figure_source") if kind is FigureKind.INVESTMENT else None,
    )
    if done:
        tell(_("The figure is recorded."))
        state["figure_amount"] = ""

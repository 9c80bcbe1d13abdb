"""Money and jobs: planned against actual, the form for a figure, and every figure that was entered."""

from typing import Any

import streamlit as st

from portal import clock
from portal.errors import Invalid
from portal.landings.commands import record_figure
from portal.landings.figures import Standing
from portal.landings.queries import LandingDetail
from portal.landings.rules import parse_amount
from portal.landings.workflow import FigureKind, MoneySource
from portal.permissions import Action
from portal.ui import _, date_time, day, label, money, number, perform, plural
from portal.ui.lists import table
from portal.ui.run import tell
from portal.ui.words import escape


def amount(kind: FigureKind, value: int | None) -> str:
    """`120 万元` or `35 人`; a dash where nothing was entered."""
    if kind is FigureKind.INVESTMENT or value is None:
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


def _name(row: Standing) -> str:
    if row.kind is FigureKind.JOBS:
        return label(row.kind)
    return label(row.source) if row.source else _("Investment, all sources")


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
            st.date_input(_("As of"), clock.today(), key="figure_day", format="YYYY-MM-DD")
        text = st.text_input(
            _("Amount in 10,000 yuan (万元)") if kind is FigureKind.INVESTMENT else _("Persons"),
            key="figure_amount",
            max_chars=40,
            placeholder=_("Example: 1200, 1.2 亿元 or 3000 元") if kind is FigureKind.INVESTMENT else "35",
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

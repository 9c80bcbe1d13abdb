"""Side by side: the promised value per metric against its limit, the sum against the budget, then every word."""

from collections import Counter
from uuid import UUID

import streamlit as st

from pages.challenges.parts.tables import limits
from portal.challenges.queries import MetricRow
from portal.reviews.comparison import Column, Comparison, Promise, compare_proposals
from portal.reviews.workflow import Fit
from portal.ui import _, date_time, escape, label, money, number, read
from portal.ui.web_links import file_link
from portal.wording import with_unit


def show(challenge_id: UUID) -> None:
    found = read(compare_proposals, challenge_id)
    if not found.columns:
        st.caption(_("Nobody handed in a proposal."))
        return
    st.caption(_("Your reading of the proposals is recorded. Values exactly on a limit meet it."))
    names = _names(found.columns)
    for head, *cells in _rows(found):
        _row(head, names, cells)
    st.subheader(_("In their own words"), anchor=False)
    for name, column in zip(names, found.columns, strict=True):
        with st.expander(f"{name} · {escape(column.document.title)}", icon=":material/description:"):
            _words(found, column)


def _row(head: str, names: list[str], cells: list[str]) -> None:
    """Proposals side by side, on a phone one below the other: what is compared stays in sight, and so does who."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{head}**")
        grid = st.grid(min(len(cells), 24), min_column_width=180, gap="small")
        for name, cell in zip(names, cells, strict=True):
            # One element a cell: with many proposals each costs.
            grid.markdown(f":small[:gray[{name}]]  \n{cell}")


def _names(columns: list[Column]) -> list[str]:
    """A heading for each, told apart where an institute stands there twice."""
    names = [escape(f"{column.institute} · {column.lead}") for column in columns]
    twins = Counter(names)
    return [f"{name} ({place})" if twins[name] > 1 else name for place, name in enumerate(names, 1)]


def _rows(found: Comparison) -> list[list[str]]:
    """Every cell is either our own word or escaped."""
    columns = found.columns
    rows = [[_("Title"), *(escape(column.document.title) for column in columns)]]
    rows += [
        [_metric(metric), *(_promise(column.promises[place], metric) for column in columns)]
        for place, metric in enumerate(found.metrics)
    ]
    rows.append([_("Mandatory limits missed"), *(_missed(column) for column in columns)])
    budget = _("Sum")
    if found.budget_fen is not None:
        budget = escape(_("Sum (budget {sum})", sum=money(found.budget_fen)))
    rows.append([budget, *(_sum(column, found.budget_fen) for column in columns)])
    rows.append([_("Readiness now → after"), *(_readiness(column) for column in columns)])
    rows.append([_("Handed in on"), *(escape(date_time(column.submitted_at)) for column in columns)])
    rows.append([_("Status"), *(escape(label(column.status)) for column in columns)])
    return rows


def _metric(metric: MetricRow) -> str:
    kind = _("mandatory") if metric.mandatory else _("optional")
    return escape(f"{metric.name} {with_unit(limits(metric.lower, metric.upper), metric.unit)} · {kind}")


def _promise(promise: Promise, metric: MetricRow) -> str:
    """The value with the word for it; the tone never stands alone."""
    if promise.value is None:
        return ":orange-badge[" + escape(_("not promised")) + "]"
    value = escape(with_unit(number(promise.value), metric.unit))
    if promise.fit is Fit.MEETS:
        return f"{value} :green-badge[" + escape(_("meets the limit")) + "]"
    return f"{value} :red-badge[" + escape(_("misses the limit")) + "]"


def _missed(column: Column) -> str:
    if not column.missed:
        return ":green-badge[" + escape(_("none")) + "]"
    return ":red-badge[" + escape(str(column.missed)) + "]"


def _sum(column: Column, budget: int | None) -> str:
    amount = escape(money(column.document.sum_fen))
    if budget is None:
        return amount
    if column.is_over_budget:
        return f"{amount} :red-badge[" + escape(_("over the budget")) + "]"
    return f"{amount} :green-badge[" + escape(_("within the budget")) + "]"


def _readiness(column: Column) -> str:
    return escape(f"{column.document.readiness_now} → {column.document.readiness_after}")


def _words(found: Comparison, column: Column) -> None:
    document = column.document
    approach = [(row.name, document.approach.get(row.id, "")) for row in found.rubric]
    parts = [
        (_("Summary"), document.summary),
        *approach,
        (_("Evidence for today's readiness"), document.readiness_note),
        (_("Better than today's solution by"), document.advantage),
        (_("Gain"), document.gain),
        (_("Cost of the solution"), document.cost),
        (_("Plan"), document.plan),
        (_("Team"), document.team),
        (_("Members"), "、".join(f"{member.name} {member.organisation}".strip() for member in document.members)),
        (_("Together with"), "、".join(other.name for other in document.co_applicants)),
        (_("What the sum is made of"), document.budget_note),
    ]
    for name, text in parts:
        if text:
            st.caption(escape(name))
            st.text(text)
    for file in document.files:
        file_link(file.name, file.id)

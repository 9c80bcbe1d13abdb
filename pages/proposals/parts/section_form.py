"""One section of the form, made from the challenge's metrics and rubric, and what a colleague changed meanwhile."""

from typing import Any

import streamlit as st

from pages.challenges.parts.tables import limits
from pages.proposals.parts.promises import say_whether_met
from pages.proposals.parts.saving import (
    DECIDING,
    Base,
    as_typed,
    autosave,
    begin,
    load,
    save_open_section,
    typed,
    widget,
)
from portal.challenges.queries import CriterionRow, MetricRow
from portal.errors import N_
from portal.proposals.queries import Form, SectionRow
from portal.proposals.sections import LINE_LIMIT, TEXTS, TextField
from portal.proposals.workflow import ProposalSectionKey
from portal.ui import _, date_time, escape, label
from portal.wording import with_unit

_K = ProposalSectionKey
HELP = {
    _K.COVER: N_("Title, sum and team are what your institute's admin clears; nothing else of it is shown to them."),
    _K.PROMISES: N_("The value that you promise on the enterprise's line, for each acceptance metric."),
    _K.APPROACH: N_("One answer for each criterion by which the proposals are judged."),
    _K.READINESS: N_("Technology readiness level from 1 to 9 (GB/T 22900): a claim with its evidence."),
    _K.ADVANTAGE: N_("By how much you are better than today's solution, and at what cost."),
    _K.PLAN: N_("The way there, in steps that can be checked."),
    _K.TEAM: N_("Who does what. The people themselves are named under “Team and partners”."),
    _K.BUDGET: N_("What the sum on the cover sheet is made of."),
}


def section_form(form: Form, section: SectionRow) -> None:
    """Heading, help, and the fields."""
    st.subheader(label(section.key), anchor=False)
    st.caption(_(HELP[section.key]))
    known = begin(form, section)
    st.session_state[DECIDING] = known.version if known.version != section.version else None
    if known.version != section.version:
        _both_versions(form, section)
    if section.key is _K.PROMISES:
        for metric in form.metrics:
            _promise(known, metric)
    if section.key is _K.APPROACH:
        for criterion in form.rubric:
            _answer(criterion)
    if section.key is _K.READINESS:
        _levels()
    for field in TEXTS.get(section.key, ()):
        _words(section.key, field)
        if section.key is _K.COVER and field.name == "title":
            _sum()


def _both_versions(form: Form, section: SectionRow) -> None:
    """A colleague saved this section meanwhile: both texts on screen, nothing lost, the writer decides."""
    with st.container(border=True):
        st.warning(
            _(
                "{name} saved this section at {moment}. Your text stays in the fields below; this is theirs:",
                name=escape(section.changed_by),
                moment=date_time(section.changed_at),
            ),
            icon=":material/call_merge:",
        )
        for name, value in as_typed(form, section.key, section.content).items():
            st.caption(escape(_field_name(form, section.key, name)))
            st.text("—" if value in (None, "") else str(value))
        with st.container(horizontal=True):
            st.button(_("Keep my text"), key="keep_mine", on_click=_keep_mine, args=(section.version,))
            st.button(_("Take theirs"), key="take_theirs", on_click=_take_theirs, args=(form, section))


def _keep_mine(version: int) -> None:
    save_open_section(version=version)


def _take_theirs(form: Form, section: SectionRow) -> None:
    load(form, section)


def _field_name(form: Form, key: ProposalSectionKey, name: str) -> str:
    if key is _K.PROMISES:
        return next(row.name for row in form.metrics if str(row.id) == name)
    if key is _K.APPROACH:
        return next(row.name for row in form.rubric if str(row.id) == name)
    words = {field.name: _(field.label) for field in TEXTS[key]}
    words |= {
        "sum_fen": _("Sum in 10,000 yuan (万元)"),
        "now": _("Readiness today"),
        "after": _("Readiness after the work"),
    }
    return words[name]


def _words(key: ProposalSectionKey, field: TextField) -> None:
    name = _(field.label) + (" *" if field.required else "")
    common: dict[str, Any] = {
        "key": widget(key, field.name),
        "help": _(field.help) if field.help else None,
        "placeholder": "",
        "on_change": autosave,
    }
    if field.is_line:
        st.text_input(name, **common)
    else:
        st.text_area(name, height=240 if field.limit > LINE_LIMIT * 10 else 120, **common)


def _sum() -> None:
    st.text_input(
        _("Sum in 10,000 yuan (万元)") + " *",
        key=widget(_K.COVER, "sum_fen"),
        help=_("Digits with a unit are understood too, e.g. 1.2 亿元."),
        placeholder="",
        on_change=autosave,
    )


def _promise(known: Base, metric: MetricRow) -> None:
    """The value, its limits and unit beside it, and at once whether it keeps them."""
    value = str(typed(known).get(str(metric.id)) or "")
    with st.container(border=True), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            escape(metric.name) + (" *" if metric.mandatory else ""),
            key=widget(_K.PROMISES, str(metric.id)),
            help=escape(metric.method) if metric.method else None,
            placeholder="",
            on_change=autosave,
            width=260,
        )
        with st.container(gap=None, width="content"):
            asked = with_unit(limits(metric.lower, metric.upper), metric.unit)
            st.text(_("Asked: {limits}", limits=asked))
            say_whether_met(value, metric)


def _answer(criterion: CriterionRow) -> None:
    st.text_area(
        f"{escape(criterion.name)} · {criterion.weight}% \\*",
        key=widget(_K.APPROACH, str(criterion.id)),
        help=escape(criterion.description) if criterion.description else None,
        height=200,
        placeholder="",
        on_change=autosave,
    )


def _levels() -> None:
    with st.container(horizontal=True):
        for name, words in (("now", _("Readiness today")), ("after", _("Readiness after the work"))):
            st.selectbox(
                f"{words} *",
                list(range(1, 10)),
                index=None,
                key=widget(_K.READINESS, name),
                placeholder=_("Please choose"),
                on_change=autosave,
            )

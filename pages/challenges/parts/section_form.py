"""One section of the form: its fields with help, its level of disclosure, and what a colleague changed meanwhile."""

from datetime import datetime
from typing import Any

import streamlit as st

from pages.challenges.parts.attachments import attachments
from pages.challenges.parts.saving import BASE, DECIDING, Base, autosave, begin, load, save_open_section, widget
from pages.challenges.parts.sections import show_content
from pages.challenges.parts.table_form import metrics_form, rubric_form
from pages.challenges.parts.tables import show_metrics, show_rubric
from portal.challenges.commands import set_disclosure
from portal.challenges.drafts import Draft, DraftSection
from portal.challenges.sections import SHAPES, Field, Kind
from portal.challenges.workdays import is_workday
from portal.challenges.workflow import Disclosure, IpRegime, SectionKey
from portal.organisations.places import industries, industry_name, town_name, towns
from portal.ui import _, date_time, escape, label, language, money, perform, time_left


def section_form(draft: Draft, section: DraftSection) -> None:
    """Heading, help, comments of the last return, level, fields."""
    shape = SHAPES[section.key]
    st.subheader(label(section.key), anchor=False)
    st.caption(_(shape.help))
    for row in draft.comments:
        if row.section is section.key:
            st.warning(escape(row.text), icon=":material/rate_review:")
    known = begin(draft, section)
    st.session_state[DECIDING] = known.version if known.version != section.version else None
    if known.version != section.version:
        _both_versions(draft, section)
    _disclosure(draft, section)
    if section.key is SectionKey.METRICS:
        metrics_form(draft)
    if section.key is SectionKey.RUBRIC:
        rubric_form(draft)
    for field in shape.fields:
        _field(section.key, field)
        _echo(field, section.content.get(field.name))
    if section.key is SectionKey.ATTACHMENTS:
        attachments(draft)


def _both_versions(draft: Draft, section: DraftSection) -> None:
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
        if section.key is SectionKey.METRICS:
            show_metrics(draft.id)
        if section.key is SectionKey.RUBRIC:
            show_rubric(draft.id)
        show_content(section.key, section.content, everything=True)
        with st.container(horizontal=True):
            st.button(
                _("Keep my text"),
                key="keep_mine",
                on_click=_keep_mine,
                args=(section.version,),
            )
            st.button(_("Take theirs"), key="take_theirs", on_click=_take_theirs, args=(draft, section))


def _keep_mine(version: int) -> None:
    save_open_section(version=version)


def _take_theirs(draft: Draft, section: DraftSection) -> None:
    load(draft.id, section)


def _disclosure(draft: Draft, section: DraftSection) -> None:
    if SHAPES[section.key].always_public:
        st.caption(":material/public: " + _("This section is public: lists and filters show it to everybody."))
        return
    key = f"level_{section.key.value}"
    st.session_state[key] = section.disclosure
    st.segmented_control(
        _("Who may read it once it is published"),
        list(Disclosure),
        format_func=label,
        key=key,
        required=True,
        on_change=_set_disclosure,
        args=(draft, section, key),
    )


def _set_disclosure(draft: Draft, section: DraftSection, key: str) -> None:
    if not save_open_section():
        return
    known: Base = st.session_state[BASE]
    saved = perform(
        set_disclosure,
        challenge_id=draft.id,
        key=section.key,
        disclosure=st.session_state[key],
        version=known.version,
    )
    if saved is not None:
        st.session_state[BASE] = known._replace(version=saved.version)


def _field(key: SectionKey, field: Field) -> None:
    """One field; committing it saves the section."""
    name = _(field.label) + (" *" if field.required else "")
    common: dict[str, Any] = {"help": _(field.help) or None if field.help else None, "on_change": autosave}
    match field.kind:
        case Kind.TEXT:
            height = 100 if field.name in ("note", "cost_note") else 200
            st.text_area(name, key=widget(key, field.name), height=height, placeholder="", **common)
        case Kind.MOMENT:
            _moment(key, field, name, common)
        case Kind.LINE | Kind.MONEY:
            st.text_input(name, key=widget(key, field.name), placeholder="", **common)
        case _:
            options, words = _options(field.kind)
            st.selectbox(
                name,
                options,
                format_func=words,
                key=widget(key, field.name),
                index=None,
                placeholder=_("Please choose"),
                **common,
            )


def _echo(field: Field, value: Any) -> None:
    """How a sum or a date was understood."""
    if value and field.kind is Kind.MONEY:
        st.caption(f"= {money(value)}")
    if value and field.kind is Kind.MOMENT:
        moment = datetime.fromisoformat(value)
        words = [f"= {date_time(moment)}", time_left(moment)]
        if not is_workday(moment.date())[0]:
            words.append(_("That is a day off."))
        st.caption(" · ".join(words))


def _moment(key: SectionKey, field: Field, name: str, common: dict[str, Any]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.date_input(name, key=widget(key, f"{field.name}_day"), value=None, format="YYYY-MM-DD", **common)
        st.text_input(
            _("Time in Hangzhou"),
            key=widget(key, f"{field.name}_time"),
            placeholder="17:00",
            on_change=autosave,
        )


def _options(kind: Kind) -> tuple[list[Any], Any]:
    code = language()
    if kind is Kind.INDUSTRY:
        return [row.code for row in industries()], lambda value: f"{value} {industry_name(value, code)}"
    if kind is Kind.TOWN:
        return [row.code for row in towns()], lambda value: town_name(value, code)
    if kind is Kind.READINESS:
        return list(range(1, 10)), str
    return [regime.value for regime in IpRegime], lambda value: label(IpRegime(value))

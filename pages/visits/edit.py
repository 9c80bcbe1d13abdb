"""Plan a visit, or change one: what, when, where, for whom, and the programme."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import streamlit as st

from pages.visits.panels import tables
from portal import clock
from portal.challenges.desk import brokers
from portal.organisations.places import towns
from portal.organisations.queries import verified_organisations
from portal.organisations.workflow import OrganisationKind
from portal.permissions import Action, Role, can
from portal.ui import _, actor, ask, label, language, perform, read
from portal.ui.record import empty, title
from portal.ui.shell import open_page
from portal.visits.commands import ORGANISERS, edit_visit, plan_visit
from portal.visits.details import visit_detail, visit_form
from portal.visits.rules import MOST_PLACES, VisitForm
from portal.visits.workflow import VisitKind

current, state = actor(), st.session_state
chosen = ask("id")
if chosen is None and not can(current, Action.PLAN_VISIT):
    empty(_("Visits are planned by organisations and operators."), page="visits", link=_("Visits"))
    st.stop()
record = read(visit_detail, chosen) if chosen else None
stored = read(visit_form, chosen) if chosen else None
if record is not None and Action.EDIT_VISIT not in record.actions:
    empty(_("This visit cannot be changed any more."), page="visits", link=_("Visits"))
    st.stop()
title(label(Action.EDIT_VISIT if stored else Action.PLAN_VISIT))
state.setdefault("visit_token", uuid4())
# The version that was on screen when the button was pressed: somebody else may have saved since.
drawn, now_there = state.get("visit_drawn"), (chosen, record.version if record else 0)
version = drawn[1] if drawn and drawn[0] == chosen else now_there[1]
state["visit_drawn"] = now_there
in_a_month = clock.today() + timedelta(days=30)


def at_hangzhou(instant: datetime) -> datetime:
    """As the field shows it: without a zone, on a clock in Hangzhou."""
    return clock.local(instant).replace(tzinfo=None, second=0, microsecond=0)


def instant(typed: datetime) -> datetime:
    return clock.from_local(typed.year, typed.month, typed.day, typed.hour, typed.minute)


def choose(name: str, rows: dict[UUID, str], value: UUID | None, key: str) -> Any:
    """One organisation or person of many, or none."""
    ids = list(rows)
    index = ids.index(value) if value in ids else None
    return st.selectbox(name, ids, index=index, format_func=rows.__getitem__, key=key, placeholder=_("None"))


organisations = dict(read(verified_organisations, kinds=ORGANISERS))
institutes = dict(read(verified_organisations, kinds=(OrganisationKind.INSTITUTE,)))
place_names = {place.code: place.in_language(language()) for place in towns()}
organiser_id = current.organisation_id
if stored is None and current.role is Role.OPERATOR:
    organiser_id = choose(_("Organiser") + " *", organisations, None, "organiser")
else:
    st.text(_("Organiser: {name}", name=record.row.organiser if record else current.organisation_name))

kinds = {kind: label(kind) for kind in VisitKind}
kind = st.segmented_control(
    _("Kind"),
    list(kinds),
    default=stored.kind if stored else VisitKind.STUDY,
    format_func=kinds.__getitem__,
    key="kind",
    required=True,
)
name = st.text_input(_("Title") + " *", stored.title if stored else "", key="title", max_chars=200)
with st.container(horizontal=True, vertical_alignment="bottom"):
    first = st.date_input(_("First day"), stored.starts_on if stored else in_a_month, key="first", format="YYYY-MM-DD")
    last = st.date_input(_("Last day"), stored.ends_on if stored else in_a_month, key="last", format="YYYY-MM-DD")
    codes = list(place_names)
    town = st.selectbox(
        _("Town") + " *",
        codes,
        index=codes.index(stored.town_code) if stored and stored.town_code in codes else None,
        format_func=place_names.__getitem__,
        key="town",
        placeholder=_("Choose the town"),
    )
    capacity = st.number_input(_("Places"), 1, MOST_PLACES, stored.capacity if stored else 40, key="capacity")
with st.container(horizontal=True, vertical_alignment="bottom"):
    opens = st.datetime_input(
        _("Registration opens (Beijing time)"),
        at_hangzhou(stored.registration_opens_at if stored else clock.now()),
        key="opens",
    )
    closes = st.datetime_input(
        _("Registration closes (Beijing time)"),
        at_hangzhou(stored.registration_closes_at)
        if stored
        else datetime(in_a_month.year, in_a_month.month, in_a_month.day, 8),  # noqa: DTZ001 – as the field shows it
        key="closes",
    )
with st.container(horizontal=True, vertical_alignment="bottom"):
    meeting = st.text_input(_("Meeting point"), stored.meeting_point if stored else "", key="meeting", max_chars=200)
    contact = st.text_input(
        _("Contact on the day"),
        stored.contact if stored else "",
        key="contact",
        max_chars=200,
        placeholder=_("Office and telephone; everybody reads it"),
    )
with st.container(horizontal=True, vertical_alignment="bottom"):
    partner_id = choose(_("Partner"), organisations, stored.partner_id if stored else None, "partner")
    broker_id = stored.broker_id if stored else None
    if current.role is Role.OPERATOR:
        helpers = {person: f"{who} · {agency}" for person, who, agency in read(brokers)}
        broker_id = choose(_("Broker who helps"), helpers, broker_id, "broker")
audience = st.multiselect(
    _("Only for people of"),
    list(institutes),
    default=[one for one in stored.audience if one in institutes] if stored else [],
    format_func=institutes.__getitem__,
    key="audience",
    placeholder=_("Everybody"),
)
summary = st.text_area(_("About this visit"), stored.summary if stored else "", key="summary", max_chars=2000)

programme, sites = tables.programme(stored, now_there), tables.sites(stored, now_there)

if st.button(_("Save"), type="primary", key="save"):
    form = VisitForm(
        kind=kind or VisitKind.STUDY,
        title=name,
        town_code=town or "",
        starts_on=first,
        ends_on=last,
        capacity=int(capacity),
        registration_opens_at=instant(opens),
        registration_closes_at=instant(closes),
        partner_id=partner_id,
        broker_id=broker_id,
        summary=summary,
        meeting_point=meeting,
        contact=contact,
        audience=audience,
        programme=programme,
        sites=sites,
    )
    if chosen:
        done = perform(edit_visit, visit_id=chosen, version=version, form=form)
        made = chosen if done is not None else None
    else:
        made = perform(plan_visit, form=form, organiser_id=organiser_id, visit_id=state["visit_token"])
    if made:
        for key in [key for key in state if str(key).startswith(("visit_", "programme_", "sites_"))]:
            del state[key]
        open_page("visit", made)

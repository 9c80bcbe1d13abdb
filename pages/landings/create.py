"""Record a landing project: from a solved challenge, which fills in the parties, or on its own."""

from typing import Any
from uuid import uuid4

import streamlit as st

from portal import clock
from portal.landings.commands import create_landing
from portal.landings.queries import Source, landing_sources
from portal.landings.workflow import LandingCategory, LandingLane
from portal.organisations.places import industries, towns
from portal.organisations.queries import verified_organisations
from portal.organisations.workflow import OrganisationKind
from portal.permissions import Action, Role, can
from portal.ui import _, actor, ask, label, language, perform, read
from portal.ui.record import empty, title
from portal.ui.shell import open_page

current = actor()
title(label(Action.CREATE_LANDING))
if not can(current, Action.CREATE_LANDING):
    empty(
        _("Projects are recorded by enterprises, institutes and operators."),
        page="landings",
        link=_("Landing projects"),
    )
    st.stop()

state = st.session_state
state.setdefault("landing_token", uuid4())
sources = {str(row.challenge_id): row for row in read(landing_sources)}
asked = str(ask("id"))  # whoever comes from its validation
chosen = st.selectbox(
    _("Solved challenge"),
    list(sources),
    index=list(sources).index(asked) if asked in sources else None,
    format_func=lambda key: sources[key].title,
    key="source",
    placeholder=_("None: the project came on its own"),
)
source: Source | None = sources.get(chosen) if chosen else None
tag = chosen or "own"


def choose(name: str, kind: OrganisationKind, own: bool) -> Any:
    """One party; one's own organisation is set."""
    if own:
        st.text(f"{name}: {current.organisation_name}")
        return current.organisation_id
    rows = dict(read(verified_organisations, kinds=(kind,)))
    return st.selectbox(
        name, list(rows), index=None, format_func=rows.__getitem__, key=f"party_{kind.value}", placeholder=_("None")
    )


enterprise_id = institute_id = None
if source is None:
    st.caption(_("Name the enterprise, the institute or both."))
    is_enterprise = current.role in (Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_MEMBER)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        enterprise_id = choose(_("Enterprise"), OrganisationKind.ENTERPRISE, is_enterprise)
        institute_id = choose(_("Institute"), OrganisationKind.INSTITUTE, current.role is Role.INSTITUTE_ADMIN)

place_names = {row.code: row.in_language(language()) for row in towns()}
industry_names = {row.code: row.in_language(language()) for row in industries()}
name = st.text_input(_("Title") + " *", source.title if source else "", key=f"title_{tag}", max_chars=200)
with st.container(horizontal=True, vertical_alignment="bottom"):
    categories = {member: label(member) for member in LandingCategory}
    category: Any = st.selectbox(
        _("Category"), list(categories), format_func=categories.__getitem__, key="new_category"
    )
    light_only = category is LandingCategory.TALENT
    lanes = {lane: label(lane) for lane in LandingLane if lane is LandingLane.LIGHT or not light_only}
    lane = st.selectbox(
        _("Lane"),
        list(lanes),
        format_func=lanes.__getitem__,
        key=f"lane_{category}",
        help=_("Heavy: site, construction, production. Light: software, services, research; talent projects."),
    )
    codes = list(place_names)
    town = st.selectbox(
        _("Town") + " *",
        codes,
        index=codes.index(source.town_code) if source and source.town_code in codes else None,
        format_func=place_names.__getitem__,
        key=f"town_{tag}",
        placeholder=_("Choose the town"),
    )
    divisions = list(industry_names)
    industry = st.selectbox(
        _("Industry"),
        divisions,
        index=divisions.index(source.industry_code) if source and source.industry_code in divisions else None,
        format_func=lambda code: f"{code} {industry_names[code]}",
        key=f"industry_{tag}",
        placeholder=_("Choose the industry"),
    )
place = st.text_input(_("Place"), key="place", max_chars=200, placeholder=_("Park, building or plot, if known"))
since = st.date_input(_("A lead since"), clock.today(), key="since", format="YYYY-MM-DD")
summary = st.text_area(_("What it is about"), source.summary if source else "", key=f"summary_{tag}", max_chars=2000)

if st.button(label(Action.CREATE_LANDING), type="primary", key="save"):
    made = perform(
        create_landing,
        title=name,
        summary=summary,
        category=category,
        lane=lane,
        town_code=town or "",
        place=place,
        since=since,
        industry_code=industry,
        challenge_id=source.challenge_id if source else None,
        enterprise_id=enterprise_id,
        institute_id=institute_id,
        landing_id=state["landing_token"],
    )
    if made:
        del state["landing_token"]
        open_page("landing", made)

"""The filters of the list of projects, the ones that are asked for often in sight, the others behind a button."""

import streamlit as st

from portal.landings.filters import LandingFilter
from portal.landings.queries import RUNNING
from portal.landings.workflow import FirstLevel, LandingCategory, LandingFlag, LandingLane, LandingStage
from portal.organisations.places import towns
from portal.permissions import Actor
from portal.ui import _, filters, label, language

BEHIND_THE_BUTTON = ("lane", "first")


def landing_filters(current: Actor) -> LandingFilter:
    """What the reader asks for, from the address. Visitors know no flags, so they filter by none."""
    names = {place.code: place.in_language(language()) for place in towns()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stages = {RUNNING: _("All under way"), **{one.value: label(one) for one in LandingStage}}
        stage = filters.choice(_("Stage"), stages, "stage", anything=_("Any stage"))
        town = filters.choice(_("Town"), names, "town", anything=_("All towns"))
        category = filters.member(_("Category"), LandingCategory, "category", anything=_("All categories"))
        flag = filters.member(_("Flag"), LandingFlag, "flag", anything=_("Any flag")) if current.signed_in else None
        with st.popover(_more_filters(), icon=":material/tune:"):
            lane = filters.member(_("Lane"), LandingLane, "lane", anything=_("Both lanes"))
            first = filters.member(_("First of its kind"), FirstLevel, "first", anything=_("Any project"))
    return LandingFilter(
        stage=LandingStage(stage) if stage and stage != RUNNING else None,
        running=stage == RUNNING,
        town=town or None,
        category=category,
        lane=lane,
        flag=flag,
        first=first,
    )


def _more_filters() -> str:
    """The button says how many of the filters behind it narrow the list."""
    used = sum(st.query_params.get(key, "any") != "any" for key in BEHIND_THE_BUTTON)
    return _("More filters ({count})", count=used) if used else _("More filters")

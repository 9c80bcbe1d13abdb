"""The filters of the challenge list in one line, the rarer ones behind a button."""

import streamlit as st

from portal.challenges.queries import PUBLIC_GROUPS, STATUS_GROUPS, ListFilter
from portal.challenges.rules import BUDGET_BANDS
from portal.errors import N_
from portal.metrics.queries import STEPS
from portal.organisations.places import industries, industry_sections, towns
from portal.permissions import Action, Actor, Role, can
from portal.ui import _, filters, language

GROUPS = {
    "open": N_("Open for answers"),
    "paused": N_("Paused"),
    "judging": N_("Closed, being judged"),
    "proving": N_("Awarded, proven on the line"),
    "ended": N_("Solved or ended"),
    "preparing": N_("In preparation"),
    "stopped": N_("Rejected or withdrawn"),
}
BANDS = {
    "under_100": N_("Below 1 million yuan"),
    "100_300": N_("1 to 3 million yuan"),
    "300_1000": N_("3 to 10 million yuan"),
    "over_1000": N_("10 million yuan and more"),
}
ORDERS = {
    "closing": N_("Deadline, soonest first"),
    "newest": N_("Changed last"),
    "budget": N_("Budget, largest first"),
    "readiness": N_("Readiness wanted, lowest first"),
}
PREPARING = frozenset(
    {
        Role.ENTERPRISE_MEMBER,
        Role.ENTERPRISE_ADMIN,
        Role.OPERATOR,
        Role.APPROVER,
        Role.BROKER,
        Role.LEADER,
        Role.AUDITOR,
    }
)
BEHIND_THE_BUTTON = ("trl", "band", "before", "reached", "submitted", "order")
OWNERS = frozenset({Role.ENTERPRISE_MEMBER, Role.ENTERPRISE_ADMIN, Role.BROKER})


def challenge_filters(current: Actor) -> tuple[ListFilter, str]:
    """What the reader asks for, and the order; both from the address."""
    inside = current.role in PREPARING
    groups = {name: _(GROUPS[name]) for name in (STATUS_GROUPS if inside else PUBLIC_GROUPS)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = filters.text(_("Search"), "text", placeholder=_("Part of the title, or a number"))
        group = filters.choice(_("Status"), groups, "group", anything=_("Any status"), default="" if inside else "open")
        industry = filters.choice(_("Industry"), _industries(), "industry", anything=_("All industries"))
        town = filters.choice(_("Town"), _towns(), "town", anything=_("All towns"))
        with st.popover(_more_filters(), icon=":material/tune:"):
            levels = {str(level): str(level) for level in range(1, 10)}
            trl = filters.choice(_("Readiness wanted (1 to 9)"), levels, "trl", anything=_("Any readiness"))
            bands = {name: _(BANDS[name]) for name in BUDGET_BANDS}
            band = filters.choice(_("Budget"), bands, "band", anything=_("Any budget"))
            closes_before = filters.day(_("Closes on or before"), "before")
            reached, period = _progress(current)
            orders = {name: _(word) for name, word in ORDERS.items()}
            # Who prepares or watches looks for what moved; what closed long ago would come first otherwise.
            usual = "newest" if inside else "closing"
            first = orders.pop(usual)
            order = filters.choice(_("Sort by"), orders, "order", anything=first)
        mine = current.role in OWNERS and filters.switch(_("Only mine"), "mine")
    wanted = ListFilter(
        industry=industry or None,
        town=town or None,
        trl=int(trl) if trl else None,
        band=band or None,
        closes_before=closes_before,
        group=group or None,
        text=text,
        mine=mine,
        reached=reached,
        period=period,
    )
    return wanted, order or usual


def _more_filters() -> str:
    """Says how many of the filters behind the button narrow the list."""
    count = sum(key in st.query_params for key in BEHIND_THE_BUTTON)
    return _("More filters ({count})", count=count) if count else _("More filters")


def _progress(current: Actor) -> tuple[str, str]:
    """How far a challenge has come, and when it was submitted: what the figures of the cockpit count."""
    if not can(current, Action.READ_COCKPIT):
        return "", ""
    steps = {key: _(word) for key, word in STEPS}
    reached = filters.choice(_("Has reached"), steps, "reached", anything=_("Any step"))
    periods = {"year": _("Last 12 months"), "quarter": _("Last 3 months")}
    return reached, filters.choice(_("Submitted in"), periods, "submitted", anything=_("Any time"))


def _industries() -> dict[str, str]:
    """Sections with their divisions below them."""
    code = language()
    divisions = industries()
    found: dict[str, str] = {}
    for section in industry_sections():
        found[section.code] = f"{section.code} {section.in_language(code)}"
        found |= {row.code: f"{row.code} {row.in_language(code)}" for row in divisions if row.parent == section.code}
    return found


def _towns() -> dict[str, str]:
    return {row.code: row.in_language(language()) for row in towns()}

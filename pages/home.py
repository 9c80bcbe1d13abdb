"""Home: what waits for me, or for a visitor what this place is and the next challenge that closes."""

import streamlit as st

from pages.challenges.parts.rows import card as challenge_card
from portal.accounts.queries import count_platform_admins
from portal.challenges.commands import create_challenge
from portal.challenges.queries import ListFilter, list_challenges
from portal.metrics.queries import public_figures
from portal.metrics.waiting import Waiting, waiting_for
from portal.permissions import Action, Role, can
from portal.ui import _, actor, ago, perform, plural, read, time_left
from portal.ui.lists import Card, cards, lines
from portal.ui.record import empty, title
from portal.ui.shell import open_page

current = actor()


def visitor_home() -> None:
    title(_("Enterprises set problems, institutes answer, the line proves it, the project lands"))
    st.write(
        _(
            "In Yuhang an enterprise posts a problem with measurable acceptance metrics, institutes hand in sealed "
            "proposals, one is awarded, and the answer is proven on the enterprise's production line."
        )
    )
    figures = read(lambda session, _actor: public_figures(session))
    with st.grid(3, min_column_width=100):
        st.metric(_("Open now"), figures.open, border=True)
        st.metric(_("Solved"), figures.solved, border=True)
        st.metric(_("Projects under way"), figures.under_way, border=True)
    with st.container(horizontal=True):
        if st.button(_("See the open challenges"), type="primary", icon=":material/arrow_forward:"):
            open_page("challenges")
    closing = read(list_challenges, ListFilter(group="open"), order="closing", limit=3).rows
    if closing:
        st.subheader(_("Closing next"), anchor=False)
        cards(map(challenge_card, closing))


def my_home() -> None:
    title(_("What waits for me"))
    if current.role is Role.PLATFORM_ADMIN and read(lambda session, _actor: count_platform_admins(session)) < 2:
        st.warning(
            _("There are fewer than two platform admins. Official roles need two people: please invite another one."),
            icon=":material/group_add:",
        )
    rows = read(waiting_for)
    if not rows:
        nothing_waits()
        return
    st.caption(plural("{count} thing to do", "{count} things to do", len(rows)))
    lines(map(card, rows))


def card(row: Waiting) -> Card:
    when = time_left(row.due) if row.due else ago(row.since) if row.since else ""
    # The act and the record are one link: what waits is opened wherever it is touched.
    icon = ":material/arrow_circle_right:"
    return Card(_(row.message), row.page, row.object_id, below=row.subject, icon=icon, text=when)


def nothing_waits() -> None:
    if current.role in (Role.LEADER, Role.AUDITOR):
        page = "cockpit" if current.role is Role.LEADER else "trail"
        label = _("Open the cockpit") if current.role is Role.LEADER else _("Open the audit trail")
        empty(_("Nothing waits for your decision."), page=page, link=label)
    elif current.role is Role.PLATFORM_ADMIN:
        empty(_("Nothing waits for you now."), page="people", link=_("Accounts and roles"))
    elif current.role is Role.VISITOR:
        empty(_("You have no active role. Ask the admin of your organisation to invite you."))
    elif can(current, Action.DRAFT_CHALLENGE) and current.organisation_id is not None:
        empty(_("Nothing waits for you now."))
        if st.button(_("Set a challenge"), type="primary", icon=":material/add:") and (
            challenge_id := perform(create_challenge)
        ):
            open_page("challenge-edit", challenge_id)
    else:
        empty(_("Nothing waits for you now."), page="challenges", link=_("See the open challenges"))


if current.signed_in:
    my_home()
else:
    visitor_home()

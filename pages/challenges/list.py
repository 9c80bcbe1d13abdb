"""Challenges: what is open, and for those who prepare or judge them what stands where."""

import streamlit as st

from pages.challenges.parts.filters import challenge_filters
from pages.challenges.parts.rows import card, cells
from portal.challenges.commands import create_challenge
from portal.challenges.queries import ListFilter, list_challenges
from portal.permissions import Action, Role, can
from portal.ui import _, actor, filters, perform, plural, read
from portal.ui.lists import cards, count_text, export_link, linked_table, offset_of, page_number, page_size
from portal.ui.record import empty, title
from portal.ui.shell import open_page

current = actor()
may_draft = can(current, Action.DRAFT_CHALLENGE) and current.organisation_id is not None


def draft() -> None:
    if challenge_id := perform(create_challenge):
        open_page("challenge-edit", challenge_id)


with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    title(_("Challenges"))
    if may_draft and st.button(_("Set a challenge"), type="primary", icon=":material/add:"):
        draft()
if current.role is Role.VISITOR:
    st.caption(_("Enterprises set problems with measurable acceptance metrics; institutes answer under seal."))

wanted, order = challenge_filters(current)
size = page_size()
found = read(list_challenges, wanted, order=order, offset=offset_of(size=size), limit=size)
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.caption(plural("{count} challenge", "{count} challenges", found.total, count=count_text(found.total)))
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        export_link("challenges", group=wanted.group)
        view = filters.view()

if not found.rows:
    if wanted in (ListFilter(), ListFilter(group="open")):
        empty(_("No challenge is open now. The next one appears here as soon as it is published."))
    else:
        empty(_("No challenge fits these filters."))
        filters.clear_button()
elif view == "cards":
    cards(map(card, found.rows))
else:
    heads = (_("Challenge"), _("Enterprise"), _("Status"), _("Deadline"), _("Budget"))
    linked_table(heads, map(cells, found.rows))
page_number(found.total, size=size)

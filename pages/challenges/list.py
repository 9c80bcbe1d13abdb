"""Challenges: what is open, and for those who prepare or judge them what stands where."""

import streamlit as st

from pages.challenges.parts.filters import challenge_filters
from pages.challenges.parts.rows import card, lines
from portal.challenges.commands import create_challenge
from portal.challenges.queries import ListFilter, list_challenges
from portal.permissions import Action, Role, can
from portal.ui import _, actor, perform, read
from portal.ui.lists import cards, count_text, offset_of, page_number, view_choice
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
found = read(list_challenges, wanted, order=order, offset=offset_of())
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.caption(_("{count} challenges", count=count_text(found.total)))
    view = view_choice()

if not found.rows:
    if wanted == ListFilter():
        empty(_("There is no challenge yet. The first one appears here as soon as it is published."))
    else:
        empty(_("No challenge fits these filters. Widen them to see more."))
elif view == "cards":
    cards(found.rows, card)
else:
    lines(found.rows)
page_number(found.total)

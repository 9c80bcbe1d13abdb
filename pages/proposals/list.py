"""My proposals: drafts and submitted ones, where each stands and what comes next."""

import streamlit as st

from portal.permissions import Action, can
from portal.proposals.lists import ProposalRow, list_mine
from portal.proposals.workflow import ProposalStatus
from portal.ui import _, actor, date_time, escape, label, plural, read, time_left
from portal.ui.lists import PAGE_SIZE, cards, count_text, offset_of, page_number
from portal.ui.record import empty, title
from portal.ui.shell import page_path
from portal.ui.tones import badge

S = ProposalStatus
title(_("My proposals"))
rows = read(list_mine)
if not rows:
    if can(actor(), Action.DRAFT_PROPOSAL):
        empty(
            _("You have not answered a challenge yet. Find one that fits, and write a proposal from its page."),
            page=page_path("challenges/list.py"),
            link=_("See the open challenges"),
        )
    else:
        empty(_("No proposal can be shown to you. Those of your institute appear here once they are opened."))
    st.stop()


def next_step(row: ProposalRow) -> str:
    """What there is to do, in one line."""
    if row.to_acknowledge:
        return _("Acknowledge an addendum")
    if row.is_editable:
        return {
            S.DRAFT: _("Finish and submit it"),
            S.INTERNAL_CHECK: _("Your institute's admin clears it"),
            S.SUBMITTED: _("It counts; until the deadline it can be replaced"),
        }.get(row.status, _("It can be submitted again until the deadline"))
    if row.status in (S.DRAFT, S.INTERNAL_CHECK):
        return _("It was never submitted, and the deadline has passed")
    return _("Sealed until the opening") if row.status is S.SUBMITTED else ""


def draw(row: ProposalRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
        badge(row.status)
        st.caption(row.challenge_number)
    script = "proposals/edit.py" if row.is_editable else "proposals/proposal.py"
    name = escape(row.title or _("Untitled draft"))
    st.page_link(page_path(script), label=f"**{name}**", query_params={"id": str(row.id)})
    st.text(row.challenge_title)
    lines = [next_step(row)]
    if row.is_editable and row.closes_at:
        lines.append(_("Until {deadline}", deadline=f"{date_time(row.closes_at)} ({time_left(row.closes_at)})"))
    if row.submitted_at:
        lines.append(_("Submitted {moment}", moment=date_time(row.submitted_at)))
    if not row.is_lead and can(actor(), Action.EDIT_PROPOSAL):
        lines.append(_("You are on the team"))
    st.caption("  \n".join(escape(line) for line in lines if line) or label(row.status))


st.caption(plural("{count} proposal", "{count} proposals", len(rows), count=count_text(len(rows))))
offset = offset_of()
cards(rows[offset : offset + PAGE_SIZE], draw)
page_number(len(rows))

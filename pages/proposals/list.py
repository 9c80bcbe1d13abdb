"""My proposals: drafts and submitted ones, where each stands and what comes next."""

import streamlit as st

from portal.challenges.workflow import ChallengeStatus
from portal.paging import first_row
from portal.permissions import Action, can
from portal.proposals.lists import ProposalRow, list_mine
from portal.proposals.workflow import ProposalStatus
from portal.ui import _, actor, date_time, plural, read, time_left
from portal.ui.lists import CARDS_ON_A_PAGE, Card, cards, count_text, offset_of, page_number
from portal.ui.record import empty, title

S = ProposalStatus
title(_("My proposals"))
rows = read(list_mine)
if not rows:
    if can(actor(), Action.DRAFT_PROPOSAL):
        empty(
            _("You have not answered a challenge yet. Find one that fits, and write a proposal from its page."),
            page="challenges",
            link=_("See the open challenges"),
        )
    else:
        empty(_("No proposal can be shown to you. Those of your institute appear here once they are opened."))
    st.stop()


def is_negotiated(row: ProposalRow) -> bool:
    """What there is to do then is done in the evaluation."""
    return row.status is S.SHORTLISTED and row.challenge_status is ChallengeStatus.NEGOTIATING


def next_step(row: ProposalRow) -> str:
    """What there is to do, in one line."""
    if row.to_acknowledge:
        return _("Acknowledge an addendum")
    if is_negotiated(row):
        return _("Terms are negotiated with you: see them here")
    if row.is_editable:
        return {
            S.DRAFT: _("Finish and submit it"),
            S.INTERNAL_CHECK: _("Your institute's admin clears it"),
            S.SUBMITTED: _("It counts; until the deadline it can be replaced"),
        }.get(row.status, _("It can be submitted again until the deadline"))
    if row.status in (S.DRAFT, S.INTERNAL_CHECK):
        return _("It was never submitted, and the deadline has passed")
    return _("Sealed until the opening") if row.status is S.SUBMITTED else ""


def card(row: ProposalRow) -> Card:
    lines = [next_step(row)]
    if row.is_editable and row.closes_at:
        lines.append(_("Until {deadline}", deadline=f"{date_time(row.closes_at)} · {time_left(row.closes_at)}"))
    if row.submitted_at:
        lines.append(_("Submitted {moment}", moment=date_time(row.submitted_at)))
    if not row.is_lead and can(actor(), Action.EDIT_PROPOSAL):
        lines.append(_("You are on the team"))
    return Card(
        row.title or _("Untitled draft"),
        "evaluation" if is_negotiated(row) else "proposal-edit" if row.is_editable else "proposal",
        row.challenge_id if is_negotiated(row) else row.id,
        badges=[row.status],
        note=row.challenge_number,
        text=row.challenge_title,
        lines=lines,
    )


st.caption(plural("{count} proposal", "{count} proposals", len(rows), count=count_text(len(rows))))
offset = first_row(offset_of(size=CARDS_ON_A_PAGE), CARDS_ON_A_PAGE, len(rows))
cards(map(card, rows[offset : offset + CARDS_ON_A_PAGE]))
page_number(len(rows), size=CARDS_ON_A_PAGE)

"""One challenge in a list: as a card, or as a line of a table."""

from collections.abc import Sequence

import streamlit as st

from portal.challenges.queries import ChallengeRow
from portal.organisations.places import industry_name, town_name
from portal.ui import _, date_time, escape, label, language, money, time_left
from portal.ui.shell import page_path
from portal.ui.tones import badge

PAGE = "challenges/challenge.py"
WIDTHS = [5, 3, 2, 3, 2]


def open_link(row: ChallengeRow) -> None:
    """The title as a link to the record."""
    title = escape(row.title or _("Untitled draft"))
    st.page_link(page_path(PAGE), label=f"**{title}**", query_params={"id": str(row.id)})


def deadline(row: ChallengeRow) -> str:
    """The deadline with the time left while it still runs."""
    if row.closes_at is None:
        return ""
    left = f" ({time_left(row.closes_at)})" if row.status.value == "open" else ""
    return date_time(row.closes_at) + left


def card(row: ChallengeRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
        badge(row.status)
        st.caption(row.number)
    open_link(row)
    if row.summary:
        st.text(row.summary if len(row.summary) <= 90 else row.summary[:89] + "…")
    place = [row.organisation, town_name(row.town_code, language()), industry_name(row.industry_code, language())]
    lines = [" · ".join(part for part in place if part)]
    wants = [
        _("Budget {sum}", sum=money(row.budget_fen)) if row.budget_fen else "",
        _("Readiness {level}", level=row.trl_wanted) if row.trl_wanted else "",
    ]
    lines.append(" · ".join(part for part in wants if part))
    if until := deadline(row):
        lines.append(_("Until {deadline}", deadline=until))
    st.caption("  \n".join(escape(line) for line in lines if line))


def lines(rows: Sequence[ChallengeRow]) -> None:
    """A light table; its first column opens the record."""
    for place, head in enumerate([_("Challenge"), _("Enterprise"), _("Status"), _("Deadline"), _("Budget")]):
        if place == 0:
            columns = st.columns(WIDTHS, vertical_alignment="center")
        columns[place].caption(head)
    for row in rows:
        title, enterprise, status, until, budget = st.columns(WIDTHS, vertical_alignment="center")
        with title:
            open_link(row)
        enterprise.text(row.organisation)
        status.text(label(row.status))
        until.text(deadline(row) or "—")
        budget.text(money(row.budget_fen))

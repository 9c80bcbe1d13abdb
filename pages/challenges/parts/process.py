"""Where a challenge stands: its dates, comments of the last return, the diagram and the history."""

from typing import NamedTuple

import streamlit as st

from portal.challenges.details import ChallengeDetail, return_comments
from portal.challenges.history import HistoryRow, Move, challenge_history, challenge_moves
from portal.challenges.workflow import CHALLENGE_WORKFLOW, ChallengeStatus
from portal.errors import N_
from portal.permissions import Action
from portal.ui import _, date_time, label, read
from portal.ui.record import diagram, history


class _Line(NamedTuple):
    happened_at: object
    what: str
    who: str
    reason: str


_MOVES = {
    Action.DECIDE_EXTENSION: (N_("Deadline extended from {before} to {after}"), N_("Deadline extended to {after}")),
    Action.SUSPEND_CHALLENGE: (N_("Suspended; the deadline was {before}"), N_("Suspended")),
    Action.RESUME_CHALLENGE: (
        N_("Resumed; the deadline moved from {before} to {after}"),
        N_("Resumed; the deadline moved to {after}"),
    ),
}


def _said(move: Move) -> str:
    whole, without = _MOVES[move.action]
    return _(whole if move.before else without, before=move.before, after=move.closes_at)


def show_dates(record: ChallengeDetail) -> None:
    """The dates that are known, and what moved the deadline, in their order."""
    rows = [
        (_("Opened for answers"), record.opens_at),
        (_("Deadline"), record.closes_at),
        (_("Closed"), record.closed_at),
        (_("Proposals opened"), record.opened_at),
    ]
    known = [(moment, name) for name, moment in rows if moment is not None]
    known += [(move.happened_at, _said(move)) for move in read(challenge_moves, record.id)]
    for moment, name in sorted(known):
        st.text(f"{date_time(moment)} · {name}")
    if not known:
        st.caption(_("The dates stand here once the challenge is approved."))


def show_comments(record: ChallengeDetail) -> None:
    """What the district asked to improve, latest round first; read by the enterprise and those who refine."""
    if not record.is_inside or not record.refining_rounds:
        return
    st.subheader(_("Comments"), anchor=False)
    for row in read(return_comments, record.id):
        with st.container(border=True, gap=None):
            st.caption(_("Round {round}", round=row.round) + f" · {label(row.section)} · {date_time(row.written_at)}")
            st.text(row.text)


def show_process(record: ChallengeDetail) -> None:
    """The history, then the whole way as a diagram."""
    if record.broker:
        st.text(_("Broker: {name}", name=record.broker))
    show_comments(record)
    st.subheader(_("History"), anchor=False)
    history([_line(row) for row in read(challenge_history, record.id)])
    st.subheader(_("The way of a challenge"), anchor=False)
    diagram(CHALLENGE_WORKFLOW, record.status)


def _line(row: HistoryRow) -> _Line:
    moved = row.to_status and row.to_status != row.from_status
    what = label(Action(row.action)) if row.action in set(Action) else row.action
    if moved:
        what = f"{what} → {label(ChallengeStatus(row.to_status))}"
    if row.is_refused:
        what += " · " + _("refused")
    elif row.closes_at is not None:
        what += " · " + _("deadline {moment}", moment=row.closes_at)
    who = " · ".join(part for part in (row.person, label(row.role), row.organisation) if part)
    return _Line(row.happened_at, what, who, row.reason)

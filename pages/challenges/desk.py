"""The desk: challenges that wait for an operator, a broker or an approver, oldest first."""

import streamlit as st

from portal import clock
from portal.challenges.desk import DeskRow, desk_queues
from portal.ui import _, ago, date_time, plural, read, time_left
from portal.ui.lists import Card, lines
from portal.ui.record import empty, title


def card(row: DeskRow) -> Card:
    parts = [row.organisation, ago(row.since)]
    if row.broker:
        parts.append(_("Broker: {name}", name=row.broker))
    if row.rounds:
        parts.append(plural("returned once", "returned {count} times", row.rounds))
    hints = [
        _("counted Monday to Friday until the holidays are published") if row.due and row.provisional else "",
        _("You took part in refining; another approver decides.") if row.is_barred else "",
    ]
    return Card(
        row.title,
        "challenge",
        row.id,
        badges=[row.status],
        alert=due(row),
        note=row.number,
        lines=[" · ".join(parts), *hints],
    )


def due(row: DeskRow) -> str:
    """The two-workday clock of a submitted challenge."""
    if row.due is None:
        return ""
    late = row.due <= clock.now()
    return _("overdue since {moment}", moment=row.due) if late else f"{date_time(row.due)} · {time_left(row.due)}"


title(_("Desk"))
queues = read(desk_queues)
if not any(queue.rows for queue in queues):
    empty(_("Nothing waits here now."), page="challenges", link=_("Challenges"))
for queue in queues:
    if not queue.rows:
        continue
    st.subheader(_(queue.heading), anchor=False)
    lines(map(card, queue.rows))

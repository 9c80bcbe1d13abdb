"""The desk: challenges that wait for an operator, a broker or an approver, oldest first."""

import streamlit as st

from portal import clock
from portal.challenges.desk import DeskRow, desk_queues
from portal.ui import _, ago, date_time, escape, plural, read, time_left
from portal.ui.record import empty, title
from portal.ui.shell import record_link
from portal.ui.tones import badge


def line(row: DeskRow) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(gap=None, width="stretch"):
            record_link(row.title, "challenge", row.id)
            parts = [row.number, row.organisation, ago(row.since)]
            if row.broker:
                parts.append(_("Broker: {name}", name=row.broker))
            if row.rounds:
                parts.append(plural("returned once", "returned {count} times", row.rounds))
            st.caption(escape(" · ".join(parts)))
            if row.is_barred:
                st.caption(_("You took part in refining; another approver decides."))
        due(row)
        badge(row.status)


def due(row: DeskRow) -> None:
    """The two-workday clock of a submitted challenge."""
    if row.due is None:
        return
    late = row.due <= clock.now()
    words = _("overdue since {moment}", moment=row.due) if late else time_left(row.due)
    hint = date_time(row.due)
    if row.provisional:
        hint += " · " + _("counted Monday to Friday until the holidays are published")
    st.badge(words, icon=":material/schedule:", color="red" if late else "orange", help=hint)
    if row.provisional:
        st.caption(_("counted Monday to Friday until the holidays are published"))


title(_("Desk"))
queues = read(desk_queues)
if not any(queue.rows for queue in queues):
    empty(_("Nothing waits here now."), page="challenges", link=_("Challenges"))
for queue in queues:
    if not queue.rows:
        continue
    st.subheader(_(queue.heading), anchor=False)
    for waiting in queue.rows:
        line(waiting)

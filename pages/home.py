"""Home: what waits for me, or for a visitor what this place is and the next challenge that closes."""

import streamlit as st

from portal.accounts.queries import count_platform_admins
from portal.metrics.queries import public_figures
from portal.metrics.waiting import Waiting, waiting_for
from portal.permissions import Role
from portal.ui import _, actor, ago, plural, read, time_left
from portal.ui.record import empty, title
from portal.ui.shell import open_page, page_path

current = actor()


def visitor_home() -> None:
    title(_("Enterprises set problems, institutes answer, the line proves it"))
    st.write(
        _(
            "In Yuhang an enterprise posts a problem with measurable acceptance metrics, institutes hand in sealed "
            "proposals, one is awarded, and the answer is proven on the enterprise's production line."
        )
    )
    figures = read(lambda session, _actor: public_figures(session))
    with st.grid(3, min_column_width=150):
        st.metric(_("Open challenges"), figures.open, border=True)
        st.metric(_("Problems solved on the line"), figures.solved, border=True)
        st.metric(_("Projects landed"), figures.landed, border=True)
    with st.container(horizontal=True):
        if st.button(_("See the open challenges"), type="primary", icon=":material/arrow_forward:"):
            st.switch_page(page_path("challenges/list.py"))


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
    for number, row in enumerate(rows):
        draw(number, row)


def draw(number: int, row: Waiting) -> None:
    with st.container(border=True):
        what, about, where = st.columns([4, 6, 2], vertical_alignment="center")
        with what.container(gap=None):
            st.text(_(row.message))
            st.caption(time_left(row.due) if row.due else ago(row.since) if row.since else "")
        about.text(row.subject)
        if where.button(_("Open it"), key=f"waiting_{number}", icon=":material/arrow_forward:", width="stretch"):
            open_page(row.page, row.object_id)


def nothing_waits() -> None:
    if current.role in (Role.LEADER, Role.AUDITOR):
        page = "cockpit.py" if current.role is Role.LEADER else "admin/trail.py"
        label = _("Open the cockpit") if current.role is Role.LEADER else _("Open the audit trail")
        empty(_("Nothing waits for your decision."), page=page_path(page), link=label)
    elif current.role is Role.VISITOR:
        empty(_("You have no active role. Ask the admin of your organisation to invite you."))
    else:
        empty(_("Nothing waits for you now."), page=page_path("challenges/list.py"), link=_("See the open challenges"))


if current.signed_in:
    my_home()
else:
    visitor_home()

"""Line validations: one's own, or all that may be seen; awarded challenges that wait for a plan come first."""

import streamlit as st

from portal.permissions import Action
from portal.ui import _, actor, ago, day, filters, label, perform, read
from portal.ui.lists import CARDS_ON_A_PAGE, Card, cards, count_text, offset_of, page_number
from portal.ui.record import empty, title
from portal.ui.shell import open_page
from portal.validation.commands import write_plan
from portal.validation.queries import PlanRow, Startable, list_plans, startable_plans
from portal.validation.workflow import ValidationStatus

current = actor()
title(_("Line validation"))
st.caption(_("The answer is proven on the enterprise's line, against limits that both parties froze before."))


def start(row: Startable) -> None:
    plan_id = perform(write_plan, challenge_id=row.challenge_id)
    if plan_id:
        open_page("validation-plan", plan_id)


for waiting in read(startable_plans):
    with st.container(border=True, gap="small"):
        with st.container(gap=None):
            st.text(waiting.title)
            st.caption(_("Awarded on {day}, no validation plan yet", day=day(waiting.awarded_at)))
        if st.button(label(Action.WRITE_PLAN), key=f"plan_{waiting.challenge_id}", type="primary"):
            start(waiting)

is_party = current.signed_in and not current.is_official
with st.grid("auto", min_column_width=260, gap="small"):
    mine = False
    if is_party:
        scopes = {"mine": _("Ours"), "all": _("All published results")}
        scope = filters.segment(_("Which"), scopes, "scope", default="mine")
        mine = scope != "all"
    status = filters.member(_("Status"), ValidationStatus, "status", anything=_("Any status"))

found = read(list_plans, mine=mine, status=status, offset=offset_of(size=CARDS_ON_A_PAGE), limit=CARDS_ON_A_PAGE)
st.caption(_("{count} validations", count=count_text(found.total)))
if not found.rows:
    empty(
        _("No validation stands here yet. One begins when an awarded challenge has its plan."),
        page="challenges",
        link=_("Challenges"),
    )
    st.stop()


def card(row: PlanRow) -> Card:
    return Card(
        row.title,
        "validation",
        row.id,
        badges=[row.status, row.verdict if row.status is ValidationStatus.SIGNED_OFF else None],
        note=f"{row.challenge_number} · {ago(row.changed_at)}",
        lines=[f"{row.enterprise} × {row.institute}"],
    )


cards(map(card, found.rows))
page_number(found.total, size=CARDS_ON_A_PAGE)

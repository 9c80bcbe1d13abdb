"""One evaluation: keys, comparison, eligibility, ranking, terms, replies, award; a proposer sees the own part alone."""

import streamlit as st

from pages.reviews.panels import award, comparison, eligibility, opening, own, ranking, replies, steps, terms
from portal.challenges.workflow import CHALLENGE_WORKFLOW, ChallengeStatus
from portal.permissions import Role
from portal.reviews.own_award import own_award
from portal.reviews.queries import evaluation_detail
from portal.ui import _, actor, ask, date_time, read
from portal.ui.history import record_history
from portal.ui.record import actions, diagram, empty, facts, head
from portal.ui.shell import open_page, page_path

chosen = ask("id")
is_proposer = actor().role in (Role.RESEARCHER, Role.INSTITUTE_ADMIN, Role.BROKER)
if chosen is None:
    page = "challenges/list.py" if is_proposer else "reviews/list.py"
    empty(_("Choose a challenge from the list."), page=page_path(page), link=_("Challenges"))
    st.stop()
if is_proposer:
    own.show(read(own_award, chosen))
    st.stop()

record = read(evaluation_detail, chosen)
row = record.row
head(row.title, row.status, over=f"{row.number} · {row.organisation}", line=_(row.turn.message))
if row.is_my_turn:
    st.badge(_("Your turn"), icon=":material/notifications_active:", color="orange")
primary, others = steps.buttons(record)
actions(primary, others, hint=steps.hint(record))
sealed = record.opened_at is None
details = [
    (_("Closed on"), date_time(row.closes_at)),
    (_("Proposals"), _("sealed") if sealed else _("opened on {at}", at=date_time(record.opened_at))),
]
if not sealed:
    details.append((_("Proposals handed in"), str(len(record.proposals))))
facts(details)
if record.ended_reason:
    st.caption(_("Reason given"))
    st.text(record.ended_reason)
if st.button(_("Open the challenge"), icon=":material/lightbulb:", type="tertiary", key="challenge"):
    open_page("challenge", row.id)

if sealed:
    opening.show(record)
    record_history(row.id)
    st.stop()

names = {
    "award": _("Terms and award"),
    "compare": _("Comparison"),
    "eligibility": _("Eligibility"),
    "ranking": _("Ranking"),
    "replies": _("Replies"),
    "history": _("History"),
}
first = {ChallengeStatus.CLOSED: "eligibility", ChallengeStatus.EVALUATING: "ranking"}.get(row.status, "award")
if row.status in (ChallengeStatus.CLOSED, ChallengeStatus.EVALUATING) and record.terms is None:
    del names["award"]
tabs = st.tabs(list(names.values()), default=names[first], key=f"tab_{row.status}", on_change="rerun")
for key, tab in zip(names, tabs, strict=True):
    if not tab.open:
        continue
    with tab:
        if key == "compare":
            comparison.show(row.id)
        elif key == "eligibility":
            eligibility.show(record)
        elif key == "ranking":
            ranking.show(record)
        elif key == "award":
            terms.show(record)
            award.show(record)
        elif key == "replies":
            replies.show(record)
        else:
            opening.show(record)
            record_history(row.id)
            diagram(CHALLENGE_WORKFLOW, row.status)

"""One evaluation: keys, comparison, eligibility, ranking, terms, replies, award; a proposer sees the own part alone."""

import streamlit as st

from pages.reviews.panels import award, comparison, eligibility, opening, own, ranking, replies, steps, terms
from portal.challenges.workflow import CHALLENGE_WORKFLOW, ChallengeStatus
from portal.permissions import Role
from portal.reviews.own_award import own_award
from portal.reviews.past import past_negotiations
from portal.reviews.queries import evaluation_detail
from portal.ui import _, actor, ask, date_time, read
from portal.ui.history import record_history
from portal.ui.record import actions, diagram, empty, facts, head
from portal.ui.shell import record_link

chosen = ask("id")
is_proposer = actor().role in (Role.RESEARCHER, Role.INSTITUTE_ADMIN, Role.BROKER)
if chosen is None:
    page = "challenges" if is_proposer else "evaluations"
    empty(_("Choose a challenge from the list."), page=page, link=_("Challenges"))
    st.stop()
if is_proposer:
    own.show(read(own_award, chosen))
    st.stop()

record = read(evaluation_detail, chosen)
row = record.row
head(row.title, row.status, over=f"{row.number} · {row.organisation}")
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    if row.is_my_turn:
        st.badge(_("Your turn"), icon=":material/notifications_active:", color="orange")
    st.text(_(row.turn.message))
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
with st.container(horizontal=True):
    record_link(_("See the challenge"), "challenge", row.id, icon=":material/lightbulb:")
    if row.status is ChallengeStatus.AWARDED and record.contract_recorded:
        record_link(_("Go on to the line validation"), "validations", None, icon=":material/arrow_forward:")

if sealed:
    opening.show(record)
    record_history(row.id)
    st.stop()

past = read(past_negotiations, row.id)
names = {
    "award": _("Terms and award"),
    "compare": _("Comparison"),
    "eligibility": _("Eligibility"),
    "ranking": _("Ranking"),
    "replies": _("Replies"),
    "history": _("History"),
}
first = {ChallengeStatus.CLOSED: "eligibility", ChallengeStatus.EVALUATING: "ranking"}.get(row.status, "award")
if row.status is not ChallengeStatus.NEGOTIATING and record.terms is None and not past:
    # Nothing was ever agreed: where it ended, the replies say why.
    del names["award"]
    first = "replies" if first == "award" else first
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
            terms.show(record, past)
            award.show(record)
        elif key == "replies":
            replies.show(record)
        else:
            opening.show(record)
            record_history(row.id)
            diagram(CHALLENGE_WORKFLOW, row.status)

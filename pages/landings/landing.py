"""One landing project: the track of stages, money and jobs planned against actual, evidence, history."""

import streamlit as st

from pages.landings.panels import acts, edit, firsts, money, sources, steps, talk, timeline
from portal.landings.notices import LOSS_WORDS, TALK_WORDS
from portal.landings.queries import landing_detail
from portal.landings.workflow import ENDS, WORKFLOWS, LandingStage, TalkStatus
from portal.organisations.places import industry_name, town_name
from portal.permissions import Action
from portal.ui import _, actor, ask, day, label, language, read
from portal.ui.history import record_history
from portal.ui.record import actions, diagram, empty, facts, head
from portal.ui.shell import record_link
from portal.ui.tones import badge

chosen = ask("id")
if chosen is None:
    empty(_("Choose a project from the list."), page="landings", link=_("Landing projects"))
    st.stop()
record = read(landing_detail, chosen)
row = record.row
parties = " × ".join(name for name in (row.enterprise, row.institute) if name)

head(row.title, row.stage, over=f"{row.number} · {label(row.category)} · {label(row.lane)}", line=parties)
place = " · ".join(part for part in (town_name(row.town_code, language()), record.place) if part)
if not record.is_full:
    firsts.badges(record)
    st.text(row.public_summary)
    facts([(_("Place"), place), (_("Industry"), industry_name(row.industry_code, language()) or "—")])
    st.stop()

firsts.badges(record)
if row.flag is not None and row.stage not in ENDS:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        badge(row.flag)
        if record.flag_reason:
            st.text(_(record.flag_reason), width="content")
        if row.days_over:
            st.text(timeline.over(record), width="content")
if row.stage is LandingStage.LOST and record.loss_cause is not None:
    if record.talk is None or record.talk.status is TalkStatus.DUE:
        st.info(_(TALK_WORDS if actor().is_official else LOSS_WORDS), icon=":material/support_agent:")
    st.text(_("Cause: {cause}", cause=record.loss_cause))
    st.text(_("What was learnt: {lesson}", lesson=record.loss_lesson))
if record.talk is not None:
    talk.show(record.talk)

primary, others = acts.buttons(record)
actions(primary, others)
steps.track(record)
facts(
    [
        (_("Place"), place),
        (_("Industry"), industry_name(row.industry_code, language()) or "—"),
        (_("Ended on") if row.stage in ENDS else _("In this stage since"), day(record.stage_since)),
        (_("Investment, actual of planned"), money.against(record, jobs=False)),
        (_("Jobs, actual of planned"), money.against(record, jobs=True)),
    ]
)
if record.challenge_id:
    record_link(_("See the challenge"), "challenge", record.challenge_id, icon=":material/lightbulb:")

disputed = len(record.sources.claims)
names = {
    "steps": _("Stages"),
    "timeline": _("Time line"),
    "money": _("Money and jobs"),
    "sources": _("Sources ({count} claimed)", count=disputed) if disputed else _("Sources"),
    "about": _("About it"),
    "history": _("History"),
}
tabs = st.tabs(list(names.values()), key="tab", on_change="rerun")
for key, tab in zip(names, tabs, strict=True):
    if not tab.open:
        continue
    with tab:
        if key == "steps":
            steps.show(record)
        elif key == "timeline":
            timeline.show(record)
        elif key == "sources":
            sources.show(record)
        elif key == "money":
            money.show(record)
        elif key == "about":
            st.text(record.summary or _("Nobody has described this project yet."))
            if Action.EDIT_LANDING in record.actions:
                edit.show(record)
            firsts.show(record)
        else:
            record_history(row.id)
            diagram(WORKFLOWS[row.lane], row.stage)

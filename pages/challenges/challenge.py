"""One challenge: what is asked, how it is measured and judged, what happened, and what one may do."""

import streamlit as st

from pages.challenges.panels import addenda, deadline, nda, questions
from pages.challenges.parts.acts import say_ended, show_acts
from pages.challenges.parts.process import show_dates, show_process
from pages.challenges.parts.sections import show_sections
from pages.challenges.parts.tables import show_metrics, show_rubric
from pages.reviews.panels import outcome
from portal.challenges.details import challenge_detail
from portal.challenges.sections import deadline_of
from portal.challenges.workflow import ChallengeStatus, SectionKey
from portal.organisations.places import industry_name, town_name
from portal.ui import _, ask, date_time, label, language, money, read
from portal.ui.record import countdown, empty, facts, head

chosen = ask("id")
if chosen is None:
    empty(_("Choose a challenge from the list."), page="challenges", link=_("Challenges"))
    st.stop()
record = read(challenge_detail, chosen)
contents = {section.key: section.content or {} for section in record.sections}

over = " · ".join([record.number, record.organisation])
head(record.title or _("Untitled draft"), record.status, over=over, line=record.summary)
if record.status is ChallengeStatus.OPEN and record.closes_at:
    countdown(record.closes_at)
if record.status is ChallengeStatus.SUSPENDED:
    deadline.say_paused(record)
show_acts(record)
say_ended(record)
outcome.show(record.id, record.version)

closes_at = record.closes_at or deadline_of(contents.get(SectionKey.SCHEDULE, {}))
facts(
    [
        (_("Deadline, Beijing time"), date_time(closes_at)),
        (_("Budget"), money(record.budget_fen)),
        (_("Place"), town_name(record.town_code, language()) or "—"),
        (_("Industry"), industry_name(record.industry_code, language()) or "—"),
        (_("Readiness wanted"), _("{level} of 9", level=record.trl_wanted) if record.trl_wanted else "—"),
    ]
)


def note_of(key: SectionKey) -> str:
    return str(contents.get(key, {}).get("note") or "")


names = [
    label(SectionKey.PROBLEM),
    label(SectionKey.METRICS),
    label(SectionKey.RUBRIC),
    _("Timeline"),
    _("Questions"),
    _("Confidentiality"),
    _("Process"),
]
problem, metrics, rubric, timeline, asked, secrecy, process = st.tabs(names, on_change="rerun", key="tab")
if problem.open:
    with problem:
        show_sections(record)
if metrics.open:
    with metrics:
        show_metrics(record.id, note_of(SectionKey.METRICS))
if rubric.open:
    with rubric:
        show_rubric(record.id, note_of(SectionKey.RUBRIC))
if timeline.open:
    with timeline:
        show_dates(record)
        deadline.show(record)
        addenda.show(record)
if asked.open:
    with asked:
        questions.show(record)
if secrecy.open:
    with secrecy:
        nda.show(record)
if process.open:
    with process:
        show_process(record)

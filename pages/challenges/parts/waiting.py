"""What waits for this reader on one of the tabs below, so that the head leads there."""

import streamlit as st

from pages.challenges.panels import deadline
from portal.challenges.addenda import list_addenda
from portal.challenges.details import ChallengeDetail
from portal.challenges.nda_queries import list_nda_requests
from portal.challenges.questions import list_questions
from portal.challenges.workflow import ChallengeStatus, NdaMode
from portal.ui import _, read
from portal.ui.record import Button

RUNNING = frozenset({ChallengeStatus.OPEN, ChallengeStatus.SUSPENDED})
ANSWERED = RUNNING | {ChallengeStatus.CLOSED}


def waiting(record: ChallengeDetail) -> Button | None:
    """The way to what is to be answered, granted, confirmed or decided, one after the other."""
    if record.is_own and record.status in ANSWERED and any(row.may_answer for row in read(list_questions, record.id)):
        return Button(_("Answer the questions"), lambda: _turn_to(_("Questions")), "go_questions")
    if _asks_to_read(record):
        return Button(_("Decide who may read"), lambda: _turn_to(_("Confidentiality")), "go_confidentiality")
    if record.status not in RUNNING or not record.is_inside:
        return None
    if deadline.waits_for_decision(record) or any(row.may_confirm for row in read(list_addenda, record.id)):
        return to_deadline()
    return None


def _asks_to_read(record: ChallengeDetail) -> bool:
    if not record.is_own or record.status not in RUNNING or record.nda_mode is not NdaMode.ON_REQUEST:
        return False
    return any(row.granted_at is None for row in read(list_nda_requests, record.id))


def to_deadline() -> Button:
    """Extend, suspend, resume and addenda stand under the timeline."""
    return Button(_("Deadline and addenda"), lambda: _turn_to(_("Timeline")), "go_deadline")


def _turn_to(tab: str) -> None:
    # The tabs are drawn below, so they open where this says.
    st.session_state["tab"] = tab

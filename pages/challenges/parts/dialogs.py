"""Dialogs of the acts that ask for more than a yes: take, check, return, publish."""

from typing import Any

import streamlit as st

from portal.challenges.desk import brokers
from portal.challenges.details import ChallengeDetail
from portal.challenges.flow import (
    confirm_confidentiality,
    publish_challenge,
    return_challenge,
    take_challenge,
)
from portal.challenges.rules import CONFIDENTIALITY_CHECKS, parse_moment
from portal.challenges.workflow import SectionKey
from portal.clock import local
from portal.permissions import Action
from portal.proposals.commands import draft_proposal
from portal.proposals.lists import my_proposal_for
from portal.ui import _, label, perform, read
from portal.ui.record import confirm_dialog, dialog_button
from portal.ui.run import perform_and_tell, tell
from portal.ui.shell import open_page


def take(record: ChallengeDetail, *, as_broker: bool) -> None:
    """A broker takes it personally; an operator names one."""
    heading = label(Action.TAKE_CHALLENGE)
    target: dict[str, Any] = {"challenge_id": record.id, "version": record.version}
    taken = _("The challenge is being refined from now on.")
    if as_broker:
        consequence = _("You refine it with the enterprise. Reading its confidential sections is recorded.")
        confirm_dialog(heading, consequence, lambda: perform_and_tell(take_challenge, taken, **target), key="take")
        return
    known = {person_id: f"{name} · {agency}" for person_id, name, agency in read(brokers)}

    @st.dialog(heading)
    def choose() -> None:
        if not known:
            st.text(_("There is no broker yet. Invite one on the page of a verified technology transfer agency."))
            return
        st.text(_("The broker whom you name refines it with the enterprise and may return it."))
        chosen = st.selectbox(
            _("Broker"), list(known), format_func=known.__getitem__, index=None, placeholder=_("Please choose")
        )
        dialog_button(
            heading,
            lambda: perform_and_tell(take_challenge, taken, broker_id=chosen, **target),
            key="take_confirm",
            disabled=chosen is None,
        )

    choose()


def check(record: ChallengeDetail) -> None:
    """Every point of the confidentiality checklist is ticked by hand."""
    heading = label(Action.CHECK_CONFIDENTIALITY)

    @st.dialog(heading)
    def tick() -> None:
        st.text(_("The approver decides next and relies on these points."))
        for name, point in CONFIDENTIALITY_CHECKS.items():
            st.checkbox(_(point), key=f"check_{name}")

        def done() -> Any:
            confirmed = {name: bool(st.session_state.get(f"check_{name}")) for name in CONFIDENTIALITY_CHECKS}
            return perform_and_tell(
                confirm_confidentiality,
                _("The confidentiality check is confirmed; the approver decides next."),
                challenge_id=record.id,
                confirmed=confirmed,
                version=record.version,
            )

        dialog_button(heading, done, key="check_confirm")

    tick()


def give_back(record: ChallengeDetail) -> None:
    """What to improve, section by section, and a word on the whole."""
    heading = label(Action.RETURN_CHALLENGE)

    @st.dialog(heading, width="medium")
    def comment() -> None:
        st.text(_("The enterprise reads every comment beside its section and submits again."))
        st.text_area(_("On the whole"), key="return_reason", max_chars=2000, height=80)
        chosen = st.pills(
            _("Sections to improve"), list(SectionKey), format_func=label, selection_mode="multi", key="return_sections"
        )
        for key in SectionKey:
            if key in chosen:
                st.text_area(label(key), key=f"return_{key.value}", max_chars=2000, height=68)

        def done() -> Any:
            comments = {key: st.session_state.get(f"return_{key.value}") or "" for key in chosen}
            reason = st.session_state.get("return_reason") or ""
            return perform_and_tell(
                return_challenge,
                _("The challenge went back to the enterprise with your comments."),
                challenge_id=record.id,
                comments=comments,
                reason=reason,
                version=record.version,
            )

        dialog_button(heading, done, key="return_confirm")

    comment()


def publish(record: ChallengeDetail) -> None:
    """Everybody sees it from then on; a deadline that has come too near can be set later."""
    heading = label(Action.PUBLISH_CHALLENGE)

    @st.dialog(heading)
    def ask() -> None:
        st.text(_("Everybody sees its public sections at once. Metrics, weights and sections freeze."))
        planned = f"{local(record.closes_at):%Y-%m-%d %H:%M}" if record.closes_at else ""
        st.text_input(
            _("Deadline"),
            value=planned,
            key="publish_closes_at",
            help=_("It can only be moved later than the enterprise planned. For example 2026-03-05 17:00."),
        )

        def done() -> Any:
            text = st.session_state.get("publish_closes_at") or ""

            def command(session: Any, who: Any) -> None:
                closes_at = parse_moment(text, field="closes_at") if text.strip() != planned else None
                publish_challenge(session, who, challenge_id=record.id, closes_at=closes_at, version=record.version)

            return perform_and_tell(command, _("The challenge is published."))

        dialog_button(heading, done, key="publish_confirm")

    ask()


def begin_proposal(record: ChallengeDetail) -> None:
    """A sealed draft of one's own, or the one that was begun before."""
    known = read(my_proposal_for, record.id)
    if proposal_id := perform(draft_proposal, challenge_id=record.id):
        if proposal_id != known:
            tell(_("Your draft is sealed: nobody outside your team sees it or that it exists."))
        open_page("proposal-edit", proposal_id)

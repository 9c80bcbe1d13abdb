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
from portal.ui import _, label, perform, read
from portal.ui.record import confirm_dialog
from portal.ui.run import tell
from portal.ui.shell import open_page


def take(record: ChallengeDetail, *, as_broker: bool) -> None:
    """A broker takes it personally; an operator names one."""
    heading = label(Action.TAKE_CHALLENGE)
    target: dict[str, Any] = {"challenge_id": record.id, "version": record.version}
    if as_broker:
        consequence = _("You refine it with the enterprise. Reading its confidential sections is recorded.")
        confirm_dialog(heading, consequence, lambda: perform(take_challenge, **target), key="take")
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
        if st.button(
            heading,
            type="primary",
            key="take_confirm",
            disabled=chosen is None,
            on_click=lambda: perform(take_challenge, broker_id=chosen, **target),
        ):
            st.rerun()

    choose()


def check(record: ChallengeDetail) -> None:
    """Every point of the confidentiality checklist is ticked by hand."""
    heading = label(Action.CHECK_CONFIDENTIALITY)

    @st.dialog(heading)
    def tick() -> None:
        st.text(_("The approver decides next and relies on these points."))
        for name, point in CONFIDENTIALITY_CHECKS.items():
            st.checkbox(_(point), key=f"check_{name}")

        def done() -> None:
            confirmed = {name: bool(st.session_state.get(f"check_{name}")) for name in CONFIDENTIALITY_CHECKS}
            perform(confirm_confidentiality, challenge_id=record.id, confirmed=confirmed, version=record.version)

        if st.button(heading, type="primary", key="check_confirm", on_click=done):
            st.rerun()

    tick()


def give_back(record: ChallengeDetail) -> None:
    """What to improve, section by section, and a word on the whole."""
    heading = label(Action.RETURN_CHALLENGE)

    @st.dialog(heading, width="medium")
    def comment() -> None:
        st.text(_("The enterprise reads every comment beside its section and submits again."))
        st.text_area(_("On the whole"), key="return_reason", max_chars=2000, height=80)
        for key in SectionKey:
            st.text_area(label(key), key=f"return_{key.value}", max_chars=2000, height=68)

        def done() -> None:
            comments = {key: st.session_state.get(f"return_{key.value}") or "" for key in SectionKey}
            reason = st.session_state.get("return_reason") or ""
            perform(return_challenge, challenge_id=record.id, comments=comments, reason=reason, version=record.version)

        if st.button(heading, type="primary", key="return_confirm", on_click=done):
            st.rerun()

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

        def done() -> None:
            text = st.session_state.get("publish_closes_at") or ""

            def command(session: Any, who: Any) -> None:
                closes_at = parse_moment(text, field="closes_at") if text.strip() != planned else None
                publish_challenge(session, who, challenge_id=record.id, closes_at=closes_at, version=record.version)

            perform(command)

        if st.button(heading, type="primary", key="publish_confirm", on_click=done):
            st.rerun()

    ask()


def begin_proposal(record: ChallengeDetail) -> None:
    """A sealed draft of one's own."""
    if proposal_id := perform(draft_proposal, challenge_id=record.id):
        tell(_("Your draft is sealed: nobody outside your team sees it or that it exists."))
        open_page("proposal-edit", proposal_id)

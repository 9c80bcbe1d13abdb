"""The deadline of a challenge: extended by two people, suspended and resumed."""

from datetime import timedelta
from typing import Any

import streamlit as st

from portal import clock
from portal.challenges.details import ChallengeDetail
from portal.challenges.extensions import (
    DeadlineActs,
    ExtensionRow,
    deadline_acts,
    decide_extension,
    prepare_extension,
    resume_challenge,
    suspend_challenge,
)
from portal.permissions import Action
from portal.ui import _, date_time, escape, label, perform, read
from portal.ui.record import confirm_dialog, reason_dialog
from portal.ui.run import tell


def show(challenge: ChallengeDetail) -> None:
    """What is due and what this reader may do about it; nothing at all for everybody else."""
    acts = read(deadline_acts, challenge.id)
    if acts.waiting is not None:
        with st.container(border=True, gap="small"):
            _waiting(acts.waiting)
    if acts.may_prepare:
        with st.expander(label(Action.PREPARE_EXTENSION), icon=":material/update:"):
            _form(challenge)
    _pause(challenge, acts)


def say_paused(challenge: ChallengeDetail) -> None:
    """At the head of a suspended challenge: the deadline shown there is not the one that will hold."""
    st.info(
        _("Suspended since {since}. The deadline moves by the length of the pause.", since=challenge.suspended_at),
        icon=":material/pause_circle:",
    )


def has_acts(challenge: ChallengeDetail) -> bool:
    """Whether this reader can do something about the deadline now, so that the head of the page leads there."""
    acts = read(deadline_acts, challenge.id)
    return acts.may_prepare or acts.may_suspend or acts.may_resume or _is_decided_by_reader(acts)


def waits_for_decision(challenge: ChallengeDetail) -> bool:
    """Whether this reader is the one who decides on an extension now."""
    return _is_decided_by_reader(read(deadline_acts, challenge.id))


def _is_decided_by_reader(acts: DeadlineActs) -> bool:
    return acts.waiting is not None and acts.waiting.may_decide


def _waiting(row: ExtensionRow) -> None:
    target: dict[str, Any] = {"decision_id": row.id, "version": row.version}
    st.text(_("New deadline proposed: {moment}", moment=row.closes_at))
    st.text(_("Reason: {reason}", reason=row.reason))
    st.caption(_("Prepared by {name} on {moment}", name=escape(row.prepared_by), moment=row.prepared_at))
    if not row.may_decide:
        st.caption(_("An approver decides, another person than who prepared it, before the deadline in force."))
        return
    with st.container(horizontal=True):
        if st.button(_("Move the deadline"), key="extension_yes", type="primary"):
            confirm_dialog(
                _("Move the deadline"),
                _("Everybody who follows the challenge is told. It cannot be moved back."),
                lambda: perform(decide_extension, approve=True, **target),
                key="extension_yes",
            )
        if st.button(_("Refuse"), key="extension_no"):
            reason_dialog(
                _("Refuse"),
                _("The deadline stays; who prepared the extension reads your reason."),
                lambda reason: bool(perform(decide_extension, approve=False, reason=reason, **target)),
                key="extension_no",
            )


def _form(challenge: ChallengeDetail) -> None:
    if challenge.closes_at is None:
        return
    proposed = clock.local(challenge.closes_at + timedelta(days=7))
    with st.form("prepare_extension", border=False):
        st.text_input(
            _("New deadline"),
            f"{proposed:%Y-%m-%d %H:%M}",
            key="extension_closes_at",
            help=_("On a clock in Hangzhou, later than {moment}.", moment=challenge.closes_at),
        )
        st.text_area(_("Reason"), key="extension_reason", max_chars=2000, placeholder=_("Everybody reads it."))
        st.form_submit_button(
            _("Hand it to the approver"), type="primary", on_click=_prepare, args=(challenge.id, challenge.version)
        )


def _prepare(challenge_id: Any, version: int) -> None:
    if perform(
        prepare_extension,
        challenge_id=challenge_id,
        closes_at=st.session_state["extension_closes_at"],
        reason=st.session_state["extension_reason"],
        version=version,
    ):
        tell(_("The extension waits for an approver."))


def _pause(challenge: ChallengeDetail, acts: DeadlineActs) -> None:
    target: dict[str, Any] = {"challenge_id": challenge.id, "version": challenge.version}
    if acts.may_suspend and st.button(label(Action.SUSPEND_CHALLENGE), key="suspend", icon=":material/pause:"):
        reason_dialog(
            label(Action.SUSPEND_CHALLENGE),
            _("Nothing is accepted until it is resumed; the deadline moves by the length of the pause."),
            lambda reason: bool(perform(suspend_challenge, reason=reason, **target)),
            key="suspend",
        )
    if acts.may_resume and st.button(label(Action.RESUME_CHALLENGE), key="resume", type="primary"):
        confirm_dialog(
            label(Action.RESUME_CHALLENGE),
            _("The deadline would be {moment}.", moment=date_time(acts.resumed_closes_at)),
            lambda: perform(resume_challenge, **target),
            key="resume",
        )

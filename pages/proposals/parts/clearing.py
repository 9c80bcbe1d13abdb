"""One cover sheet, one invitation, one proposal without a leader, each with its acts."""

from typing import Any

import streamlit as st

from portal.permissions import Action
from portal.proposals.clearance import clear_proposal, return_proposal
from portal.proposals.duties import CoverSheet, Invitation, Leaderless
from portal.proposals.partners import answer_co_application
from portal.proposals.team import hand_over_proposal, possible_leads
from portal.ui import _, date_time, label, money, perform, read, time_left
from portal.ui.record import confirm_dialog, dialog_button, facts
from portal.ui.run import tell
from portal.ui.shell import record_link
from portal.ui.tones import badge


def cover_sheet(sheet: CoverSheet) -> None:
    """Title, sum and team; cleared or returned with a note."""
    target: dict[str, Any] = {"proposal_id": sheet.proposal_id, "version": sheet.version}
    with st.container(border=True):
        _challenge(sheet)
        st.text(sheet.title)
        until = f"{date_time(sheet.closes_at)} · {time_left(sheet.closes_at)}" if sheet.closes_at else "—"
        facts([(_("Sum"), money(sheet.sum_fen)), (_("Led by"), sheet.lead), (_("Deadline"), until)])
        st.caption(_("Team"))
        st.text("\n".join(f"{member.name} · {member.organisation or '—'}" for member in sheet.members))
        if sheet.partners:
            st.caption(_("Partners"))
            st.text("\n".join(partner.name for partner in sheet.partners))
        if sheet.is_own:
            st.info(_("You lead this proposal; another admin of your institute clears it."))
            return
        with st.container(horizontal=True):
            if st.button(label(Action.CLEAR_PROPOSAL), type="primary", key=f"clear_{sheet.proposal_id}"):
                confirm_dialog(
                    label(Action.CLEAR_PROPOSAL),
                    _("The team can submit it with this title, sum and team."),
                    lambda: _clear(target, sheet.digest),
                    key="clear",
                )
            if st.button(label(Action.RETURN_PROPOSAL), key=f"return_{sheet.proposal_id}"):
                _return(target)


def _clear(target: dict[str, Any], digest: str) -> None:
    if perform(clear_proposal, digest=digest, **target):
        tell(_("The proposal is cleared; its leader was told."))


def _return(target: dict[str, Any]) -> None:
    heading = label(Action.RETURN_PROPOSAL)

    @st.dialog(heading)
    def ask_for_note() -> None:
        st.text(_("The team alone reads your note."))
        st.text_area(_("What has to change"), key="return_note", max_chars=2000, placeholder="")

        def done() -> bool:
            is_done = perform(return_proposal, note=st.session_state.get("return_note") or "", **target)
            if is_done:
                tell(_("The proposal went back to its team."))
            return bool(is_done)

        dialog_button(heading, done, key="return_confirm")

    ask_for_note()


def invitation(row: Invitation) -> None:
    """Title and own part; confirmed or declined."""
    target: dict[str, Any] = {"proposal_id": row.proposal_id, "version": row.version}
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            badge(row.status)
            _challenge(row)
        until = f"{date_time(row.closes_at)} · {time_left(row.closes_at)}" if row.closes_at else "—"
        facts([(_("Institute"), row.institute), (_("Invited"), date_time(row.invited_at)), (_("Deadline"), until)])
        if row.title:
            st.text(row.title)
            st.caption(_("Your part"))
            st.text(row.part)
        if not row.may_answer:
            return
        with st.container(horizontal=True):
            if st.button(_("Confirm to take part"), type="primary", key=f"confirm_{row.proposal_id}"):
                consequence = _("Your organisation stands behind this proposal with its part.")
                _answer(_("Confirm to take part"), consequence, target, confirm=True)
            if st.button(_("Decline"), key=f"decline_{row.proposal_id}"):
                consequence = _("The leader is told and goes on without your organisation.")
                _answer(_("Decline"), consequence, target, confirm=False)


def _answer(heading: str, consequence: str, target: dict[str, Any], *, confirm: bool) -> None:
    confirm_dialog(
        heading, consequence, lambda: perform(answer_co_application, confirm=confirm, **target), key="answer"
    )


def lost_leader(row: Leaderless) -> None:
    """Name somebody who goes on; the proposal's words stay unread."""
    names = dict(read(possible_leads, row.proposal_id))
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            badge(row.status)
            _challenge(row)
        chosen: Any = st.selectbox(
            _("Who leads from now on"),
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder=_("Please choose"),
            key=f"lead_{row.proposal_id}",
        )
        st.button(
            label(Action.HAND_OVER_PROPOSAL),
            key=f"hand_over_{row.proposal_id}",
            disabled=chosen is None,
            on_click=lambda: perform(
                hand_over_proposal, proposal_id=row.proposal_id, person_id=chosen, version=row.version
            ),
        )


def _challenge(row: CoverSheet | Invitation | Leaderless) -> None:
    record_link(f"{row.challenge_number} · {row.challenge_title}", "challenge", row.challenge_id)

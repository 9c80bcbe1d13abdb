"""The confidentiality agreement of a challenge: read and accept it; for the enterprise its text, requests, readers."""

from typing import Any
from uuid import UUID

import streamlit as st

from portal.challenges.details import ChallengeDetail
from portal.challenges.nda import TEXT_LIMIT, accept_nda, choose_nda_mode, grant_nda, revoke_nda, write_nda
from portal.challenges.nda_queries import (
    MyNda,
    NdaReader,
    NdaRequest,
    NdaStanding,
    list_nda_requests,
    list_readers,
    may_write_nda,
    my_nda,
)
from portal.challenges.workflow import NdaMode
from portal.errors import N_
from portal.permissions import Action
from portal.ui import _, actor, date_time, escape, label, number, perform, read
from portal.ui.lists import table
from portal.ui.record import reason_dialog
from portal.ui.run import tell

STANDINGS = {
    NdaStanding.WAITING: (N_("You asked to read on {moment}; the enterprise decides."), "hourglass_top"),
    NdaStanding.HELD: (N_("You accepted the agreement on {moment} and may read."), "verified_user"),
    NdaStanding.REVOKED: (N_("The enterprise ended your access. Please turn to it if you need to read on."), "block"),
    NdaStanding.OUTDATED: (N_("The text has changed since {moment}: accept the new version to read on."), "update"),
    NdaStanding.ELSEWHERE: (
        N_("You accepted on {moment} for another organisation; that does not count here."),
        "swap_horiz",
    ),
}


def show(challenge: ChallengeDetail) -> None:
    """What this reader can do about the agreement."""
    mine = read(my_nda, challenge.id)
    if challenge.is_own:
        _enterprise(challenge, mine)
        return
    if mine.current is None:
        st.caption(_("This challenge has no confidentiality agreement."))
        return
    _standing(mine)
    with st.expander(
        _("Confidentiality agreement, version {number}", number=mine.current.number),
        expanded=mine.may_accept,
        icon=":material/gavel:",
    ):
        st.text(mine.current.text)
    if mine.may_accept:
        _accept_form(challenge, mine)


def _standing(mine: MyNda) -> None:
    if mine.standing in STANDINGS and actor().signed_in:
        message, icon = STANDINGS[mine.standing]
        st.info(_(message, moment=mine.accepted_at or ""), icon=f":material/{icon}:")


def _accept_form(challenge: ChallengeDetail, mine: MyNda) -> None:
    if mine.current is None:
        return
    word = label(Action.ACCEPT_NDA)
    if mine.mode is NdaMode.ON_REQUEST:
        word = _("Accept it and ask to read")
        st.caption(_("The enterprise decides on each request and learns your name and your organisation from it."))
    else:
        st.caption(_("You can read at once. The enterprise learns who accepted and read only after the deadline."))
    with st.form("accept_nda", border=False):
        st.checkbox(
            _(
                "I have read the agreement and accept it for {organisation}.",
                organisation=escape(actor().organisation_name),
            ),
            key="nda_read",
        )
        st.form_submit_button(word, type="primary", on_click=_accept, args=(challenge.id, mine.current.id))


def _accept(challenge_id: UUID, nda_version_id: UUID) -> None:
    if not st.session_state.get("nda_read"):
        tell(_("Please tick that you have read the agreement."), ":material/info:")
        return
    may_read = perform(accept_nda, challenge_id=challenge_id, nda_version_id=nda_version_id)
    if may_read:
        tell(_("Accepted. You may read the confidential sections now."))
    elif may_read is False:
        tell(_("Your request is with the enterprise. You are told when it decides."))


def _enterprise(challenge: ChallengeDetail, mine: MyNda) -> None:
    if read(may_write_nda, challenge.id):
        _write_form(challenge, mine)
    elif mine.current is not None:
        with st.expander(_("Confidentiality agreement, version {number}", number=mine.current.number)):
            st.text(mine.current.text)
    _requests(challenge.id, mine.mode)
    _readers(challenge.id)


def _write_form(challenge: ChallengeDetail, mine: MyNda) -> None:
    words = {mode: label(mode) for mode in NdaMode}
    st.radio(
        _("How people get to read"),
        list(words),
        index=list(words).index(mine.mode),
        format_func=words.__getitem__,
        key="nda_mode",
        horizontal=True,
        on_change=_choose_mode,
        args=(challenge.id,),
    )
    with st.expander(_("Text of the agreement"), icon=":material/gavel:"), st.form("write_nda", border=False):
        if mine.current is None:
            st.caption(_("Without a text of your own the portal's standard text is used when the challenge opens."))
        else:
            st.caption(_("A new version must be accepted anew by everybody who reads now."))
        st.text_area(
            _("Text of the agreement"),
            mine.current.text if mine.current else "",
            key="nda_text",
            max_chars=TEXT_LIMIT,
            height=320,
            label_visibility="collapsed",
        )
        st.form_submit_button(_("Save as a new version"), on_click=_write, args=(challenge.id,))


def _choose_mode(challenge_id: UUID) -> None:
    perform(choose_nda_mode, challenge_id=challenge_id, mode=st.session_state["nda_mode"])


def _write(challenge_id: UUID) -> None:
    if saved := perform(write_nda, challenge_id=challenge_id, text=st.session_state["nda_text"]):
        tell(_("Version {number} is in force.", number=saved))


def _requests(challenge_id: UUID, mode: NdaMode) -> None:
    rows = read(list_nda_requests, challenge_id)
    if not rows and mode is not NdaMode.ON_REQUEST:
        return
    st.subheader(_("Requests to read"), anchor=False)
    st.caption(_("You decide, so you see name and organisation of who asks; nothing more before the opening."))
    if not rows:
        st.caption(_("Nobody waits for your decision."))
    for row in rows:
        _request(row)


def _request(row: NdaRequest) -> None:
    target: dict[str, Any] = {"acceptance_id": row.id, "version": row.version}
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(gap=None, width="stretch"):
            st.text(f"{row.person} · {row.organisation}")
            st.caption(date_time(row.asked_at))
        if row.granted_at is None:
            if st.button(label(Action.GRANT_NDA), key=f"grant_{row.id}", type="primary"):
                perform(grant_nda, **target)
                st.rerun()
        else:
            st.badge(_("May read"), color="green")
        refuse = _("Refuse") if row.granted_at is None else label(Action.REVOKE_NDA)
        if st.button(refuse, key=f"revoke_{row.id}"):
            _revoke(refuse, row.id, row.version)


def _readers(challenge_id: UUID) -> None:
    st.subheader(_("Who accepted and read"), anchor=False)
    rows = read(list_readers, challenge_id)
    if rows is None:
        st.caption(_("Shown after the opening: until then nobody learns who is interested."))
        return
    if not rows:
        st.caption(_("Nobody accepted the agreement."))
        return
    table([_reader(row) for row in rows])
    current = {f"{row.person} · {row.organisation}": row for row in rows if row.revoked_at is None}
    if current and actor().role.value == "enterprise_admin":
        chosen = st.selectbox(
            _("End somebody's access"), list(current), index=None, key="revoke_reader", placeholder=_("Choose a reader")
        )
        if chosen and st.button(label(Action.REVOKE_NDA), key="revoke_reader_button"):
            _revoke(label(Action.REVOKE_NDA), current[chosen].id, current[chosen].version)


def _reader(row: NdaReader) -> dict[str, str]:
    return {
        _("Name"): row.person,
        _("Organisation"): row.organisation,
        _("Version"): str(row.nda_number),
        _("Accepted"): date_time(row.accepted_at),
        _("Times read"): number(row.reads),
        _("Last read"): date_time(row.last_read_at),
        _("Access ended"): date_time(row.revoked_at),
    }


def _revoke(heading: str, acceptance_id: UUID, version: int) -> None:
    reason_dialog(
        heading,
        _("Nothing confidential is shown from the next click on; the person reads your reason."),
        lambda reason: bool(perform(revoke_nda, acceptance_id=acceptance_id, reason=reason, version=version)),
        key=f"revoke_{acceptance_id}",
    )

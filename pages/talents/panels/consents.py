"""What the person agreed to, use by use, and the buttons to give and withdraw."""

import streamlit as st

from portal.permissions import Action
from portal.talents.consents import give_consent, withdraw_consent
from portal.talents.queries import ConsentRow, TalentDetail
from portal.talents.rules import CONSENT_WORDS
from portal.talents.workflow import ConsentUse
from portal.ui import _, date_time, label, perform
from portal.ui.record import confirm_dialog
from portal.ui.run import tell


def show(record: TalentDetail) -> None:
    if not record.is_self and Action.GIVE_CONSENT in record.actions:
        st.caption(_("Record here what the person signed or said; the person can change it at any time."))
    for row in record.consents:
        _consent(record, row)


def _consent(record: TalentDetail, row: ConsentRow) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.text(label(row.use), width="content")
            if row.is_live:
                st.badge(_("given"), icon=":material/check:", color="green", help=date_time(row.given_at))
            elif row.withdrawn_at:
                st.badge(_("withdrawn"), icon=":material/block:", color="red", help=date_time(row.withdrawn_at))
            else:
                st.badge(_("not given"), icon=":material/radio_button_unchecked:", color="gray")
        st.caption(_(row.purpose or CONSENT_WORDS[row.use]))
        if row.is_live:
            st.caption(_("given {at}", at=row.given_at))
            _withdrawing(record, row)
        elif Action.GIVE_CONSENT in record.actions:
            st.button(label(Action.GIVE_CONSENT), key=f"give_{row.use.value}", on_click=_give, args=(record, row.use))


def _withdrawing(record: TalentDetail, row: ConsentRow) -> None:
    if Action.WITHDRAW_CONSENT not in record.actions:
        return
    act = label(Action.WITHDRAW_CONSENT)
    if row.use is not ConsentUse.FOLLOW:
        st.button(act, key=f"withdraw_{row.use.value}", on_click=_withdraw, args=(record, row.use))
    elif st.button(act, key="withdraw_follow"):
        confirm_dialog(
            act,
            _("Without this consent no record may be kept: everything in it is deleted at once and for good."),
            lambda: _withdraw(record, row.use),
            key="withdraw_follow",
        )


def _give(record: TalentDetail, use: ConsentUse) -> None:
    if perform(give_consent, talent_id=record.row.id, use=use):
        tell(_("The consent is recorded."))


def _withdraw(record: TalentDetail, use: ConsentUse) -> None:
    if perform(withdraw_consent, talent_id=record.row.id, use=use, confirm=True):
        deleted = use is ConsentUse.FOLLOW
        tell(_("The record is deleted.") if deleted else _("The consent is withdrawn; it holds nowhere any more."))
        if deleted:
            st.query_params.clear()

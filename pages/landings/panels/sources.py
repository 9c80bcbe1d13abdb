"""To whom a project is owed: shares, claims beside them, shares that are prepared, and the forms."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import streamlit as st

from portal.errors import Invalid
from portal.landings.commands import claim_source, decide_shares, prepare_shares
from portal.landings.queries import LandingDetail
from portal.landings.rules import Share, parse_share
from portal.landings.shares import PreparedShares, ShareRow
from portal.landings.workflow import SourceKind
from portal.permissions import Action
from portal.ui import _, date_time, escape, label, perform
from portal.ui.lists import table
from portal.ui.record import begin_afresh, confirm_dialog, fresh, reason_dialog
from portal.ui.run import tell, tell_refusal

ROWS = 5  # sources in the form; a project owed to more is not heard of


def show(record: LandingDetail) -> None:
    found = record.sources
    st.caption(_("What the project is owed to. The shares always sum to 100 %; two people decide on every change."))
    _table(found.shares)
    if found.claims:
        st.subheader(_("Also claimed, not decided yet"), anchor=False)
        for claim in found.claims:
            with st.container(border=True, gap="small"):
                st.text(f"{_source(claim.share, claim.name)} · {_percent(claim.share.points)}")
                st.text(claim.reason)
                st.caption(_("claimed by {name}, {at}", name=escape(claim.claimed_by), at=date_time(claim.claimed_at)))
    if found.prepared is not None:
        _prepared(found.prepared)
    if Action.CLAIM_SOURCE in record.actions:
        _claim_form(record)
    if Action.PREPARE_SHARES in record.actions and found.prepared is None:
        _shares_form(record)


def _table(rows: Sequence[ShareRow]) -> None:
    table(
        [
            {
                _("Source"): label(row.share.kind),
                _("Which one"): row.name or ("—" if row.share.object_id is None else _("not visible to you")),
                _("Share"): _percent(row.share.points),
            }
            for row in rows
        ]
    )


def _percent(points: int) -> str:
    """`33.33%` of 3,333 basis points; without a blank, where a narrow table would break it."""
    return f"{points / 100:.2f}".rstrip("0").rstrip(".") + "%"


def _source(share: Share, name: str) -> str:
    return f"{label(share.kind)} · {name}" if name else label(share.kind)


def _prepared(prepared: PreparedShares) -> None:
    st.subheader(_("Prepared, waits for an approver"), anchor=False)
    _table(prepared.shares)
    st.text(prepared.reason)
    st.caption(_("prepared by {name}, {at}", name=escape(prepared.prepared_by), at=date_time(prepared.prepared_at)))
    if not prepared.may_decide:
        return
    values: dict[str, Any] = {"decision_id": prepared.decision_id, "version": prepared.version}
    with st.container(horizontal=True):
        if st.button(_("Put the shares in force"), type="primary", key="approve_shares"):
            confirm_dialog(
                _("Put the shares in force"),
                _("The shares above replace those in force, and every open claim is answered by them."),
                lambda: perform(decide_shares, approve=True, **values),
                key="approve_shares",
            )
        if st.button(_("Refuse the shares"), key="refuse_shares"):
            reason_dialog(
                _("Refuse the shares"),
                _("The shares in force stay as they are; the claims stay open."),
                lambda reason: bool(perform(decide_shares, approve=False, reason=reason, **values)),
                key="refuse_shares",
            )


def _pick(name: str, record: LandingDetail, key: str, *, optional: bool = False) -> SourceKind | None:
    """The kind of a source and, beside it, which one."""
    kinds = {kind: label(kind) for kind in SourceKind}
    challenges = {str(challenge_id): title for challenge_id, title in record.sources.choices}
    kind: Any = st.selectbox(
        name,
        list(kinds),
        index=None if optional else 0,
        format_func=kinds.__getitem__,
        key=fresh(f"{key}_kind"),
        placeholder=_("No further source"),
    )
    if kind is SourceKind.CHALLENGE:
        st.selectbox(
            _("Which challenge"),
            list(challenges),
            index=None,
            format_func=challenges.__getitem__,
            key=fresh(f"{key}_challenge"),
            placeholder=_("Awarded challenges of the parties"),
        )
    elif kind is not None and kind is not SourceKind.DIRECT:
        st.text_input(
            _("Which one"), key=fresh(f"{key}_words"), max_chars=200, placeholder=_("Its name, as it is registered")
        )
    return kind  # type: ignore[no-any-return]


def _picked(key: str) -> dict[str, Any]:
    """Kind, object and words of one source, as they were chosen."""
    state: Any = st.session_state
    chosen = state.get(fresh(f"{key}_challenge"))
    kind = state[fresh(f"{key}_kind")]
    is_challenge = kind is SourceKind.CHALLENGE
    return {
        "kind": kind,
        "object_id": UUID(chosen) if is_challenge and chosen else None,
        "words": "" if is_challenge or kind is SourceKind.DIRECT else state.get(fresh(f"{key}_words"), ""),
    }


def _claim_form(record: LandingDetail) -> None:
    with st.expander(label(Action.CLAIM_SOURCE), icon=":material/flag:"):
        st.caption(_("Say to what else the project is owed. Both are shown until two people have decided."))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _pick(_("Source"), record, "claim")
            st.text_input(_("Share in per cent"), key=fresh("claim_share"), max_chars=10, placeholder="40")
        st.text_area(_("Why"), key=fresh("claim_reason"), max_chars=600)
        st.button(label(Action.CLAIM_SOURCE), type="primary", key="save_claim", on_click=_claim, args=(record,))


def _claim(record: LandingDetail) -> None:
    state: Any = st.session_state
    done = perform(
        claim_source,
        landing_id=record.row.id,
        share=state[fresh("claim_share")],
        reason=state[fresh("claim_reason")],
        **_picked("claim"),
    )
    if done:
        begin_afresh()
        tell(_("The claim is recorded; an operator prepares the shares and an approver decides."))


def _shares_form(record: LandingDetail) -> None:
    with st.expander(label(Action.PREPARE_SHARES), icon=":material/pie_chart:"):
        st.caption(_("All sources with their shares; together exactly 100 %."))
        for place in range(ROWS):
            with st.container(horizontal=True, vertical_alignment="bottom"):
                name = _("Source {number}", number=place + 1)
                kind = _pick(name, record, f"share{place}", optional=place > 0)
                if kind is not None:
                    st.text_input(_("Share in per cent"), key=fresh(f"share{place}_points"), max_chars=10)
            if kind is None:
                break
        st.text_area(_("Why these shares"), key=fresh("shares_reason"), max_chars=2000)
        st.button(label(Action.PREPARE_SHARES), type="primary", key="save_shares", on_click=_prepare, args=(record,))


def _prepare(record: LandingDetail) -> None:
    state: Any = st.session_state
    shares = []
    try:
        for place in range(ROWS):
            if state.get(fresh(f"share{place}_kind")) is None:
                break
            points = parse_share(state.get(fresh(f"share{place}_points"), ""))
            shares.append(Share(points=points, **_picked(f"share{place}")))
    except Invalid as refused:
        tell_refusal(refused)
        return
    done = perform(
        prepare_shares,
        landing_id=record.row.id,
        version=record.version,
        shares=shares,
        reason=state[fresh("shares_reason")],
    )
    if done:
        begin_afresh()
        tell(_("The shares are prepared; an approver decides."))

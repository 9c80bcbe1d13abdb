"""The result: what decides each characteristic, the verdict, and the three signatures."""

import streamlit as st

from pages.validation.panels.plan import limits_text, measured
from portal.ui import _, date_time, label
from portal.ui.shell import page_link
from portal.ui.tones import badge
from portal.ui.words import escape
from portal.validation.access import Sight
from portal.validation.findings import CharacteristicRow
from portal.validation.queries import PlanDetail
from portal.validation.rules import VERDICT_RULE, Judgement
from portal.validation.workflow import ValidationStatus

SIDES = ("enterprise", "investigator", "witness")
UNSIGNED = (ValidationStatus.INCONCLUSIVE, ValidationStatus.ABORTED)


def judgement_words(judgement: Judgement | None) -> str:
    """A value against its limits, in words."""
    words = {
        Judgement.INSIDE: _("inside"),
        Judgement.BELOW: _("too low"),
        Judgement.ABOVE: _("too high"),
        None: _("not measured"),
    }
    return words[judgement]


def judgement_badge(judgement: Judgement | None) -> str:
    """The word with its tone, as Markdown of our own words."""
    tone = {Judgement.INSIDE: "green", None: "gray"}.get(judgement, "red")
    return f":{tone}-badge[{judgement_words(judgement)}]"


def finding_words(record: PlanDetail) -> str:
    return label(record.finding) if record.finding and record.runs else "—"


def show(record: PlanDetail) -> None:
    verdict = record.row.verdict
    if verdict is None:
        st.info(_("There is no verdict yet. What follows is what the values say so far."))
    else:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.subheader(_("Verdict"), anchor=False, width="content")
            badge(verdict)
    if record.verdict_note:
        st.text(record.verdict_note)
    if record.open_actions:
        st.caption(_("Open actions"))
        st.text(record.open_actions)
        if record.actions_closed is not None:
            closed = record.actions_closed
            st.caption(_("Closed on {moment}: since then the validation counts as passed", moment=closed.happened_at))
            st.text(closed.reason)
    st.table([_line(row, record.sight) for row in record.characteristics], alt=_("What decides each characteristic"))
    st.caption(_(VERDICT_RULE))
    if record.row.status in UNSIGNED:
        st.caption(_("Nobody signs this verdict: the challenge went back, and another validation may follow."))
        page_link(_("Write the next validation plan"), "validations", icon=":material/arrow_forward:")
    elif verdict is not None:
        _signatures(record)


def _line(row: CharacteristicRow, sight: Sight) -> dict[str, str]:
    line = {_("Characteristic"): escape(row.name), _("Limits"): escape(limits_text(row))}
    if sight is not Sight.RESULT:
        line[_("Deciding value")] = "—" if row.deciding is None else escape(measured(row.deciding, row))
        line[_("Run")] = "—" if row.deciding_run is None else str(row.deciding_run)
    line[_("Judgement")] = judgement_badge(row.judgement)
    return line


def _signatures(record: PlanDetail) -> None:
    st.subheader(_("Signatures"), anchor=False)
    names = dict(zip(SIDES, (_("Enterprise"), _("Investigator"), _("Countersigned by an operator")), strict=True))
    for row in record.signatures:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if row.signed_at is None:
                st.badge(_("not signed yet"), icon=":material/hourglass_empty:", color="orange")
            else:
                st.badge(_("signed"), icon=":material/verified:", color="primary")
            parts = [names[row.side], row.name, date_time(row.signed_at) if row.signed_at else ""]
            st.text(" · ".join(part for part in parts if part))

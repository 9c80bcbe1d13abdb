"""The promises of an agreement, each with what was said about it, and what may be done."""

from collections.abc import Sequence

import streamlit as st

from pages.agreements.panels import commitment_acts
from portal.agreements.commitment_queries import CommitmentRow, Report, commitments_of
from portal.agreements.queries import AgreementDetail
from portal.agreements.workflow import CommitmentStatus, CooperationField
from portal.permissions import Action
from portal.ui import _, date_time, day, escape, label, read
from portal.ui.tones import badge
from portal.ui.web_links import file_link


def show(record: AgreementDetail) -> None:
    rows = read(commitments_of, record.row.id)
    _standing(rows)
    if Action.ADD_COMMITMENT in record.actions:
        commitment_acts.add_form(record)
    for field in CooperationField:
        mine = [row for row in rows if row.field is field]
        if mine:
            st.subheader(label(field), anchor=False)
        for row in mine:
            _commitment(record, row)


def _standing(rows: Sequence[CommitmentRow]) -> None:
    """One sentence that says how the promises stand."""
    if not rows:
        st.caption(_("No commitment has been written down yet."))
        return
    statuses = [row.status for row in rows]
    st.text(
        _(
            "Commitments: {count}; delivered {kept}, at risk {risk}, overdue {late}, dropped {dropped}.",
            count=len(rows),
            kept=statuses.count(CommitmentStatus.DELIVERED),
            risk=statuses.count(CommitmentStatus.AT_RISK),
            late=sum(row.is_late for row in rows),
            dropped=statuses.count(CommitmentStatus.DROPPED),
        )
    )


def _commitment(record: AgreementDetail, row: CommitmentRow) -> None:
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            badge(row.status)
            if row.is_late:
                st.badge(_("overdue"), icon=":material/alarm:", color="red")
            st.text(_due(row), width="content")
        st.text(f"{row.number}. {row.text}")
        owner = " · ".join(part for part in (row.owner, row.responsible) if part)
        st.caption(escape(_("Owner: {owner}", owner=owner)))
        st.caption(escape(_("Measure of success: {measure}", measure=row.measure)))
        commitment_acts.buttons(record, row)
        if row.reports:
            _said(row.reports[0])
        if len(row.reports) > 1:
            with st.expander(_("Earlier reports"), icon=":material/history:"):
                for report in row.reports[1:]:
                    _said(report)


def _due(row: CommitmentRow) -> str:
    if row.done_on and row.status is CommitmentStatus.DELIVERED:
        return _("due {due}, delivered {done}", due=row.due_on, done=row.done_on)
    return _("due {due}", due=row.due_on)


def _said(report: Report) -> None:
    """One report: its status, day and words; a dropped one names who agreed."""
    with st.container(gap=None):
        st.text(f"{day(report.happened_on)} · {label(report.status)}")
        st.text(report.words)
        if report.agreed_by:
            st.caption(escape(_("Agreed by: {who}", who=_(report.agreed_by))))
        st.caption(escape(_("entered by {who}, {at}", who=report.entered_by, at=date_time(report.entered_at))))
        if report.file_id:
            file_link(report.file_name, report.file_id)

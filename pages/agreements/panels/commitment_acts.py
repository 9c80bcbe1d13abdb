"""Add, change, report on and drop a commitment: one form and three dialogs."""

from typing import Any

import streamlit as st

from portal import clock
from portal.agreements.commitment_queries import CommitmentRow
from portal.agreements.commitments import add_commitment, drop_commitment, edit_commitment, report_commitment
from portal.agreements.queries import AgreementDetail
from portal.agreements.workflow import AgreementStatus, CommitmentStatus
from portal.permissions import Action
from portal.ui import _, label, perform
from portal.ui.record import begin_afresh, dialog_button, fresh
from portal.ui.run import tell

REPORTED = (CommitmentStatus.ON_TRACK, CommitmentStatus.AT_RISK, CommitmentStatus.DELIVERED)


def add_form(record: AgreementDetail) -> None:
    with st.expander(label(Action.ADD_COMMITMENT), icon=":material/add_task:"), st.form("add", border=False):
        _fields(record, None, "add")
        st.form_submit_button(label(Action.ADD_COMMITMENT), type="primary", on_click=_add, args=(record,))


def _fields(record: AgreementDetail, row: CommitmentRow | None, prefix: str) -> None:
    """Every field of a commitment; those of `row` to begin with."""
    fixed = row is not None and record.row.status is not AgreementStatus.NEGOTIATING
    owners = {party.organisation_id: party.name for party in record.parties}
    fields = {field: label(field) for field in record.row.fields}

    def place(options: Any, value: Any) -> int | None:
        return list(options).index(value) if value in options else None

    def key(name: str) -> str:
        return fresh(f"{prefix}_{name}")

    st.text_area(_("What is promised") + " *", row.text if row else "", key=key("text"), max_chars=600, disabled=fixed)
    st.text_area(
        _("Measure of success") + " *",
        row.measure if row else "",
        key=key("measure"),
        max_chars=600,
        disabled=fixed,
        placeholder=_("Example: 20 doctors with a contract of at least three years."),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Field") + " *",
            list(fields),
            index=place(fields, row.field if row else None),
            format_func=fields.__getitem__,
            key=key("field"),
            disabled=fixed,
            placeholder=_("Please choose"),
        )
        st.selectbox(
            _("Owner") + " *",
            list(owners),
            index=place(owners, row.owner_id if row else None),
            format_func=owners.__getitem__,
            key=key("owner"),
            disabled=fixed,
            placeholder=_("Please choose"),
        )
        st.date_input(
            _("Due on") + " *",
            row.due_on if row else record.row.ends_on,
            key=key("due_on"),
            format="YYYY-MM-DD",
            disabled=fixed,
        )
        st.text_input(_("Responsible person"), row.responsible if row else "", key=key("responsible"), max_chars=60)


def _typed(record: AgreementDetail, prefix: str) -> dict[str, Any]:
    state: Any = st.session_state

    def value(name: str) -> Any:
        return state[fresh(f"{prefix}_{name}")]

    return {
        "text": value("text"),
        "measure": value("measure"),
        "field": value("field"),
        "owner_id": value("owner"),
        "due_on": value("due_on") or record.row.ends_on,
        "responsible": value("responsible"),
    }


def _add(record: AgreementDetail) -> None:
    if perform(add_commitment, agreement_id=record.row.id, **_typed(record, "add")):
        tell(_("The commitment is added."))
        begin_afresh()


def buttons(record: AgreementDetail, row: CommitmentRow) -> None:
    """What this reader may do with it now, side by side."""
    acts: dict[Action, Any] = {
        Action.REPORT_COMMITMENT: _report,
        Action.EDIT_COMMITMENT: _edit,
        Action.DROP_COMMITMENT: _drop,
    }
    mine = [action for action in acts if action in row.actions]
    if not mine:
        return
    with st.container(horizontal=True, gap="small"):
        for action in mine:
            first = action is Action.REPORT_COMMITMENT
            icon = ":material/edit_note:" if first else None
            kind: Any = "secondary" if first else "tertiary"
            if st.button(label(action), key=f"{action.value}_{row.number}", icon=icon, type=kind):
                acts[action](record, row)


def _target(row: CommitmentRow) -> dict[str, Any]:
    return {"commitment_id": row.id, "version": row.version}


def _report(_record: AgreementDetail, row: CommitmentRow) -> None:
    heading = label(Action.REPORT_COMMITMENT)
    state: Any = st.session_state

    def fire() -> Any:
        upload = state.get("report_file")
        done = perform(
            report_commitment,
            status=state["report_status"],
            happened_on=state["report_day"],
            words=state["report_words"],
            file=(upload.name, upload.getvalue()) if upload else None,
            **_target(row),
        )
        if done:
            tell(_("The report is recorded."))
        return done

    words = {status: label(status) for status in REPORTED}

    @st.dialog(heading)
    def ask_report() -> None:
        st.text(row.text)
        st.segmented_control(
            _("How it stands"),
            list(words),
            default=CommitmentStatus.ON_TRACK,
            format_func=words.__getitem__,
            key="report_status",
            required=True,
        )
        st.date_input(_("The day it happened"), clock.today(), key="report_day", format="YYYY-MM-DD")
        st.text_area(
            _("Evidence, or what stands in the way"),
            key="report_words",
            max_chars=2000,
            placeholder=_("The other parties read this."),
        )
        st.file_uploader(_("File (optional, up to 20 MB)"), key="report_file")
        dialog_button(heading, fire, key="do_report")

    ask_report()


def _edit(record: AgreementDetail, row: CommitmentRow) -> None:
    heading = label(Action.EDIT_COMMITMENT)

    def fire() -> bool:
        done = perform(edit_commitment, **_typed(record, "edit"), **_target(row))
        if done is not None:
            tell(_("Saved."))
        return done is not None

    @st.dialog(heading)
    def ask_edit() -> None:
        if record.row.status is not AgreementStatus.NEGOTIATING:
            st.caption(_("The words were signed and stay; only the person responsible can change."))
        _fields(record, row, "edit")
        dialog_button(_("Save"), fire, key="do_edit")

    ask_edit()


def _drop(_record: AgreementDetail, row: CommitmentRow) -> None:
    heading = label(Action.DROP_COMMITMENT)
    state: Any = st.session_state

    def fire() -> Any:
        done = perform(drop_commitment, reason=state["drop_reason"], agreed_by=state["drop_agreed"], **_target(row))
        if done:
            tell(_("The commitment is dropped."))
        return done

    @st.dialog(heading)
    def ask_drop() -> None:
        st.text(row.text)
        st.caption(_("It stays on record with your reason and counts as dropped, not as delivered."))
        st.text_area(_("Reason"), key="drop_reason", max_chars=2000, placeholder=_("The other side will read this."))
        st.text_input(
            _("Who agreed to it"),
            key="drop_agreed",
            max_chars=200,
            placeholder=_("Names and posts of both sides, and the meeting"),
        )
        dialog_button(heading, fire, key="do_drop")

    ask_drop()

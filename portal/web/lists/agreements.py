"""Agreements and their commitments as rows of a file."""

from functools import partial

from sqlalchemy.orm import Session

from db.models import (
    AgreementStatus,
    CooperationField,
)
from portal import wording
from portal.agreements.commitment_queries import list_commitments
from portal.agreements.queries import list_agreements
from portal.errors import N_
from portal.i18n import translate
from portal.permissions import Actor
from portal.web.lists.asked import Asked, Table, days, every_row, member, record_id


def agreements(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    header = (
        N_("Number"),
        N_("Title"),
        N_("Status"),
        N_("Universities"),
        N_("Fields of cooperation"),
        N_("Part in “one body, two wings”"),
        N_("First day"),
        N_("Last day"),
    )
    rows = every_row(
        partial(
            list_agreements,
            session,
            actor,
            university=record_id(asked.get("university")),
            field=member(CooperationField, asked.get("field")),
            status=member(AgreementStatus, asked.get("status")),
            within=days(asked.get("within")),
        )
    )
    return header, [
        (
            row.number,
            row.title,
            wording.label(row.status, language),
            wording.word(row.universities, language),
            wording.word(row.fields, language),
            wording.label(row.part, language) if row.part else "",
            row.starts_on or "",
            row.ends_on or "",
        )
        for row in rows
    ]


def commitments(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    header = (
        N_("University agreement"),
        N_("Number"),
        N_("Commitment"),
        N_("Field"),
        N_("Owner"),
        N_("Responsible"),
        N_("Due on"),
        N_("Measure of success"),
        N_("Status"),
        N_("Past the due day"),
        N_("Done on"),
    )
    rows = every_row(
        partial(
            list_commitments,
            session,
            actor,
            state=asked.get("state", ""),
            field=member(CooperationField, asked.get("field")),
            owner=record_id(asked.get("owner")),
            university=record_id(asked.get("university")),
        )
    )
    return header, [
        (
            row.agreement,
            row.number,
            row.text,
            wording.label(row.field, language),
            row.owner,
            row.responsible,
            row.due_on,
            row.measure,
            wording.label(row.status, language),
            translate(N_("yes"), language) if row.is_late else "",
            row.done_on or "",
        )
        for row in rows
    ]

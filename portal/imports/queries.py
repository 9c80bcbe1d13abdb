"""What an import would do, and what was imported."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from db.models import Challenge, ImportBatch, ImportStatus, Organisation, OrganisationKind, OrganisationStatus, Person
from portal.errors import N_
from portal.imports.limits import MOST_PROBLEMS
from portal.imports.problems import Problem
from portal.imports.rows import ChallengeRow, PreparedFile
from portal.permissions import Action, Actor, authorize

KIND = "challenges"
_ASKED_AT_ONCE = 400


class Enterprise(NamedTuple):
    credit_code: str
    organisation_id: UUID
    name: str


class ImportReport(NamedTuple):
    """What was found; `batch_id` is set once the rows are imported."""

    batch_id: UUID | None
    total: int  # lines of the file
    bad_lines: int
    problems: list[Problem]  # the first 500
    notes: list[str]
    enterprises: list[Enterprise]


class ImportRow(NamedTuple):
    """One import that was made."""

    id: UUID
    file_name: str
    row_count: int
    status: ImportStatus
    imported_by: str
    imported_at: datetime
    undone_at: datetime | None
    version: int


def check_import(session: Session, actor: Actor, prepared: PreparedFile) -> ImportReport:
    """The file's own faults and those only the database knows: enterprises and references. Raises: Forbidden."""
    authorize(actor, Action.IMPORT_CHALLENGES)
    found = _organisations(session, prepared.rows)
    problems = list(prepared.problems)
    for row in prepared.rows:
        message = _why_not(found.get(row.credit_code))
        if message:
            problems.append(Problem(row.line, "credit_code", message, {}))
    problems += _known_references(session, prepared.rows, found)
    problems.sort(key=lambda problem: problem.line)
    bad_lines = len({problem.line for problem in problems})
    enterprises = [Enterprise(code, row.id, row.name) for code, row in found.items()]
    return ImportReport(None, prepared.total, bad_lines, problems[:MOST_PROBLEMS], prepared.notes, enterprises)


def list_imports(session: Session, actor: Actor, *, limit: int = 20) -> list[ImportRow]:
    """The latest imports. Raises: Forbidden."""
    authorize(actor, Action.IMPORT_CHALLENGES)
    query = (
        select(ImportBatch, Person.name)
        .outerjoin(Person, Person.id == ImportBatch.imported_by)
        .where(ImportBatch.kind == KIND)
        .order_by(ImportBatch.imported_at.desc(), ImportBatch.id)
        .limit(limit)
    )
    return [
        ImportRow(
            row.id, row.file_name, row.row_count, row.status, name or "", row.imported_at, row.undone_at, row.version
        )
        for row, name in session.execute(query)
    ]


def _organisations(session: Session, rows: list[ChallengeRow]) -> dict[str, Organisation]:
    codes = sorted({row.credit_code for row in rows})
    found: dict[str, Organisation] = {}
    for start in range(0, len(codes), _ASKED_AT_ONCE):
        query = select(Organisation).where(Organisation.credit_code.in_(codes[start : start + _ASKED_AT_ONCE]))
        found |= {row.credit_code: row for row in session.scalars(query)}
    return found


def _why_not(organisation: Organisation | None) -> str:
    if organisation is None:
        return N_("No organisation with this credit code takes part in the portal.")
    if organisation.kind is not OrganisationKind.ENTERPRISE:
        return N_("This organisation is no enterprise.")
    if organisation.status is not OrganisationStatus.VERIFIED:
        return N_("This enterprise is not verified.")
    return ""


def _known_references(
    session: Session, rows: list[ChallengeRow], organisations: dict[str, Organisation]
) -> list[Problem]:
    wanted = {
        (organisations[row.credit_code].id, row.reference): row.line for row in rows if row.credit_code in organisations
    }
    pairs, found = list(wanted), []
    pair = tuple_(Challenge.organisation_id, Challenge.external_reference)
    for start in range(0, len(pairs), _ASKED_AT_ONCE):
        query = select(Challenge.organisation_id, Challenge.external_reference, Challenge.number).where(
            pair.in_(pairs[start : start + _ASKED_AT_ONCE])
        )
        for organisation_id, reference, number in session.execute(query):
            message = N_("This reference was imported already; it is challenge {number}.")
            found.append(Problem(wanted[organisation_id, reference or ""], "reference", message, {"number": number}))
    return found

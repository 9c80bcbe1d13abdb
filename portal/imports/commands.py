"""Import challenges from a file, all of it or nothing, and take an import back."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from db.models import (
    AcceptanceMetric,
    Challenge,
    ChallengeSection,
    ChallengeStatus,
    Disclosure,
    Event,
    ImportBatch,
    ImportStatus,
    RubricCriterion,
    SectionKey,
)
from portal import clock
from portal.challenges.numbers import next_numbers
from portal.challenges.sections import SHAPES
from portal.errors import N_, NotFound, NotPossibleNow
from portal.events import record_event, record_events
from portal.imports.queries import KIND, ImportReport, check_import
from portal.imports.rows import ChallengeRow, PreparedFile
from portal.permissions import Action, Actor, authorize
from portal.workflow import require_version

NAMED_AT_MOST = 10
_INSERTED_AT_ONCE = 1_000


def import_challenges(session: Session, actor: Actor, *, prepared: PreparedFile, dry_run: bool = False) -> ImportReport:
    """Every row becomes a draft of its enterprise, or none does: then the report names each bad cell.

    `prepared` comes from `portal.imports.rows.prepare_file`, which needs no transaction. Raises: Forbidden.
    """
    authorize(actor, Action.IMPORT_CHALLENGES)
    # Numbers first: on PostgreSQL that makes imports wait for each other, so that no reference slips in twice.
    numbers = [] if dry_run else next_numbers(session, len(prepared.rows))
    report = check_import(session, actor, prepared)
    if dry_run or report.problems:
        return report
    batch = ImportBatch(
        kind=KIND,
        file_name=prepared.name,
        sha256=prepared.sha256,
        row_count=len(prepared.rows),
        imported_by=actor.person_id,
        imported_at=clock.now(),
    )
    session.add(batch)
    session.flush()
    organisations = {found.credit_code: found.organisation_id for found in report.enterprises}
    heads = [
        _head(actor, batch.id, number, organisations[row.credit_code], row)
        for number, row in zip(numbers, prepared.rows, strict=True)
    ]
    ids = [head["id"] for head in heads]
    _insert(session, Challenge, heads)
    _insert(session, ChallengeSection, _sections(actor, ids, prepared.rows))
    _insert(session, AcceptanceMetric, _tables(ids, [row.metrics for row in prepared.rows]))
    _insert(session, RubricCriterion, _tables(ids, [row.criteria for row in prepared.rows]))
    _record(session, actor, batch, ids)
    return report._replace(batch_id=batch.id)


def undo_import(session: Session, actor: Actor, *, batch_id: UUID, version: int | None = None) -> int:
    """Take back exactly the rows of one import, while nobody has worked on any of them; returns how many.

    Raises: Forbidden, NotFound, Stale, NotPossibleNow naming the challenges that were worked on.
    """
    authorize(actor, Action.UNDO_IMPORT)
    batch = session.get(ImportBatch, batch_id, with_for_update=True)
    if batch is None or batch.kind != KIND:
        raise NotFound
    require_version(batch, version)
    if batch.status is not ImportStatus.DONE:
        raise NotPossibleNow(status=batch.status)
    if touched := _touched(session, batch_id):
        message = N_("{count} of these challenges were worked on since, so nothing is undone: {numbers}")
        raise NotPossibleNow(message, count=len(touched), numbers=touched[:NAMED_AT_MOST])
    ids = select(Challenge.id).where(Challenge.import_batch_id == batch_id)
    for table in (ChallengeSection, AcceptanceMetric, RubricCriterion):
        session.execute(delete(table).where(table.challenge_id.in_(ids)), execution_options=_UNWATCHED)
    session.execute(delete(Challenge).where(Challenge.import_batch_id == batch_id), execution_options=_UNWATCHED)
    session.expire_all()
    batch.status, batch.undone_at = ImportStatus.UNDONE, clock.now()
    record_event(
        session,
        actor,
        Action.UNDO_IMPORT,
        "import",
        batch.id,
        from_status=ImportStatus.DONE,
        to_status=ImportStatus.UNDONE,
    )
    return batch.row_count


_UNWATCHED = {"synchronize_session": False}


def _touched(session: Session, batch_id: UUID) -> list[str]:
    """Numbers of the challenges that anything happened to after the import."""
    acted = select(Event.seq).where(
        (Event.object_id == Challenge.id) | (Event.parent_id == Challenge.id),
        Event.action != Action.IMPORT_CHALLENGES.value,
    )
    query = (
        select(Challenge.number)
        .where(
            Challenge.import_batch_id == batch_id,
            (Challenge.status != ChallengeStatus.DRAFT)
            | (Challenge.changed_at != Challenge.created_at)
            | acted.exists(),
        )
        .order_by(Challenge.number)
    )
    return list(session.scalars(query))


def _head(actor: Actor, batch_id: UUID, number: str, organisation_id: UUID, row: ChallengeRow) -> dict[str, Any]:
    now = clock.now()
    problem, budget = row.contents[SectionKey.PROBLEM], row.contents[SectionKey.BUDGET]
    is_public = SHAPES[SectionKey.BUDGET].disclosure is Disclosure.PUBLIC
    return {
        "id": uuid4(),
        "number": number,
        "organisation_id": organisation_id,
        "title": problem["title"],
        "summary": problem["summary"],
        "industry_code": problem["industry_code"],
        "town_code": problem["town_code"],
        "trl_wanted": problem["trl_wanted"],
        "public_budget_fen": budget["sum_fen"] if is_public else None,
        "status": ChallengeStatus.DRAFT,
        "external_reference": row.reference,
        "import_batch_id": batch_id,
        "created_by": actor.person_id,
        # The same instant: any later one says that somebody worked on it.
        "created_at": now,
        "changed_at": now,
        "version": 1,
    }


def _sections(actor: Actor, ids: list[UUID], rows: list[ChallengeRow]) -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {
            "id": uuid4(),
            "challenge_id": challenge_id,
            "key": key,
            "disclosure": SHAPES[key].disclosure,
            "content": content,
            "changed_by": actor.person_id,
            "changed_at": now,
            "version": 1,
        }
        for challenge_id, row in zip(ids, rows, strict=True)
        for key, content in row.contents.items()
    ]


def _tables(ids: list[UUID], tables: list[Any]) -> list[dict[str, Any]]:
    return [
        {"id": uuid4(), "challenge_id": challenge_id, "position": place, **row._asdict()}
        for challenge_id, table in zip(ids, tables, strict=True)
        for place, row in enumerate(table, 1)
    ]


def _insert(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    for part in _parts(rows):
        session.execute(insert(table), part)


def _parts(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), _INSERTED_AT_ONCE):
        yield rows[start : start + _INSERTED_AT_ONCE]


def _record(session: Session, actor: Actor, batch: ImportBatch, ids: list[UUID]) -> None:
    record_event(
        session,
        actor,
        Action.IMPORT_CHALLENGES,
        "import",
        batch.id,
        to_status=ImportStatus.DONE,
        fields=["rows", str(len(ids)), "sha256", batch.sha256],
    )
    record_events(
        session,
        actor,
        Action.IMPORT_CHALLENGES,
        "challenge",
        ids,
        to_status=ChallengeStatus.DRAFT,
        fields=["import", str(batch.id)],
    )

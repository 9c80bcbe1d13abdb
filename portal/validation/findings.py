"""Values beside their limits, as rows for a page: what decides each characteristic, and every run with its values."""

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Measurement, Person, PlanCharacteristic, RunStage, ValidationRun
from portal.validation.rules import Judgement, find, judge
from portal.validation.runs import limits_of, readings_of


class CharacteristicRow(NamedTuple):
    """What is measured, its limits, and what decides it; the value is None for readers of the result alone."""

    id: UUID
    position: int
    name: str
    unit: str
    lower: Decimal | None
    upper: Decimal | None
    target: Decimal | None
    mandatory: bool
    sample_size: int
    method: str
    deciding: Decimal | None
    deciding_run: int | None
    judgement: Judgement | None


class ValueRow(NamedTuple):
    """The value in force, its judgement, and the values it replaced, oldest first, each with its reason."""

    value: Decimal
    judgement: Judgement
    replaced: tuple[tuple[Decimal, str], ...]


class RunRow(NamedTuple):
    """One run; device and who recorded it are empty for the institute."""

    id: UUID
    number: int
    stage: RunStage
    ran_on: date
    lot: str
    device: str
    note: str
    recorded_by: str
    recorded_at: datetime
    excluded_reason: str
    values: dict[UUID, ValueRow]


def characteristics_of(session: Session, plan_id: UUID, *, values: bool) -> list[CharacteristicRow]:
    """In the order of the plan; `values` also gives the deciding value."""
    found = {row.characteristic_id: row for row in find(limits_of(session, plan_id), readings_of(session, plan_id))}
    rows = []
    for row in _characteristics(session, plan_id):
        deciding = found[row.id].deciding if values else None
        rows.append(
            CharacteristicRow(
                id=row.id,
                position=row.position,
                name=row.name,
                unit=row.unit,
                lower=row.lower,
                upper=row.upper,
                target=row.target,
                mandatory=row.mandatory,
                sample_size=row.sample_size,
                method=row.method if values else "",
                deciding=deciding.value if deciding else None,
                deciding_run=deciding.run_number if deciding else None,
                judgement=found[row.id].judgement,
            )
        )
    return rows


def runs_of(session: Session, plan_id: UUID, *, full: bool) -> list[RunRow]:
    """Every run in the order it was recorded, excluded ones too."""
    limits = {row.id: row for row in limits_of(session, plan_id)}
    history: dict[UUID, dict[UUID, list[Measurement]]] = {}
    query = (
        select(Measurement)
        .join(ValidationRun, ValidationRun.id == Measurement.run_id)
        .where(ValidationRun.plan_id == plan_id)
        .order_by(Measurement.correction)
    )
    for row in session.scalars(query):
        history.setdefault(row.run_id, {}).setdefault(row.characteristic_id, []).append(row)
    runs = session.execute(
        select(ValidationRun, Person.name)
        .join(Person, Person.id == ValidationRun.recorded_by)
        .where(ValidationRun.plan_id == plan_id)
        .order_by(ValidationRun.number)
    )
    found = []
    for run, person in runs:
        values = {
            key: _value(rows, limits[key].lower, limits[key].upper) for key, rows in history.get(run.id, {}).items()
        }
        found.append(
            RunRow(
                id=run.id,
                number=run.number,
                stage=run.stage,
                ran_on=run.ran_on,
                lot=run.lot,
                device=run.device if full else "",
                note=run.note,
                recorded_by=person if full else "",
                recorded_at=run.recorded_at,
                excluded_reason=run.excluded_reason,
                values=values,
            )
        )
    return found


def _value(rows: list[Measurement], lower: Decimal | None, upper: Decimal | None) -> ValueRow:
    """`rows` by correction; each replaced value goes with the reason of the one that replaced it."""
    replaced = tuple((old.value, new.correction_reason) for old, new in pairwise(rows))
    return ValueRow(rows[-1].value, judge(rows[-1].value, lower, upper), replaced)


def _characteristics(session: Session, plan_id: UUID) -> list[PlanCharacteristic]:
    query = select(PlanCharacteristic).where(PlanCharacteristic.plan_id == plan_id)
    return list(session.scalars(query.order_by(PlanCharacteristic.position)))

"""Numbers like YH-2026-0042: by year, unique whatever happens at the same moment."""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from db.models import Challenge
from portal import clock

PREFIX = "YH"
_NUMBER_LOCK = 7_190_002  # any constant: PostgreSQL's advisory lock of the numbers


def next_numbers(session: Session, count: int = 1) -> list[str]:
    """The next free numbers of this year; nobody else gets them while this transaction runs."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _NUMBER_LOCK})
    start = f"{PREFIX}-{clock.today().year}-"
    query = (
        select(Challenge.number)
        # "." is the sign after "-": the range is the year's part of the unique index.
        .where(Challenge.number >= start, Challenge.number < f"{start[:-1]}.")
        .order_by(func.length(Challenge.number).desc(), Challenge.number.desc())
        .limit(1)
    )
    last = session.scalar(query)
    first = int(last.removeprefix(start)) + 1 if last else 1
    return [f"{start}{number:04d}" for number in range(first, first + count)]

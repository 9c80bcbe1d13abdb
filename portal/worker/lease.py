"""Who works: one row in the database, taken by one statement, lost by not renewing it."""

import os
import secrets
import socket
from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from db.models import Lease
from portal import clock
from portal.transactions import reading, writing

LASTS = timedelta(seconds=30)


class WorkerLease:
    """The right to do the clock-driven work. After a kill another worker takes over within 30 seconds."""

    def __init__(self, name: str = "worker") -> None:
        self.name = name
        self.holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"

    def hold(self) -> bool:
        """Take, keep or renew it; False while somebody else has it. Writes only when half of the time is over."""
        now = clock.now()
        with reading() as session:
            row = session.scalars(select(Lease).where(Lease.name == self.name)).first()
        # An expiry far ahead was written by a clock that has since been set back.
        if row is None or not now < row.expires_at <= now + LASTS:
            return self._take()
        if row.holder == self.holder and row.expires_at < now + LASTS / 2:
            return self._take()
        return row.holder == self.holder

    def release(self) -> None:
        """Let the next one begin at once."""
        with writing() as session:
            session.execute(delete(Lease).where(Lease.name == self.name, Lease.holder == self.holder))

    def _take(self) -> bool:
        now = clock.now()
        is_free = or_(Lease.holder == self.holder, Lease.expires_at <= now, Lease.expires_at > now + LASTS)
        values = {"holder": self.holder, "expires_at": now + LASTS}
        with writing() as session:
            taken: CursorResult[Any] = session.execute(
                update(Lease)
                .where(Lease.name == self.name, is_free)
                .values(values)
                .execution_options(synchronize_session=False)
            )  # type: ignore[assignment]
            if taken.rowcount == 1:
                return True
            insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
            statement = insert(Lease).values(name=self.name, **values).on_conflict_do_nothing()
            return session.scalar(statement.returning(Lease.name)) is not None

"""Engines and transactions: SQLite set so that it loses nothing, PostgreSQL by the same code."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

SQLITE_AT_LEAST = (3, 51, 3)  # 3.7.0–3.51.2 carry the WAL-reset corruption bug
BUSY_TIMEOUT_S = 5


class DatabaseRefused(RuntimeError):
    """The database cannot be used safely; the text says why."""


class Database:
    """One engine with a reading and a writing side.

    On SQLite a write begins IMMEDIATE, so two writers queue instead of losing an update; a read takes a plain BEGIN
    and never blocks one.
    """

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self._read = sessionmaker(self.engine, expire_on_commit=False)
        self._write = sessionmaker(self.engine.execution_options(write=True), expire_on_commit=False)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session whose work is rolled back: reads only."""
        with self._read() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits on leaving, or rolls back on any error."""
        with self._write.begin() as session:
            yield session

    def dispose(self) -> None:
        self.engine.dispose()


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://…`.

    Raises: DatabaseRefused when SQLite is too old to be trusted with WAL or its folder cannot be written.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, pool_size=20, max_overflow=20, pool_timeout=5)
    from pysqlite3 import dbapi2

    if dbapi2.sqlite_version_info < SQLITE_AT_LEAST:
        raise DatabaseRefused(f"SQLite {dbapi2.sqlite_version} is older than 3.51.3 and may corrupt its log")
    path = make_url(url).database
    if path and path != ":memory:":
        _writable(Path(path))
    engine = create_engine(
        url,
        module=dbapi2,
        pool_size=20,
        max_overflow=40,
        pool_timeout=BUSY_TIMEOUT_S,
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False, "isolation_level": None},
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def sqlite_version() -> str:
    from pysqlite3 import dbapi2

    return str(dbapi2.sqlite_version)


def _writable(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        existed = path.exists()
        with path.open("ab"):
            pass
        if not existed:
            path.unlink()
    except OSError as error:
        raise DatabaseRefused(f"the database file {path.name} cannot be written: {error.strerror}") from error


def _set_up_sqlite(connection: Any, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}")
    cursor.execute("PRAGMA trusted_schema=OFF")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

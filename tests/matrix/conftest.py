"""One world for all tests of this folder: made once, looked at in transactions that are rolled back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal import clock
from portal.settings import settings
from portal.transactions import database, forget_database
from tests.matrix.world import World, make_world


def _use(patch: pytest.MonkeyPatch, place: Path) -> None:
    patch.setenv("PORTAL_DATA_DIR", str(place / "data"))
    patch.setenv("PORTAL_SEAL_KEY_FILE", str(place / "keys" / "seal.key"))
    patch.setenv("PORTAL_SECRET_FILE", str(place / "keys" / "secret.key"))
    patch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{place / 'data' / 'portal.db'}")
    _forget()


def _forget() -> None:
    forget_database()
    settings.cache_clear()
    clock.set_offset(0)


@pytest.fixture(scope="session")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """The folder with database, keys and files, and who and what is in it."""
    place = tmp_path_factory.mktemp("matrix")
    (place / "data").mkdir()
    (place / "data" / "portal.db").write_bytes(sqlite_template.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        _use(patch, place)
        with database().writing() as session:
            world = make_world(session)
        _forget()
    return place, world


@pytest.fixture
def world(made: tuple[Path, World], environment: pytest.MonkeyPatch) -> World:
    place, world = made
    _use(environment, place)
    return world


@pytest.fixture
def session(world: World) -> Iterator[Session]:
    """A writing session on the world; nothing of it stays."""
    with database().writing() as session:
        yield session
        session.rollback()

"""A consistent copy while the portal runs: the database at one instant, every file it names, and their hashes."""

import os
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from db.migrate import current_revision
from db.models import FileObject
from db.session import Database
from portal import clock
from portal.files import store
from portal.operations.manifest import Manifest, digest_of, facts_of
from portal.operations.migrating import require_newest_schema
from portal.operations.postgres import run_tool, tool
from portal.operations.refusals import OperationRefused
from portal.transactions import database


def back_up(target: Path) -> tuple[Path, Manifest]:
    """Write a new folder below `target`; it gets its final name when it is whole.

    Raises: DatabaseRefused, OperationRefused.
    """
    require_newest_schema()
    folder = target / f"portal-{clock.local(clock.now()):%Y%m%d-%H%M%S}"
    part = folder.with_suffix(".part")
    if folder.exists() or part.exists():
        raise OperationRefused(f"{folder} exists already")
    try:
        part.mkdir(parents=True, mode=0o700)
        is_sqlite = database().is_sqlite
        file = part / ("portal.db" if is_sqlite else "portal.dump")
        facts = _copy_sqlite(file) if is_sqlite else _dump_postgres(file)
        manifest = _with_files(part, file, facts)
        part.rename(folder)
    except OSError as error:
        raise OperationRefused(f"the backup could not be written: {error.strerror}") from error
    return folder, manifest


def _with_files(part: Path, file: Path, facts: dict[str, Any]) -> Manifest:
    expected: dict[UUID, str] = facts.pop("expected_files")
    copied, missing = _copy_files(expected, part / "files")
    manifest = Manifest(
        made_at=clock.now().isoformat(timespec="seconds"),
        database="sqlite" if database().is_sqlite else "postgresql",
        database_file=file.name,
        database_sha256=digest_of(file),
        schema_revision=current_revision(database().engine) or "",
        files=copied,
        missing_files=missing,
        **facts,
    )
    manifest.write(part)
    for path in part.rglob("*"):
        _sync(path)
    return manifest


def _copy_sqlite(file: Path) -> dict[str, Any]:
    """VACUUM INTO reads one instant and holds up no writer."""
    connection = database().engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(file),))
    finally:
        connection.close()
    file.chmod(0o600)
    copy = Database(f"sqlite:///{file}")
    try:
        with copy.reading() as session:
            return _facts(session)
    finally:
        copy.dispose()


def _dump_postgres(file: Path) -> dict[str, Any]:
    """pg_dump of the very snapshot that the counts are taken from."""
    with database().reading() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        version = int(session.scalar(text("SHOW server_version_num")) or 0) // 10_000
        snapshot = session.scalar(text("SELECT pg_export_snapshot()"))
        run_tool(
            tool("pg_dump", version),
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            f"--file={file}",
        )
        file.chmod(0o600)
        return _facts(session)


def _facts(session: Session) -> dict[str, Any]:
    files = {row.id: row.sha256 for row in session.execute(select(FileObject.id, FileObject.sha256))}
    return {**facts_of(session), "expected_files": files}


def _copy_files(expected: dict[UUID, str], folder: Path) -> tuple[dict[str, str], list[str]]:
    """Copy what the rows name; returns what was copied with its hash, and what was missing or damaged."""
    copied: dict[str, str] = {}
    missing: list[str] = []
    for file_id, sha256 in sorted(expected.items()):
        source, target = store.path_of(file_id), folder / file_id.hex[:2] / file_id.hex
        if not source.exists():
            missing.append(file_id.hex)
            continue
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.write_bytes(source.read_bytes())
        copied[file_id.hex] = digest_of(target)
        if copied[file_id.hex] != sha256:
            missing.append(file_id.hex)
    return copied, missing


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Bring a backup back into an empty place, prove that it is whole, and keep what had ended ended."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import inspect, make_url, update
from sqlalchemy.orm import Session

from db.migrate import newest_revision, upgrade
from db.models import Lease, LoginSession, OneTimeLink, OutboxMail
from db.session import Database, DatabaseRefused
from portal import clock
from portal.events import verify_chain
from portal.files import store
from portal.operations.manifest import Manifest, digest_of, facts_of, read_manifest
from portal.operations.postgres import run_tool, tool
from portal.operations.refusals import OperationRefused
from portal.operations.starting import require_fitting_key
from portal.settings import settings

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
HELD_BACK = "held back: restored from a backup"


class Restored(NamedTuple):
    """What came back, and what was ended so that an old backup revives nothing."""

    manifest: Manifest
    sessions_ended: int
    links_ended: int
    mails_held_back: int
    key_warning: str


def restore(source: Path) -> Restored:
    """Restore into an empty data folder and database.

    Every session and every unused one-time link is ended and every unsent mail is held back: they may have been
    revoked, used or sent after the backup. Deadlines stay where they are; the clock closes what has passed.

    Raises: OperationRefused; nothing is left half restored but files, which the sentence names.
    """
    manifest = read_manifest(source)
    _require_whole(source, manifest)
    target_url = settings().effective_database_url
    if make_url(target_url).get_backend_name() != manifest.database:
        raise OperationRefused(f"the backup is of {manifest.database}; PORTAL_DATABASE_URL names another database")
    _require_empty(target_url)
    _copy_files(source, manifest)
    if manifest.database == "sqlite":
        return _restore_sqlite(source, manifest, Path(str(make_url(target_url).database)))
    return _restore_postgres(source, manifest, target_url)


def _require_whole(source: Path, manifest: Manifest) -> None:
    if manifest.schema_revision > newest_revision():
        raise OperationRefused(f"the backup is of a newer version of the portal (schema {manifest.schema_revision})")
    database_file = source / manifest.database_file
    if not database_file.exists() or digest_of(database_file) != manifest.database_sha256:
        raise OperationRefused("the database in the backup is missing or was changed; nothing was restored")
    for name, sha256 in manifest.files.items():
        path = source / "files" / name[:2] / name
        if not path.exists() or digest_of(path) != sha256:
            raise OperationRefused(f"the file {name} in the backup is missing or was changed; nothing was restored")


def _require_empty(url: str) -> None:
    if next(store.stored_ids(), None) is not None:
        raise OperationRefused(f"{settings().files_dir} is not empty: restore only into an empty data folder")
    path = make_url(url).database
    if make_url(url).get_backend_name() == "sqlite":
        if path and Path(path).exists():
            raise OperationRefused(f"{path} exists: restore only into an empty data folder")
        return
    database = Database(url)
    try:
        if inspect(database.engine).get_table_names():
            raise OperationRefused("the PostgreSQL database is not empty: restore only into an empty one")
    finally:
        database.dispose()


def _copy_files(source: Path, manifest: Manifest) -> None:
    for name in manifest.files:
        store.write(UUID(hex=name), (source / "files" / name[:2] / name).read_bytes())


def _restore_sqlite(source: Path, manifest: Manifest, path: Path) -> Restored:
    """Under another name until everything holds: a database that failed its checks never gets in use."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".restoring")
    shutil.copyfile(source / manifest.database_file, part)
    part.chmod(0o600)
    try:
        restored = _proven(f"sqlite:///{part}", manifest)
        part.rename(path)
    finally:
        for leftover in (part, *(part.with_name(part.name + end) for end in ("-wal", "-shm"))):
            leftover.unlink(missing_ok=True)
    return restored


def _restore_postgres(source: Path, manifest: Manifest, url: str) -> Restored:
    database = Database(url)
    try:
        with database.engine.connect() as connection:
            version = int(str(connection.exec_driver_sql("SHOW server_version_num").scalar())) // 10_000
    finally:
        database.dispose()
    name = make_url(url).database or "postgres"
    run_tool(
        tool("pg_restore", version),
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        f"--dbname={name}",
        str(source / manifest.database_file),
    )
    return _proven(url, manifest)


def _proven(url: str, manifest: Manifest) -> Restored:
    database = Database(url)
    try:
        if manifest.schema_revision == newest_revision():
            with database.reading() as session:
                _require_same(session, manifest)
        upgrade(url)
        with database.writing() as session:
            _require_chain(session, manifest)
            return Restored(manifest, *_end_what_was_open(session), _key_warning(session))
    finally:
        database.dispose()


def _require_same(session: Session, manifest: Manifest) -> None:
    if facts_of(session)["rows"] != manifest.rows:
        raise OperationRefused("the restored tables do not hold the rows that the backup counted")


def _require_chain(session: Session, manifest: Manifest) -> None:
    _count, faults = verify_chain(session)
    facts = facts_of(session)
    if faults or (facts["chain_seq"], facts["chain_hash"]) != (manifest.chain_seq, manifest.chain_hash):
        raise OperationRefused("the audit trail in the backup does not verify")


def _end_what_was_open(session: Session) -> tuple[int, int, int]:
    now = clock.now()
    session.query(Lease).delete()
    statements = (
        update(LoginSession).where(LoginSession.revoked_at.is_(None)).values(revoked_at=now),
        update(OneTimeLink).where(OneTimeLink.used_at.is_(None)).values(used_at=now),
        update(OutboxMail).where(OutboxMail.sent_at.is_(None)).values(next_try_at=NEVER, last_error=HELD_BACK, body=""),
    )
    sessions, links, mails = (int(session.execute(statement).rowcount) for statement in statements)  # type: ignore[attr-defined]
    return sessions, links, mails


def _key_warning(session: Session) -> str:
    try:
        require_fitting_key(session)
    except DatabaseRefused as refusal:
        return str(refusal)
    return ""

"""What must be true before the portal starts: a safe place for the data, the right schema, the right key."""

import stat
from pathlib import Path

from sqlalchemy import make_url, select
from sqlalchemy.orm import Session

from db.models import Proposal
from db.session import DatabaseRefused
from portal.operations.migrating import require_newest_schema
from portal.seal import KEY_BYTES, ProposalKey, SealBroken
from portal.settings import SettingsRefused, settings
from portal.transactions import reading

NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "glusterfs", "ceph"})


def require_ready() -> None:
    """Raises: SettingsRefused, DatabaseRefused."""
    settings()
    require_local_database()
    require_key_file()
    require_newest_schema()
    with reading() as session:
        require_fitting_key(session)


def require_local_database() -> None:
    """SQLite's locks do not hold on a network share. Raises: DatabaseRefused."""
    url = make_url(settings().effective_database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    mounts = Path("/proc/mounts")
    kind = file_system_of(Path(url.database), mounts.read_text() if mounts.exists() else "")
    if kind in NETWORK_FILE_SYSTEMS:
        raise DatabaseRefused(f"the database lies on a network share ({kind}): SQLite needs a local disk")


def file_system_of(path: Path, mounts: str) -> str:
    """The kind of file system a path lies on, from the text of /proc/mounts; empty when unknown."""
    target = path.resolve()
    best = ("", "")
    for line in mounts.splitlines():
        _device, point, kind = line.split()[:3]
        point = point.replace("\\040", " ")
        if target.is_relative_to(point) and len(point) >= len(best[0]):
            best = (point, kind)
    return best[1]


def require_key_file() -> None:
    """A key file that is there must hold a real key that nobody else can read. Raises: SettingsRefused."""
    path = settings().effective_seal_key_file
    if not path.exists():
        return
    try:
        key = bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError):
        key = b""
    if len(key) != KEY_BYTES or len(set(key)) < 8:
        raise SettingsRefused(f"PORTAL_SEAL_KEY_FILE must hold {KEY_BYTES} random bytes in hex, and does not")
    if settings().is_production and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsRefused("PORTAL_SEAL_KEY_FILE can be read by others: run `chmod 600` on it")


def require_fitting_key(session: Session) -> None:
    """A fresh key beside sealed proposals would lock everybody out for good. Raises: DatabaseRefused."""
    row = session.execute(select(Proposal.id, Proposal.wrapped_key).limit(1)).first()
    if row is None:
        return
    if not settings().effective_seal_key_file.exists():
        raise DatabaseRefused("the database holds sealed proposals, but PORTAL_SEAL_KEY_FILE does not exist")
    try:
        ProposalKey(row.wrapped_key, str(row.id))
    except SealBroken:
        raise DatabaseRefused("PORTAL_SEAL_KEY_FILE does not open the sealed proposals of this database") from None

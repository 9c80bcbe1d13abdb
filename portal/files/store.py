"""Files on disk: whole or not there at all, named by our ids alone."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from portal.settings import settings

ORPHAN_AGE_S = 24 * 3600


def path_of(file_id: UUID) -> Path:
    """Two folder levels, so that no folder grows large."""
    name = file_id.hex
    return settings().files_dir / name[:2] / name[2:4] / name


def write(file_id: UUID, content: bytes) -> None:
    """On disk for good before this returns: a kill leaves the whole file or a `.part` that `remove_orphans` takes."""
    path = path_of(file_id)
    part = path.with_suffix(".part")
    _make_folders(path.parent)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    _sync_folder(path.parent)


def read(file_id: UUID) -> bytes | None:
    """The bytes, or None when the file is not there."""
    try:
        return path_of(file_id).read_bytes()
    except FileNotFoundError:
        return None


def stored_ids() -> Iterator[UUID]:
    """The ids of all whole files."""
    for path in settings().files_dir.glob("??/??/*"):
        if not path.suffix:
            yield UUID(hex=path.name)


def remove_orphans(known: set[UUID]) -> int:
    """Remove files and leftovers without a row that are older than a day; a younger one may be about to get its row."""
    youngest = time.time() - ORPHAN_AGE_S
    removed = 0
    for path in settings().files_dir.glob("??/??/*"):
        if not path.suffix and UUID(hex=path.name) in known:
            continue
        if path.stat().st_mtime < youngest:
            path.unlink()
            removed += 1
    return removed


def _make_folders(folder: Path) -> None:
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for part in reversed(missing):
        _sync_folder(part.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""What a backup says of itself, written last: a folder without it is half a backup."""

import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.base import Base
from portal.events import chain_head
from portal.operations.refusals import OperationRefused

MANIFEST = "manifest.json"


class Manifest(BaseModel):
    """Everything needed to prove that a restored portal is the one that was backed up."""

    format: int = 1
    made_at: str
    database: str  # "sqlite" or "postgresql"
    database_file: str
    database_sha256: str
    schema_revision: str
    chain_seq: int
    chain_hash: str
    rows: dict[str, int]
    files: dict[str, str]  # id in hex → SHA-256 of the stored bytes
    missing_files: list[str]
    note: str = "The seal key file is not part of this backup; without it sealed proposals cannot be read."

    def write(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(json.dumps(self.model_dump(), indent=1, sort_keys=True))


def read_manifest(folder: Path) -> Manifest:
    """Raises: OperationRefused for a folder that is no backup, or half of one."""
    path = folder / MANIFEST
    if not path.exists():
        raise OperationRefused(f"{folder} is no finished backup: it has no {MANIFEST}")
    try:
        manifest = Manifest.model_validate_json(path.read_text())
    except (ValidationError, UnicodeDecodeError):
        raise OperationRefused(f"the {MANIFEST} of {folder} cannot be read") from None
    if manifest.format != 1:
        raise OperationRefused(f"the backup has format {manifest.format}; this version of the portal knows format 1")
    return manifest


def facts_of(session: Session) -> dict[str, Any]:
    """Rows by table and the head of the chain, as the session sees them."""
    seq, digest = chain_head(session)
    rows = {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }
    return {"rows": rows, "chain_seq": seq, "chain_hash": digest}


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

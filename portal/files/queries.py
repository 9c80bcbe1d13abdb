"""Read an attachment: the record it belongs to is asked each time."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import FileObject
from db.types import Sealed
from portal.errors import N_, NotFound, PortalError
from portal.files import store
from portal.files.commands import content_place, facts_place
from portal.permissions import Actor
from portal.seal import ProposalKey, SealBroken

log = logging.getLogger(__name__)

Reader = Callable[[Session, Actor, FileObject], ProposalKey | None]
READERS: dict[str, Reader] = {}
"""By parent type: returns the key of a sealed file, or None for an open one; raises NotFound for everybody else."""


class FileUnavailable(PortalError):
    """The row is there, its bytes are not, or are not the ones that were uploaded."""

    message = N_("This file is missing or damaged. The operators have been told.")


class OpenedFile(NamedTuple):
    name: str
    media_type: str
    content: bytes
    parent_id: UUID  # the record it belongs to


class FileRow(NamedTuple):
    """One attachment in a list; `size` in bytes."""

    id: UUID
    name: str
    media_type: str
    size: int
    uploaded_at: datetime
    sha256: str


def register_reader(parent_type: str, reader: Reader) -> None:
    """Say who may read the attachments of a kind of record; the feature that owns the record does it at import."""
    READERS[parent_type] = reader


def open_file(session: Session, actor: Actor, file_id: UUID) -> OpenedFile:
    """The file's name, kind and bytes, if its record lets this actor read it now.

    Raises: NotFound, FileUnavailable.
    """
    row = session.get(FileObject, file_id)
    if row is None or row.parent_type not in READERS:
        raise NotFound
    key = READERS[row.parent_type](session, actor, row)
    content = store.read(row.id)
    if content is None or hashlib.sha256(content).hexdigest() != row.sha256:
        log.error("file %s is missing or damaged", row.id)
        raise FileUnavailable
    if not row.is_sealed:
        return OpenedFile(row.name, row.media_type, content, row.parent_id)
    if key is None:
        raise NotFound
    facts = _described(row, key)
    try:
        content = key.open(Sealed(content), content_place(row.id))
    except SealBroken:
        log.exception("file %s does not open with its key", row.id)
        raise FileUnavailable from None
    return OpenedFile(facts.name, facts.media_type, content, row.parent_id)


def describe_files(session: Session, file_ids: Iterable[UUID], key: ProposalKey | None = None) -> list[FileRow]:
    """Names and sizes for a list, oldest first; asks no rights: the caller shows the record they belong to."""
    query = select(FileObject).where(FileObject.id.in_(set(file_ids))).order_by(FileObject.uploaded_at, FileObject.id)
    return [_described(row, key) for row in session.scalars(query)]


def _described(row: FileObject, key: ProposalKey | None) -> FileRow:
    if row.sealed_facts is None or key is None:
        return FileRow(row.id, row.name, row.media_type, row.size, row.uploaded_at, row.sha256)
    facts = json.loads(key.open(row.sealed_facts, facts_place(row.id)))
    return FileRow(row.id, facts["name"], facts["media_type"], row.size, row.uploaded_at, facts["sha256"])

"""Take an upload, give one up, and compare rows with files."""

import hashlib
import json
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import FileObject
from portal import clock
from portal.files import store
from portal.files.kinds import media_type_of
from portal.files.rules import clean_name, require_size
from portal.permissions import Actor
from portal.seal import ProposalKey

SEALED_MEDIA_TYPE = "application/octet-stream"
SEALED_NAME = "sealed"


def store_file(
    session: Session,
    actor: Actor,
    *,
    name: str,
    content: bytes,
    parent_type: str,
    parent_id: UUID,
    key: ProposalKey | None = None,
) -> UUID:
    """Keep an upload for good and return its id; the caller has asked whether the actor may, and records the event.

    With a key the bytes are encrypted before they touch the disk, and name, kind and hash are sealed in the row.
    If the transaction fails afterwards, the file without a row is removed a day later.

    Raises: Invalid for an empty, too large, unknown or mislabelled file.
    """
    require_size(content)
    name = clean_name(name)
    media_type = media_type_of(name, content)
    digest = hashlib.sha256(content).hexdigest()
    row = FileObject(
        id=uuid4(),
        name=name,
        media_type=media_type,
        size=len(content),
        sha256=digest,
        parent_type=parent_type,
        parent_id=parent_id,
        uploaded_by=actor.person_id,
        uploaded_at=clock.now(),
        is_sealed=key is not None,
    )
    if key is not None:
        facts = json.dumps({"name": name, "media_type": media_type, "sha256": digest}).encode()
        row.sealed_facts = key.seal(facts, facts_place(row.id))
        content = key.seal(content, content_place(row.id)).token
        # The hash of the ciphertext: it finds a damaged file without the key and tells nothing.
        row.name, row.media_type, row.sha256 = SEALED_NAME, SEALED_MEDIA_TYPE, hashlib.sha256(content).hexdigest()
    store.write(row.id, content)
    session.add(row)
    session.flush()
    return row.id


def remove_file(session: Session, *, file_id: UUID) -> None:
    """Forget a file that nothing refers to any more; its bytes go at the next reconciling, not before the commit."""
    row = session.get(FileObject, file_id)
    if row is not None:
        session.delete(row)
        session.flush()


def facts_place(file_id: UUID) -> str:
    return f"file-facts:{file_id}"


def content_place(file_id: UUID) -> str:
    return f"file:{file_id}"


class Reconciled(NamedTuple):
    """Rows whose file is missing or damaged, and how many files without a row were removed."""

    missing: list[UUID]
    damaged: list[UUID]
    removed: int


def reconcile(session: Session) -> Reconciled:
    """Compare every row with its file; remove old files without a row."""
    missing, damaged, known = [], [], set[UUID]()
    for file_id, sha256 in session.execute(select(FileObject.id, FileObject.sha256).order_by(FileObject.uploaded_at)):
        known.add(file_id)
        content = store.read(file_id)
        if content is None:
            missing.append(file_id)
        elif hashlib.sha256(content).hexdigest() != sha256:
            damaged.append(file_id)
    return Reconciled(missing, damaged, store.remove_orphans(known))

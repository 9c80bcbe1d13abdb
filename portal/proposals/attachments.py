"""Attachments of a proposal: sealed before they touch the disk, read by whoever may read the proposal's words."""

import hashlib
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import FileObject, Proposal, ProposalFile, ProposalSubmission
from portal import clock
from portal.errors import N_, Invalid, NotFound
from portal.files import store
from portal.files.commands import remove_file, store_file
from portal.files.queries import FileRow, FileUnavailable, describe_files, register_reader
from portal.permissions import Actor
from portal.proposals.access import get_proposal, key_of
from portal.proposals.commands import editable, record_edit
from portal.proposals.content import read_submission
from portal.proposals.rules import MOST_FILES, Sight, sight_of
from portal.seal import ProposalKey


def attach_file(session: Session, actor: Actor, *, proposal_id: UUID, name: str, content: bytes) -> UUID:
    """Add a file to the draft; the same bytes again are the file that is there already.

    Raises: NotFound, Forbidden, DeadlinePassed, NotPossibleNow, Invalid.
    """
    proposal = editable(session, actor, proposal_id)
    key = key_of(proposal)
    known = draft_files(session, proposal, key)
    digest = hashlib.sha256(content).hexdigest()
    for row in known:
        if row.sha256 == digest:
            return row.id
    if len(known) >= MOST_FILES:
        raise Invalid(N_("A proposal has at most {count} files."), field="file", count=MOST_FILES)
    file_id = store_file(
        session, actor, name=name, content=content, parent_type="proposal", parent_id=proposal.id, key=key
    )
    session.add(ProposalFile(proposal_id=proposal.id, file_id=file_id))
    session.flush()
    record_edit(session, actor, proposal, "file", str(file_id))
    return file_id


def remove_attachment(session: Session, actor: Actor, *, proposal_id: UUID, file_id: UUID) -> None:
    """Take a file out of the draft; what was submitted keeps it. A repeat changes nothing.

    Raises: NotFound, Forbidden, DeadlinePassed, NotPossibleNow.
    """
    proposal = editable(session, actor, proposal_id)
    query = select(ProposalFile).where(ProposalFile.file_id == file_id, ProposalFile.proposal_id == proposal.id)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    if row.removed_at is not None:
        return
    row.removed_at = clock.now()
    was_submitted = select(ProposalSubmission.id).where(ProposalSubmission.proposal_id == proposal.id).limit(1)
    if session.scalar(was_submitted) is None:
        session.delete(row)
        session.flush()
        remove_file(session, file_id=file_id)
    session.flush()
    record_edit(session, actor, proposal, "file", "removed", str(file_id))


def draft_files(session: Session, proposal: Proposal, key: ProposalKey) -> list[FileRow]:
    """The files of the draft, oldest first; asks no rights."""
    query = select(ProposalFile.file_id).where(
        ProposalFile.proposal_id == proposal.id, ProposalFile.removed_at.is_(None)
    )
    return describe_files(session, session.scalars(query).all(), key)


def require_on_disk(files: list[FileRow]) -> None:
    """Nothing is acknowledged whose bytes are not there. Raises: FileUnavailable."""
    if any(not store.path_of(row.id).exists() for row in files):
        raise FileUnavailable


def _read_attachment(session: Session, actor: Actor, file: FileObject) -> ProposalKey:
    """Asked by the file route each time: the team reads every file, others those of the submission that counts.

    Raises: NotFound.
    """
    proposal = get_proposal(session, actor, file.parent_id)
    sight = sight_of(actor, proposal)
    if sight is Sight.TEAM:
        return key_of(proposal)
    if sight is Sight.FULL:
        document = read_submission(session, actor, proposal)
        if any(row.id == file.id for row in document.files):
            return key_of(proposal)
    raise NotFound


register_reader("proposal", _read_attachment)

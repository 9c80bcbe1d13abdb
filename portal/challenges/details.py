"""One challenge as its reader may see it: head, sections by level, attachments, comments."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    Challenge,
    ChallengeFile,
    ChallengeSection,
    ChallengeStatus,
    Disclosure,
    FileObject,
    NdaMode,
    Person,
    ReturnComment,
    SectionKey,
)
from portal.challenges.access import (
    get_challenge,
    is_inside,
    readable,
    readable_now,
)
from portal.challenges.rules import sides
from portal.challenges.sections import Content
from portal.challenges.steps import Step, steps_for
from portal.errors import NotFound
from portal.files.queries import FileRow, describe_files, register_reader
from portal.permissions import PROPOSERS, Actor, Side


class Lock(StrEnum):
    """Why a section is not shown, and so what its reader can do."""

    NONE = "none"
    SIGN_IN = "sign_in"
    VERIFY = "verify"
    ACCEPT_NDA = "accept_nda"
    RECORD = "record"  # may read, once the reading is recorded
    CLOSED = "closed"  # this role never reads it


class SectionView(NamedTuple):
    """One section; `content` is None while a lock is on it."""

    key: SectionKey
    disclosure: Disclosure
    content: Content | None
    lock: Lock
    version: int
    changed_at: datetime


class CommentRow(NamedTuple):
    """What to improve in one section, from the latest return."""

    section: SectionKey
    text: str
    round: int
    written_at: datetime


class ChallengeDetail(NamedTuple):
    """The head of a challenge, its sections and what its reader may do with it."""

    id: UUID
    number: str
    title: str
    summary: str
    organisation_id: UUID
    organisation: str
    status: ChallengeStatus
    industry_code: str | None
    town_code: str | None
    trl_wanted: int | None
    budget_fen: int | None
    opens_at: datetime | None
    closes_at: datetime | None
    suspended_at: datetime | None
    closed_at: datetime | None
    opened_at: datetime | None
    broker: str
    refining_rounds: int
    confidentiality_checked: bool
    ended_reason: str
    nda_mode: NdaMode
    version: int
    changed_at: datetime
    is_own: bool
    is_inside: bool  # of the enterprise, its broker, or an official who follows the process
    sections: tuple[SectionView, ...]
    steps: tuple[Step, ...]


def challenge_detail(session: Session, actor: Actor, challenge_id: UUID) -> ChallengeDetail:
    """Everything of the head; metrics, rubric, files and history are asked for when they are shown.

    Raises: NotFound.
    """
    row = get_challenge(session, actor, challenge_id)
    broker = session.get(Person, row.broker_id) if row.broker_id and is_inside(actor, row) else None
    return ChallengeDetail(
        id=row.id,
        number=row.number,
        title=row.title,
        summary=row.summary,
        organisation_id=row.organisation_id,
        organisation=row.organisation.name,
        status=row.status,
        industry_code=row.industry_code,
        town_code=row.town_code,
        trl_wanted=row.trl_wanted,
        budget_fen=row.public_budget_fen,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        suspended_at=row.suspended_at,
        closed_at=row.closed_at,
        opened_at=row.opened_at,
        broker=broker.name if broker else "",
        refining_rounds=row.refining_rounds,
        confidentiality_checked=row.confidentiality_checked_by is not None,
        ended_reason=row.ended_reason,
        nda_mode=row.nda_mode,
        version=row.version,
        changed_at=row.changed_at,
        is_own=Side.ENTERPRISE in sides(actor, row),
        is_inside=is_inside(actor, row),
        sections=tuple(_sections(session, actor, row)),
        steps=tuple(steps_for(session, actor, row)),
    )


def challenge_files(session: Session, actor: Actor, challenge_id: UUID) -> list[FileRow]:
    """The attachments that this actor may read now; none while their section is closed. Raises: NotFound."""
    challenge = get_challenge(session, actor, challenge_id)
    allowed = _readable_sections(session, actor, challenge)
    query = select(ChallengeFile.file_id, ChallengeFile.section).where(ChallengeFile.challenge_id == challenge_id)
    return describe_files(session, [row.file_id for row in session.execute(query) if row.section in allowed])


def return_comments(session: Session, actor: Actor, challenge_id: UUID) -> list[CommentRow]:
    """What to improve, newest round first: for the enterprise and those who refine. Raises: NotFound."""
    challenge = get_challenge(session, actor, challenge_id)
    if not is_inside(actor, challenge):
        return []
    query = (
        select(ReturnComment)
        .where(ReturnComment.challenge_id == challenge_id)
        .order_by(ReturnComment.round.desc(), ReturnComment.written_at, ReturnComment.id)
    )
    order = list(SectionKey)
    rows = [CommentRow(row.section, row.text, row.round, row.written_at) for row in session.scalars(query)]
    return sorted(rows, key=lambda row: (-row.round, order.index(row.section)))


def _sections(session: Session, actor: Actor, challenge: Challenge) -> Iterable[SectionView]:
    """Sections in the order of the form; one that holds nothing is left out for readers."""
    ever = readable(session, actor, challenge)
    now = readable_now(session, actor, challenge, ever)
    has_files = _has_files(session, challenge.id)
    rows = session.scalars(select(ChallengeSection).where(ChallengeSection.challenge_id == challenge.id))
    found = {row.key: row for row in rows}
    for key in SectionKey:
        row = found.get(key)
        if row is None or not (_holds_words(row) or (key is SectionKey.ATTACHMENTS and has_files)):
            continue
        open_now = row.disclosure in now
        lock = Lock.NONE if open_now else _lock(actor, row.disclosure, row.disclosure in ever)
        yield SectionView(key, row.disclosure, row.content if open_now else None, lock, row.version, row.changed_at)


def _lock(actor: Actor, disclosure: Disclosure, may_read: bool) -> Lock:
    if may_read:
        return Lock.RECORD
    if not actor.signed_in:
        return Lock.SIGN_IN
    if actor.organisation_id is not None and not actor.organisation_verified:
        return Lock.VERIFY
    if disclosure is Disclosure.NDA and actor.role in PROPOSERS:
        return Lock.ACCEPT_NDA
    return Lock.CLOSED


def _holds_words(row: ChallengeSection) -> bool:
    return any(value not in (None, "") for value in row.content.values())


def _has_files(session: Session, challenge_id: UUID) -> bool:
    query = select(ChallengeFile.id).where(ChallengeFile.challenge_id == challenge_id).limit(1)
    return session.scalar(query) is not None


def _readable_sections(session: Session, actor: Actor, challenge: Challenge) -> frozenset[SectionKey]:
    allowed = readable_now(session, actor, challenge)
    query = select(ChallengeSection.key, ChallengeSection.disclosure).where(
        ChallengeSection.challenge_id == challenge.id
    )
    return frozenset(row.key for row in session.execute(query) if row.disclosure in allowed)


def _read_attachment(session: Session, actor: Actor, file: FileObject) -> None:
    """Asked by the file route each time. Raises: NotFound."""
    challenge = get_challenge(session, actor, file.parent_id)
    query = select(ChallengeFile.section).where(
        ChallengeFile.file_id == file.id, ChallengeFile.challenge_id == challenge.id
    )
    section = session.scalar(query)
    if section is None or section not in _readable_sections(session, actor, challenge):
        raise NotFound


register_reader("challenge", _read_attachment)

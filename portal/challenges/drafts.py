"""A draft as its writers see it: every section with its version and mark, and what is still missing."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from db.models import ChallengeFile, ChallengeSection, ChallengeStatus, Disclosure, Event, Person, SectionKey
from portal.challenges.access import get_challenge
from portal.challenges.completeness import missing_sections
from portal.challenges.details import CommentRow, return_comments
from portal.challenges.rules import sides
from portal.challenges.sections import SHAPES, Content, Missing
from portal.permissions import Action, Actor, authorize, can


class Mark(StrEnum):
    """What the rail shows beside a section."""

    DONE = "done"
    OPEN = "open"  # something required is missing
    OPTIONAL = "optional"  # nothing was written yet, and nothing has to be
    COMMENTED = "commented"  # it came back with a comment and was not changed since


class DraftSection(NamedTuple):
    """One section with the version that an edit is based on."""

    key: SectionKey
    disclosure: Disclosure
    content: Content
    version: int
    changed_at: datetime
    changed_by: str
    mark: Mark


class Draft(NamedTuple):
    """Everything the edit page draws."""

    id: UUID
    number: str
    title: str
    status: ChallengeStatus
    version: int
    sections: dict[SectionKey, DraftSection]
    missing: list[Missing]
    comments: list[CommentRow]  # of the latest return
    returned_with: str  # its word on the whole
    may_submit: bool


def challenge_draft(session: Session, actor: Actor, challenge_id: UUID) -> Draft:
    """The draft for its own enterprise. Raises: NotFound, Forbidden for everybody else."""
    challenge = get_challenge(session, actor, challenge_id)
    authorize(actor, Action.EDIT_CHALLENGE, sides(actor, challenge))
    missing = missing_sections(session, challenge)
    comments = [row for row in return_comments(session, actor, challenge_id) if row.round == challenge.refining_rounds]
    query = (
        select(ChallengeSection, Person.name)
        .outerjoin(Person, Person.id == ChallengeSection.changed_by)
        .where(ChallengeSection.challenge_id == challenge_id)
    )
    files = session.scalar(select(exists().where(ChallengeFile.challenge_id == challenge_id)))
    found = {}
    for section, name in session.execute(query):
        mark = _mark(section, missing, comments, has_files=bool(files) and section.key is SectionKey.ATTACHMENTS)
        found[section.key] = DraftSection(
            section.key,
            section.disclosure,
            section.content,
            section.version,
            section.changed_at,
            name or "",
            mark,
        )
    return Draft(
        challenge.id,
        challenge.number,
        challenge.title,
        challenge.status,
        challenge.version,
        {key: found[key] for key in SectionKey if key in found},
        missing,
        comments,
        _word_on_the_whole(session, challenge_id) if challenge.refining_rounds else "",
        can(actor, Action.SUBMIT_CHALLENGE, sides(actor, challenge)),
    )


def _word_on_the_whole(session: Session, challenge_id: UUID) -> str:
    query = (
        select(Event.reason)
        .where(Event.object_id == challenge_id, Event.action == Action.RETURN_CHALLENGE.value)
        .order_by(Event.seq.desc())
        .limit(1)
    )
    return session.scalar(query) or ""


def _mark(section: ChallengeSection, missing: list[Missing], comments: list[CommentRow], *, has_files: bool) -> Mark:
    if any(row.section is section.key and row.written_at >= section.changed_at for row in comments):
        return Mark.COMMENTED
    if any(key == section.key.value for key, _message, _params in missing):
        return Mark.OPEN
    is_required = any(field.required for field in SHAPES[section.key].fields)
    tables = section.key in (SectionKey.METRICS, SectionKey.RUBRIC)
    has_words = any(value not in (None, "") for value in section.content.values())
    return Mark.DONE if is_required or tables or has_words or has_files else Mark.OPTIONAL

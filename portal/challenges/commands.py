"""Writing a challenge: a draft in sections that each keep their own version, its tables, files and levels."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.models import (
    AcceptanceMetric,
    Challenge,
    ChallengeFile,
    ChallengeSection,
    ChallengeStatus,
    Disclosure,
    RubricCriterion,
    SectionKey,
)
from portal import clock
from portal.challenges.access import get_challenge
from portal.challenges.numbers import next_numbers
from portal.challenges.rules import sides
from portal.challenges.sections import SHAPES, Content, clean_content, empty_content
from portal.challenges.shapes import TITLE_LIMIT
from portal.challenges.tables import Criterion, Metric, clean_metrics, clean_rubric
from portal.challenges.texts import one_line
from portal.errors import N_, Forbidden, Invalid, NotFound, NotPossibleNow
from portal.events import record_event
from portal.files.commands import remove_file, store_file
from portal.permissions import Action, Actor, authorize
from portal.workflow import require_version

MOST_FILES = 20


class Saved(NamedTuple):
    """A section's version after saving, and when it was saved."""

    version: int
    saved_at: datetime


def create_challenge(session: Session, actor: Actor, *, title: str = "") -> UUID:
    """Begin a draft for one's enterprise. Raises: Forbidden, Invalid."""
    authorize(actor, Action.DRAFT_CHALLENGE)
    if actor.organisation_id is None:
        raise Forbidden
    return new_challenge(session, actor, organisation_id=actor.organisation_id, title=title).id


def new_challenge(
    session: Session, actor: Actor, *, organisation_id: UUID, title: str = "", number: str | None = None
) -> Challenge:
    """A draft with every section, empty; the caller has asked whether the actor may."""
    now = clock.now()
    title = one_line(title, TITLE_LIMIT, section=SectionKey.PROBLEM, field="title")
    challenge = Challenge(
        number=number or next_numbers(session)[0],
        organisation_id=organisation_id,
        title=title,
        status=ChallengeStatus.DRAFT,
        created_by=actor.person_id,
        created_at=now,
        changed_at=now,
    )
    session.add(challenge)
    session.flush()
    for key, shape in SHAPES.items():
        content = empty_content(key) | ({"title": title} if key is SectionKey.PROBLEM else {})
        session.add(
            ChallengeSection(
                challenge_id=challenge.id,
                key=key,
                disclosure=shape.disclosure,
                content=content,
                changed_by=actor.person_id,
                changed_at=now,
            )
        )
    record_event(session, actor, Action.DRAFT_CHALLENGE, "challenge", challenge.id, to_status=ChallengeStatus.DRAFT)
    return challenge


def save_section(
    session: Session,
    actor: Actor,
    *,
    challenge_id: UUID,
    key: SectionKey,
    content: Mapping[str, Any],
    version: int | None = None,
) -> Saved:
    """Keep one section as it was left. Only a newer version of the same section is in the way.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Invalid.
    """
    challenge, section = editable_section(session, actor, challenge_id, key, version)
    cleaned = clean_content(key, content, now=clock.now())
    changed = sorted(name for name, value in cleaned.items() if section.content.get(name) != value)
    if not changed:
        return Saved(section.version, section.changed_at)
    section.content = cleaned
    copy_public(challenge, section)
    return _saved(session, actor, challenge, section, changed)


def save_metrics(
    session: Session,
    actor: Actor,
    *,
    challenge_id: UUID,
    rows: Sequence[Mapping[str, Any]],
    note: str = "",
    version: int | None = None,
) -> Saved:
    """Replace the table of acceptance metrics; a refusal names the row.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Invalid.
    """
    challenge, section = editable_section(session, actor, challenge_id, SectionKey.METRICS, version)
    metrics = clean_metrics(rows)
    content = clean_content(SectionKey.METRICS, {"note": note}, now=clock.now())
    query = select(AcceptanceMetric).where(AcceptanceMetric.challenge_id == challenge_id)
    old = [
        Metric(row.name, row.unit, row.lower, row.upper, row.target, row.mandatory, row.method)
        for row in session.scalars(query.order_by(AcceptanceMetric.position))
    ]
    # Compared as written: 0.10 and 0.1 are equal numbers and different promises of precision.
    if [str(row) for row in old] == [str(row) for row in metrics] and section.content == content:
        return Saved(section.version, section.changed_at)
    replace_metrics(session, challenge_id, metrics)
    section.content = content
    return _saved(session, actor, challenge, section, ["rows"])


def save_rubric(
    session: Session,
    actor: Actor,
    *,
    challenge_id: UUID,
    rows: Sequence[Mapping[str, Any]],
    note: str = "",
    version: int | None = None,
) -> Saved:
    """Replace the rubric; its weights need not sum to 100 before the challenge is submitted.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Invalid.
    """
    challenge, section = editable_section(session, actor, challenge_id, SectionKey.RUBRIC, version)
    criteria = clean_rubric(rows)
    content = clean_content(SectionKey.RUBRIC, {"note": note}, now=clock.now())
    query = select(RubricCriterion).where(RubricCriterion.challenge_id == challenge_id)
    old = [
        Criterion(row.name, row.weight, row.description)
        for row in session.scalars(query.order_by(RubricCriterion.position))
    ]
    if old == criteria and section.content == content:
        return Saved(section.version, section.changed_at)
    replace_rubric(session, challenge_id, criteria)
    section.content = content
    return _saved(session, actor, challenge, section, ["rows"])


def set_disclosure(
    session: Session,
    actor: Actor,
    *,
    challenge_id: UUID,
    key: SectionKey,
    disclosure: Disclosure,
    version: int | None = None,
) -> Saved:
    """Choose who may read a section once the challenge is published.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Invalid for a section that lists show to everybody.
    """
    challenge, section = editable_section(session, actor, challenge_id, key, version)
    if SHAPES[key].always_public and disclosure is not Disclosure.PUBLIC:
        raise Invalid(N_("This section stays public: lists and filters show it to everybody."), field="disclosure")
    if section.disclosure is disclosure:
        return Saved(section.version, section.changed_at)
    section.disclosure = disclosure
    copy_public(challenge, section)
    return _saved(session, actor, challenge, section, ["disclosure"])


def attach_file(session: Session, actor: Actor, *, challenge_id: UUID, name: str, content: bytes) -> UUID:
    """Add a file to the attachments; it is read by whoever may read that section.

    Raises: NotFound, Forbidden, NotPossibleNow, Invalid.
    """
    challenge, section = editable_section(session, actor, challenge_id, SectionKey.ATTACHMENTS, None)
    count = len(session.scalars(select(ChallengeFile.id).where(ChallengeFile.challenge_id == challenge_id)).all())
    if count >= MOST_FILES:
        raise Invalid(N_("At most {count} files fit."), field="file", count=MOST_FILES)
    file_id = store_file(session, actor, name=name, content=content, parent_type="challenge", parent_id=challenge.id)
    session.add(ChallengeFile(challenge_id=challenge.id, file_id=file_id, section=SectionKey.ATTACHMENTS))
    _saved(session, actor, challenge, section, ["file", str(file_id)])
    return file_id


def remove_attachment(session: Session, actor: Actor, *, challenge_id: UUID, file_id: UUID) -> None:
    """Take a file off the draft. Raises: NotFound, Forbidden, NotPossibleNow."""
    challenge, section = editable_section(session, actor, challenge_id, SectionKey.ATTACHMENTS, None)
    row = session.scalars(
        select(ChallengeFile).where(ChallengeFile.challenge_id == challenge_id, ChallengeFile.file_id == file_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    session.delete(row)
    session.flush()
    remove_file(session, file_id=file_id)
    _saved(session, actor, challenge, section, ["removed", str(file_id)])


def editable_section(
    session: Session, actor: Actor, challenge_id: UUID, key: SectionKey, version: int | None
) -> tuple[Challenge, ChallengeSection]:
    """A draft's section, kept from others for this transaction.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale.
    """
    challenge = get_challenge(session, actor, challenge_id, lock=True)
    authorize(actor, Action.EDIT_CHALLENGE, sides(actor, challenge))
    if challenge.status is not ChallengeStatus.DRAFT:
        raise NotPossibleNow(status=challenge.status)
    query = select(ChallengeSection).where(ChallengeSection.challenge_id == challenge_id, ChallengeSection.key == key)
    section = session.scalars(query.execution_options(populate_existing=True)).one()
    require_version(section, version)
    return challenge, section


def replace_metrics(session: Session, challenge_id: UUID, metrics: Sequence[Metric]) -> None:
    """Write the table anew; nothing refers to its rows before the challenge opens."""
    session.execute(delete(AcceptanceMetric).where(AcceptanceMetric.challenge_id == challenge_id))
    session.add_all(
        AcceptanceMetric(challenge_id=challenge_id, position=place, **row._asdict())
        for place, row in enumerate(metrics, 1)
    )


def replace_rubric(session: Session, challenge_id: UUID, criteria: Sequence[Criterion]) -> None:
    """Write the table anew; nothing refers to its rows before the challenge opens."""
    session.execute(delete(RubricCriterion).where(RubricCriterion.challenge_id == challenge_id))
    session.add_all(
        RubricCriterion(challenge_id=challenge_id, position=place, **row._asdict())
        for place, row in enumerate(criteria, 1)
    )


def copy_public(challenge: Challenge, section: ChallengeSection) -> None:
    """Keep what lists show in step with the section it comes from."""
    content: Content = section.content
    if section.key is SectionKey.PROBLEM:
        challenge.title, challenge.summary = content["title"], content["summary"]
        challenge.industry_code, challenge.town_code = content["industry_code"], content["town_code"]
        challenge.trl_wanted = content["trl_wanted"]
    if section.key is SectionKey.BUDGET:
        is_public = section.disclosure is Disclosure.PUBLIC
        challenge.public_budget_fen = content["sum_fen"] if is_public else None


def _saved(
    session: Session, actor: Actor, challenge: Challenge, section: ChallengeSection, fields: Sequence[str]
) -> Saved:
    now = clock.now()
    section.changed_by, section.changed_at = actor.person_id, now
    challenge.changed_at = now
    record_event(session, actor, Action.EDIT_CHALLENGE, "challenge", challenge.id, fields=[section.key.value, *fields])
    return Saved(section.version, now)

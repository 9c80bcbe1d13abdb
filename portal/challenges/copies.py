"""A new draft from an earlier challenge of the same enterprise."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.models import AcceptanceMetric, ChallengeSection, RubricCriterion, SectionKey
from portal.challenges.access import get_challenge
from portal.challenges.commands import copy_public, new_challenge, replace_metrics, replace_rubric
from portal.challenges.rules import sides
from portal.challenges.tables import Criterion, Metric
from portal.errors import Forbidden
from portal.permissions import Action, Actor, Side, authorize

NOT_COPIED = frozenset({SectionKey.SCHEDULE, SectionKey.ATTACHMENTS})
"""Dates are past by then, and files belong to the record they were uploaded for."""


def copy_challenge(session: Session, actor: Actor, *, challenge_id: UUID) -> UUID:
    """Begin a draft with the words, levels, metrics and rubric of another of one's challenges.

    Raises: NotFound, Forbidden for another enterprise's.
    """
    source = get_challenge(session, actor, challenge_id)
    authorize(actor, Action.DRAFT_CHALLENGE)
    if Side.ENTERPRISE not in sides(actor, source):
        raise Forbidden
    target = new_challenge(session, actor, organisation_id=source.organisation_id, title=source.title)
    old = {row.key: row for row in session.scalars(_sections(source.id))}
    for section in session.scalars(_sections(target.id)):
        if section.key not in NOT_COPIED and section.key in old:
            section.content = dict(old[section.key].content)
            section.disclosure = old[section.key].disclosure
            copy_public(target, section)
    metrics = session.scalars(
        select(AcceptanceMetric).where(AcceptanceMetric.challenge_id == source.id).order_by(AcceptanceMetric.position)
    )
    replace_metrics(
        session,
        target.id,
        [Metric(row.name, row.unit, row.lower, row.upper, row.target, row.mandatory, row.method) for row in metrics],
    )
    criteria = session.scalars(
        select(RubricCriterion).where(RubricCriterion.challenge_id == source.id).order_by(RubricCriterion.position)
    )
    replace_rubric(session, target.id, [Criterion(row.name, row.weight, row.description) for row in criteria])
    session.flush()
    return target.id


def _sections(challenge_id: UUID) -> Select[ChallengeSection]:
    return select(ChallengeSection).where(ChallengeSection.challenge_id == challenge_id)

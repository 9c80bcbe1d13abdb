"""What a draft still lacks, section by section."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import AcceptanceMetric, Challenge, ChallengeSection, OrganisationStatus, RubricCriterion, SectionKey
from portal import clock
from portal.challenges.rules import earliest_close
from portal.challenges.sections import Content, Missing, deadline_of, missing_fields, opening_of
from portal.challenges.tables import missing_tables
from portal.errors import N_
from portal.house_rules import house_rules


def contents_of(session: Session, challenge: Challenge) -> dict[SectionKey, Content]:
    """What each section holds, in the order of the form."""
    query = select(ChallengeSection.key, ChallengeSection.content).where(ChallengeSection.challenge_id == challenge.id)
    found = {row.key: row.content for row in session.execute(query)}
    return {key: found.get(key, {}) for key in SectionKey}


def missing_sections(session: Session, challenge: Challenge) -> list[Missing]:
    """Everything that keeps this draft from being submitted; needs the organisation loaded."""
    found: list[Missing] = []
    if challenge.organisation.status is not OrganisationStatus.VERIFIED:
        found.append(("organisation", N_("Your organisation must be verified by an operator first."), {}))
    contents = contents_of(session, challenge)
    tables = {message[0]: message for message in _missing_tables(session, challenge)}
    days = house_rules(session).minimum_open_days
    for key, content in contents.items():
        found += missing_fields(key, content)
        if key.value in tables:
            found.append(tables[key.value])
    return found + missing_in_schedule(contents[SectionKey.SCHEDULE], clock.now(), days)


def missing_in_schedule(content: Content, now: datetime, minimum_open_days: int) -> list[Missing]:
    """Whether the minimum open period still fits between now, or the planned opening, and the deadline."""
    closes_at = deadline_of(content)
    if closes_at is None:
        return []
    key = SectionKey.SCHEDULE.value
    opens_at = opening_of(content) or now
    if closes_at <= now:
        return [(key, N_("Schedule: the deadline is already past."), {})]
    earliest = earliest_close(max(now, opens_at), minimum_open_days)
    if closes_at < earliest:
        message = N_(
            "Schedule: a challenge stays open for at least {days} days, so the deadline cannot lie before {earliest}."
        )
        return [(key, message, {"days": minimum_open_days, "earliest": earliest})]
    return []


def _missing_tables(session: Session, challenge: Challenge) -> list[Missing]:
    metrics = session.execute(
        select(AcceptanceMetric.mandatory, func.count())
        .where(AcceptanceMetric.challenge_id == challenge.id)
        .group_by(AcceptanceMetric.mandatory)
    ).all()
    weights = session.scalars(select(RubricCriterion.weight).where(RubricCriterion.challenge_id == challenge.id))
    counts = {row[0]: row[1] for row in metrics}
    return missing_tables(sum(counts.values()), counts.get(True, 0), weights.all())

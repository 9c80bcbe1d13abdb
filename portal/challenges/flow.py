"""The way of a challenge from draft to open: submit, take, return, check, approve or reject, publish."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    Challenge,
    ChallengeFile,
    ChallengeSection,
    ChallengeStatus,
    Disclosure,
    Membership,
    MembershipStatus,
    Organisation,
    OrganisationStatus,
    Person,
    ReturnComment,
    SectionKey,
)
from portal import clock
from portal.challenges.access import get_challenge
from portal.challenges.completeness import contents_of, missing_sections
from portal.challenges.notices import tell_enterprise, tell_officials
from portal.challenges.rules import (
    CONFIDENTIALITY_CHECKS,
    earliest_close,
    next_midnight,
    require_open_long_enough,
    sides,
    took_part_in_refining,
    unconfirmed,
)
from portal.challenges.sections import deadline_of, opening_of
from portal.challenges.texts import paragraphs
from portal.challenges.workflow import CHALLENGE_WORKFLOW
from portal.errors import N_, Forbidden, Incomplete, Invalid, NotPossibleNow
from portal.events import record_event
from portal.house_rules import house_rules
from portal.organisations.access import acts_for
from portal.permissions import Action, Actor, Role, authorize
from portal.workflow import advance, require_version

COMMENT_LIMIT = 2000


def submit_challenge(session: Session, actor: Actor, *, challenge_id: UUID, version: int | None = None) -> None:
    """Hand a complete draft to the district.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Incomplete naming what is missing section by section.
    """
    challenge = _ready(session, actor, challenge_id, Action.SUBMIT_CHALLENGE, version)
    if missing := missing_sections(session, challenge):
        raise Incomplete(missing)
    advance(session, actor, CHALLENGE_WORKFLOW, challenge, Action.SUBMIT_CHALLENGE)
    challenge.submitted_at = challenge.changed_at = clock.now()
    tell_officials(session, challenge, Role.OPERATOR, N_("A challenge was submitted: {title}."))


def take_challenge(
    session: Session, actor: Actor, *, challenge_id: UUID, broker_id: UUID | None = None, version: int | None = None
) -> None:
    """Begin refining: an operator names a broker, a broker takes it personally.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Invalid without a broker.
    """
    challenge = _ready(session, actor, challenge_id, Action.TAKE_CHALLENGE, version)
    if actor.role is Role.BROKER:
        if not actor.organisation_verified or broker_id not in (None, actor.person_id):
            raise Forbidden
        broker_id = actor.person_id
    if broker_id is None or not _is_broker(session, broker_id):
        raise Invalid(N_("Please name the broker who refines this challenge."), field="broker_id")
    advance(session, actor, CHALLENGE_WORKFLOW, challenge, Action.TAKE_CHALLENGE, fields=("broker_id", str(broker_id)))
    challenge.broker_id, challenge.refined_by, challenge.changed_at = broker_id, actor.person_id, clock.now()
    also = [broker_id] if broker_id != actor.person_id else []
    tell_enterprise(session, challenge, N_("Refining has begun: {title}."), also=also)


def return_challenge(
    session: Session,
    actor: Actor,
    *,
    challenge_id: UUID,
    comments: Mapping[SectionKey, str],
    reason: str,
    version: int | None = None,
) -> None:
    """Give it back with what to improve, section by section.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Invalid without a comment or after the last round.
    """
    challenge = _ready(session, actor, challenge_id, Action.RETURN_CHALLENGE, version)
    rounds = house_rules(session).refining_rounds
    if challenge.refining_rounds >= rounds:
        raise Invalid(N_("It was returned {count} times already: now it is approved or rejected."), count=rounds)
    cleaned = {
        key: paragraphs(text, COMMENT_LIMIT, section=key, field="comments") for key, text in comments.items() if text
    }
    cleaned = {key: text for key, text in cleaned.items() if text}
    if not cleaned:
        raise Invalid(N_("Please say for at least one section what to improve."), field="comments")
    challenge.refining_rounds += 1
    challenge.confidentiality_checked_by = None
    advance(session, actor, CHALLENGE_WORKFLOW, challenge, Action.RETURN_CHALLENGE, reason=reason)
    challenge.changed_at = clock.now()
    session.add_all(
        ReturnComment(
            challenge_id=challenge.id,
            round=challenge.refining_rounds,
            section=key,
            text=text,
            written_by=actor.acting_person,
            written_at=challenge.changed_at,
        )
        for key, text in cleaned.items()
    )
    tell_enterprise(session, challenge, N_("A challenge came back with comments: {title}."), page="challenge-edit")


def confirm_confidentiality(
    session: Session, actor: Actor, *, challenge_id: UUID, confirmed: Mapping[str, bool], version: int | None = None
) -> None:
    """Confirm every point of the checklist; the approver decides next.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Invalid while a point is open.
    """
    challenge = get_challenge(session, actor, challenge_id, lock=True)
    authorize(actor, Action.CHECK_CONFIDENTIALITY, sides(actor, challenge))
    if challenge.status is not ChallengeStatus.REFINING:
        raise NotPossibleNow(status=challenge.status)
    require_version(challenge, version)
    if unconfirmed(confirmed):
        message = N_("Please confirm every point; {count} are open.")
        raise Invalid(message, field="confirmed", count=len(unconfirmed(confirmed)))
    challenge.confidentiality_checked_by, challenge.changed_at = actor.person_id, clock.now()
    record_event(
        session,
        actor,
        Action.CHECK_CONFIDENTIALITY,
        "challenge",
        challenge.id,
        fields=sorted(CONFIDENTIALITY_CHECKS),
    )
    tell_officials(session, challenge, Role.APPROVER, N_("A refined challenge waits for your decision: {title}."))


def approve_challenge(session: Session, actor: Actor, *, challenge_id: UUID, version: int | None = None) -> None:
    """Let it be published; its dates are taken from the schedule, and publishing sees to the minimum open period.

    Raises: NotFound, Forbidden for who refined it, NotPossibleNow, Stale, Invalid.
    """
    challenge = _ready(session, actor, challenge_id, Action.APPROVE_CHALLENGE, version)
    _require_other_person(session, actor, challenge)
    if challenge.confidentiality_checked_by is None:
        raise Invalid(N_("The confidentiality check is not confirmed yet."))
    schedule = contents_of(session, challenge)[SectionKey.SCHEDULE]
    advance(session, actor, CHALLENGE_WORKFLOW, challenge, Action.APPROVE_CHALLENGE)
    challenge.opens_at, challenge.closes_at = opening_of(schedule), deadline_of(schedule)
    challenge.changed_at = clock.now()
    tell_enterprise(session, challenge, N_("Your challenge was approved: {title}."))
    tell_officials(session, challenge, Role.OPERATOR, N_("An approved challenge can be published: {title}."))


def reject_challenge(
    session: Session, actor: Actor, *, challenge_id: UUID, reason: str, version: int | None = None
) -> None:
    """End it before it was published; the enterprise reads the reason.

    Raises: NotFound, Forbidden for who refined it, NotPossibleNow, Stale, Invalid without a reason.
    """
    challenge = _ready(session, actor, challenge_id, Action.REJECT_CHALLENGE, version)
    _require_other_person(session, actor, challenge)
    reason = paragraphs(reason, COMMENT_LIMIT, section=SectionKey.PROBLEM, field="reason")
    advance(session, actor, CHALLENGE_WORKFLOW, challenge, Action.REJECT_CHALLENGE, reason=reason)
    challenge.ended_reason, challenge.changed_at = reason, clock.now()
    tell_enterprise(session, challenge, N_("Your challenge was rejected, with a reason: {title}."))


def publish_challenge(
    session: Session,
    actor: Actor,
    *,
    challenge_id: UUID,
    closes_at: datetime | None = None,
    version: int | None = None,
) -> None:
    """Open it now: from here on metrics, weights and sections stay as they are.

    A deadline that has come too near since the approval is moved: an operator gives a later one, the clock takes the
    first midnight that keeps the minimum open period. It is never earlier than the enterprise planned.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Invalid.
    """
    from portal.challenges.nda import ensure_default_nda  # which itself asks `get_challenge`

    challenge = _ready(session, actor, challenge_id, Action.PUBLISH_CHALLENGE, version)
    now, days = clock.now(), house_rules(session).minimum_open_days
    if challenge.opens_at is not None and challenge.opens_at > now:
        raise Invalid(N_("It opens by itself on {moment}, as the enterprise planned."), moment=challenge.opens_at)
    planned = challenge.closes_at or now
    earliest = earliest_close(now, days)
    if actor.role is Role.CLOCK and planned < earliest:
        closes_at = next_midnight(earliest)
    if closes_at is not None and closes_at < planned:
        raise Invalid(N_("The deadline can only move later than {moment}."), field="closes_at", moment=planned)
    closes_at = closes_at or planned
    require_open_long_enough(now, closes_at, days)
    challenge.opens_at, challenge.closes_at, challenge.changed_at = now, closes_at, now
    if _has_confidential_words(session, challenge):
        ensure_default_nda(session, actor, challenge)
    advance(session, actor, CHALLENGE_WORKFLOW, challenge, Action.PUBLISH_CHALLENGE)
    tell_enterprise(session, challenge, N_("Your challenge is open: {title}. Deadline: {closes_at}."))


def _ready(session: Session, actor: Actor, challenge_id: UUID, action: Action, version: int | None) -> Challenge:
    """The challenge, kept from others, if this actor may do that now.

    Raises: NotFound, NotSignedIn, Forbidden, NotPossibleNow, Stale.
    """
    challenge = get_challenge(session, actor, challenge_id, lock=True)
    authorize(actor, action, sides(actor, challenge))
    if CHALLENGE_WORKFLOW.find(challenge.status, action) is None:
        raise NotPossibleNow(status=challenge.status)
    require_version(challenge, version)
    return challenge


def _require_other_person(session: Session, actor: Actor, challenge: Challenge) -> None:
    """R9. Raises: Forbidden."""
    if took_part_in_refining(actor.person_id, challenge):
        raise Forbidden(N_("Whoever refined a challenge does not decide on it; another approver must."))
    if acts_for(session, actor.acting_person, [challenge.organisation_id]):
        raise Forbidden(N_("You act for one of the parties in another role; somebody else must do this."))


def _is_broker(session: Session, person_id: UUID) -> bool:
    query = (
        select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.person_id == person_id,
            Membership.role == Role.BROKER,
            Membership.status == MembershipStatus.ACTIVE,
            Person.disabled_at.is_(None),
            Organisation.status == OrganisationStatus.VERIFIED,
        )
        .limit(1)
    )
    return session.scalar(query) is not None


def _has_confidential_words(session: Session, challenge: Challenge) -> bool:
    """Whether any section under NDA holds something."""
    query = select(ChallengeSection).where(
        ChallengeSection.challenge_id == challenge.id, ChallengeSection.disclosure == Disclosure.NDA
    )
    hidden = session.scalars(query).all()
    if any(value not in (None, "") for section in hidden for value in section.content.values()):
        return True
    has_files = select(ChallengeFile.id).where(ChallengeFile.challenge_id == challenge.id).limit(1)
    return any(row.key is SectionKey.ATTACHMENTS for row in hidden) and session.scalar(has_files) is not None

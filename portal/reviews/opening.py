"""Opening the sealed proposals: one enterprise admin and one operator turn their keys within half an hour."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Challenge, ChallengeStatus, OpeningKey
from portal import clock
from portal.challenges.rules import sides
from portal.challenges.workflow import CHALLENGE_WORKFLOW
from portal.errors import N_, Forbidden
from portal.events import record_event
from portal.house_rules import house_rules
from portal.organisations.access import acts_for
from portal.permissions import Action, Actor, authorize
from portal.proposals.notices import team_now
from portal.reviews.access import get_evaluation, opened_proposals
from portal.reviews.notices import enterprise_admins, operators, people_of_side, tell
from portal.reviews.rules import DISTRICT, ENTERPRISE, counts, require_openable, side_of
from portal.workflow import advance


def turn_opening_key(session: Session, actor: Actor, *, challenge_id: UUID) -> bool:
    """Turn the key of one's own side; the second of the two opens. Returns whether the proposals are open now.

    A key whose time ran out is turned again.

    Raises: NotFound, Forbidden for the person of the other key and for an official of that enterprise,
    NotPossibleNow before the deadline.
    """
    challenge = get_evaluation(session, actor, challenge_id, lock=True)
    authorize(actor, Action.OPEN_PROPOSALS, sides(actor, challenge))
    if challenge.opened_at is not None and challenge.status is ChallengeStatus.CLOSED:
        return True
    now = clock.now()
    require_openable(challenge, now)
    side = side_of(actor)
    keys = {row.side: row for row in session.scalars(select(OpeningKey).where(OpeningKey.challenge_id == challenge.id))}
    other = keys.get(DISTRICT if side == ENTERPRISE else ENTERPRISE)
    _require_two_parties(session, actor, challenge, side, other)
    _turn(session, actor, challenge, keys.get(side), side, now)
    window = house_rules(session).opening_window_minutes
    if other is None or not counts(other.turned_at, now, window):
        _ask_other_side(session, challenge, side, window)
        return False
    challenge.opened_at = challenge.changed_at = now
    advance(session, actor, CHALLENGE_WORKFLOW, challenge, Action.OPEN_PROPOSALS)
    _tell_opened(session, challenge)
    return True


def _require_two_parties(
    session: Session, actor: Actor, challenge: Challenge, side: str, other: OpeningKey | None
) -> None:
    """Two people of two organisations. Raises: Forbidden."""
    if other is not None and other.person_id == actor.person_id:
        raise Forbidden(N_("You turned the other key; the second one needs another person."))
    if side == DISTRICT and acts_for(session, actor.acting_person, {challenge.organisation_id}):
        raise Forbidden(N_("You also act for this enterprise; another operator must turn the district's key."))


def _turn(
    session: Session, actor: Actor, challenge: Challenge, key: OpeningKey | None, side: str, now: datetime
) -> None:
    if key is None:
        key = OpeningKey(challenge_id=challenge.id, side=side)
        session.add(key)
    key.person_id, key.turned_at = actor.acting_person, now
    session.flush()
    # Not an act on the challenge yet: its public history names the opening alone.
    record_event(session, actor, Action.OPEN_PROPOSALS, "opening_key", key.id, fields=(side,), parent_id=challenge.id)


def _ask_other_side(session: Session, challenge: Challenge, side: str, window: int) -> None:
    challenge.changed_at = clock.now()
    people = people_of_side(session, challenge, DISTRICT if side == ENTERPRISE else ENTERPRISE)
    message = N_("The other side turned its key for “{title}”. Please turn yours within {minutes} minutes.")
    tell(session, challenge, people, message, minutes=window)


def _tell_opened(session: Session, challenge: Challenge) -> None:
    inside = {*enterprise_admins(session, challenge), *operators(session, challenge)}
    tell(session, challenge, inside, N_("The proposals for “{title}” are open."))
    for proposal in opened_proposals(session, challenge):
        message = N_("The proposals for “{title}” were opened; the evaluation of yours begins.")
        tell(session, challenge, team_now(session, proposal), message)

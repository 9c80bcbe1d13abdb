"""Reading what stands under the agreement: recorded with name and time before it is shown or handed over."""

from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from db.models import Challenge, ChallengeFile, ChallengeSection, Disclosure
from portal.challenges.access import get_challenge, has_logged_read, readable, readable_now, reads_unlogged
from portal.challenges.rules import sides
from portal.errors import N_, Forbidden, NotFound
from portal.events import record_event
from portal.permissions import PROPOSERS, Action, Actor, authorize


def read_confidential(session: Session, actor: Actor, *, challenge_id: UUID) -> None:
    """Record that this person reads the confidential sections now; afterwards they are shown for half an hour.

    What a proposing side reads stays sealed until the opening: it would tell who is interested.

    Raises: NotFound, Forbidden without the right to read them.
    """
    challenge = get_challenge(session, actor, challenge_id)
    authorize(actor, Action.READ_CONFIDENTIAL, sides(actor, challenge))
    if Disclosure.NDA not in readable(session, actor, challenge):
        raise Forbidden(N_("These sections are read under the confidentiality agreement; accept it first."))
    if not has_logged_read(session, actor, challenge):
        _record_reading(session, actor, challenge.id, [])


def record_download(session: Session, actor: Actor, *, challenge_id: UUID, file_id: UUID) -> None:
    """Record that this person was handed a confidential annex, each time.

    Raises: NotFound, Forbidden without the right to read it.
    """
    challenge = get_challenge(session, actor, challenge_id)
    authorize(actor, Action.READ_CONFIDENTIAL, sides(actor, challenge))
    if Disclosure.NDA not in readable_now(session, actor, challenge):
        raise NotFound
    if is_recorded_download(session, actor, file_id):
        _record_reading(session, actor, challenge.id, [f"file {file_id}"])


def _record_reading(session: Session, actor: Actor, challenge_id: UUID, fields: list[str]) -> None:
    record_event(
        session,
        actor,
        Action.READ_CONFIDENTIAL,
        "challenge",
        challenge_id,
        fields=fields,
        sealed_until_opened=challenge_id if actor.role in PROPOSERS else None,
    )


def is_recorded_download(session: Session, actor: Actor, file_id: UUID) -> bool:
    """Whether handing this file to this actor is recorded: a confidential annex of somebody else's challenge."""
    query = (
        select(Challenge)
        .join(ChallengeFile, ChallengeFile.challenge_id == Challenge.id)
        .join(
            ChallengeSection,
            and_(ChallengeSection.challenge_id == Challenge.id, ChallengeSection.key == ChallengeFile.section),
        )
        .where(ChallengeFile.file_id == file_id, ChallengeSection.disclosure == Disclosure.NDA)
    )
    challenge = session.scalars(query).one_or_none()
    return challenge is not None and not reads_unlogged(actor, challenge)

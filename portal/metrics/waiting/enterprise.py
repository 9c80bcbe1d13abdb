"""What waits for an enterprise."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    Challenge,
    ChallengeStatus,
    NdaAcceptance,
    NdaVersion,
    Question,
)
from portal.errors import N_
from portal.metrics.waiting.kinds import PER_KIND, Waiting, challenges, own
from portal.permissions import Actor

_C = Challenge
_S = ChallengeStatus


def returned(session: Session, actor: Actor) -> list[Waiting]:
    message = N_("Improve the returned challenge and submit it again")
    return challenges(message, own(actor), _C.status == _S.DRAFT, _C.refining_rounds > 0, page="challenge-edit")(
        session
    )


def drafts(session: Session, actor: Actor) -> list[Waiting]:
    message = N_("Complete the draft challenge")
    return challenges(message, own(actor), _C.status == _S.DRAFT, _C.refining_rounds == 0, page="challenge-edit")(
        session
    )


def questions(session: Session, actor: Actor) -> list[Waiting]:
    query = (
        select(_C.id, _C.title, Question.asked_at, _C.closes_at)
        .join(Question, Question.challenge_id == _C.id)
        .where(own(actor), _C.status == _S.OPEN, Question.answered_at.is_(None), Question.hidden_reason == "")
        .order_by(Question.asked_at)
        .limit(PER_KIND)
    )
    message = N_("Answer a question in public")
    return [
        Waiting(message, row.title, "challenge", row.id, row.asked_at, row.closes_at) for row in session.execute(query)
    ]


def nda_requests(session: Session, actor: Actor) -> list[Waiting]:
    """Under the version in force: who asked under an older one accepts the new one first."""
    newest = select(func.max(NdaVersion.number)).where(NdaVersion.challenge_id == _C.id).correlate(_C).scalar_subquery()
    query = (
        select(_C.id, _C.title, NdaAcceptance.accepted_at)
        .join(NdaAcceptance, NdaAcceptance.challenge_id == _C.id)
        .join(NdaVersion, NdaVersion.id == NdaAcceptance.nda_version_id)
        .where(
            own(actor),
            _C.status.in_((_S.OPEN, _S.SUSPENDED)),
            NdaVersion.number == newest,
            NdaAcceptance.granted_at.is_(None),
            NdaAcceptance.revoked_at.is_(None),
        )
        .order_by(NdaAcceptance.accepted_at)
        .limit(PER_KIND)
    )
    message = N_("Decide on a request to read under NDA")
    return [Waiting(message, row.title, "challenge", row.id, row.accepted_at) for row in session.execute(query)]

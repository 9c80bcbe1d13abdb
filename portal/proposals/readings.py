"""Who read a proposal after the opening: recorded before a word of it leaves the portal."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Event, Proposal
from portal import clock
from portal.events import record_event
from portal.permissions import Action, Actor
from portal.transactions import writing

LOGGED_READ_LASTS = timedelta(minutes=30)


def log_reading(session: Session, actor: Actor, proposals: list[Proposal]) -> None:
    """Record who reads, before anything is shown; the same reader again within half an hour is one reading.

    A reading transaction writes nothing, so the record is then committed in one of its own: a page cannot forget it.
    """
    unlogged = [proposal for proposal in proposals if not _is_logged(session, actor, proposal.id)]
    if not unlogged:
        return
    if session.connection().get_execution_options().get("write"):
        _record(session, actor, unlogged)
        return
    with writing() as other:
        _record(other, actor, unlogged)


def _record(session: Session, actor: Actor, proposals: list[Proposal]) -> None:
    for proposal in proposals:
        record_event(
            session,
            actor,
            Action.READ_PROPOSAL,
            "proposal",
            proposal.id,
            parent_id=proposal.challenge_id,
            sealed_until_opened=proposal.challenge_id,
        )


def _is_logged(session: Session, actor: Actor, proposal_id: UUID) -> bool:
    query = (
        select(Event.seq)
        .where(
            Event.object_id == proposal_id,
            Event.action == Action.READ_PROPOSAL.value,
            Event.person_id == actor.person_id,
            Event.role == str(actor.role),
            Event.organisation_id.is_not_distinct_from(actor.organisation_id),
            Event.happened_at > clock.now() - LOGGED_READ_LASTS,
        )
        .limit(1)
    )
    return session.scalar(query) is not None

"""What waits for me: whose turn it is, read from where each record stands."""

from sqlalchemy.orm import Session

from portal.metrics.waiting.both import (
    addenda,
    co_applications,
    contracts,
    no_plan_yet,
    openings,
    plans,
    rankings,
    runs,
    terms,
)
from portal.metrics.waiting.district import (
    applications,
    countersignatures,
    decisions,
    eligibility,
    negotiations,
    nobody_left,
    official_roles,
    refining,
    steps,
    to_approve,
    to_publish,
    to_take,
)
from portal.metrics.waiting.enterprise import drafts, nda_requests, questions, returned
from portal.metrics.waiting.institute import clearances, my_drafts, to_acknowledge
from portal.metrics.waiting.kinds import Source, Waiting
from portal.permissions import Actor, Role

__all__ = ["Waiting", "waiting_for"]


SOURCES: dict[Role, tuple[Source, ...]] = {
    Role.ENTERPRISE_MEMBER: (returned, drafts, questions, runs),
    Role.ENTERPRISE_ADMIN: (
        returned,
        drafts,
        questions,
        nda_requests,
        addenda,
        openings,
        rankings,
        terms,
        contracts,
        no_plan_yet,
        plans,
        runs,
        co_applications,
    ),
    Role.RESEARCHER: (my_drafts, to_acknowledge, terms, contracts, no_plan_yet, plans),
    Role.INSTITUTE_ADMIN: (clearances, co_applications),
    Role.BROKER: (to_take, refining),
    Role.OPERATOR: (
        applications,
        to_take,
        refining,
        to_publish,
        addenda,
        openings,
        eligibility,
        rankings,
        negotiations,
        countersignatures,
        steps,
    ),
    Role.APPROVER: (to_approve, decisions, nobody_left),
    Role.PLATFORM_ADMIN: (official_roles,),
}
"""Where each role's work comes from."""


def waiting_for(session: Session, actor: Actor) -> list[Waiting]:
    """Everything that this hat can do next, what is due first on top; at most ten of a kind."""
    found = [row for source in SOURCES.get(actor.role, ()) for row in source(session, actor)]
    return sorted(found, key=_rank)


def _rank(row: Waiting) -> tuple[int, float]:
    instant = row.due or row.since
    return (0 if row.due else 1, instant.timestamp() if instant else 0.0)

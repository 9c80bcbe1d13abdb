"""What waits for me: whose turn it is, read from where each record stands."""

from sqlalchemy.orm import Session

from portal.metrics.waiting.agreements import late_commitments, renewals, to_sign
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
    claimed_sources,
    countersignatures,
    decisions,
    eligibility,
    firsts,
    negotiations,
    nobody_left,
    official_roles,
    prepared_shares,
    refining,
    steps,
    support_talks,
    to_approve,
    to_publish,
    to_take,
)
from portal.metrics.waiting.enterprise import drafts, nda_requests, questions, returned
from portal.metrics.waiting.institute import clearances, my_drafts, to_acknowledge
from portal.metrics.waiting.kinds import Source, Waiting
from portal.metrics.waiting.ventures import ventures
from portal.metrics.waiting.visits import to_answer, to_debrief
from portal.permissions import Actor, Role

__all__ = ["Waiting", "waiting_for"]


SOURCES: dict[Role, tuple[Source, ...]] = {
    Role.ENTERPRISE_MEMBER: (returned, drafts, questions, runs, to_answer),
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
        to_sign,
        late_commitments,
        to_debrief,
        ventures,
    ),
    Role.RESEARCHER: (my_drafts, to_acknowledge, terms, contracts, no_plan_yet, plans, to_answer, ventures),
    Role.INSTITUTE_ADMIN: (clearances, co_applications, to_sign, late_commitments, to_debrief, to_answer, ventures),
    Role.EXPERT: (ventures,),
    Role.BROKER: (to_take, refining, to_debrief),
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
        firsts,
        claimed_sources,
        renewals,
        late_commitments,
        to_debrief,
        ventures,
    ),
    Role.APPROVER: (to_approve, decisions, nobody_left, prepared_shares, support_talks, to_sign, ventures),
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

"""Numbered changes to an open challenge: one side prepares, the other side confirms and thereby publishes."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, true
from sqlalchemy.orm import Session

from db.models import (
    Addendum,
    AddendumAcknowledgement,
    Challenge,
    ChallengeStatus,
    Event,
    Proposal,
    ProposalSubmission,
)
from portal import clock
from portal.challenges.access import get_challenge
from portal.challenges.followers import followers, submitted_leads
from portal.challenges.rules import has_closed, require_open, sides
from portal.challenges.texts import one_line, paragraphs
from portal.challenges.workflow import CHALLENGE_WORKFLOW
from portal.errors import N_, Forbidden, Invalid, NotFound, NotPossibleNow
from portal.events import record_event
from portal.notifications.commands import notify, people_with_role
from portal.permissions import Action, Actor, Role, Side, authorize, can
from portal.workflow import advance, require_version

TITLE_LIMIT = 100
TEXT_LIMIT = 4_000
SEES_PREPARED = frozenset({Role.OPERATOR, Role.APPROVER, Role.AUDITOR})


class AddendumRow(NamedTuple):
    """One addendum; without `published_at` it still waits for the other side's word."""

    id: UUID
    number: int
    title: str
    text: str
    is_material: bool
    prepared_at: datetime
    published_at: datetime | None
    by_enterprise: bool
    may_confirm: bool
    may_rewrite: bool
    version: int


def prepare_addendum(
    session: Session,
    actor: Actor,
    *,
    challenge_id: UUID,
    title: str,
    text: str,
    is_material: bool = False,
    version: int | None = None,
) -> UUID:
    """Write the next addendum, or write the waiting one anew: the side that wrote last asks the other to confirm.

    `version` is that of the waiting addendum. Raises: NotFound, Forbidden, NotPossibleNow, DeadlinePassed, Stale,
    Invalid.
    """
    challenge = _open_challenge(session, actor, challenge_id, Action.PREPARE_ADDENDUM)
    title = one_line(title, TITLE_LIMIT, section=Action.PREPARE_ADDENDUM, field="addendum_title")
    text = paragraphs(text, TEXT_LIMIT, section=Action.PREPARE_ADDENDUM, field="addendum_text")
    if not title or not text:
        raise Invalid(N_("Please write a title and a text."), field="addendum_text" if title else "addendum_title")
    addendum = _waiting(session, challenge.id)
    if addendum is None:
        addendum = Addendum(challenge_id=challenge.id, number=_next_number(session, challenge.id))
        session.add(addendum)
    else:
        require_version(addendum, version)
    addendum.title, addendum.text, addendum.is_material = title, text, is_material
    addendum.prepared_by, addendum.prepared_at = actor.acting_person, clock.now()
    session.flush()
    record_event(
        session,
        actor,
        Action.PREPARE_ADDENDUM,
        "addendum",
        addendum.id,
        fields=[f"number {addendum.number}"],
        parent_id=challenge.id,
    )
    _ask_the_other_side(session, actor, challenge, addendum)
    return addendum.id


def confirm_addendum(session: Session, actor: Actor, *, addendum_id: UUID, version: int | None = None) -> int:
    """The other side agrees: the addendum is published and its number returned; a repeat returns it again.

    Raises: NotFound, Forbidden for the side that wrote it, NotPossibleNow, DeadlinePassed, Stale.
    """
    addendum = session.get(Addendum, addendum_id)
    if addendum is None:
        raise NotFound
    challenge = get_challenge(session, actor, addendum.challenge_id, lock=True)
    if addendum.published_at is None and not _sees_prepared(actor, challenge):
        raise NotFound
    session.refresh(addendum)
    authorize(actor, Action.CONFIRM_ADDENDUM, sides(actor, challenge))
    if addendum.published_at is not None:
        return addendum.number
    if not _is_the_other(session, actor, challenge, addendum):
        raise Forbidden(N_("The other side confirms: an addendum needs the enterprise and the district."))
    require_version(addendum, version)
    if challenge.status is not ChallengeStatus.OPEN:
        raise NotPossibleNow(status=challenge.status)
    require_open(challenge, clock.now())
    advance(
        session,
        actor,
        CHALLENGE_WORKFLOW,
        challenge,
        Action.CONFIRM_ADDENDUM,
        fields=("addendum", str(addendum.id), f"number {addendum.number}"),
    )
    addendum.confirmed_by, addendum.published_at = actor.acting_person, clock.now()
    session.flush()
    _tell_followers(session, challenge, addendum)
    return addendum.number


def visible_to(actor: Actor, challenge: Challenge) -> ColumnElement[bool]:
    """Published ones for whoever sees the challenge; a waiting one for the two sides and those who watch."""
    return true() if _sees_prepared(actor, challenge) else Addendum.published_at.is_not(None)


def list_addenda(session: Session, actor: Actor, challenge_id: UUID) -> list[AddendumRow]:
    """Newest first. Raises: NotFound."""
    challenge = get_challenge(session, actor, challenge_id)
    may_write = can(actor, Action.PREPARE_ADDENDUM, sides(actor, challenge)) and _takes_addenda(challenge)
    query = (
        select(Addendum)
        .where(Addendum.challenge_id == challenge_id, visible_to(actor, challenge))
        .order_by(Addendum.number.desc())
        .limit(200)
    )
    rows = []
    for row in session.scalars(query):
        waits = row.published_at is None
        rows.append(
            AddendumRow(
                id=row.id,
                number=row.number,
                title=row.title,
                text=row.text,
                is_material=row.is_material,
                prepared_at=row.prepared_at,
                published_at=row.published_at,
                by_enterprise=waits and _by_enterprise(session, row),
                may_confirm=waits and may_write and _is_the_other(session, actor, challenge, row),
                may_rewrite=waits and may_write,
                version=row.version,
            )
        )
    return rows


def may_prepare_addendum(session: Session, actor: Actor, challenge_id: UUID) -> bool:
    """Whether a new addendum can be written now: one that waits is written anew instead."""
    challenge = get_challenge(session, actor, challenge_id)
    may = can(actor, Action.PREPARE_ADDENDUM, sides(actor, challenge)) and _takes_addenda(challenge)
    return may and _waiting(session, challenge_id) is None


def unacknowledged(session: Session, proposal_id: UUID, challenge_id: UUID) -> list[tuple[UUID, int, str]]:
    """Material addenda, as (id, number, title), published after the last submission and not acknowledged.

    Asks no rights: the caller shows it to the proposal's own team, and to others only after the opening.
    """
    submitted_at = (
        select(ProposalSubmission.submitted_at)
        .join(Proposal, Proposal.id == ProposalSubmission.proposal_id)
        .where(Proposal.id == proposal_id, ProposalSubmission.number == Proposal.submission_number)
        .scalar_subquery()
    )
    known = exists().where(
        AddendumAcknowledgement.addendum_id == Addendum.id, AddendumAcknowledgement.proposal_id == proposal_id
    )
    query = (
        select(Addendum.id, Addendum.number, Addendum.title)
        .where(
            Addendum.challenge_id == challenge_id,
            Addendum.is_material,
            Addendum.published_at >= submitted_at,
            ~known,
        )
        .order_by(Addendum.number)
    )
    return [(row.id, row.number, row.title) for row in session.execute(query)]


def _open_challenge(session: Session, actor: Actor, challenge_id: UUID, action: Action) -> Challenge:
    challenge = get_challenge(session, actor, challenge_id, lock=True)
    authorize(actor, action, sides(actor, challenge))
    if challenge.status is not ChallengeStatus.OPEN:
        raise NotPossibleNow(status=challenge.status)
    require_open(challenge, clock.now())
    return challenge


def _takes_addenda(challenge: Challenge) -> bool:
    return challenge.status is ChallengeStatus.OPEN and not has_closed(challenge, clock.now())


def _sees_prepared(actor: Actor, challenge: Challenge) -> bool:
    return actor.role in SEES_PREPARED or Side.ENTERPRISE in sides(actor, challenge)


def _is_the_other(session: Session, actor: Actor, challenge: Challenge, addendum: Addendum) -> bool:
    """Two sides and two people: neither the side that wrote it nor its author under another hat."""
    from_enterprise = Side.ENTERPRISE in sides(actor, challenge)
    return from_enterprise is not _by_enterprise(session, addendum) and actor.person_id != addendum.prepared_by


def _by_enterprise(session: Session, addendum: Addendum) -> bool:
    """Which hat was worn when it was last written: the event remembers."""
    query = (
        select(Event.role)
        .where(Event.object_id == addendum.id, Event.action == Action.PREPARE_ADDENDUM.value)
        .order_by(Event.seq.desc())
        .limit(1)
    )
    return session.scalar(query) != Role.OPERATOR.value


def _waiting(session: Session, challenge_id: UUID) -> Addendum | None:
    query = select(Addendum).where(Addendum.challenge_id == challenge_id, Addendum.published_at.is_(None))
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _next_number(session: Session, challenge_id: UUID) -> int:
    return (session.scalar(select(func.max(Addendum.number)).where(Addendum.challenge_id == challenge_id)) or 0) + 1


def _ask_the_other_side(session: Session, actor: Actor, challenge: Challenge, addendum: Addendum) -> None:
    if Side.ENTERPRISE in sides(actor, challenge):
        people = people_with_role(session, Role.OPERATOR)
    else:
        people = people_with_role(session, Role.ENTERPRISE_ADMIN, challenge.organisation_id)
    notify(
        session,
        person_ids=people,
        message=N_("An addendum to “{title}” waits for your side's confirmation."),
        params={"title": challenge.title},
        page="challenge",
        object_id=challenge.id,
        dedupe_key=f"addendum-prepared:{addendum.id}:{addendum.prepared_at.isoformat()}",
    )


def _tell_followers(session: Session, challenge: Challenge, addendum: Addendum) -> None:
    leads = submitted_leads(session, challenge.id) if addendum.is_material else {}
    facts = {"title": challenge.title, "number": addendum.number}
    for lead, proposal_id in leads.items():
        notify(
            session,
            person_ids=[lead],
            message=N_(
                "Addendum {number} changes the task of “{title}”. Your proposal stays valid; please acknowledge the "
                "addendum or replace your submission before the deadline."
            ),
            params=facts,
            page="proposal",
            object_id=proposal_id,
            dedupe_key=f"addendum:{addendum.id}",
        )
    notify(
        session,
        person_ids=followers(session, challenge.id) - leads.keys(),
        message=N_("Addendum {number} to “{title}” is published."),
        params=facts,
        page="challenge",
        object_id=challenge.id,
        dedupe_key=f"addendum:{addendum.id}",
    )

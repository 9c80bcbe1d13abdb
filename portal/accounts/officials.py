"""Official roles, given by two platform admins, and accounts that are disabled; never one's own."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from db.models import Membership, MembershipStatus, Person, Role
from portal import clock
from portal.accounts import links, sessions
from portal.accounts.invitations import add_membership, find_membership, find_or_add_person, send_link
from portal.accounts.workflow import MEMBERSHIP_WORKFLOW
from portal.errors import N_, Forbidden, Invalid, NotFound
from portal.events import record_event
from portal.notifications.commands import notify
from portal.permissions import OFFICIAL_ROLES, Action, Actor, authorize
from portal.texts import clean_reason
from portal.workflow import advance, require_version


def propose_official_role(session: Session, actor: Actor, *, email: str, name: str, role: Role) -> UUID:
    """Propose somebody for a role of the district; another platform admin decides. Returns the membership's id.

    Raises: Forbidden, Invalid.
    """
    authorize(actor, Action.PROPOSE_OFFICIAL_ROLE)
    if role not in OFFICIAL_ROLES:
        raise Invalid(N_("This role is given by an organisation, not by the district."), field="role")
    person = find_or_add_person(session, email=email, name=name)
    if person.id == actor.person_id:
        raise Forbidden(N_("Nobody proposes a role for themselves."))
    membership = find_membership(session, person.id, role, None)
    if membership is None:
        membership = add_membership(session, actor, person.id, role, None, MembershipStatus.PROPOSED)
        _record_proposal(session, actor, membership)
    elif membership.status in (MembershipStatus.ACTIVE, MembershipStatus.PROPOSED):
        raise Invalid(N_("This person has this role already, or it is waiting for a decision."), field="email")
    else:
        advance(session, actor, MEMBERSHIP_WORKFLOW, membership, Action.PROPOSE_OFFICIAL_ROLE)
        membership.granted_by, membership.approved_by = actor.person_id, None
    session.flush()
    return membership.id


def decide_official_role(
    session: Session,
    actor: Actor,
    *,
    membership_id: UUID,
    approve: bool,
    reason: str = "",
    version: int | None = None,
) -> None:
    """Decide on a proposed role; never by who proposed it, nor by who would get it.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow, Invalid when a refusal gives no reason.
    """
    action = Action.DECIDE_OFFICIAL_ROLE if approve else Action.REFUSE_OFFICIAL_ROLE
    authorize(actor, action)
    membership = session.get(Membership, membership_id)
    if membership is None or membership.role not in OFFICIAL_ROLES:
        raise NotFound
    require_version(membership, version)
    if membership.person_id == actor.person_id:
        raise Forbidden(N_("Nobody decides on their own role."))
    if membership.granted_by == actor.person_id:
        raise Forbidden(N_("You proposed this role; another platform admin decides."))
    advance(session, actor, MEMBERSHIP_WORKFLOW, membership, action, reason=reason)
    membership.approved_by = actor.person_id
    session.flush()
    person = _get_person(session, membership.person_id)
    if approve:
        send_link(session, person, membership)
    if membership.granted_by:
        _tell_proposer(session, membership, approve)


def disable_person(session: Session, actor: Actor, *, person_id: UUID, reason: str, version: int | None = None) -> None:
    """Close an account: every session ends at once, no link works. Raises: NotFound, Forbidden, Stale, Invalid."""
    authorize(actor, Action.DISABLE_PERSON)
    person = _get_person(session, person_id)
    require_version(person, version)
    if person.id == actor.person_id:
        raise Forbidden(N_("Nobody disables their own account."))
    reason = clean_reason(reason)
    if not reason:
        raise Invalid(N_("Please give a reason; the other side will read it."), field="reason")
    if person.disabled_at is not None:
        return
    person.disabled_at = clock.now()
    sessions.revoke_all_of_person(session, person.id)
    links.end_links(session, person.id)
    _record(session, actor, Action.DISABLE_PERSON, person, reason=reason)


def enable_person(session: Session, actor: Actor, *, person_id: UUID, version: int | None = None) -> None:
    """Open a disabled account again; sessions and links stay ended. Raises: NotFound, Forbidden, Stale."""
    authorize(actor, Action.ENABLE_PERSON)
    person = _get_person(session, person_id)
    require_version(person, version)
    if person.id == actor.person_id:
        raise Forbidden
    if person.disabled_at is None:
        return
    person.disabled_at = None
    _record(session, actor, Action.ENABLE_PERSON, person)


def _get_person(session: Session, person_id: UUID) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def _record(session: Session, actor: Actor, action: Action, person: Person, **more: Any) -> None:
    session.flush()
    record_event(session, actor, action, "person", person.id, fields=("disabled_at",), **more)


def _record_proposal(session: Session, actor: Actor, membership: Membership) -> None:
    record_event(
        session,
        actor,
        Action.PROPOSE_OFFICIAL_ROLE,
        "membership",
        membership.id,
        to_status=MembershipStatus.PROPOSED,
        fields=("person_id", "role"),
    )


def _tell_proposer(session: Session, membership: Membership, approve: bool) -> None:
    message = (
        N_("The official role you proposed was confirmed: {role}.")
        if approve
        else N_("The official role you proposed was refused: {role}.")
    )
    notify(
        session,
        person_ids=[membership.granted_by] if membership.granted_by else [],
        message=message,
        params={"role": membership.role},
        page="accounts",
        dedupe_key=f"official_role:{membership.id}:{membership.version}",
    )

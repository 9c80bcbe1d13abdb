"""What happens to organisations: applied for, verified, rejected, disabled, and who belongs to them."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Membership, MembershipStatus, Organisation, OrganisationKind, OrganisationStatus, Person
from portal import clock
from portal.accounts.commands import invite_person
from portal.accounts.invitations import is_address_of
from portal.accounts.sessions import revoke_all_of_person
from portal.accounts.workflow import MEMBERSHIP_WORKFLOW
from portal.errors import N_, Forbidden, Invalid, NotFound, NotPossibleNow
from portal.events import record_event
from portal.files.commands import store_file
from portal.i18n import is_language
from portal.notifications.commands import notify, people_with_role, queue_mail
from portal.organisations.access import get_organisation
from portal.organisations.places import is_industry, is_town
from portal.organisations.rules import FIRST_ROLE, MEMBER_ROLES, clean_application
from portal.organisations.workflow import ORGANISATION_WORKFLOW
from portal.permissions import ORGANISATION_ADMINS, Action, Actor, Role, Side, authorize
from portal.texts import clean_reason
from portal.workflow import advance, require_version


def apply_for_organisation(
    session: Session,
    actor: Actor,
    *,
    name: str,
    kind: OrganisationKind,
    credit_code: str,
    contact_name: str,
    contact_email: str,
    contact_phone: str,
    proof_name: str,
    proof: bytes,
    industry_code: str | None = None,
    town_code: str | None = None,
    summary: str = "",
    language: str | None = None,
) -> UUID:
    """Ask to take part; the same code is one organisation, and a rejected one may apply again.

    The answer is written in the language of the application.

    Raises: Invalid for any field.
    """
    authorize(actor, Action.APPLY_FOR_ORGANISATION)
    clean = clean_application(
        {
            "credit_code": credit_code,
            "name": name,
            "contact_name": contact_name,
            "contact_email": contact_email,
            "contact_phone": contact_phone,
            "summary": summary,
        }
    )
    organisation = _fresh_or_rejected(session, clean.credit_code)
    organisation.name, organisation.kind, organisation.summary = clean.name, kind, clean.summary
    organisation.contact_name, organisation.contact_email = clean.contact_name, clean.contact_email
    organisation.contact_phone = clean.contact_phone
    if (industry_code and not is_industry(industry_code)) or (town_code and not is_town(town_code)):
        raise Invalid(field="industry_code")
    organisation.industry_code, organisation.town_code = industry_code or None, town_code or None
    organisation.contact_language = language if language and is_language(language) else None
    if again := organisation.status is OrganisationStatus.REJECTED:
        advance(session, actor, ORGANISATION_WORKFLOW, organisation, Action.APPLY_FOR_ORGANISATION)
    else:
        organisation.status = OrganisationStatus.APPLIED
    session.add(organisation)
    session.flush()
    organisation.proof_file_id = store_file(
        session, actor, name=proof_name, content=proof, parent_type="organisation", parent_id=organisation.id
    )
    if not again:
        record_event(
            session,
            actor,
            Action.APPLY_FOR_ORGANISATION,
            "organisation",
            organisation.id,
            to_status=OrganisationStatus.APPLIED,
        )
    notify(
        session,
        person_ids=people_with_role(session, Role.OPERATOR),
        message=N_("An organisation asks to take part: {name}."),
        params={"name": organisation.name},
        page="organisation",
        object_id=organisation.id,
        dedupe_key=f"applied:{organisation.id}:{clock.now().isoformat()}",
    )
    return organisation.id


def verify_organisation(session: Session, actor: Actor, *, organisation_id: UUID, version: int | None = None) -> None:
    """The papers are in order; its contact is invited as its first admin (a broker for an agency)."""
    organisation = _asked(session, actor, organisation_id, Action.VERIFY_ORGANISATION, version)
    advance(session, actor, ORGANISATION_WORKFLOW, organisation, Action.VERIFY_ORGANISATION)
    _decided(organisation, actor, "")
    if first_role := FIRST_ROLE.get(organisation.kind):
        invite_person(
            session,
            actor,
            email=organisation.contact_email,
            name=organisation.contact_name,
            role=first_role,
            organisation_id=organisation.id,
            language=organisation.contact_language,
        )


def reject_organisation(
    session: Session, actor: Actor, *, organisation_id: UUID, reason: str, version: int | None = None
) -> None:
    """The contact is told why, by mail; the organisation may apply again."""
    organisation = _asked(session, actor, organisation_id, Action.REJECT_ORGANISATION, version)
    advance(session, actor, ORGANISATION_WORKFLOW, organisation, Action.REJECT_ORGANISATION, reason=reason)
    _decided(organisation, actor, clean_reason(reason))
    queue_mail(
        session,
        recipient=organisation.contact_email,
        subject=N_("Your application to the collaboration portal"),
        body=N_("{name} could not be verified: {reason}\n\nYou may apply again with the missing papers."),
        params={"name": organisation.name, "reason": clean_reason(reason)},
        language=organisation.contact_language,
        dedupe_key=f"rejected:{organisation.id}:{organisation.version}",
    )


def disable_organisation(
    session: Session, actor: Actor, *, organisation_id: UUID, reason: str, version: int | None = None
) -> None:
    """Nobody acts for it from this instant; its records stay."""
    organisation = _asked(session, actor, organisation_id, Action.DISABLE_ORGANISATION, version)
    advance(session, actor, ORGANISATION_WORKFLOW, organisation, Action.DISABLE_ORGANISATION, reason=reason)
    _decided(organisation, actor, clean_reason(reason))


def enable_organisation(session: Session, actor: Actor, *, organisation_id: UUID, version: int | None = None) -> None:
    """Its people may act for it again."""
    organisation = _asked(session, actor, organisation_id, Action.ENABLE_ORGANISATION, version)
    advance(session, actor, ORGANISATION_WORKFLOW, organisation, Action.ENABLE_ORGANISATION)
    _decided(organisation, actor, "")


def invite_member(
    session: Session, actor: Actor, *, email: str, name: str, role: Role, language: str | None = None
) -> None:
    """An organisation's admin invites somebody to act for it; without a language the mail speaks each.

    Raises: Forbidden, Invalid for a role that this kind of organisation does not give.
    """
    authorize(actor, Action.INVITE_MEMBER, {Side.OWN} if actor.organisation_id else set())
    if actor.organisation_kind is None or role not in MEMBER_ROLES.get(actor.organisation_kind, ()):
        raise Invalid(N_("This role cannot be given in your organisation."), field="role")
    if not actor.organisation_verified:
        raise Invalid(N_("Your organisation is not verified yet."))
    if is_address_of(session, actor.acting_person, email):
        raise Invalid(N_("This is your own address: you act for your organisation already."), field="email")
    home = actor.organisation_id
    invite_person(session, actor, email=email, name=name, role=role, organisation_id=home, language=language)


def invite_broker(
    session: Session, actor: Actor, *, organisation_id: UUID, email: str, name: str, language: str | None = None
) -> None:
    """An operator invites a broker of a verified agency. Raises: NotFound, Invalid."""
    authorize(actor, Action.INVITE_BROKER)
    agency = get_organisation(session, actor, organisation_id)
    if agency.kind is not OrganisationKind.AGENCY or agency.status is not OrganisationStatus.VERIFIED:
        raise Invalid(N_("Brokers act for a verified technology transfer agency."))
    invite_person(
        session, actor, email=email, name=name, role=Role.BROKER, organisation_id=agency.id, language=language
    )


def disable_member(session: Session, actor: Actor, *, membership_id: UUID, version: int | None = None) -> None:
    """Somebody no longer acts for the organisation, from this instant; the last admin stays.

    Raises: NotFound, Forbidden for oneself, NotPossibleNow for the last admin.
    """
    membership = session.get(Membership, membership_id)
    own = membership is not None and membership.organisation_id == actor.organisation_id
    if membership is None or not (own or actor.role is Role.PLATFORM_ADMIN):
        raise NotFound
    authorize(actor, Action.DISABLE_MEMBER, MEMBERSHIP_WORKFLOW.sides(actor, membership))
    require_version(membership, version)
    if membership.person_id == actor.person_id:
        raise Forbidden(N_("You cannot disable yourself; ask another admin."))
    if membership.role in ORGANISATION_ADMINS and _is_last_admin(session, membership):
        raise NotPossibleNow(N_("This is the last admin of the organisation. Name another one first."))
    advance(session, actor, MEMBERSHIP_WORKFLOW, membership, Action.DISABLE_MEMBER)
    revoke_all_of_person(session, membership.person_id)


def _asked(session: Session, actor: Actor, organisation_id: UUID, action: Action, version: int | None) -> Organisation:
    """The organisation, for whoever may do that: rights come before the version. Raises: NotFound, Forbidden, Stale."""
    organisation = get_organisation(session, actor, organisation_id)
    authorize(actor, action, ORGANISATION_WORKFLOW.sides(actor, organisation))
    require_version(organisation, version)
    return organisation


def _is_last_admin(session: Session, membership: Membership) -> bool:
    """Whether nobody else can act as an admin of the organisation; somebody whose account is disabled cannot.

    Two admins who disable each other at the same moment wait for one another here.
    """
    session.execute(select(Organisation.id).where(Organisation.id == membership.organisation_id).with_for_update())
    query = (
        select(func.count())
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.organisation_id == membership.organisation_id,
            Membership.id != membership.id,
            Membership.role == membership.role,
            Membership.status == MembershipStatus.ACTIVE,
            Person.disabled_at.is_(None),
        )
    )
    return not session.scalar(query)


def _fresh_or_rejected(session: Session, credit_code: str) -> Organisation:
    known = session.scalars(select(Organisation).where(Organisation.credit_code == credit_code)).one_or_none()
    if known is None:
        return Organisation(credit_code=credit_code, created_at=clock.now())
    if known.status is OrganisationStatus.REJECTED:
        return known
    raise Invalid(
        N_("An organisation with this credit code is registered already. Ask its admin to invite you."),
        field="credit_code",
    )


def _decided(organisation: Organisation, actor: Actor, reason: str) -> None:
    organisation.decided_by, organisation.decided_at = actor.person_id, clock.now()
    organisation.decision_reason = reason

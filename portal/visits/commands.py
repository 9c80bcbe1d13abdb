"""What happens to a visit: planned, edited, announced, held, debriefed, called off."""

import secrets
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from db.models import (
    Membership,
    MembershipStatus,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    ParticipantStatus,
    Role,
    Visit,
    VisitAudience,
    VisitItem,
    VisitParticipant,
    VisitSite,
    VisitStatus,
)
from portal import clock
from portal.errors import N_, Incomplete, Invalid, NotFound, NotPossibleNow
from portal.events import record_event
from portal.organisations.places import is_town
from portal.permissions import CLOCK, Action, Actor, authorize
from portal.texts import needed, one_line, paragraphs
from portal.visits.access import get_visit
from portal.visits.notices import ask_for_feedback, tell_of_cancellation, tell_of_changes
from portal.visits.registration import fill_places, taken
from portal.visits.rules import (
    VisitForm,
    require_capacity,
    require_days,
    require_window,
    sides,
)
from portal.visits.tables import parse_programme, parse_sites
from portal.visits.workflow import PARTICIPANT_WORKFLOW, VISIT_WORKFLOW
from portal.workflow import advance, require_version

ORGANISERS = (OrganisationKind.GOVERNMENT, OrganisationKind.ENTERPRISE, OrganisationKind.INSTITUTE)
_LIVING = (VisitStatus.PLANNED, VisitStatus.REGISTRATION_OPEN)
_WINDOW = ("registration_opens_at", "registration_closes_at")
_AS_THEY_ARE = ("kind", "town_code", "starts_on", "ends_on", "partner_id", *_WINDOW)
_IN_CALENDARS = frozenset({"title", "starts_on", "ends_on", "meeting_point", "programme"})


def plan_visit(
    session: Session,
    actor: Actor,
    *,
    form: VisitForm,
    organiser_id: UUID | None = None,
    visit_id: UUID | None = None,
) -> UUID:
    """Plan a visit that only its organisers and the district see until it is announced.

    An admin plans for the own organisation, an operator for any. `visit_id` is a token of the form: the same one again
    returns the first visit.

    Raises: Forbidden, Invalid, NotFound for a strange visit id or organisation.
    """
    authorize(actor, Action.PLAN_VISIT)
    if visit_id is not None and session.get(Visit, visit_id) is not None:
        return get_visit(session, actor, visit_id).id
    organiser = organiser_id if actor.role is Role.OPERATOR else actor.organisation_id
    if organiser is None:
        raise Invalid(N_("Please choose the organiser."), field="organiser")
    _require_organisation(session, organiser, ORGANISERS)
    now = clock.now()
    visit = Visit(
        id=visit_id or uuid4(),
        number=_next_number(session),
        status=VisitStatus.PLANNED,
        organiser_id=organiser,
        check_in_secret=secrets.token_hex(32),
        is_demo=actor.is_demo,
        created_by=actor.person_id,
        created_at=now,
        changed_at=now,
        **_checked(session, actor, form, organiser),
    )
    session.add(visit)
    session.flush()
    _write_parts(session, visit, form)
    record_event(session, actor, Action.PLAN_VISIT, "visit", visit.id, fields=("title", "days", "capacity"))
    return visit.id


def edit_visit(session: Session, actor: Actor, *, visit_id: UUID, version: int | None, form: VisitForm) -> bool:
    """Change a visit that was not held; more places move people up, other days are told to everybody registered.

    Returns whether anything changed.

    Raises: NotFound, Forbidden, Stale, Invalid, NotPossibleNow.
    """
    visit = get_visit(session, actor, visit_id, lock=True)
    authorize(actor, Action.EDIT_VISIT, sides(actor, visit))
    require_version(visit, version)
    if visit.status not in _LIVING:
        raise NotPossibleNow(status=visit.status)
    wanted = _checked(session, actor, form, visit.organiser_id, taken=taken(session, visit.id))
    changed = {name for name, value in wanted.items() if getattr(visit, name) != value}
    if "starts_on" in changed:
        visit.reminded_at = None
    for name in changed:
        setattr(visit, name, wanted[name])
    changed |= _write_parts(session, visit, form)
    if not changed:
        return False
    visit.changed_at = clock.now()
    visit.sequence += bool(changed & _IN_CALENDARS)
    session.flush()
    record_event(session, actor, Action.EDIT_VISIT, "visit", visit.id, fields=sorted(changed))
    fill_places(session, visit)
    if changed & {"starts_on", "ends_on", "meeting_point"}:
        tell_of_changes(session, visit)
    return True


def open_registration(session: Session, actor: Actor, *, visit_id: UUID, version: int | None) -> None:
    """Announce the visit to everybody; people register from the instant that was planned for it.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow, Incomplete without programme or meeting point, Invalid when its
    first day is over.
    """
    visit = get_visit(session, actor, visit_id, lock=True)
    authorize(actor, Action.OPEN_REGISTRATION, sides(actor, visit))
    require_version(visit, version)
    missing: list[tuple[str, str, dict[str, Any]]] = []
    if session.scalar(select(func.count()).where(VisitItem.visit_id == visit.id)) == 0:
        missing.append(("programme", N_("The programme is empty."), {}))
    if not visit.meeting_point:
        missing.append(("meeting_point", N_("The meeting point is missing."), {}))
    if not visit.contact:
        missing.append(("contact", N_("The contact is missing."), {}))
    if missing:
        raise Incomplete(missing)
    if visit.registration_closes_at <= clock.now():
        raise Invalid(N_("Registration would be closed already; please change its times first."), field="closes_at")
    advance(session, actor, VISIT_WORKFLOW, visit, Action.OPEN_REGISTRATION)
    visit.published_at = visit.changed_at = clock.now()
    session.flush()


def hold_visit(session: Session, actor: Actor, *, visit_id: UUID, version: int | None = None) -> None:
    """Record that it took place, from its first day on; whoever took part is asked for feedback.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow, Invalid before its first day.
    """
    visit = get_visit(session, actor, visit_id, lock=True)
    authorize(actor, Action.HOLD_VISIT, sides(actor, visit))
    require_version(visit, version)
    if visit.status is VisitStatus.REGISTRATION_OPEN and clock.today() < visit.starts_on:
        raise Invalid(N_("The visit begins on {day}; until then it cannot have been held."), day=visit.starts_on)
    advance(session, actor, VISIT_WORKFLOW, visit, Action.HOLD_VISIT)
    visit.ended_at = visit.changed_at = clock.now()
    session.flush()
    ask_for_feedback(session, visit)


def debrief_visit(session: Session, actor: Actor, *, visit_id: UUID, version: int | None, findings: str) -> None:
    """Close the visit with what was found; whoever was not seen counts as absent from here on.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow, Invalid without findings.
    """
    visit = get_visit(session, actor, visit_id, lock=True)
    authorize(actor, Action.DEBRIEF_VISIT, sides(actor, visit))
    require_version(visit, version)
    message = N_("Please say what was found and what follows from it.")
    visit.findings = needed(paragraphs(findings, 2000, field="findings"), message, field="findings")
    advance(session, actor, VISIT_WORKFLOW, visit, Action.DEBRIEF_VISIT, fields=("findings",))
    visit.ended_at = visit.changed_at = clock.now()
    session.flush()
    missing = select(VisitParticipant).where(
        VisitParticipant.visit_id == visit.id, VisitParticipant.status == ParticipantStatus.REGISTERED
    )
    for participant in session.scalars(missing).all():
        advance(session, CLOCK, PARTICIPANT_WORKFLOW, participant, Action.MARK_ABSENT)
    session.flush()


def cancel_visit(session: Session, actor: Actor, *, visit_id: UUID, version: int | None, reason: str) -> None:
    """Call it off; the reason reaches everybody who is registered or waits.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow, Invalid without a reason.
    """
    visit = get_visit(session, actor, visit_id, lock=True)
    authorize(actor, Action.CANCEL_VISIT, sides(actor, visit))
    require_version(visit, version)
    words = paragraphs(reason, 2000, field="reason")
    if words:
        # In the same flush as the status: a visit that is called off has its reason, by constraint.
        visit.cancel_reason = words
    advance(session, actor, VISIT_WORKFLOW, visit, Action.CANCEL_VISIT, reason=words)
    visit.ended_at = visit.changed_at = clock.now()
    visit.sequence += 1
    session.flush()
    tell_of_cancellation(session, visit)


def _checked(session: Session, actor: Actor, form: VisitForm, organiser_id: UUID, taken: int = 0) -> dict[str, Any]:
    """The columns as the form fills them; only an operator names the broker. Raises: Invalid, NotFound."""
    if not is_town(form.town_code):
        raise Invalid(N_("Please choose the town or subdistrict."), field="town_code")
    require_days(form.starts_on, form.ends_on)
    if form.partner_id is not None:
        if form.partner_id == organiser_id:
            raise Invalid(N_("Organiser and partner are two organisations."), field="partner")
        _require_organisation(session, form.partner_id, ORGANISERS)
    first = form.starts_on
    first_evening = clock.from_local(first.year, first.month, first.day, 24)
    require_window(form.registration_opens_at, form.registration_closes_at, first_evening)
    title = needed(one_line(form.title, 200, field="title"), N_("Please give the visit a title."), field="title")
    found: dict[str, Any] = {name: getattr(form, name) for name in _AS_THEY_ARE}
    found |= {
        "title": title,
        "summary": paragraphs(form.summary, 2000, field="summary"),
        "capacity": require_capacity(form.capacity, taken),
        "meeting_point": one_line(form.meeting_point, 200, field="meeting_point"),
        "contact": one_line(form.contact, 200, field="contact"),
    }
    if actor.role is Role.OPERATOR:
        if form.broker_id is not None:
            _require_broker(session, form.broker_id)
        found["broker_id"] = form.broker_id
    return found


def _write_parts(session: Session, visit: Visit, form: VisitForm) -> set[str]:
    """Programme, sites and audience as given; returns which of them changed. Raises: Invalid, NotFound."""
    programme, sites, audience = form.programme, form.sites, form.audience
    items = parse_programme(programme, visit.starts_on, visit.ends_on)
    places = parse_sites(sites)
    for _name, town in places:
        if town and not is_town(town):
            raise Invalid(N_("Please choose the town or subdistrict."), field="sites")
    for organisation_id in audience:
        _require_organisation(session, organisation_id, (OrganisationKind.INSTITUTE,))
    changed = set()
    stored_items = session.scalars(select(VisitItem).where(VisitItem.visit_id == visit.id).order_by(VisitItem.position))
    if [(r.day, r.from_minute, r.to_minute, r.place, r.what, r.host) for r in stored_items] != [*map(tuple, items)]:
        changed.add("programme")
        session.execute(delete(VisitItem).where(VisitItem.visit_id == visit.id))
        session.add_all(VisitItem(visit_id=visit.id, position=at, **row._asdict()) for at, row in enumerate(items))
    stored_sites = session.scalars(select(VisitSite).where(VisitSite.visit_id == visit.id).order_by(VisitSite.position))
    if [(row.name, row.town_code or "") for row in stored_sites] != places:
        changed.add("sites")
        session.execute(delete(VisitSite).where(VisitSite.visit_id == visit.id))
        session.add_all(_site(session, visit, at, name, town) for at, (name, town) in enumerate(places))
    asked = select(VisitAudience.organisation_id).where(VisitAudience.visit_id == visit.id)
    if set(session.scalars(asked)) != set(audience):
        changed.add("audience")
        session.execute(delete(VisitAudience).where(VisitAudience.visit_id == visit.id))
        session.add_all(VisitAudience(visit_id=visit.id, organisation_id=one) for one in dict.fromkeys(audience))
    session.flush()
    return changed


def _site(session: Session, visit: Visit, position: int, name: str, town: str) -> VisitSite:
    """A place that bears the name of a verified organisation is that organisation."""
    known = session.scalars(
        select(Organisation.id).where(Organisation.status == OrganisationStatus.VERIFIED, Organisation.name == name)
    ).first()
    return VisitSite(visit_id=visit.id, position=position, organisation_id=known, name=name, town_code=town or None)


def _require_organisation(session: Session, organisation_id: UUID, kinds: tuple[OrganisationKind, ...]) -> None:
    row = session.get(Organisation, organisation_id)
    if row is None or row.kind not in kinds or row.status is not OrganisationStatus.VERIFIED:
        raise NotFound


def _require_broker(session: Session, person_id: UUID) -> None:
    query = select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.role == Role.BROKER,
        Membership.status == MembershipStatus.ACTIVE,
    )
    if session.scalar(query.limit(1)) is None:
        raise NotFound


def _next_number(session: Session) -> str:
    """`VT-2026-0007`; two at once meet the unique column and one of them is asked to try again."""
    prefix = f"VT-{clock.today().year}-"
    last = session.scalar(select(func.max(Visit.number)).where(Visit.number.startswith(prefix)))
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"

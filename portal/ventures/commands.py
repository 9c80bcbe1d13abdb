"""What happens to an application: written, signed by three, reviewed, noticed in public, approved."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    Membership,
    MembershipStatus,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    Venture,
    VentureAdvice,
    VentureExpert,
    VentureObjection,
    VentureStatus,
)
from portal import clock
from portal.challenges.workdays import add_workdays
from portal.errors import N_, Forbidden, Invalid, NotPossibleNow
from portal.events import record_event
from portal.organisations.access import acts_for
from portal.permissions import Action, Actor, Role, authorize
from portal.texts import clean_reason, needed, one_line, paragraphs
from portal.ventures.access import get_venture
from portal.ventures.notices import tell_next, tell_parties, tell_written
from portal.ventures.rules import FEWEST_EXPERTS, NOTICE_WORKDAYS, is_noticed, sides
from portal.ventures.workflow import CONSENTED, VENTURE_WORKFLOW, WRITTEN
from portal.workflow import advance, require_version

_S = VentureStatus


def create_venture(
    session: Session,
    actor: Actor,
    *,
    title: str,
    summary: str,
    plan: str,
    enterprise_id: UUID | None,
    agency_id: UUID | None = None,
    token: UUID | None = None,
) -> UUID:
    """Write an application for oneself at one's institute, with the enterprise that would host it.

    `token` belongs to one form: the same one again returns the first application. Raises: Forbidden, Invalid.
    """
    authorize(actor, Action.CREATE_VENTURE)
    if actor.organisation_id is None:
        raise Forbidden
    if token is not None and session.get(Venture, token) is not None:
        return get_venture(session, actor, token).id
    now = clock.now()
    venture = Venture(
        id=token or uuid4(),
        number=_next_number(session),
        scientist_id=actor.acting_person,
        institute_id=actor.organisation_id,
        status=_S.DRAFT,
        is_demo=actor.is_demo,
        created_at=now,
        changed_at=now,
        **_content(session, title, summary, plan, enterprise_id, agency_id),
    )
    session.add(venture)
    session.flush()
    record_event(session, actor, Action.CREATE_VENTURE, "venture", venture.id, fields=("title", "plan", "parties"))
    tell_written(session, venture)
    return venture.id


def edit_venture(
    session: Session,
    actor: Actor,
    *,
    venture_id: UUID,
    version: int | None,
    title: str,
    summary: str,
    plan: str,
    enterprise_id: UUID | None,
    agency_id: UUID | None = None,
) -> bool:
    """Change what is written; consents given before are taken back. Returns whether anything changed.

    Raises: NotFound, Forbidden, Stale, Invalid, NotPossibleNow once it is submitted.
    """
    venture = _locked(session, actor, venture_id, version, Action.EDIT_VENTURE)
    if venture.status not in (*WRITTEN, *CONSENTED):
        raise NotPossibleNow(status=venture.status)
    wanted = _content(session, title, summary, plan, enterprise_id, agency_id)
    changed = tuple(name for name, value in wanted.items() if getattr(venture, name) != value)
    if not changed:
        return False
    for name in changed:
        setattr(venture, name, wanted[name])
    if venture.status in CONSENTED:
        _take_back(venture)
        advance(session, actor, VENTURE_WORKFLOW, venture, Action.EDIT_VENTURE, fields=changed)
    else:
        record_event(session, actor, Action.EDIT_VENTURE, "venture", venture.id, fields=changed)
    _touch(session, venture)
    tell_written(session, venture)
    return True


def endorse_venture(session: Session, actor: Actor, *, venture_id: UUID, version: int | None) -> None:
    """The institute lets its scientist go ahead. Raises: NotFound, Forbidden, Stale, NotPossibleNow, Invalid."""
    venture = _locked(session, actor, venture_id, version, Action.ENDORSE_VENTURE)
    needed(venture.plan, N_("The plan is not written yet."), field="plan")
    venture.institute_signed_by, venture.institute_signed_at = actor.acting_person, clock.now()
    _step(session, actor, venture, Action.ENDORSE_VENTURE)


def host_venture(session: Session, actor: Actor, *, venture_id: UUID, version: int | None) -> None:
    """The enterprise hosts it. Raises: NotFound, Forbidden, Stale, NotPossibleNow."""
    venture = _locked(session, actor, venture_id, version, Action.HOST_VENTURE)
    venture.enterprise_signed_by, venture.enterprise_signed_at = actor.acting_person, clock.now()
    _step(session, actor, venture, Action.HOST_VENTURE)


def submit_venture(session: Session, actor: Actor, *, venture_id: UUID, version: int | None) -> None:
    """The third signature, the scientist's: from here on the district reads it.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow.
    """
    venture = _locked(session, actor, venture_id, version, Action.SUBMIT_VENTURE)
    venture.submitted_at = clock.now()
    _step(session, actor, venture, Action.SUBMIT_VENTURE)


def return_venture(session: Session, actor: Actor, *, venture_id: UUID, version: int | None, reason: str) -> None:
    """Give it back to be improved; all three sign anew. Raises: NotFound, Forbidden, Stale, Invalid, NotPossibleNow."""
    venture = _locked(session, actor, venture_id, version, Action.RETURN_VENTURE)
    _take_back(venture)
    _step(session, actor, venture, Action.RETURN_VENTURE, reason)
    tell_parties(session, venture)


def review_venture(
    session: Session, actor: Actor, *, venture_id: UUID, version: int | None, experts: Sequence[UUID]
) -> None:
    """Ask at least three experts, none of whom belongs to a party.

    Raises: NotFound, Forbidden, Stale, Invalid, NotPossibleNow.
    """
    venture = _locked(session, actor, venture_id, version, Action.REVIEW_VENTURE)
    chosen = set(experts)
    if len(chosen) < FEWEST_EXPERTS:
        raise Invalid(N_("Please choose at least {least} experts."), field="experts", least=FEWEST_EXPERTS)
    _require_experts(session, venture, chosen)
    venture.experts = [VentureExpert(person_id=person_id, words="") for person_id in sorted(chosen)]
    _step(session, actor, venture, Action.REVIEW_VENTURE)


def advise_venture(
    session: Session, actor: Actor, *, venture_id: UUID, version: int | None, advice: VentureAdvice, words: str
) -> None:
    """An expert's advice with its reasons; it may be changed until the review ends.

    Raises: NotFound, Forbidden, Stale, Invalid, NotPossibleNow.
    """
    venture = _locked(session, actor, venture_id, version, Action.ADVISE_VENTURE)
    if venture.status is not _S.EXPERT_REVIEW:
        raise NotPossibleNow(status=venture.status)
    said = needed(paragraphs(words, 2000, field="words"), N_("Please give the reasons for your advice."), field="words")
    row = next(row for row in venture.experts if row.person_id == actor.person_id)
    row.advice, row.words, row.answered_at = advice, said, clock.now()
    record_event(session, actor, Action.ADVISE_VENTURE, "venture", venture.id, fields=("advice",))
    _touch(session, venture)


def propose_venture(session: Session, actor: Actor, *, venture_id: UUID, version: int | None) -> None:
    """Put it to the public for five workdays. Raises: NotFound, Forbidden, Stale, Invalid, NotPossibleNow."""
    venture = _locked(session, actor, venture_id, version, Action.PROPOSE_VENTURE)
    if any(row.advice is None for row in venture.experts):
        raise Invalid(N_("Not every expert has given advice yet."))
    now = clock.now()
    venture.notice_from, venture.notice_until = now, add_workdays(now, NOTICE_WORKDAYS).at
    venture.proposed_by = actor.acting_person
    _step(session, actor, venture, Action.PROPOSE_VENTURE)
    tell_parties(session, venture)


def decline_venture(session: Session, actor: Actor, *, venture_id: UUID, version: int | None, reason: str) -> None:
    """Not to be proposed, and why. Raises: NotFound, Forbidden, Stale, Invalid, NotPossibleNow."""
    venture = _locked(session, actor, venture_id, version, Action.DECLINE_VENTURE)
    _step(session, actor, venture, Action.DECLINE_VENTURE, reason)
    tell_parties(session, venture)


def object_to_venture(
    session: Session, actor: Actor, *, venture_id: UUID, version: int | None, from_whom: str, words: str
) -> None:
    """Take down an objection that came in before the notice ended.

    Raises: NotFound, Forbidden, Stale, Invalid, NotPossibleNow once the notice is over.
    """
    venture = _locked(session, actor, venture_id, version, Action.OBJECT_TO_VENTURE)
    who = one_line(from_whom, 200, field="from_whom")
    needed(who, N_("Please say who objects."), field="from_whom")
    said = needed(paragraphs(words, 2000, field="words"), N_("Please say what is objected."), field="words")
    if not is_noticed(clock.now(), venture.notice_from, venture.notice_until):
        raise NotPossibleNow(N_("The public notice is over; objections are no longer taken."))
    session.add(
        VentureObjection(
            venture_id=venture.id,
            from_whom=who,
            words=said,
            received_at=clock.now(),
            entered_by=actor.acting_person,
            answer="",
        )
    )
    _step(session, actor, venture, Action.OBJECT_TO_VENTURE)


def uphold_objection(session: Session, actor: Actor, *, venture_id: UUID, version: int | None, reason: str) -> None:
    """The objection holds, and the application ends. Raises: NotFound, Forbidden, Stale, Invalid, NotPossibleNow."""
    _answer(session, actor, venture_id, version, Action.UPHOLD_OBJECTION, reason)


def dismiss_objection(session: Session, actor: Actor, *, venture_id: UUID, version: int | None, reason: str) -> None:
    """The objection does not hold. Raises: NotFound, Forbidden, Stale, Invalid, NotPossibleNow."""
    _answer(session, actor, venture_id, version, Action.DISMISS_OBJECTION, reason)


def approve_venture(session: Session, actor: Actor, *, venture_id: UUID, version: int | None) -> None:
    """The district takes it on, once the notice is over. Raises: NotFound, Forbidden, Stale, NotPossibleNow."""
    venture = _locked(session, actor, venture_id, version, Action.APPROVE_VENTURE)
    _require_second_person(session, actor, venture)
    if is_noticed(clock.now(), venture.notice_from, venture.notice_until):
        raise NotPossibleNow(N_("The public notice still runs; the decision follows when it is over."))
    _step(session, actor, venture, Action.APPROVE_VENTURE)
    tell_parties(session, venture)


def exit_venture(session: Session, actor: Actor, *, venture_id: UUID, version: int | None, reason: str) -> None:
    """The scientist leaves, and why. Raises: NotFound, Forbidden, Stale, Invalid, NotPossibleNow."""
    venture = _locked(session, actor, venture_id, version, Action.EXIT_VENTURE)
    _step(session, actor, venture, Action.EXIT_VENTURE, reason)
    tell_parties(session, venture)


def terminate_venture(session: Session, actor: Actor, *, venture_id: UUID, version: int | None, reason: str) -> None:
    """The district ends it, and why. Raises: NotFound, Forbidden, Stale, Invalid, NotPossibleNow."""
    venture = _locked(session, actor, venture_id, version, Action.TERMINATE_VENTURE)
    _require_impartial(session, actor, venture)
    _step(session, actor, venture, Action.TERMINATE_VENTURE, reason)
    tell_parties(session, venture)


def _answer(session: Session, actor: Actor, venture_id: UUID, version: int | None, action: Action, reason: str) -> None:
    venture = _locked(session, actor, venture_id, version, action)
    _require_second_person(session, actor, venture)
    _step(session, actor, venture, action, reason)
    query = select(VentureObjection).where(
        VentureObjection.venture_id == venture.id, VentureObjection.answered_at.is_(None)
    )
    for row in session.scalars(query):
        row.answer, row.answered_at = clean_reason(reason), clock.now()
    tell_parties(session, venture)


def _locked(session: Session, actor: Actor, venture_id: UUID, version: int | None, action: Action) -> Venture:
    venture = get_venture(session, actor, venture_id, lock=True)
    authorize(actor, action, sides(actor, venture))
    require_version(venture, version)
    return venture


def _step(session: Session, actor: Actor, venture: Venture, action: Action, reason: str = "") -> None:
    advance(session, actor, VENTURE_WORKFLOW, venture, action, reason=reason)
    _touch(session, venture)
    tell_next(session, venture)


def _touch(session: Session, venture: Venture) -> None:
    venture.changed_at = clock.now()
    session.flush()


def _take_back(venture: Venture) -> None:
    venture.institute_signed_by = venture.institute_signed_at = None
    venture.enterprise_signed_by = venture.enterprise_signed_at = None


def _content(
    session: Session, title: str, summary: str, plan: str, enterprise_id: UUID | None, agency_id: UUID | None
) -> dict[str, Any]:
    """Every column that is written by hand. Raises: Invalid."""
    name = needed(one_line(title, 200, field="title"), N_("Please give the application a title."), field="title")
    words = paragraphs(summary, 1000, field="summary")
    needed(words, N_("Please write the summary that will be read during the public notice."), field="summary")
    for organisation_id, kind, field in (
        (enterprise_id, OrganisationKind.ENTERPRISE, "enterprise"),
        (agency_id, OrganisationKind.AGENCY, "agency"),
    ):
        row = session.get(Organisation, organisation_id) if organisation_id else None
        is_fine = row is not None and row.kind is kind and row.status is OrganisationStatus.VERIFIED
        if not is_fine and (organisation_id or field == "enterprise"):
            raise Invalid(N_("Please choose a verified organisation of the right kind."), field=field)
    return {
        "title": name,
        "summary": words,
        "plan": paragraphs(plan, 8000, field="plan"),
        "enterprise_id": enterprise_id,
        "agency_id": agency_id,
    }


def _require_experts(session: Session, venture: Venture, chosen: set[UUID]) -> None:
    """Experts of the district who act for none of the parties. Raises: Invalid."""
    query = select(Membership.person_id).where(
        Membership.person_id.in_(chosen),
        Membership.role == Role.EXPERT,
        Membership.status == MembershipStatus.ACTIVE,
    )
    if set(session.scalars(query)) != chosen:
        raise Invalid(N_("Only active experts of the district can be asked."), field="experts")
    houses = (venture.institute_id, venture.enterprise_id, venture.agency_id)
    if venture.scientist_id in chosen or any(acts_for(session, person_id, houses) for person_id in chosen):
        raise Invalid(N_("One of these experts belongs to a party; please choose somebody else."), field="experts")


def _require_second_person(session: Session, actor: Actor, venture: Venture) -> None:
    """Who proposed it, or acts for a party, does not decide (R9). Raises: Forbidden."""
    if venture.proposed_by == actor.person_id:
        raise Forbidden(N_("Who proposed the application does not decide on it; please ask another approver."))
    _require_impartial(session, actor, venture)


def _require_impartial(session: Session, actor: Actor, venture: Venture) -> None:
    houses = (venture.institute_id, venture.enterprise_id, venture.agency_id)
    if acts_for(session, actor.acting_person, houses):
        raise Forbidden(N_("You act for one of the parties in another role; somebody else must do this."))


def _next_number(session: Session) -> str:
    """`VT-2026-0007`; two at once meet the unique column and one of them is asked to try again."""
    prefix = f"CY-{clock.today().year}-"
    last = session.scalar(select(func.max(Venture.number)).where(Venture.number.startswith(prefix)))
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"

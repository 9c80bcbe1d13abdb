"""What happens to an agreement: drafted, changed, signed, renewed, ended."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    Agreement,
    AgreementField,
    AgreementPart,
    AgreementParty,
    AgreementStatus,
    Commitment,
    CooperationField,
    SteeringMember,
)
from portal import clock
from portal.agreements.access import get_agreement
from portal.agreements.commitments import drop_open
from portal.agreements.content import Content, checked, write
from portal.agreements.notices import tell_ended, tell_signed, tell_to_sign
from portal.agreements.rules import is_fully_signed, sides, signs_for
from portal.agreements.signatures import void_signatures
from portal.agreements.workflow import AGREEMENT_WORKFLOW
from portal.errors import N_, Forbidden, Invalid, NotPossibleNow
from portal.events import record_event
from portal.files.commands import store_file
from portal.organisations.access import acts_for
from portal.permissions import Action, Actor, Role, authorize
from portal.workflow import advance, require_version

_S = AgreementStatus


def create_agreement(
    session: Session,
    actor: Actor,
    *,
    title: str,
    part: AgreementPart,
    fields: Sequence[CooperationField],
    office_id: UUID | None,
    institutes: Sequence[UUID],
    starts_on: date,
    ends_on: date,
    others: Sequence[UUID] = (),
    summary: str = "",
    money: str = "",
    signed_on: date | None = None,
    district_group: str = "",
    institute_group: str = "",
    token: UUID | None = None,
) -> UUID:
    """Draft an agreement of the district with one or more institutes; enterprises and agencies may join.

    `token` belongs to one form: the same one again returns the first agreement instead of a second one.

    Raises: Forbidden, Invalid.
    """
    authorize(actor, Action.CREATE_AGREEMENT)
    if token is not None and session.get(Agreement, token) is not None:
        return get_agreement(session, actor, token).id
    content = checked(
        session,
        title=title,
        summary=summary,
        part=part,
        fields=fields,
        office_id=office_id,
        institutes=institutes,
        others=others,
        starts_on=starts_on,
        ends_on=ends_on,
        money=money,
        signed_on=signed_on,
        district_group=district_group,
        institute_group=institute_group,
    )
    agreement = _new(session, actor, token)
    write(agreement, content)
    session.add(agreement)
    session.flush()
    _record(session, actor, agreement, Action.CREATE_AGREEMENT, ("title", "term", "parties"))
    tell_to_sign(session, agreement)
    return agreement.id


def edit_agreement(
    session: Session,
    actor: Actor,
    *,
    agreement_id: UUID,
    version: int | None,
    title: str,
    summary: str,
    part: AgreementPart,
    fields: Sequence[CooperationField],
    office_id: UUID | None,
    institutes: Sequence[UUID],
    others: Sequence[UUID],
    starts_on: date,
    ends_on: date,
    money: str,
    signed_on: date | None,
    district_group: str,
    institute_group: str,
) -> bool:
    """Change the draft; signatures given before belong to other words and are taken back. Returns whether it changed.

    Raises: NotFound, Forbidden, Stale, Invalid, NotPossibleNow once it is signed.
    """
    agreement = get_agreement(session, actor, agreement_id, lock=True)
    authorize(actor, Action.EDIT_AGREEMENT, sides(actor, agreement))
    require_version(agreement, version)
    if agreement.status is not _S.NEGOTIATING:
        raise NotPossibleNow(status=agreement.status)
    content = checked(
        session,
        title=title,
        summary=summary,
        part=part,
        fields=fields,
        office_id=office_id,
        institutes=institutes,
        others=others,
        starts_on=starts_on,
        ends_on=ends_on,
        money=money,
        signed_on=signed_on,
        district_group=district_group,
        institute_group=institute_group,
    )
    _keep_commitments(session, agreement, content)
    changed = write(agreement, content)
    if changed:
        agreement.prepared_by, agreement.changed_at = actor.acting_person, clock.now()
        session.flush()
        _record(session, actor, agreement, Action.EDIT_AGREEMENT, changed)
        void_signatures(session, agreement)
    return bool(changed)


def attach_document(
    session: Session, actor: Actor, *, agreement_id: UUID, version: int | None, name: str, content: bytes
) -> UUID:
    """Keep the text of the agreement, or its signed scan; earlier files stay. Another draft is signed anew.

    Raises: NotFound, Forbidden, Stale, Invalid for a file that cannot be taken, NotPossibleNow once it was ended early.
    """
    agreement = get_agreement(session, actor, agreement_id, lock=True)
    authorize(actor, Action.EDIT_AGREEMENT, sides(actor, agreement))
    require_version(agreement, version)
    if agreement.status is _S.TERMINATED:
        raise NotPossibleNow(status=agreement.status)
    file_id = store_file(session, actor, name=name, content=content, parent_type="agreement", parent_id=agreement.id)
    agreement.changed_at = clock.now()
    if agreement.status is _S.NEGOTIATING:
        agreement.prepared_by = actor.acting_person
    session.flush()
    _record(session, actor, agreement, Action.EDIT_AGREEMENT, ("document",))
    if agreement.status is _S.NEGOTIATING:
        void_signatures(session, agreement)
    return file_id


def sign_agreement(session: Session, actor: Actor, *, agreement_id: UUID, version: int | None) -> None:
    """Sign for one's party; the last signature makes the agreement signed and its predecessor renewed.

    A repeat changes nothing. Raises: NotFound, Forbidden, Stale, NotPossibleNow, Invalid when the term is over already.
    """
    agreement = get_agreement(session, actor, agreement_id, lock=True)
    authorize(actor, Action.SIGN_AGREEMENT, sides(actor, agreement))
    party = signs_for(actor, agreement)
    if party is None:
        raise Forbidden
    if party.signed_at is not None:
        return
    require_version(agreement, version)
    if agreement.status is not _S.NEGOTIATING:
        raise NotPossibleNow(status=agreement.status)
    if actor.role is Role.APPROVER:
        _require_second_person(session, actor, agreement)
    if agreement.ends_on < clock.today():
        raise Invalid(N_("The term ended on {day}; please correct it before signing."), day=agreement.ends_on)
    party.signed_by, party.signed_at = actor.acting_person, clock.now()
    agreement.changed_at = clock.now()
    if not is_fully_signed(agreement):
        _record(session, actor, agreement, Action.SIGN_AGREEMENT, (party.side.value,))
        return
    agreement.signed_on = agreement.signed_on or clock.today()
    advance(session, actor, AGREEMENT_WORKFLOW, agreement, Action.SIGN_AGREEMENT, fields=(party.side.value,))
    session.flush()
    _renew_predecessor(session, actor, agreement)
    tell_signed(session, agreement)


def prepare_renewal(session: Session, actor: Actor, *, agreement_id: UUID, version: int | None) -> UUID:
    """Draft the successor: the same parties, fields and people, a term of the same length from the day after.

    A successor that is still alive is returned instead. Raises: NotFound, Forbidden, Stale, NotPossibleNow.
    """
    old = get_agreement(session, actor, agreement_id, lock=True)
    authorize(actor, Action.PREPARE_RENEWAL, sides(actor, old))
    alive = (Agreement.renews_id == old.id, Agreement.status != _S.TERMINATED)
    if known := session.scalar(select(Agreement.id).where(*alive).limit(1)):
        return known
    require_version(old, version)
    if old.status not in (_S.EFFECTIVE, _S.REVIEW_DUE):
        raise NotPossibleNow(status=old.status)
    agreement = _new(session, actor, None)
    agreement.title, agreement.summary, agreement.part = old.title, old.summary, old.part
    agreement.money_fen, agreement.renews_id = old.money_fen, old.id
    agreement.starts_on = old.ends_on + date.resolution
    agreement.ends_on = agreement.starts_on + (old.ends_on - old.starts_on)
    agreement.covers = [AgreementField(field=row.field) for row in old.covers]
    agreement.parties = [AgreementParty(organisation_id=row.organisation_id, side=row.side) for row in old.parties]
    agreement.steering = [
        SteeringMember(side=row.side, position=row.position, name=row.name, post=row.post) for row in old.steering
    ]
    session.add(agreement)
    old.changed_at = clock.now()
    session.flush()
    _record(session, actor, old, Action.PREPARE_RENEWAL, ("successor",))
    _record(session, actor, agreement, Action.CREATE_AGREEMENT, ("predecessor",))
    tell_to_sign(session, agreement)
    return agreement.id


def abandon_agreement(session: Session, actor: Actor, *, agreement_id: UUID, version: int | None, reason: str) -> None:
    """Break off a negotiation. Raises: NotFound, Forbidden, Stale, NotPossibleNow, Invalid without a reason."""
    _end(session, actor, agreement_id, version, Action.ABANDON_AGREEMENT, reason)


def terminate_agreement(
    session: Session, actor: Actor, *, agreement_id: UUID, version: int | None, reason: str
) -> None:
    """End a signed agreement before its last day; its open commitments are dropped with it.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow, Invalid without a reason.
    """
    _end(session, actor, agreement_id, version, Action.TERMINATE_AGREEMENT, reason)


def _end(session: Session, actor: Actor, agreement_id: UUID, version: int | None, action: Action, reason: str) -> None:
    agreement = get_agreement(session, actor, agreement_id, lock=True)
    authorize(actor, action, sides(actor, agreement))
    require_version(agreement, version)
    if action is Action.TERMINATE_AGREEMENT:
        _require_impartial(session, actor, agreement)
    advance(session, actor, AGREEMENT_WORKFLOW, agreement, action, reason=reason)
    agreement.changed_at = clock.now()
    session.flush()
    drop_open(session, actor, agreement, reason)
    tell_ended(session, agreement)


def _renew_predecessor(session: Session, actor: Actor, agreement: Agreement) -> None:
    """With the successor signed the old agreement is renewed; one that has ended meanwhile stays as it is."""
    if agreement.renews_id is None:
        return
    old = get_agreement(session, actor, agreement.renews_id, lock=True)
    if AGREEMENT_WORKFLOW.find(old.status, Action.RENEW_AGREEMENT) is None:
        return
    advance(session, actor, AGREEMENT_WORKFLOW, old, Action.RENEW_AGREEMENT, fields=("successor",))
    old.changed_at = clock.now()
    session.flush()


def _keep_commitments(session: Session, agreement: Agreement, content: Content) -> None:
    """No open commitment loses its owner, its field or its day with a change. Raises: Invalid."""
    first, last = content.columns["starts_on"], content.columns["ends_on"]
    query = (
        select(Commitment.number, Commitment.owner_id, Commitment.field, Commitment.due_on)
        .where(Commitment.agreement_id == agreement.id, Commitment.done_on.is_(None))
        .order_by(Commitment.number)
    )
    for number, owner_id, field, due_on in session.execute(query):
        if owner_id not in content.parties:
            message = N_("Commitment {number} belongs to a party that you took out.")
            raise Invalid(message, field="parties", number=number)
        if field not in content.fields:
            raise Invalid(N_("Commitment {number} is in a field that you took out."), field="fields", number=number)
        if not first <= due_on <= last:
            raise Invalid(N_("Commitment {number} is due outside of the new term."), field="ends_on", number=number)


def _require_second_person(session: Session, actor: Actor, agreement: Agreement) -> None:
    """Who wrote it, or acts for another party, does not sign it for the district (R9). Raises: Forbidden."""
    if agreement.prepared_by == actor.person_id:
        raise Forbidden(N_("Who wrote the agreement does not sign it for the district; please ask another approver."))
    _require_impartial(session, actor, agreement)


def _require_impartial(session: Session, actor: Actor, agreement: Agreement) -> None:
    if acts_for(session, actor.acting_person, [party.organisation_id for party in agreement.parties]):
        raise Forbidden(N_("You act for one of the parties in another role; somebody else must do this."))


def _new(session: Session, actor: Actor, token: UUID | None) -> Agreement:
    now = clock.now()
    return Agreement(
        id=token or uuid4(),
        number=_next_number(session),
        status=_S.NEGOTIATING,
        prepared_by=actor.acting_person,
        is_demo=actor.is_demo,
        created_at=now,
        changed_at=now,
    )


def _next_number(session: Session) -> str:
    """`AG-2026-0007`; two at once meet the unique column and one of them is asked to try again."""
    prefix = f"AG-{clock.today().year}-"
    last = session.scalar(select(func.max(Agreement.number)).where(Agreement.number.startswith(prefix)))
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"


def _record(session: Session, actor: Actor, agreement: Agreement, action: Action, fields: Sequence[str]) -> None:
    record_event(session, actor, action, "agreement", agreement.id, fields=fields)

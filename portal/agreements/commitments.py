"""What happens to a commitment: promised, reported on, delivered or dropped."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Agreement, AgreementStatus, Commitment, CommitmentReport, CommitmentStatus, CooperationField
from portal import clock
from portal.agreements.access import get_agreement, get_commitment
from portal.agreements.rules import NAME_LONGEST, commitment_sides, require_past, sides
from portal.agreements.signatures import void_signatures
from portal.agreements.workflow import COMMITMENT_WORKFLOW, IN_FORCE, KEPT_TO, OPEN
from portal.errors import N_, Invalid, NotPossibleNow
from portal.events import record_event
from portal.files.commands import store_file
from portal.permissions import Action, Actor, authorize
from portal.texts import clean_reason, needed, one_line, paragraphs
from portal.workflow import advance, require_version

_S, _C = AgreementStatus, CommitmentStatus
ENDED_WITH_IT = N_("The agreement ended early.")
"""Who agreed that a commitment is dropped, where its agreement was ended: a message id, worded when it is shown."""


def add_commitment(
    session: Session,
    actor: Actor,
    *,
    agreement_id: UUID,
    text: str,
    field: CooperationField,
    owner_id: UUID | None,
    responsible: str,
    due_on: date,
    measure: str,
) -> UUID:
    """Add a promise of one party. The same words of the same party again return the first one.

    Raises: NotFound, Forbidden, Invalid, NotPossibleNow once the agreement has ended.
    """
    agreement = get_agreement(session, actor, agreement_id, lock=True)
    authorize(actor, Action.ADD_COMMITMENT, sides(actor, agreement))
    if agreement.status not in (_S.NEGOTIATING, *IN_FORCE):
        raise NotPossibleNow(status=agreement.status)
    wanted = _checked(agreement, text, field, owner_id, responsible, due_on, measure)
    same = select(Commitment.id).where(
        Commitment.agreement_id == agreement.id, *(getattr(Commitment, name) == wanted[name] for name in wanted)
    )
    if known := session.scalar(same.limit(1)):
        return known
    last = session.scalar(select(func.max(Commitment.number)).where(Commitment.agreement_id == agreement.id))
    now = clock.now()
    commitment = Commitment(
        agreement_id=agreement.id,
        number=(last or 0) + 1,
        status=_C.PLANNED,
        is_reminded=False,
        created_at=now,
        changed_at=now,
        **wanted,
    )
    session.add(commitment)
    session.flush()
    _record(session, actor, commitment, Action.ADD_COMMITMENT, list(wanted))
    _touch(session, actor, agreement)
    return commitment.id


def edit_commitment(
    session: Session,
    actor: Actor,
    *,
    commitment_id: UUID,
    version: int | None,
    text: str,
    field: CooperationField,
    owner_id: UUID | None,
    responsible: str,
    due_on: date,
    measure: str,
) -> bool:
    """Change a promise of the draft; of a signed agreement only the person responsible. Returns whether it changed.

    Raises: NotFound, Forbidden, Stale, Invalid, NotPossibleNow once it is delivered or dropped.
    """
    commitment, agreement = get_commitment(session, actor, commitment_id, lock=True)
    authorize(actor, Action.EDIT_COMMITMENT, commitment_sides(actor, commitment))
    require_version(commitment, version)
    if commitment.status not in OPEN:
        raise NotPossibleNow(status=commitment.status)
    wanted = _checked(agreement, text, field, owner_id, responsible, due_on, measure)
    changed = [name for name, value in wanted.items() if getattr(commitment, name) != value]
    is_draft = agreement.status is _S.NEGOTIATING
    if not is_draft and set(changed) - {"responsible"}:
        raise Invalid(
            N_("What was signed is not changed: drop this commitment and add another one, so that both can be seen."),
            field="text",
        )
    for name in changed:
        setattr(commitment, name, wanted[name])
    if changed:
        commitment.changed_at = clock.now()
        session.flush()
        _record(session, actor, commitment, Action.EDIT_COMMITMENT, changed)
        if is_draft:
            _touch(session, actor, agreement)
    return bool(changed)


def report_commitment(
    session: Session,
    actor: Actor,
    *,
    commitment_id: UUID,
    version: int | None,
    status: CommitmentStatus,
    happened_on: date,
    words: str,
    file: tuple[str, bytes] | None = None,
) -> UUID:
    """Say how a promise stands: on track, at risk and why, or delivered with its evidence.

    Raises: NotFound, Forbidden, Stale, Invalid for a day in the future or nothing said, NotPossibleNow.
    """
    commitment, agreement = get_commitment(session, actor, commitment_id, lock=True)
    authorize(actor, Action.REPORT_COMMITMENT, commitment_sides(actor, commitment))
    require_version(commitment, version)
    if agreement.status not in KEPT_TO:
        raise NotPossibleNow(status=agreement.status)
    if COMMITMENT_WORKFLOW.find(commitment.status, Action.REPORT_COMMITMENT, status) is None:
        raise NotPossibleNow(status=commitment.status)
    said = needed(paragraphs(words, 2000, field="words"), _ASKED[status], field="words")
    require_past(happened_on, clock.today(), field="happened_on")
    if status is _C.DELIVERED:
        commitment.done_on = happened_on
    fields = ("evidence", "file") if file else ("evidence",)
    advance(session, actor, COMMITMENT_WORKFLOW, commitment, Action.REPORT_COMMITMENT, target=status, fields=fields)
    file_id = None
    if file is not None:
        name, content = file
        file_id = store_file(
            session, actor, name=name, content=content, parent_type="commitment", parent_id=commitment.id
        )
    return _report(session, actor, commitment, happened_on, said, file_id=file_id)


_ASKED = {
    _C.ON_TRACK: N_("Please say what was done since the last report."),
    _C.AT_RISK: N_("Please say what stands in the way."),
    _C.DELIVERED: N_("Please say what proves that it was delivered."),
}


def drop_commitment(
    session: Session, actor: Actor, *, commitment_id: UUID, version: int | None, reason: str, agreed_by: str
) -> None:
    """Give a promise up: why, and who agreed to it.

    Raises: NotFound, Forbidden, Stale, Invalid without a reason or who agreed, NotPossibleNow.
    """
    commitment, agreement = get_commitment(session, actor, commitment_id, lock=True)
    authorize(actor, Action.DROP_COMMITMENT, commitment_sides(actor, commitment))
    require_version(commitment, version)
    if commitment.status not in OPEN or agreement.status is _S.TERMINATED:
        raise NotPossibleNow(status=commitment.status)
    said = one_line(agreed_by, 200, field="agreed_by")
    needed(said, N_("Please say who agreed to it: names and posts of both sides."), field="agreed_by")
    _drop(session, actor, commitment, reason, said)
    if agreement.status is _S.NEGOTIATING:
        _touch(session, actor, agreement)


def drop_open(session: Session, actor: Actor, agreement: Agreement, reason: str) -> None:
    """With an agreement that ends early end the promises in it that are still open."""
    query = select(Commitment).where(Commitment.agreement_id == agreement.id, Commitment.status.in_(OPEN))
    for commitment in session.scalars(query.order_by(Commitment.number).with_for_update()):
        _drop(session, actor, commitment, reason, ENDED_WITH_IT)


def _drop(session: Session, actor: Actor, commitment: Commitment, reason: str, agreed_by: str) -> None:
    today = clock.today()
    commitment.done_on = today
    advance(session, actor, COMMITMENT_WORKFLOW, commitment, Action.DROP_COMMITMENT, reason=reason)
    _report(session, actor, commitment, today, clean_reason(reason), agreed_by=agreed_by)


def _report(
    session: Session,
    actor: Actor,
    commitment: Commitment,
    happened_on: date,
    words: str,
    *,
    agreed_by: str = "",
    file_id: UUID | None = None,
) -> UUID:
    report = CommitmentReport(
        commitment_id=commitment.id,
        status=commitment.status,
        happened_on=happened_on,
        words=words,
        agreed_by=agreed_by,
        file_id=file_id,
        entered_by=actor.acting_person,
        entered_at=clock.now(),
    )
    session.add(report)
    commitment.changed_at = clock.now()
    session.flush()
    return report.id


def _checked(
    agreement: Agreement,
    text: str,
    field: CooperationField,
    owner_id: UUID | None,
    responsible: str,
    due_on: date,
    measure: str,
) -> dict[str, Any]:
    said = needed(paragraphs(text, 600, field="text"), N_("Please say what is promised."), field="text")
    proof = paragraphs(measure, 600, field="measure")
    needed(proof, N_("Please say by what it will be seen that the promise is kept."), field="measure")
    if field not in {row.field for row in agreement.covers}:
        raise Invalid(N_("The agreement does not cover this field."), field="field")
    if owner_id not in {party.organisation_id for party in agreement.parties}:
        raise Invalid(N_("Please choose the party that promises it."), field="owner")
    if not agreement.starts_on <= due_on <= agreement.ends_on:
        raise Invalid(
            N_("The due day must lie within the term, from {first} to {last}."),
            field="due_on",
            first=agreement.starts_on,
            last=agreement.ends_on,
        )
    return {
        "text": said,
        "field": field,
        "owner_id": owner_id,
        "responsible": one_line(responsible, NAME_LONGEST, field="responsible"),
        "due_on": due_on,
        "measure": proof,
    }


def _touch(session: Session, actor: Actor, agreement: Agreement) -> None:
    """The agreement has changed with its promises: a draft is signed anew."""
    agreement.changed_at = clock.now()
    if agreement.status is _S.NEGOTIATING:
        agreement.prepared_by = actor.acting_person
        session.flush()
        void_signatures(session, agreement)
    session.flush()


def _record(session: Session, actor: Actor, commitment: Commitment, action: Action, fields: list[str]) -> None:
    record_event(session, actor, action, "commitment", commitment.id, fields=fields, parent_id=commitment.agreement_id)

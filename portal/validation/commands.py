"""The steps of a validation: start, lock, judge, close, sign, abort; the challenge moves with it in one transaction."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Challenge, ChallengeStatus, PlanCharacteristic, SignOff, ValidationPlan, ValidationStatus, Verdict
from portal import clock
from portal.challenges.workflow import CHALLENGE_WORKFLOW
from portal.errors import N_, Forbidden, Incomplete, NotPossibleNow
from portal.events import record_event
from portal.organisations.access import acts_for
from portal.permissions import Action, Actor, Role, Side, authorize
from portal.texts import needed, paragraphs
from portal.validation.access import get_plan
from portal.validation.notices import tell_operators, tell_parties
from portal.validation.plans import agree_plan, save_plan, write_plan
from portal.validation.rules import find, find_verdict, sides
from portal.validation.runs import correct_measurement, exclude_run, limits_of, readings_of, record_run
from portal.validation.workflow import VALIDATION_WORKFLOW
from portal.workflow import advance, require_version

__all__ = [
    "abort_validation",
    "agree_plan",
    "close_actions",
    "correct_measurement",
    "exclude_run",
    "judge_validation",
    "lock_data",
    "record_run",
    "save_plan",
    "sign_off",
    "start_runs",
    "write_plan",
]

ENTERPRISE, INVESTIGATOR, WITNESS = SIGNATURES = ("enterprise", "investigator", "witness")


def start_runs(session: Session, actor: Actor, *, plan_id: UUID, version: int | None) -> None:
    """Go to the line; the awarded challenge goes into validation with it.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow.
    """
    plan = _drawn(session, actor, plan_id, version, Action.START_RUNS)
    advance(session, actor, VALIDATION_WORKFLOW, plan, Action.START_RUNS)
    _advance_challenge(session, actor, plan, Action.START_VALIDATION)
    _touch(session, plan)
    tell_parties(session, plan, N_("The line validation of “{title}” has started."), key="started", but=actor)


def lock_data(session: Session, actor: Actor, *, plan_id: UUID, version: int | None) -> None:
    """No further run; from here a correction is a new version with a reason.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow, Incomplete when a characteristic has no value that counts.
    """
    plan = _drawn(session, actor, plan_id, version, Action.LOCK_DATA)
    found = find(limits_of(session, plan.id), readings_of(session, plan.id))
    unmeasured = {row.characteristic_id for row in found if row.judgement is None}
    if plan.status is ValidationStatus.RUNNING and unmeasured:
        query = select(PlanCharacteristic.name).where(PlanCharacteristic.id.in_(unmeasured))
        names = session.scalars(query.order_by(PlanCharacteristic.position))
        message = N_("“{name}” has no value yet from a run that counts.")
        raise Incomplete([("values", message, {"name": name}) for name in names])
    advance(session, actor, VALIDATION_WORKFLOW, plan, Action.LOCK_DATA)
    _touch(session, plan)
    tell_parties(session, plan, N_("The measured data of “{title}” are locked."), key="locked", but=actor)


def judge_validation(
    session: Session,
    actor: Actor,
    *,
    plan_id: UUID,
    version: int | None,
    note: str = "",
    open_actions: str = "",
) -> Verdict:
    """Fire the verdict that the portal finds in the values; nobody chooses it.

    Conditional needs the actions that are still open. Inconclusive sends the challenge back to its award, and the
    next plan may be written.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow, Invalid.
    """
    plan = _drawn(session, actor, plan_id, version, Action.JUDGE_VALIDATION)
    verdict = find_verdict(limits_of(session, plan.id), readings_of(session, plan.id))
    actions = paragraphs(open_actions, 2000, field="open_actions")
    if verdict is Verdict.CONDITIONAL:
        needed(actions, N_("Please say which actions are still open."), field="open_actions")
        plan.open_actions = actions
    target = ValidationStatus(verdict.value)
    advance(session, actor, VALIDATION_WORKFLOW, plan, Action.JUDGE_VALIDATION, target=target)
    plan.verdict = verdict
    plan.verdict_note = paragraphs(note, 2000, field="note")
    if verdict is Verdict.INCONCLUSIVE:
        _advance_challenge(session, actor, plan, Action.REWORK_CHALLENGE)
    _touch(session, plan)
    tell_parties(session, plan, N_("There is a verdict on the line validation of “{title}”."), key="judged", but=actor)
    return verdict


def close_actions(session: Session, actor: Actor, *, plan_id: UUID, version: int | None, reason: str) -> None:
    """Say how the open actions of a conditional verdict were closed; the validation then counts as passed.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow, Invalid without the words.
    """
    plan = _drawn(session, actor, plan_id, version, Action.CLOSE_ACTIONS)
    words = paragraphs(reason, 2000, field="reason")
    advance(session, actor, VALIDATION_WORKFLOW, plan, Action.CLOSE_ACTIONS, reason=words)
    _touch(session, plan)
    tell_parties(session, plan, N_("The open actions on “{title}” are closed."), key="actions-closed", but=actor)


def sign_off(session: Session, actor: Actor, *, plan_id: UUID, version: int | None) -> bool:
    """Sign for one's own side; the operator countersigns after both parties, and the challenge is solved or unsolved.

    A repeat by the same side changes nothing. Returns whether everything is signed.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow.
    """
    plan = get_plan(session, actor, plan_id, lock=True)
    authorize(actor, Action.SIGN_OFF, sides(actor, plan))
    signed = {row.side: row for row in session.scalars(select(SignOff).where(SignOff.plan_id == plan.id))}
    side = signature_of(actor, plan)
    if side in signed:
        return plan.status is ValidationStatus.SIGNED_OFF
    require_version(plan, version)
    if plan.status not in (ValidationStatus.PASSED, ValidationStatus.FAILED):
        raise NotPossibleNow(status=plan.status)
    if side == WITNESS and len(signed) < 2:
        raise Forbidden(N_("The operator countersigns after enterprise and investigator."))
    if side == WITNESS and acts_for(session, actor.acting_person, [plan.enterprise_id, plan.institute_id]):
        raise Forbidden(N_("You act for one of the parties in another role; somebody else must do this."))
    if actor.person_id in {row.person_id for row in signed.values()}:
        raise Forbidden(N_("You have signed for another side already; each signature needs a person of its own."))
    now = clock.now()
    session.add(SignOff(plan_id=plan.id, side=side, person_id=actor.acting_person, signed_at=now))
    if side != WITNESS:
        _half_signed(session, actor, plan, both=len(signed) == 1)
        return False
    passed = plan.status is ValidationStatus.PASSED
    advance(session, actor, VALIDATION_WORKFLOW, plan, Action.SIGN_OFF)
    _advance_challenge(session, actor, plan, Action.SOLVE_CHALLENGE if passed else Action.FAIL_CHALLENGE)
    _touch(session, plan)
    tell_parties(session, plan, N_("The line validation of “{title}” is signed off."), key="signed", but=actor)
    return True


def abort_validation(session: Session, actor: Actor, *, plan_id: UUID, version: int | None, reason: str) -> None:
    """Break the validation off; a challenge in validation goes back to its award, and the next plan may be written.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow, Invalid without a reason.
    """
    plan = _drawn(session, actor, plan_id, version, Action.ABORT_VALIDATION)
    words = paragraphs(reason, 2000, field="reason")
    advance(session, actor, VALIDATION_WORKFLOW, plan, Action.ABORT_VALIDATION, reason=words)
    if _challenge(session, plan).status is ChallengeStatus.VALIDATING:
        _advance_challenge(session, actor, plan, Action.REWORK_CHALLENGE)
    _touch(session, plan)
    tell_parties(session, plan, N_("The line validation of “{title}” was aborted."), key="aborted", but=actor)


def signature_of(actor: Actor, plan: ValidationPlan) -> str:
    """Which of the three signatures this actor gives."""
    if actor.role is Role.OPERATOR:
        return WITNESS
    return ENTERPRISE if Side.ENTERPRISE in sides(actor, plan) else INVESTIGATOR


def _half_signed(session: Session, actor: Actor, plan: ValidationPlan, *, both: bool) -> None:
    record_event(
        session,
        actor,
        Action.SIGN_OFF,
        VALIDATION_WORKFLOW.name,
        plan.id,
        fields=("one side",),
        parent_id=plan.challenge_id,
    )
    _touch(session, plan)
    if both:
        message = N_("Both parties signed the line validation of “{title}”. Please countersign.")
        tell_operators(session, plan, message, key="countersign")
    else:
        message = N_("The other side signed the line validation of “{title}”. It is your turn.")
        tell_parties(session, plan, message, key="half-signed", but=actor)


def _drawn(session: Session, actor: Actor, plan_id: UUID, version: int | None, action: Action) -> ValidationPlan:
    """The plan as it was drawn; rights come before the version, which tells that something changed."""
    plan = get_plan(session, actor, plan_id, lock=True)
    authorize(actor, action, sides(actor, plan))
    require_version(plan, version)
    return plan


def _challenge(session: Session, plan: ValidationPlan) -> Challenge:
    return session.scalars(select(Challenge).where(Challenge.id == plan.challenge_id).with_for_update()).one()


def _advance_challenge(session: Session, actor: Actor, plan: ValidationPlan, action: Action) -> None:
    """The challenge's own step, in the same transaction; only here it is known who leads the awarded proposal."""
    challenge = _challenge(session, plan)
    lead = sides(actor, plan) & {Side.LEAD}
    advance(session, actor, CHALLENGE_WORKFLOW, challenge, action, extra_sides=frozenset(lead))
    challenge.changed_at = clock.now()


def _touch(session: Session, plan: ValidationPlan) -> None:
    plan.changed_at = clock.now()
    session.flush()

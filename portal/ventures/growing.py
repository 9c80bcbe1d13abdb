"""What happens to an approved venture: its phases 招引, 培育, 发展 with the tasks of each party."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Venture, VentureParty, VenturePhase, VentureStatus, VentureTask
from portal import clock
from portal.errors import N_, Forbidden, Invalid, NotFound, NotPossibleNow
from portal.events import record_event
from portal.permissions import Action, Actor, Role, Side, authorize
from portal.texts import needed, one_line, paragraphs
from portal.ventures.access import get_venture
from portal.ventures.notices import tell_parties
from portal.ventures.rules import next_phase, require_past, sides
from portal.ventures.workflow import RUNNING, VENTURE_WORKFLOW
from portal.workflow import advance, require_version

_S = VentureStatus
_SIDES = {VentureParty.INSTITUTE: Side.INSTITUTE, VentureParty.ENTERPRISE: Side.ENTERPRISE}


def start_venture(session: Session, actor: Actor, *, venture_id: UUID, version: int | None) -> None:
    """Begin with the first phase. Raises: NotFound, Forbidden, Stale, NotPossibleNow."""
    venture = _locked(session, actor, venture_id, version, Action.START_VENTURE)
    venture.phase = next_phase(None)
    advance(session, actor, VENTURE_WORKFLOW, venture, Action.START_VENTURE)
    _touch(session, venture)
    tell_parties(session, venture)


def move_phase(session: Session, actor: Actor, *, venture_id: UUID, version: int | None) -> None:
    """Go on to the next phase; tasks left open stay visible where they are. Raises: NotFound, Forbidden, Stale,
    NotPossibleNow in the last phase.
    """
    venture = _locked(session, actor, venture_id, version, Action.MOVE_PHASE)
    following = next_phase(venture.phase)
    if venture.status is not _S.ACTIVE or following is None:
        raise NotPossibleNow(status=venture.status)
    venture.phase = following
    record_event(session, actor, Action.MOVE_PHASE, "venture", venture.id, fields=(following.value,))
    _touch(session, venture)


def complete_venture(session: Session, actor: Actor, *, venture_id: UUID, version: int | None) -> None:
    """Every task of every phase is done. Raises: NotFound, Forbidden, Stale, Invalid, NotPossibleNow."""
    venture = _locked(session, actor, venture_id, version, Action.COMPLETE_VENTURE)
    if venture.status is _S.ACTIVE and next_phase(venture.phase) is not None:
        raise Invalid(N_("The last phase has not been reached yet."))
    left = select(VentureTask.id).where(VentureTask.venture_id == venture.id, VentureTask.done_on.is_(None))
    if venture.status is _S.ACTIVE and session.scalar(left.limit(1)) is not None:
        raise Invalid(N_("Some tasks are still open."))
    advance(session, actor, VENTURE_WORKFLOW, venture, Action.COMPLETE_VENTURE)
    _touch(session, venture)
    tell_parties(session, venture)


def add_task(
    session: Session,
    actor: Actor,
    *,
    venture_id: UUID,
    phase: VenturePhase,
    party: VentureParty,
    text: str,
    due_on: date,
) -> UUID:
    """Give one party a task in one phase; the same one again returns the first. Raises: NotFound, Forbidden,
    Invalid, NotPossibleNow unless it is approved and has not ended.
    """
    venture = _locked(session, actor, venture_id, None, Action.ADD_TASK)
    if venture.status not in RUNNING:
        raise NotPossibleNow(status=venture.status)
    said = needed(one_line(text, 400, field="text"), N_("Please say what is to be done."), field="text")
    query = select(VentureTask).where(VentureTask.venture_id == venture.id)
    for row in session.scalars(query):
        if (row.phase, row.party, row.text, row.due_on) == (phase, party, said, due_on):
            return row.id
    task = VentureTask(
        venture_id=venture.id, phase=phase, party=party, text=said, due_on=due_on, words="", created_at=clock.now()
    )
    session.add(task)
    session.flush()
    fields = ("task", phase.value, party.value)
    record_event(session, actor, Action.ADD_TASK, "venture", venture.id, fields=fields)
    _touch(session, venture)
    return task.id


def finish_task(session: Session, actor: Actor, *, task_id: UUID, done_on: date, words: str) -> None:
    """Say that a task is done and by what it is seen; each party for itself, an operator for the district.

    A repeat changes nothing. Raises: NotFound, Forbidden, Invalid, NotPossibleNow.
    """
    venture_id = session.scalar(select(VentureTask.venture_id).where(VentureTask.id == task_id))
    if venture_id is None:
        raise NotFound
    venture = _locked(session, actor, venture_id, None, Action.FINISH_TASK)
    task = session.get_one(VentureTask, task_id)
    if actor.role is not Role.OPERATOR and _SIDES.get(task.party) not in sides(actor, venture):
        raise Forbidden(N_("This task belongs to another party."))
    if task.done_on is not None:
        return
    if venture.status not in RUNNING:
        raise NotPossibleNow(status=venture.status)
    said = needed(paragraphs(words, 1000, field="words"), N_("Please say by what it is seen."), field="words")
    require_past(done_on, clock.today())
    task.done_on, task.words, task.done_by = done_on, said, actor.acting_person
    record_event(session, actor, Action.FINISH_TASK, "venture", venture.id, fields=("task", task.party.value))
    _touch(session, venture)


def _locked(session: Session, actor: Actor, venture_id: UUID, version: int | None, action: Action) -> Venture:
    venture = get_venture(session, actor, venture_id, lock=True)
    authorize(actor, action, sides(actor, venture))
    require_version(venture, version)
    return venture


def _touch(session: Session, venture: Venture) -> None:
    venture.changed_at = clock.now()
    session.flush()

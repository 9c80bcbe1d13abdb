"""Transition tables as data, and the only function that assigns a status."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.errors import N_, Invalid, NotPossibleNow, Stale
from portal.events import record_event
from portal.permissions import GRANTS, Action, Actor, Side, authorize, can
from portal.texts import clean_reason


@dataclass(frozen=True)
class Transition:
    """`action` leads from any of `sources` to `target`.

    `guards` says in words what the command checks besides role and side; `public` is the word the other side reads.
    """

    action: Action
    sources: tuple[StrEnum, ...]
    target: StrEnum
    needs_reason: bool = False
    guards: tuple[str, ...] = ()


@dataclass(frozen=True)
class Workflow:
    """The life of one kind of record.

    `sides(actor, record)` says from which sides the actor acts; `status_field` is the column that holds the status.
    """

    name: str
    transitions: tuple[Transition, ...]
    sides: Callable[[Actor, Any], frozenset[Side]]
    status_field: str = "status"
    sealed_by: Callable[[Any], UUID | None] = field(default=lambda _record: None)
    parent_of: Callable[[Any], UUID | None] = field(default=lambda _record: None)

    def find(self, status: StrEnum, action: Action, target: StrEnum | None = None) -> Transition | None:
        """The step of the table; an act with several outcomes is told apart by its target."""
        for step in self.transitions:
            if step.action is action and status in step.sources and target in (None, step.target):
                return step
        return None

    def actions_from(self, status: StrEnum) -> list[Action]:
        """Every act the table knows from here, in the table's order."""
        return list(dict.fromkeys(step.action for step in self.transitions if status in step.sources))

    def allowed(self, actor: Actor, record: Any) -> list[Action]:
        """The acts that this actor may fire on this record now."""
        sides = self.sides(actor, record)
        return [action for action in self.actions_from(getattr(record, self.status_field)) if can(actor, action, sides)]

    def needs_reason(self, status: StrEnum, action: Action) -> bool:
        step = self.find(status, action)
        return step is not None and step.needs_reason

    @property
    def statuses(self) -> list[StrEnum]:
        found: dict[StrEnum, None] = {}
        for step in self.transitions:
            found.update(dict.fromkeys((*step.sources, step.target)))
        return list(found)

    def to_mermaid(self, label: Callable[[Any], str] = str, current: StrEnum | None = None) -> str:
        """The table as a state diagram; `label` words a status or an action."""
        lines = ["stateDiagram-v2"]
        lines += [f'    state "{label(status)}" as {status.value}' for status in self.statuses]
        for step in self.transitions:
            lines += [f"    {source.value} --> {step.target.value}: {label(step.action)}" for source in step.sources]
        if current is not None:
            lines += ["    classDef current fill:#0B7285,color:#FFFFFF", f"    class {current.value} current"]
        return "\n".join(lines)

    def roles_of(self, action: Action) -> Iterable[str]:
        return dict.fromkeys(grant.role.value for grant in GRANTS[action])


def advance(
    session: Session,
    actor: Actor,
    workflow: Workflow,
    record: Any,
    action: Action,
    *,
    reason: str = "",
    fields: tuple[str, ...] = (),
    target: StrEnum | None = None,
    extra_sides: frozenset[Side] = frozenset(),
    with_it: Mapping[str, Any] | None = None,
) -> Transition:
    """Role and side, then the table, then status and event, in the caller's transaction.

    `target` chooses among the outcomes that the table knows for this act; `extra_sides` are sides that only a
    higher feature can know, e.g. that the actor leads the awarded proposal; `with_it` are columns that a constraint of
    the table ties to the status, e.g. who decided and when.

    Raises: NotSignedIn, Forbidden, NotPossibleNow, Invalid when a needed reason is missing.
    """
    authorize(actor, action, workflow.sides(actor, record) | extra_sides)
    status = getattr(record, workflow.status_field)
    step = workflow.find(status, action, target)
    if step is None:
        raise NotPossibleNow(status=status)
    reason = clean_reason(reason)
    if step.needs_reason and not reason:
        raise Invalid(N_("Please give a reason; the other side will read it."), field="reason")
    for name, value in {workflow.status_field: step.target, **(with_it or {})}.items():
        setattr(record, name, value)
    record_event(
        session,
        actor,
        action,
        workflow.name,
        record.id,
        from_status=status,
        to_status=step.target,
        reason=reason,
        fields=fields,
        parent_id=workflow.parent_of(record),
        sealed_until_opened=workflow.sealed_by(record),
    )
    return step


def require_version(record: Any, version: int | None) -> None:
    """A click on a page drawn from an older version is refused. None skips the check.

    Raises: Stale.
    """
    if version is not None and record.version != version:
        raise Stale

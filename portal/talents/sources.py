"""Where a step is known from: a record of the portal by its number, or words."""

import re
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from db.models import Challenge, Landing, Role
from portal.challenges.access import visible_to as challenge_visible_to
from portal.errors import N_, Invalid
from portal.permissions import Actor
from portal.talents.rules import refuse_identity_number
from portal.texts import needed, one_line

_NUMBER = re.compile(r"(?:YH|LD)-\d{4}-\d{4,6}")
_TABLES: dict[str, type[Challenge] | type[Landing]] = {"challenge": Challenge, "landing": Landing}
"""Kinds of records that can be a source, by the name that is also the address of their page."""


class Source(NamedTuple):
    """Either a record (its kind and id) or words."""

    kind: str | None
    object_id: UUID | None
    words: str


def find_source(session: Session, actor: Actor, text: str) -> Source:
    """`LD-2026-0007` is that landing project, `YH-2026-0003` that challenge, anything else is words.

    Raises: Invalid for nothing, and for a number that this actor may not see or that there is not.
    """
    plain = one_line(text, 300, field="source")
    needed(plain, N_("Please say where this is known from: a number of the portal, or words."), field="source")
    refuse_identity_number(plain, field="source")
    if not _NUMBER.fullmatch(plain.upper()):
        return Source(None, None, plain)
    for kind, table, visible in (
        ("challenge", Challenge, challenge_visible_to(actor)),
        ("landing", Landing, _landing_visible_to(actor)),
    ):
        found = session.scalar(select(table.id).where(table.number == plain.upper(), visible))
        if found is not None:
            return Source(kind, found, "")
    message = N_("There is no challenge or landing project {number} that you may see.")
    raise Invalid(message, field="source", number=plain)


def numbers_of(session: Session, sources: Iterable[tuple[str | None, UUID | None]]) -> dict[UUID, str]:
    """The numbers of the records that steps name, one question a kind; the pages behind ask for rights themselves."""
    wanted: dict[str, set[UUID]] = {}
    for kind, object_id in sources:
        if kind in _TABLES and object_id is not None:
            wanted.setdefault(kind, set()).add(object_id)
    found: dict[UUID, str] = {}
    for kind, ids in wanted.items():
        table = _TABLES[kind]
        rows = session.execute(select(table.id, table.number).where(table.id.in_(ids)))
        found |= {row.id: row.number for row in rows}
    return found


def _landing_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Published ones, one's own organisation's, and all for an operator; landings themselves lie above talents."""
    arms: list[ColumnElement[bool]] = [Landing.is_public.is_(True)]
    if actor.organisation_id is not None:
        arms += [Landing.enterprise_id == actor.organisation_id, Landing.institute_id == actor.organisation_id]
    if actor.role is Role.OPERATOR:
        arms.append(Landing.number.is_not(None))
    return or_(*arms)

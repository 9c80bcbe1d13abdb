"""Every text that any command takes, with what no text should hold: rows 11, 13, 14 and 16 of the bad inputs."""

import contextlib
from collections.abc import Iterator
from enum import Enum
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from db.models import Person
from portal.errors import PortalError
from tests.matrix.doors import Door
from tests.matrix.test_refusals import COMMANDS, TEXT, arguments, is_named, places_for
from tests.matrix.world import World

ODD = {"hidden": "甲\x00乙\u202e丙\u200b丁", "half": "半\ud83d", "flood": "长" * 30_000}
NEVER = ("\x00", "\\u0000", "\u202e", "\\u202e", "\u200b", "\\u200b", "\ud83d", "\\ud83d")
LONGEST = 20_000
"""What no statement may hold; PostgreSQL refuses some of it with an error that no person can read."""


@pytest.fixture
def sent(session: Session) -> Iterator[list[str]]:
    """Odd parameters of the statements that reach the database."""
    found: list[str] = []

    def look(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        for value in parameters.values() if isinstance(parameters, dict) else parameters:
            if isinstance(value, str) and (len(value) > LONGEST or any(odd in value for odd in NEVER)):
                found.append(f"{statement.split('(')[0].strip()[:60]} ← {value[:30]!r}")

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", look)
    yield found
    event.remove(engine, "before_cursor_execute", look)


def variants(values: dict[str, Any], odd: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The arguments with one text at a time replaced."""
    for name, value in values.items():
        if isinstance(value, str) and not isinstance(value, Enum):
            yield name, values | {name: odd}
        elif isinstance(value, dict) and TEXT in value.values():
            yield name, values | {name: dict.fromkeys(value, odd)}


@pytest.mark.parametrize("door", COMMANDS, ids=lambda door: f"{door.found.module}.{door.found.name}")
def test_no_odd_word_reaches_the_database(session: Session, world: World, sent: list[str], door: Door) -> None:
    wrong = []
    for place in list(places_for(door, world))[:2]:
        values = arguments(door, world, place)
        actors = [actor for role, where, actor in world.everybody() if is_named(door, role, where)]
        for kind, odd in ODD.items() if values else ():
            for name, changed in variants(values, odd):
                for actor in actors[:2]:
                    sent.clear()
                    nested = session.begin_nested()
                    try:
                        door.found.function(session, actor, **changed)
                    except (PortalError, KeyError, TypeError, AttributeError):
                        pass  # a refusal, or a made-up argument beside it that no form sends
                    except Exception as error:
                        wrong.append((place.name, kind, name, repr(error)[:80]))
                    finally:
                        nested.rollback()
                    wrong += [(place.name, kind, name, statement) for statement in sent]

    assert sorted(set(wrong)) == []


def test_an_odd_word_would_be_found(session: Session, sent: list[str]) -> None:
    for odd in ODD.values():
        sent.clear()
        with contextlib.suppress(UnicodeEncodeError):
            session.execute(select(Person.id).where(Person.name == odd))
        assert len(sent) == 1

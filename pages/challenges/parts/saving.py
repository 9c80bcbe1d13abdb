"""What is being typed in the open section, and how it is saved: plain values in the session, never records.

`edit_base` remembers which version the fields were drawn from. Typed text stays in its widgets until it is saved, so a
refusal or a colleague's newer version loses nothing.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import streamlit as st

from portal.challenges.commands import Saved, save_metrics, save_rubric, save_section
from portal.challenges.drafts import Draft, DraftSection
from portal.challenges.sections import SHAPES, Kind
from portal.challenges.workflow import SectionKey
from portal.ui import perform
from portal.ui.typing import say_saved
from portal.wording import wan_from_fen

BASE = "edit_base"
DECIDING = "edit_deciding"  # the version drawn from, while a newer one stands beside it
TABLES = (SectionKey.METRICS, SectionKey.RUBRIC)
DEFAULT_TIME = "17:00"


class Base(NamedTuple):
    """Where the fields on screen came from."""

    challenge_id: UUID
    key: SectionKey
    version: int
    typed: dict[str, Any]  # what they showed when they were drawn or last saved
    rows: list[dict[str, Any]] | None = None  # the same for a table


def widget(key: SectionKey, name: str) -> str:
    return f"edit_{key.value}_{name}"


def table_state(key: SectionKey) -> str:
    """Where the rows of a table stand as they are typed."""
    return f"edit_rows_{key.value}"


def base() -> Base | None:
    found: Base | None = st.session_state.get(BASE)
    return found


def begin(draft: Draft, section: DraftSection) -> Base:
    """Draw the fields from the database, unless they hold somebody's typing already."""
    known = base()
    is_same = known is not None and (known.challenge_id, known.key) == (draft.id, section.key)
    if known is None or not is_same or not _still_drawn(section.key):
        return load(draft.id, section)
    return known if known.version == section.version or is_changed(known) else load(draft.id, section)


def load(challenge_id: UUID, section: DraftSection) -> Base:
    """Put what is stored into the fields."""
    for name, value in as_typed(section.key, section.content).items():
        st.session_state[widget(section.key, name)] = value
    st.session_state.pop(table_state(section.key), None)
    fresh = Base(challenge_id, section.key, section.version, as_typed(section.key, section.content))
    st.session_state[BASE] = fresh
    return fresh


def as_typed(key: SectionKey, content: Mapping[str, Any]) -> dict[str, Any]:
    """A stored section as its fields show it."""
    found: dict[str, Any] = {}
    for field in SHAPES[key].fields:
        value = content.get(field.name)
        if field.kind is Kind.MONEY:
            found[field.name] = "" if value is None else f"{wan_from_fen(value).normalize():f} 万元"
        elif field.kind is Kind.MOMENT:
            found[f"{field.name}_day"] = None if not value else date.fromisoformat(value[:10])
            found[f"{field.name}_time"] = value[11:16] if value else DEFAULT_TIME
        else:
            found[field.name] = value
    return found


def typed(key: SectionKey) -> dict[str, Any]:
    """What the fields show now."""
    names = as_typed(key, {})
    return {name: st.session_state.get(widget(key, name)) for name in names}


def content_of(key: SectionKey) -> dict[str, Any]:
    """What the fields show now, as the command takes it."""
    values = typed(key)
    found: dict[str, Any] = {}
    for field in SHAPES[key].fields:
        if field.kind is Kind.MOMENT:
            day, time = values[f"{field.name}_day"], values[f"{field.name}_time"]
            found[field.name] = f"{day:%Y-%m-%d} {time}" if day else None
        else:
            found[field.name] = values[field.name]
    return found


def save_open_section(*, version: int | None = None) -> bool:
    """Save the section on screen if it was changed; False when it was refused and stays on screen.

    `version` says that its writer saw a colleague's newer version and wants their own text to stand.
    """
    known = base()
    if known is None or not _still_drawn(known.key):
        return True
    if version is None and not is_changed(known):
        return True
    rows = st.session_state.get(table_state(known.key), [])
    where: dict[str, Any] = {"challenge_id": known.challenge_id, "version": version or known.version}
    saved: Saved | None
    if known.key in TABLES:
        command = save_metrics if known.key is SectionKey.METRICS else save_rubric
        saved = perform(command, rows=rows, note=content_of(known.key)["note"] or "", **where)
    else:
        saved = perform(save_section, key=known.key, content=content_of(known.key), **where)
    if saved is None:
        return False
    st.session_state[BASE] = known._replace(version=saved.version, typed=typed(known.key), rows=rows)
    if saved.version != known.version:
        say_saved(saved.saved_at)
    return True


def autosave() -> None:
    """For a field that was just committed; while both versions are on screen, its writer decides first."""
    known = base()
    if known is None or st.session_state.get(DECIDING) != known.version:
        save_open_section()


def is_changed(known: Base) -> bool:
    """Whether something was typed that is not saved yet."""
    rows = st.session_state.get(table_state(known.key))
    return typed(known.key) != known.typed or (known.rows is not None and rows != known.rows)


def _still_drawn(key: SectionKey) -> bool:
    """Streamlit forgets the fields of a page that was left."""
    names = as_typed(key, {})
    return all(widget(key, name) in st.session_state for name in names)

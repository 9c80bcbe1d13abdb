"""What is being typed in the open section of a proposal, and how it is saved: plain values, never records.

`proposal_base` remembers which version the fields were drawn from. Typed text stays in its widgets until it is saved,
so a refusal or a colleague's newer version loses nothing.
"""

from typing import Any, NamedTuple
from uuid import UUID

import streamlit as st

from portal.proposals.commands import Saved, save_section
from portal.proposals.queries import Form, SectionRow
from portal.proposals.sections import TEXTS, Content
from portal.proposals.workflow import ProposalSectionKey
from portal.ui import perform
from portal.ui.typing import say_saved
from portal.wording import wan_from_fen

BASE = "proposal_base"
DECIDING = "proposal_deciding"  # the version drawn from, while a newer one stands beside it
_K = ProposalSectionKey


class Base(NamedTuple):
    """Where the fields on screen came from."""

    proposal_id: UUID
    key: ProposalSectionKey
    version: int
    typed: dict[str, Any]  # what they showed when they were drawn or last saved


def widget(key: ProposalSectionKey, name: str) -> str:
    return f"proposal_{key.value}_{name}"


def base() -> Base | None:
    found: Base | None = st.session_state.get(BASE)
    return found


def begin(form: Form, section: SectionRow) -> Base:
    """Draw the fields from the database, unless they hold somebody's typing already."""
    known = base()
    is_same = known is not None and (known.proposal_id, known.key) == (form.head.id, section.key)
    if known is None or not is_same or not _still_drawn(known):
        return load(form, section)
    return known if known.version == section.version or is_changed(known) else load(form, section)


def load(form: Form, section: SectionRow) -> Base:
    """Put what is stored into the fields."""
    shown = as_typed(form, section.key, section.content)
    for name, value in shown.items():
        st.session_state[widget(section.key, name)] = value
    fresh = Base(form.head.id, section.key, section.version, shown)
    st.session_state[BASE] = fresh
    return fresh


def as_typed(form: Form, key: ProposalSectionKey, content: Content) -> dict[str, Any]:
    """A stored section as its fields show it."""
    if key is _K.PROMISES:
        return {str(row.id): content.get(str(row.id), "") for row in form.metrics}
    if key is _K.APPROACH:
        return {str(row.id): content.get(str(row.id), "") for row in form.rubric}
    found = {field.name: content[field.name] for field in TEXTS[key]}
    if key is _K.COVER:
        fen = content["sum_fen"]
        found["sum_fen"] = "" if fen is None else f"{wan_from_fen(fen).normalize():f} 万元"
    if key is _K.READINESS:
        found |= {"now": content["now"], "after": content["after"]}
    return found


def save_open_section(*, version: int | None = None) -> bool:
    """Save the section on screen if it was changed; False when it was refused and stays on screen.

    `version` says that its writer saw a colleague's newer version and wants their own text to stand.
    """
    known = base()
    if known is None or not _still_drawn(known):
        return True
    if version is None and not is_changed(known):
        return True
    shown = typed(known)
    saved: Saved | None = perform(
        save_section,
        proposal_id=known.proposal_id,
        key=known.key,
        content=shown,
        version=version or known.version,
    )
    if saved is None:
        return False
    st.session_state[BASE] = known._replace(version=saved.version, typed=shown)
    say_saved(saved.saved_at)
    return True


def autosave() -> None:
    """For a field that was just committed; while both versions are on screen, its writer decides first."""
    known = base()
    if known is None or st.session_state.get(DECIDING) != known.version:
        save_open_section()


def typed(known: Base) -> dict[str, Any]:
    """What the fields show now."""
    return {name: st.session_state.get(widget(known.key, name)) for name in known.typed}


def is_changed(known: Base) -> bool:
    """Whether something was typed that is not saved yet."""
    return typed(known) != known.typed


def _still_drawn(known: Base) -> bool:
    """Streamlit forgets the fields of a page that was left."""
    return all(widget(known.key, name) in st.session_state for name in known.typed)

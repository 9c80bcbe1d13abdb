"""Figures that are the same for every reader, kept until anything changes.

Every change writes an event in its own transaction, so the head of the chain says whether a figure still holds.
"""

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.events import chain_head

T = TypeVar("T")
MOST = 64

_figures: dict[Hashable, tuple[tuple[int, str], object]] = {}


def kept(session: Session, name: Hashable, compute: Callable[[], T]) -> T:
    """The figure of that name, computed anew when the chain has grown; never for what depends on the reader."""
    head = chain_head(session)
    if head[0] == 0:  # no event yet: nothing to hold on to
        return compute()
    key = (cast(Engine, session.get_bind()).url, name)
    known = _figures.get(key)
    if known is not None and known[0] == head:
        return cast(T, known[1])
    figure = compute()
    if len(_figures) >= MOST:
        _figures.clear()
    _figures[key] = (head, figure)
    return figure

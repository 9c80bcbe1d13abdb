"""What an address asks of a list, and every row of a list page by page."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

Asked = dict[str, str]
"""The query of the page's address."""
Table = tuple[tuple[str, ...], Iterable[Sequence[object]]]
"""Headings as message ids, and the rows."""
PAGE = 100
MOST = 1000


def every_row(ask: Callable[..., Any]) -> Iterable[Any]:
    """Every row of a list that knows pages alone, page by page, up to where it stops counting.

    A list that may grow longer has an `every_…` beside it that streams.
    """
    for offset in range(0, MOST, PAGE):
        page = ask(offset=offset, limit=PAGE)
        yield from page.rows
        # Asking past the end would give the last page once more.
        if offset + PAGE >= page.total:
            return


def member(members: Any, text: str | None) -> Any:
    return members(text) if text in {member.value for member in members} else None


def days(text: str | None) -> int | None:
    """A whole number of days of at most four digits, or nothing."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 4 else None


def code(text: str | None) -> str | None:
    """A code of a classification, or nothing."""
    return text if text and text.isascii() and text.isalnum() and len(text) <= 8 else None


def day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def record_id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None

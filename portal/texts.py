"""What people type into a field of its own column: whole, visible, its length counted as the column stores it."""

from portal.errors import N_, Invalid
from portal.letters import composed, is_whole, on_one_line, visible

REASON_LONGEST = 2000


def clean_reason(text: str) -> str:
    """Why somebody did something, as it is kept and mailed. Raises: Invalid, also beyond 2,000 characters."""
    return paragraphs(text, REASON_LONGEST, field="reason")


def one_line(text: str | None, limit: int, *, field: str) -> str:
    """A name, a lot or a place on one line. Raises: Invalid when it is too long or holds half a character."""
    return _within(visible(on_one_line(_text(text, field))), limit, field)


def paragraphs(text: str | None, limit: int, *, field: str) -> str:
    """A longer text; line breaks stay. Raises: Invalid."""
    return _within(visible(_text(text, field)).strip(), limit, field)


def needed(text: str, message: str, *, field: str) -> str:
    """The text itself. Raises: Invalid with the message when it is empty."""
    if not text:
        raise Invalid(message, field=field)
    return text


def _text(text: str | None, field: str) -> str:
    plain = text or ""
    if not is_whole(plain):
        raise Invalid(N_("The text holds half a character that cannot be stored. Please type it anew."), field=field)
    return composed(plain)


def _within(text: str, limit: int, field: str) -> str:
    if len(text) > limit:
        raise Invalid(
            N_("This text has {count} characters, at most {limit} fit. Please shorten it."),
            field=field,
            count=len(text),
            limit=limit,
        )
    return text

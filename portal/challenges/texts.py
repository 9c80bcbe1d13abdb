"""What people type into challenges and proposals: whole, visible, its length counted as a reader counts."""

from enum import Enum

from portal.errors import N_, Invalid, Message
from portal.letters import composed, count_letters, is_whole, on_one_line, visible


def one_line(text: object, limit: int, *, section: Enum, field: str, name: str = "") -> str:
    """A title or a name on one line. Raises: Invalid."""
    return _within(visible(on_one_line(_text(text, section, field))), limit, section, field, name)


def paragraphs(text: object, limit: int, *, section: Enum, field: str, name: str = "") -> str:
    """A longer text; line breaks stay. Raises: Invalid."""
    return _within(visible(_text(text, section, field)).strip(), limit, section, field, name)


def _text(text: object, section: Enum, field: str) -> str:
    if text is None:
        return ""
    if not isinstance(text, str) or not is_whole(text):
        raise Invalid(
            N_("{section}: the text holds half a character that cannot be stored. Please type it anew."),
            field=field,
            section=section,
        )
    return composed(text)


def _within(text: str, limit: int, section: Enum, field: str, name: str) -> str:
    # A thousand marks on one letter are one letter to a reader and still a thousand to store.
    count = len(text) if len(text) > 4 * limit else count_letters(text)
    if count > limit and name:
        raise Invalid(
            N_("{section}, “{name}”: this text has {count} characters, at most {limit} fit. Please shorten it."),
            field=field,
            section=section,
            name=Message(name),
            count=count,
            limit=limit,
        )
    if count > limit:
        raise Invalid(
            N_("{section}: this text has {count} characters, at most {limit} fit. Please shorten it."),
            field=field,
            section=section,
            count=count,
            limit=limit,
        )
    return text

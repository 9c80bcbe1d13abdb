"""What people type into plans, runs and projects, made safe to keep: hidden characters out, length as stored."""

import unicodedata

from portal.errors import N_, Invalid

_KEPT = frozenset("\n\t")
_JOINER = "\u200d"  # builds some emoji; dropped elsewhere
_HIDDEN = frozenset({"Cc", "Cf"})


def one_line(text: str | None, limit: int, *, field: str) -> str:
    """A name, a lot or a place on one line. Raises: Invalid when it is too long or holds half a character."""
    plain = " ".join("".join(" " if letter.isspace() else letter for letter in _whole(text, field)).split())
    return _within(_visible(plain), limit, field)


def paragraphs(text: str | None, limit: int, *, field: str) -> str:
    """A longer text; line breaks stay. Raises: Invalid."""
    plain = _whole(text, field).replace("\r\n", "\n").replace("\r", "\n")
    return _within(_visible(plain).strip(), limit, field)


def needed(text: str, message: str, *, field: str) -> str:
    """The text itself. Raises: Invalid with the message when it is empty."""
    if not text:
        raise Invalid(message, field=field)
    return text


def _whole(text: str | None, field: str) -> str:
    plain = text or ""
    if any(unicodedata.category(letter) == "Cs" for letter in plain):
        raise Invalid(N_("The text holds half a character that cannot be stored. Please type it anew."), field=field)
    return unicodedata.normalize("NFC", plain)


def _visible(text: str) -> str:
    kept = []
    for place, letter in enumerate(text):
        joins = letter == _JOINER and 0 < place < len(text) - 1 and ord(text[place - 1]) > 0x2000
        if letter in _KEPT or joins or unicodedata.category(letter) not in _HIDDEN:
            kept.append(letter)
    return "".join(kept)


def _within(text: str, limit: int, field: str) -> str:
    if len(text) > limit:
        raise Invalid(
            N_("This text has {count} characters, at most {limit} fit. Please shorten it."),
            field=field,
            count=len(text),
            limit=limit,
        )
    return text

"""What people type, made safe to keep: hidden characters out, length counted as a reader counts."""

import unicodedata
from enum import Enum

from portal.errors import N_, Invalid

_KEPT = frozenset("\n\t")
_JOINER = "\u200d"  # builds some emoji; dropped elsewhere
_INVISIBLE = frozenset({"Cc", "Cf"})


def count_letters(text: str) -> int:
    """Length as a reader sees it: combining marks, variation selectors and joined emoji count once."""
    count, joined = 0, False
    for letter in text:
        if letter == _JOINER:
            joined = True
        elif joined:
            joined = False
        elif not unicodedata.category(letter).startswith("M"):
            count += 1
    return count


def one_line(text: object, limit: int, *, section: Enum, field: str) -> str:
    """A title or a name on one line, without hidden or direction-changing characters. Raises: Invalid."""
    plain = " ".join("".join(" " if letter.isspace() else letter for letter in _text(text, section, field)).split())
    return _within(_visible(plain), limit, section, field)


def paragraphs(text: object, limit: int, *, section: Enum, field: str) -> str:
    """A longer text; line breaks stay, whatever the keyboard sent for them. Raises: Invalid."""
    plain = _text(text, section, field).replace("\r\n", "\n").replace("\r", "\n")
    return _within(_visible(plain).strip(), limit, section, field)


def _text(text: object, section: Enum, field: str) -> str:
    """A string that UTF-8 can hold, in composed form."""
    if text is None:
        return ""
    if not isinstance(text, str) or any(unicodedata.category(letter) == "Cs" for letter in text):
        raise Invalid(
            N_("{section}: the text holds half a character that cannot be stored. Please type it anew."),
            field=field,
            section=section,
        )
    return unicodedata.normalize("NFC", text)


def _visible(text: str) -> str:
    kept = []
    for place, letter in enumerate(text):
        joins = letter == _JOINER and 0 < place < len(text) - 1 and ord(text[place - 1]) > 0x2000
        if letter in _KEPT or joins or unicodedata.category(letter) not in _INVISIBLE:
            kept.append(letter)
    return "".join(kept)


def _within(text: str, limit: int, section: Enum, field: str) -> str:
    count = count_letters(text)
    # Bytes too: a thousand marks on one letter are one letter to a reader and still a thousand to store.
    if count > limit or len(text) > 4 * limit:
        raise Invalid(
            N_("{section}: this text has {count} characters, at most {limit} fit. Please shorten it."),
            field=field,
            section=section,
            count=max(count, len(text) // 4),
            limit=limit,
        )
    return text

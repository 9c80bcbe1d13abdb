"""Letters that people type, made safe to keep: composed, whole, and nothing that cannot be seen."""

import re
import unicodedata

_KEPT = frozenset("\n\t")
_JOINER = "\u200d"
_HIDDEN = frozenset({"Cc", "Cf"})
# A joiner builds some emoji: it needs something to join on both sides.
_IDLE_JOINER = re.compile("(?<![\u2001-\U0010ffff])\u200d|\u200d\\Z")


def is_whole(text: str) -> bool:
    """Whether UTF-8 can hold it: half a surrogate pair cannot be stored."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def composed(text: str) -> str:
    """One form for the same letters (NFC) and for the same line breaks, whatever the keyboard sent."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def on_one_line(text: str) -> str:
    """Every kind of space and line break as one blank."""
    return " ".join(text.split())


def visible(text: str) -> str:
    """Without control and direction-changing characters; line breaks, tabs and joined emoji stay.

    Only the different letters are looked at one by one: ten megabytes pasted by mistake must not hold up everybody.
    """
    hidden = {letter for letter in set(text) - _KEPT if unicodedata.category(letter) in _HIDDEN}
    without = text.translate({ord(letter): None for letter in hidden - {_JOINER}}) if hidden - {_JOINER} else text
    return _IDLE_JOINER.sub("", without) if _JOINER in hidden else without


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

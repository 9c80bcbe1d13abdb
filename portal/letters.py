"""Letters that people type, made safe to keep: composed, whole, and nothing that cannot be seen."""

import unicodedata

_KEPT = frozenset("\n\t")
_JOINER = "\u200d"  # builds some emoji; dropped elsewhere
_HIDDEN = frozenset({"Cc", "Cf"})


def is_whole(text: str) -> bool:
    """Whether UTF-8 can hold it: half a surrogate pair cannot be stored."""
    return not any(unicodedata.category(letter) == "Cs" for letter in text)


def composed(text: str) -> str:
    """One form for the same letters (NFC) and for the same line breaks, whatever the keyboard sent."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def on_one_line(text: str) -> str:
    """Every kind of space and line break as one blank."""
    return " ".join(text.split())


def visible(text: str) -> str:
    """Without control and direction-changing characters; line breaks, tabs and joined emoji stay."""
    kept = []
    for place, letter in enumerate(text):
        joins = letter == _JOINER and 0 < place < len(text) - 1 and ord(text[place - 1]) > 0x2000
        if letter in _KEPT or joins or unicodedata.category(letter) not in _HIDDEN:
            kept.append(letter)
    return "".join(kept)


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

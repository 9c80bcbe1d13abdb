"""The one place where a notice's message and its stored parameters become a sentence."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from portal import wording
from portal.i18n import translate
from portal.vocabulary import LABELS

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str, limit: int) -> str:
    """The text without line breaks, control characters and writing-direction tricks, cut at the limit."""
    letters = (" " if unicodedata.category(letter) in {"Cc", "Zl", "Zp"} else letter for letter in text)
    plain = " ".join("".join(letter for letter in letters if letter not in _BIDI).split())
    plain = plain.encode("utf-8", "ignore").decode()
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def packed(params: Mapping[str, Any] | None) -> dict[str, Any]:
    """Parameters as JSON holds them; times, days and enum members stay what they are until somebody reads them."""
    return {name: _pack(value) for name, value in (params or {}).items()}


def sentence(message: str, params: Mapping[str, Any], language: str) -> str:
    """The message in the reader's language; user text in a parameter stays on one line."""
    return translate(message, language, **{name: _worded(value, language) for name, value in params.items()})


def _pack(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    if isinstance(value, Enum):
        return {"word": LABELS[value]}
    if isinstance(value, (list, tuple)):
        return [_pack(item) for item in value]
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    return value


def _worded(value: Any, language: str) -> str:
    match value:
        case {"at": str(instant)}:
            return wording.date_time(datetime.fromisoformat(instant), language)
        case {"on": str(day)}:
            return wording.day(date.fromisoformat(day), language)
        case {"word": str(message)}:
            return translate(message, language)
        case {"fen": int(fen)}:
            return wording.money(fen, language)
        case list():
            return wording.word([_worded(item, language) for item in value], language)
        case int() | float():
            return f"{value:,}"
    return one_line(str(value), 300)

"""The words on screen, taken from the portal's own messages; a missing translation fails."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from typing import Any

from portal import i18n, wording
from portal.organisations import places

CHINESE = re.compile(r"[\u4e00-\u9fff]")
_language = "zh_CN"


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """What everybody reads meanwhile; Chinese unless it is said."""
    global _language
    before, _language = _language, language
    try:
        yield
    finally:
        _language = before


def locale() -> str:
    """The browser's own name of the language."""
    return _language.replace("_", "-")


def said(message: str, **params: Any) -> str:
    """A message as it stands on screen."""
    return _checked(i18n.translate(message, _language, **params), message)


def beginning(message: str) -> str:
    """A message as far as its first blank to fill."""
    names = re.findall(r"{(\w+)}", message)
    return said(message, **dict.fromkeys(names, "§")).split("§")[0].strip()


def word(member: Enum) -> str:
    """The word of an act, a status, a role, a section."""
    return _checked(wording.label(member, _language), str(member))


def wan(amount: int) -> str:
    """A sum given in 万元."""
    return wording.money(amount * 10_000 * 100, _language)


def days_left() -> str:
    """What stands beside the number of days until a deadline."""
    before, after = i18n.translate_plural("{count} day left", "{count} days left", 5, _language).split("5")
    return (before or after).strip()


def moment(at: datetime) -> str:
    return wording.date_time(at, _language)


def town(code: str) -> str:
    return places.town_name(code, _language)


def industry(code: str) -> str:
    """A division as it stands in a list to choose from."""
    return f"{code} {places.industry_name(code, _language)}"


def _checked(text: str, message: str) -> str:
    assert bool(CHINESE.search(text.replace("万元", ""))) is (_language == "zh_CN"), f"not translated: {message}"
    return text

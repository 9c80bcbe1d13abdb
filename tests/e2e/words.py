"""The Chinese words on screen, taken from the portal's own messages; a missing translation fails."""

import re
from enum import Enum
from typing import Any

from portal import i18n, wording

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def zh(message: str, **params: Any) -> str:
    """A message as it stands on screen."""
    text = i18n.translate(message, "zh_CN", **params)
    assert CHINESE.search(text), f"not translated: {message}"
    return text


def word(member: Enum) -> str:
    """The Chinese word of an act, a status, a role, a section."""
    text = wording.label(member, "zh_CN")
    assert CHINESE.search(text), f"not translated: {member}"
    return text

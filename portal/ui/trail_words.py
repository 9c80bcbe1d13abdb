"""The event table's codes in the language on screen."""

from typing import Any

from portal.metrics import words
from portal.ui.run import language


def action_words(code: str) -> str:
    return words.action_words(code, language())


def object_words(code: str) -> str:
    return words.object_words(code, language())


def status_words(row: Any) -> str:
    """`Draft → Submitted`, or one word when the status stayed."""
    parts = [words.status_words(row.object_type, code, language()) for code in (row.from_status, row.to_status)]
    return " → ".join(dict.fromkeys(filter(None, parts)))


def detail_words(row: Any) -> str:
    """Who walked away from a negotiation; empty for other acts."""
    return words.detail_words(row.action, row.fields, language())

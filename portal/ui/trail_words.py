"""The event table's codes in the language on screen."""

from operator import itemgetter
from typing import Any

from portal.metrics import words
from portal.permissions import Action
from portal.ui.run import language


def action_words(code: str) -> str:
    return words.action_words(code, language())


def acts() -> dict[str, str]:
    """Every act that the trail may hold by its code, sorted by its word; an export is written under its own name."""
    codes = [*(act.value for act in Action), "export"]
    return dict(sorted(((code, action_words(code)) for code in codes), key=itemgetter(1)))


def object_words(code: str) -> str:
    return words.object_words(code, language())


def status_words(row: Any) -> str:
    """`Draft → Submitted`, or one word when the status stayed."""
    parts = [words.status_words(row.object_type, code, language()) for code in (row.from_status, row.to_status)]
    return " → ".join(dict.fromkeys(filter(None, parts)))


def detail_words(row: Any) -> str:
    """Who walked away from a negotiation; empty for other acts."""
    return words.detail_words(row.action, row.fields, language())

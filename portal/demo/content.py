"""The demonstration content as it stands in db/demo/content: parties and challenges with their proposals."""

import json
from functools import cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).resolve().parents[2] / "db" / "demo" / "content"


@cache
def parties() -> dict[str, Any]:
    """Organisations, applications and surnames."""
    found: dict[str, Any] = json.loads((CONTENT / "parties.json").read_text(encoding="utf-8"))
    return found


@cache
def challenges() -> list[dict[str, Any]]:
    """All sixty challenges, by key."""
    rows: list[dict[str, Any]] = []
    for path in sorted(CONTENT.glob("part[0-9].json")):
        rows += json.loads(path.read_text(encoding="utf-8"))["challenges"]
    return sorted(rows, key=lambda row: str(row["key"]))


@cache
def talents() -> dict[str, Any]:
    """Invented given names, specialities, posts and sources for people who are followed."""
    found: dict[str, Any] = json.loads((CONTENT / "talents.json").read_text(encoding="utf-8"))
    return found


@cache
def agreements() -> list[dict[str, Any]]:
    """The agreements with universities; days count from today, those before it are negative."""
    found: list[dict[str, Any]] = json.loads((CONTENT / "agreements.json").read_text(encoding="utf-8"))["agreements"]
    return found

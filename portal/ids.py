"""Ids for things that have a name instead of a row of their own."""

from uuid import NAMESPACE_URL, UUID, uuid5


def stable_id(name: str) -> UUID:
    """The same id for the same name, always."""
    return uuid5(NAMESPACE_URL, f"portal:{name}")

"""What becomes of an import: done, or undone."""

from db.models import ImportStatus

__all__ = ["ImportStatus"]

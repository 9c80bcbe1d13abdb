"""Refusals that a user can cause: an English message id with parameters, translated only where it is shown."""

from collections.abc import Sequence
from typing import Any


def N_(message: str) -> str:  # noqa: N802 – the usual name of a marker for message extraction
    """Mark a message id for extraction; it is translated when it is shown."""
    return message


class Message(str):
    """A message id that is a parameter of another sentence: worded in the reader's language there."""

    __slots__ = ()


class PortalError(Exception):
    """A refusal with a sentence for the user. Nothing was changed.

    `message` is an English message id; `params` fill its `{names}`. A parameter that is itself an enum member or a
    time is worded in the reader's language.
    """

    message = N_("This cannot be done.")

    def __init__(self, message: str | None = None, /, **params: Any) -> None:
        self.message = message or type(self).message
        self.params = params
        super().__init__(self.message)


class NotFound(PortalError):
    """Unknown, or not visible to this reader: both look the same."""

    message = N_("This record does not exist, or you may not see it.")


class Forbidden(PortalError):
    """The record is visible, the act is not allowed."""

    message = N_("You may not do this.")


class NotSignedIn(PortalError):
    message = N_("Please sign in first.")


class NotPossibleNow(PortalError):
    """The record's status does not allow this act."""

    message = N_("This is not possible now: the record is “{status}”.")


class Stale(PortalError):
    """Somebody else changed the record since the page was drawn."""

    message = N_("Somebody else changed this record meanwhile. Nothing was saved; look at the new state and try again.")


class Invalid(PortalError):
    """A field holds something that cannot be accepted; `field` names it for the form."""

    message = N_("This value cannot be accepted.")

    def __init__(self, message: str | None = None, /, *, field: str = "", **params: Any) -> None:
        super().__init__(message, **params)
        self.field = field


class InvalidFields(Invalid):
    """Several fields at once: `refusals` holds one `Invalid` for each, the first stands for all."""

    def __init__(self, refusals: Sequence[Invalid]) -> None:
        first = refusals[0]
        super().__init__(first.message, field=first.field, **first.params)
        self.refusals = list(refusals)


class Incomplete(PortalError):
    """Something is missing; `missing` is a list of (section key, message id, params)."""

    message = N_("Something is still missing.")

    def __init__(self, missing: list[tuple[str, str, dict[str, Any]]]) -> None:
        super().__init__()
        self.missing = missing


class DeadlinePassed(PortalError):
    message = N_("The deadline has passed; nothing more is accepted.")


class Busy(PortalError):
    message = N_("The database is busy; nothing was saved. Please try again in a moment.")


class TooMany(PortalError):
    message = N_("Too many attempts. Please wait a while and try again.")

"""What is wrong with a file: each fault with its line and column."""

from typing import Any, NamedTuple

from portal.errors import PortalError
from portal.imports.columns import BY_KEY


class Problem(NamedTuple):
    """One fault: the line as the spreadsheet counts it (1 is the heading), the column's key or its heading."""

    line: int
    column: str
    message: str
    params: dict[str, Any]

    def column_heading(self, language: str) -> str:
        """The heading in the reader's language; a column that is not ours keeps its own."""
        return BY_KEY[self.column].heading(language) if self.column in BY_KEY else self.column


def problem_of(line: int, column: str, error: PortalError) -> Problem:
    """A refusal of a single value as a fault of its cell."""
    return Problem(line, column, error.message, error.params)

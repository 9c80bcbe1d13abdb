"""What the two readers hand over: numbered rows of text cells."""

from typing import NamedTuple

from portal.imports.problems import Problem


class RawSheet(NamedTuple):
    """Filled rows with their line numbers; a problem's column is the place of its cell, counted from 0."""

    rows: list[tuple[int, list[str]]]
    problems: list[Problem]
    notes: list[str]

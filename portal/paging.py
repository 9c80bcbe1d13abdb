"""Pages of a list: which one a number in the address means."""

COUNT_LIMIT = 1000
"""Nobody reads further, and counting on is slow."""
FILE_LIMIT = 200_000
"""The most rows of a list that is taken along as a file; it is written while it is read."""
FILE_PART = 500
"""So many of them are in memory at a time."""


def first_row(offset: int, limit: int, total: int) -> int:
    """Where the page begins: a number past the end gives the last page, one below zero the first."""
    last = (min(total, COUNT_LIMIT) - 1) // limit * limit
    return min(max(offset, 0), max(last, 0))

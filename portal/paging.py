"""Pages of a list: which one a number in the address means."""

COUNT_LIMIT = 1000
"""Nobody reads further, and counting on is slow."""


def first_row(offset: int, limit: int, total: int) -> int:
    """Where the page begins: a number past the end gives the last page, one below zero the first."""
    last = (min(total, COUNT_LIMIT) - 1) // limit * limit
    return min(max(offset, 0), max(last, 0))

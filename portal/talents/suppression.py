"""Small cells of persons, hidden so that nobody finds them by subtracting: pure, on one table of counts.

A table has a row for each group and a column for each step; each column of the rows adds up to the total, and along a
row a count never grows. Hidden first is whatever tells of 1 to 4 persons: a count itself, or a count that differs by
so little from the one shown before it (the few who did not go on). Then, as long as the sums and the order still pin a
hidden count down to a range of fewer than 5, the smallest shown count of its column is hidden as well.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

FEWEST = 5
"""A count of persons below this is not shown to those who may not see the persons."""

K = TypeVar("K")
Counts = Sequence[int]
Shown = tuple[int | None, ...]


def protect_row(counts: Counts) -> Shown:
    """One row by itself, such as the total: None where a small number of persons would be told."""
    shown: list[int | None] = []
    before: int | None = None
    for count in counts:
        if _is_small(count) or (before is not None and _is_small(before - count)):
            shown.append(None)
        else:
            shown.append(count)
            before = count
    return tuple(shown)


def protect(rows: Mapping[K, Counts], total: Counts) -> tuple[dict[K, Shown], Shown]:
    """The rows and their total as they may be shown, the total the same in every table that shares it."""
    total_shown = protect_row(total)
    shown = {key: list(protect_row(counts)) for key, counts in rows.items()}
    while True:
        ranges = _ranges(shown, total_shown, len(total))
        loose = [
            step
            for key, cells in shown.items()
            for step, cell in enumerate(cells)
            if cell is None and ranges[key][step][1] - ranges[key][step][0] < FEWEST and rows[key][step]
        ]
        for step in dict.fromkeys(loose):
            victims = [key for key in rows if shown[key][step] is not None]
            if victims:
                # A nonzero count if there is one: a zero beside it would take no part in the sum.
                victim = min(victims, key=lambda key: (rows[key][step] == 0, rows[key][step]))
                shown[victim][step] = None
                break
        else:
            return {key: tuple(cells) for key, cells in shown.items()}, total_shown


def _is_small(count: int) -> bool:
    return 0 < count < FEWEST


Range = tuple[int, int]


def _ranges(shown: Mapping[K, Sequence[int | None]], total: Shown, steps: int) -> dict[K, list[Range]]:
    """What a careful reader can still conclude about every count from what is shown."""
    top = max([cell for cell in total if cell is not None] + [_known(cells) for cells in shown.values()] + [0])
    most = top + FEWEST
    ranges: dict[K, list[Range]] = {
        key: [(cell, cell) if cell is not None else (0, most) for cell in cells] for key, cells in shown.items()
    }
    sums: list[Range] = [(cell, cell) if cell is not None else (0, most * max(len(shown), 1)) for cell in total]
    for _round in range(60):
        before = ([list(row) for row in ranges.values()], list(sums))
        for row in (*ranges.values(), sums):
            _never_grows(row)
        for step in range(steps):
            low = sum(row[step][0] for row in ranges.values())
            high = sum(row[step][1] for row in ranges.values())
            sums[step] = (max(sums[step][0], low), min(sums[step][1], high))
            for row in ranges.values():
                floor, ceiling = row[step]
                row[step] = (
                    max(floor, sums[step][0] - (high - ceiling)),
                    min(ceiling, sums[step][1] - (low - floor)),
                )
        if before == ([list(row) for row in ranges.values()], list(sums)):
            break
    return ranges


def _known(cells: Sequence[int | None]) -> int:
    return max((cell for cell in cells if cell is not None), default=0)


def _never_grows(row: list[Range]) -> None:
    """Along the funnel a count stays or falls."""
    for step in range(1, len(row)):
        low, high = row[step]
        row[step] = (low, min(high, row[step - 1][1]))
    for step in range(len(row) - 2, -1, -1):
        low, high = row[step]
        row[step] = (max(low, row[step + 1][0]), high)

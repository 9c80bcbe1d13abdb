"""Small cells of persons, hidden so that nobody finds them by subtracting: pure, on one table of counts.

A table has a row for each group and a column for each step; each column of the rows adds up to the total, and along a
row a count never grows. Hidden first is whatever tells of 1 to 4 persons: a count itself, or a count that differs by
so little from the one shown before it (the few who did not go on). Then, as long as the sums and the order still pin
such a number down to a range of fewer than 5, the smallest shown count of its column is hidden as well.
"""

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

FEWEST = 5
"""A count of persons below this is not shown to those who may not see the persons."""
_ROUNDS = 60  # far more than a table of this size needs to settle

K = TypeVar("K")
Counts = Sequence[int]
Shown = tuple[int | None, ...]
Range = tuple[int, int]


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
        known = _Knowledge(shown, total_shown)
        if not any(_hide_one_more(key, rows, shown, known) for key in rows):
            return {key: tuple(cells) for key, cells in shown.items()}, total_shown


def _hide_one_more(key: K, rows: Mapping[K, Counts], shown: dict[K, list[int | None]], known: "_Knowledge[K]") -> bool:
    """Where something small of this row is pinned down, hide the smallest other count there; whether there was one.

    In all those steps at once: its own order along the row would else give it away again.
    """
    counts, pinned = rows[key], []
    for step, count in enumerate(counts):
        is_hidden = shown[key][step] is None
        left = counts[step - 1] - count if step else 0
        is_told = is_hidden and count and _is_narrow(known.counts[key][step])
        if is_told or (_is_small(left) and _is_narrow(known.losses[key][step - 1])):
            pinned.append(step)
    for step in pinned:
        victims = [other for other in rows if shown[other][step] is not None]
        if victims:
            # A nonzero count if there is one: a zero beside it would take no part in the sum.
            victim = min(victims, key=lambda other: (rows[other][step] == 0, rows[other][step]))
            for one in pinned:
                shown[victim][one] = None
            return True
    return False


def _is_small(count: int) -> bool:
    return 0 < count < FEWEST


def _is_narrow(known: Range) -> bool:
    return known[1] - known[0] < FEWEST


class _Knowledge(Generic[K]):
    """What a careful reader can conclude from what is shown: of every count, and of those lost on the way to a step."""

    def __init__(self, shown: Mapping[K, Sequence[int | None]], total: Shown) -> None:
        most = FEWEST + max([cell for cells in (*shown.values(), total) for cell in cells if cell is not None] + [0])
        everything = most * max(len(shown), 1)
        self.counts = {
            key: [(cell, cell) if cell is not None else (0, most) for cell in cells] for key, cells in shown.items()
        }
        self.losses: dict[K, list[Range]] = {key: [(0, most)] * (len(total) - 1) for key in shown}
        self._sums = [(cell, cell) if cell is not None else (0, everything) for cell in total]
        self._lost = [(0, everything)] * (len(total) - 1)
        for _round in range(_ROUNDS):
            before = repr((self.counts, self.losses, self._sums, self._lost))
            self._conclude()
            if before == repr((self.counts, self.losses, self._sums, self._lost)):
                break

    def _conclude(self) -> None:
        for key, counts in self.counts.items():
            _along(counts, self.losses[key])
        _along(self._sums, self._lost)
        _add_up(list(self.counts.values()), self._sums)
        _add_up(list(self.losses.values()), self._lost)


def _along(counts: list[Range], losses: list[Range]) -> None:
    """A count less what is lost on the way is the next one, and nobody comes back."""
    for step, (low, high) in enumerate(losses):
        here, there = counts[step], counts[step + 1]
        low, high = max(low, here[0] - there[1], 0), min(high, here[1] - there[0])
        losses[step] = (low, high)
        counts[step] = (max(here[0], there[0] + low), min(here[1], there[1] + high))
        counts[step + 1] = (max(there[0], here[0] - high), min(there[1], here[1] - low))


def _add_up(rows: list[list[Range]], sums: list[Range]) -> None:
    """Each column of the rows adds up to its sum."""
    for step, (least, most) in enumerate(sums):
        low, high = sum(row[step][0] for row in rows), sum(row[step][1] for row in rows)
        least, most = max(least, low), min(most, high)
        sums[step] = (least, most)
        for row in rows:
            floor, ceiling = row[step]
            row[step] = (max(floor, least - (high - ceiling)), min(ceiling, most - (low - floor)))

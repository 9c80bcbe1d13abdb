"""What is shown tells nobody a small number, however it is added and subtracted: tried out by brute force."""

from collections.abc import Iterator
from itertools import product
from random import Random

import pytest

from portal.talents.suppression import FEWEST, protect, protect_row


def columns(shown: dict[str, tuple], total: tuple, step: int) -> Iterator[dict[str, int]]:
    """Every way in which one column could be filled so that its sum and what is shown hold."""
    hidden = [key for key, cells in shown.items() if cells[step] is None]
    known = sum(cells[step] or 0 for cells in shown.values())
    sums = [total[step]] if total[step] is not None else range(known, known + 25)
    for amount in sums:
        for filled in product(range(amount - known + 1), repeat=max(len(hidden) - 1, 0)):
            rest = amount - known - sum(filled)
            if (not hidden and rest) or rest < 0:
                continue
            column = {key: cells[step] for key, cells in shown.items() if cells[step] is not None}
            yield column | dict(zip(hidden, (*filled, rest), strict=False))


def possible(shown: dict[str, tuple], total: tuple) -> list[tuple[dict[str, int], ...]]:
    """Every pair of columns that an outsider must hold for possible: sums fit, and no row grows."""
    first, second = (list(columns(shown, total, step)) for step in (0, 1))
    return [(one, two) for one in first for two in second if all(two[key] <= one[key] for key in shown)]


def tables() -> list[dict[str, tuple[int, int]]]:
    dice = Random(7)
    found = []
    for _table in range(150):
        rows = {}
        for key in "abc"[: dice.randint(1, 3)]:
            first = dice.choice([0, 1, 2, 3, 4, 5, 6, 8, 11, 15])
            rows[key] = (first, dice.randint(0, first))
        found.append(rows)
    return found


@pytest.mark.parametrize("rows", tables(), ids=str)
def test_no_small_number_can_be_worked_out(rows: dict[str, tuple[int, int]]) -> None:
    total = tuple(sum(counts[step] for counts in rows.values()) for step in (0, 1))
    shown, total_shown = protect(rows, total)
    worlds = possible(shown, total_shown)

    assert worlds, "what is shown must hold for the true counts at least"
    for step in (0, 1):
        for key, counts in rows.items():
            told = {world[step][key] for world in worlds}
            assert counts[step] in told
            if 0 < counts[step] < FEWEST:
                assert shown[key][step] is None
                # It could just as well be nobody, or a number that need not be hidden.
                assert min(told) == 0 or max(told) >= FEWEST, (key, step, told)
                assert len(told) >= FEWEST, (key, step, told)
    for key, (before, after) in rows.items():
        if 0 < before - after < FEWEST:
            told = {world[0][key] - world[1][key] for world in worlds}
            assert len(told) >= FEWEST, ("those who did not go on", key, told)


def test_what_is_shown_is_true() -> None:
    rows = {"a": (40, 30, 0), "b": (25, 12, 6), "c": (9, 2, 0)}
    total = (74, 44, 6)

    shown, total_shown = protect(rows, total)

    assert total_shown == total
    assert shown["c"][1] is None
    # One hidden count alone could be subtracted: the smallest other one of its column is hidden with it.
    assert shown["b"][1] is None
    assert shown["a"][:2] == (40, 30)
    for key, cells in shown.items():
        assert all(cell in (None, count) for cell, count in zip(cells, rows[key], strict=True))


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((40, 30, 20), (40, 30, 20)),
        ((40, 38, 30), (40, None, 30)),  # two did not go on
        ((40, 40, 0), (40, 40, 0)),
        ((6, 4, 3), (6, None, None)),
        ((4, 0, 0), (None, 0, 0)),
        ((0, 0, 0), (0, 0, 0)),
        ((5, 0, 0), (5, 0, 0)),
    ],
)
def test_a_row_by_itself(counts: tuple[int, ...], shown: tuple[int | None, ...]) -> None:
    assert protect_row(counts) == shown


def test_a_single_small_group_hides_the_total_too() -> None:
    """Hard case 15: a district with one enterprise in a sector is that enterprise."""
    shown, total = protect({"only": (3, 1)}, (3, 1))

    assert (shown, total) == ({"only": (None, None)}, (None, None))


def test_thirteen_towns_and_seven_steps_are_quick_enough_to_end() -> None:
    dice = Random(3)
    rows = {}
    for town in range(13):
        counts = [dice.randint(0, 60)]
        for _step in range(6):
            counts.append(dice.randint(0, counts[-1]))
        rows[str(town)] = tuple(counts)
    total = tuple(sum(counts[step] for counts in rows.values()) for step in range(7))

    shown, _total = protect(rows, total)

    for step in range(7):
        hidden = [key for key in rows if shown[key][step] is None]
        missing = total[step] - sum(shown[key][step] or 0 for key in rows)
        assert not hidden or missing >= FEWEST or missing == 0

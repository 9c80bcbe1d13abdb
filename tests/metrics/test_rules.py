"""The method of the four chains against values worked out by hand or with another tool."""

import math
import random

import numpy as np
import pytest

from portal.metrics.rules import (
    Direction,
    Grade,
    Normalised,
    all_constant,
    coupling_coordination,
    entropy_weights,
    grade_of,
    normalise,
)


def test_the_published_check_values_hold() -> None:
    found = coupling_coordination([0.6, 0.5, 0.4, 0.3])

    assert found.c == pytest.approx(0.96797, abs=5e-6)
    assert found.t == pytest.approx(0.45)
    assert found.d == pytest.approx(0.65999, abs=5e-6)
    assert found.c_corrected == pytest.approx(0.73738, abs=5e-6)
    assert found.d_corrected == pytest.approx(0.57604, abs=5e-6)
    assert found.grade is Grade.PRIMARY_COORDINATION


def test_equal_low_chains_couple_fully_and_develop_little() -> None:
    found = coupling_coordination([0.04] * 4)

    assert found.c == pytest.approx(1) and found.c_corrected == pytest.approx(1)
    assert found.t == pytest.approx(0.04)
    assert found.d == pytest.approx(0.2)
    assert found.grade is Grade.SEVERE_IMBALANCE


def test_a_chain_without_anything_leaves_no_coupling() -> None:
    found = coupling_coordination([0, 0.9, 0.9, 0.9])

    assert (found.c, found.d, found.c_corrected, found.d_corrected) == (0, 0, 0, 0)
    assert found.t == pytest.approx(0.675)
    assert found.grade is Grade.EXTREME_IMBALANCE


def test_no_data_is_no_degree_of_zero() -> None:
    assert coupling_coordination([0, 0, 0, 0]) == (None, 0.0, None, None, None, None)


@pytest.mark.parametrize("scores", [[], [0.5], [0.5, 1.1], [-0.1, 0.5], [math.nan, 0.5]])
def test_scores_outside_the_scale_are_refused(scores) -> None:
    with pytest.raises(ValueError, match="scores"):
        coupling_coordination(scores)


def test_every_degree_lies_between_0_and_1() -> None:
    dice = random.Random(20260305)
    for _ in range(2000):
        found = coupling_coordination([dice.choice((0, 1, dice.random())) for _ in range(4)])
        for figure in (found.c, found.d, found.c_corrected, found.d_corrected):
            assert figure is None or 0 <= figure <= 1


@pytest.mark.parametrize(
    ("degree", "grade"),
    [
        (0, Grade.EXTREME_IMBALANCE),
        (0.1, Grade.EXTREME_IMBALANCE),
        (0.100001, Grade.SEVERE_IMBALANCE),
        (0.3, Grade.MODERATE_IMBALANCE),
        (0.1 + 0.2, Grade.MODERATE_IMBALANCE),  # 0.30000000000000004: rounding lifts nobody
        (0.4, Grade.MILD_IMBALANCE),
        (0.5, Grade.NEAR_IMBALANCE),
        (0.6, Grade.BARE_COORDINATION),
        (0.7, Grade.PRIMARY_COORDINATION),
        (0.8, Grade.INTERMEDIATE_COORDINATION),
        (0.9, Grade.GOOD_COORDINATION),
        (0.91, Grade.EXCELLENT_COORDINATION),
        (1, Grade.EXCELLENT_COORDINATION),
    ],
)
def test_a_degree_on_a_limit_belongs_to_the_lower_grade(degree, grade) -> None:
    assert grade_of(degree) is grade


def test_values_outside_the_reference_points_are_cut_off_and_flagged() -> None:
    assert normalise(15, 10, 20) == Normalised(0.5, False)
    assert normalise(25, 10, 20) == Normalised(1.0, True)
    assert normalise(5, 10, 20) == Normalised(0.0, True)
    assert normalise(12.5, 10, 20, Direction.NEGATIVE) == Normalised(0.75, False)
    assert normalise(7, 7, 7) == Normalised(0.0, False)
    assert normalise(8, 7, 7) == Normalised(0.0, True)


def test_entropy_weights_agree_with_a_second_calculation() -> None:
    dice = np.random.default_rng(7)
    matrix = dice.random((36, 5))
    matrix[:, 2] = 0.4
    shifted = matrix + 1e-4
    p = shifted / shifted.sum(axis=0)
    divergence = 1 + (p * np.log(p)).sum(axis=0) / np.log(len(matrix))
    divergence[2] = 0

    found = entropy_weights(matrix.tolist())

    assert found == pytest.approx(divergence / divergence.sum())
    assert found[2] == 0
    assert sum(found) == pytest.approx(1)


def test_an_indicator_seen_in_one_place_alone_weighs_more_than_one_spread_evenly() -> None:
    rare, even = entropy_weights([[1, 0.5], [0, 0.6], [0, 0.4], [0, 0.5]])
    assert rare > 0.9 > even > 0


@pytest.mark.parametrize("matrix", [[[0.3, 0.7]] * 4, [[0.2, 0.9]], [[0.0, 0.0]] * 3])
def test_indicators_that_tell_nothing_apart_weigh_the_same(matrix) -> None:
    assert entropy_weights(matrix) == [0.5, 0.5]
    assert all_constant(matrix)


@pytest.mark.parametrize("matrix", [[], [[]], [[0.1, 0.2], [0.3]]])
def test_a_matrix_without_a_shape_is_refused(matrix) -> None:
    with pytest.raises(ValueError):
        entropy_weights(matrix)

"""The four chains as one figure: normalised indicators, entropy weights, coupling coordination. Pure arithmetic.

The method is the coupling coordination degree (耦合协调度) of the Chinese literature with entropy weights (熵权法);
the corrected degree is that of 王淑佳 et al. (2021), 国内耦合协调度模型的误区及修正, 自然资源学报 36(3). Every share
and score lies in [0, 1].
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import combinations
from math import log, prod, sqrt
from statistics import fmean
from typing import NamedTuple

ZERO_SHIFT = 1e-4
"""Added to every value inside a share, so that its logarithm exists; the scores themselves stay as they are."""


class Direction(StrEnum):
    """Whether more of an indicator is better or worse."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class Grade(StrEnum):
    """The ten grades of the degree of coordination, from extreme imbalance to excellent coordination."""

    EXTREME_IMBALANCE = "extreme_imbalance"  # 极度失调
    SEVERE_IMBALANCE = "severe_imbalance"  # 严重失调
    MODERATE_IMBALANCE = "moderate_imbalance"  # 中度失调
    MILD_IMBALANCE = "mild_imbalance"  # 轻度失调
    NEAR_IMBALANCE = "near_imbalance"  # 濒临失调
    BARE_COORDINATION = "bare_coordination"  # 勉强协调
    PRIMARY_COORDINATION = "primary_coordination"  # 初级协调
    INTERMEDIATE_COORDINATION = "intermediate_coordination"  # 中级协调
    GOOD_COORDINATION = "good_coordination"  # 良好协调
    EXCELLENT_COORDINATION = "excellent_coordination"  # 优质协调


UPPER_LIMITS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""The last degree that still belongs to each grade but the highest."""


class Normalised(NamedTuple):
    """A value between the reference points; `clipped` when it lay outside them."""

    value: float
    clipped: bool


class Coordination(NamedTuple):
    """Coupling c, development t, degree d, the corrected c and d, and the grade of d; None where there are no data."""

    c: float | None
    t: float
    d: float | None
    c_corrected: float | None
    d_corrected: float | None
    grade: Grade | None


def normalise(value: float, low: float, high: float, direction: Direction = Direction.POSITIVE) -> Normalised:
    """Where a value lies between two frozen reference points: (x - min) / (max - min), or (max - x) / (max - min).

    Reference points that coincide say nothing: 0, and such an indicator weighs nothing either.
    """
    if high <= low:
        return Normalised(0.0, value != low)
    share = (value - low) / (high - low) if direction is Direction.POSITIVE else (high - value) / (high - low)
    return Normalised(min(max(share, 0.0), 1.0), not 0.0 <= share <= 1.0)


def entropy_weights(matrix: Sequence[Sequence[float]]) -> list[float]:
    """The weight of each indicator by how much it tells the observations apart; they sum to 1.

    `matrix` has a row an observation (town and month) and a column an indicator, normalised. With m observations and
    shares p = x' / Σ x', e = -(1 / ln m) Σ p ln p and w = (1 - e) / Σ (1 - e). A constant indicator weighs 0; when all
    are constant they weigh the same (`all_constant` says so).

    Raises: ValueError for no observation, no indicator, or rows of different length.
    """
    if not len(matrix) or not len(matrix[0]):
        raise ValueError("no observation or no indicator")
    columns = [list(column) for column in zip(*matrix, strict=True)]
    divergence = [_divergence(column) for column in columns]
    total = sum(divergence)
    if total == 0:
        return [1 / len(columns)] * len(columns)
    return [share / total for share in divergence]


def all_constant(matrix: Sequence[Sequence[float]]) -> bool:
    """Whether no indicator tells any two observations apart, so that the weights are equal for want of anything."""
    return all(min(column) == max(column) for column in zip(*matrix, strict=True))


def _divergence(column: list[float]) -> float:
    """1 - e of one indicator; exactly 0 for a constant one, whatever the rounding."""
    if min(column) == max(column):
        return 0.0
    shifted = [value + ZERO_SHIFT for value in column]
    total = sum(shifted)
    entropy = -sum(value / total * log(value / total) for value in shifted) / log(len(column))
    return max(1 - entropy, 0.0)


def coupling_coordination(scores: Sequence[float]) -> Coordination:
    """How evenly and how highly the chains stand: C = n (Π U)^(1/n) / Σ U, T = mean U, D = √(C T), for n chains.

    Corrected after 王淑佳 et al. (2021): C' = √([1 - mean over pairs |Ui - Uj|] (Π Ui / max U)^(1/(n-1))), which
    spreads over the whole of [0, 1]; D' = √(C' T). All scores zero means no data, not a degree of 0.

    Raises: ValueError for fewer than two chains or a score outside [0, 1].
    """
    values = [float(score) for score in scores]
    if len(values) < 2 or not all(0 <= value <= 1 for value in values):
        raise ValueError("two or more scores between 0 and 1 are needed")
    top, mean = max(values), fmean(values)
    if top == 0:
        return Coordination(None, 0.0, None, None, None, None)
    c = min(prod(values) ** (1 / len(values)) / mean, 1.0)
    distance = fmean(abs(one - other) for one, other in combinations(values, 2))
    c_corrected = sqrt((1 - distance) * prod(value / top for value in values) ** (1 / (len(values) - 1)))
    d = sqrt(c * mean)
    return Coordination(c, mean, d, c_corrected, sqrt(c_corrected * mean), grade_of(d))


def grade_of(degree: float) -> Grade:
    """The grade whose interval holds the degree; a degree on a limit belongs to the lower grade."""
    return tuple(Grade)[sum(round(degree, 12) > limit for limit in UPPER_LIMITS)]

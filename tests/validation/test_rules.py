"""Judging values exactly: on the limit is inside, the highest stage counts, mandatory before optional."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from db.models import RunStage, Verdict
from portal.errors import Invalid
from portal.validation.rules import (
    Judgement,
    Limits,
    Reading,
    find_verdict,
    judge,
    measured_value,
    require_limits,
)

A, B = uuid4(), uuid4()
LIMITS = [Limits(A, Decimal(8), Decimal(10), True), Limits(B, None, Decimal(2), False)]
DAY = date(2026, 5, 1)


def reading(key, value, stage=RunStage.PILOT, day=DAY, number=1):
    return Reading(key, stage, day, number, Decimal(value))


@pytest.mark.parametrize(
    ("value", "lower", "upper", "expected"),
    [
        ("8.0", "8", "10", Judgement.INSIDE),  # row 29: exactly on the limit is inside
        ("10.000", "8", "10", Judgement.INSIDE),
        ("7.9999999999999999999", "8", "10", Judgement.BELOW),
        ("10.0000000000000000001", "8", "10", Judgement.ABOVE),
        ("0.3", None, "0.3", Judgement.INSIDE),
        ("-5", "-5", None, Judgement.INSIDE),
        ("1000000", "1", None, Judgement.INSIDE),
    ],
)
def test_a_value_is_judged_exactly(value, lower, upper, expected):
    limits = [None if limit is None else Decimal(limit) for limit in (lower, upper)]

    assert judge(Decimal(value), *limits) is expected


def test_the_sum_of_tenths_is_exact():
    assert judge(Decimal("0.1") + Decimal("0.2"), None, Decimal("0.3")) is Judgement.INSIDE


@pytest.mark.parametrize(
    ("readings", "verdict"),
    [
        ([reading(A, 9), reading(B, 2)], Verdict.PASSED),
        ([reading(A, 11), reading(B, 2)], Verdict.FAILED),
        ([reading(A, 9), reading(B, 3)], Verdict.CONDITIONAL),
        ([reading(A, 9)], Verdict.INCONCLUSIVE),
        ([reading(A, 11)], Verdict.FAILED),  # a failed mandatory one needs no further value
        ([], Verdict.INCONCLUSIVE),
        ([reading(A, 9, RunStage.BASELINE), reading(B, 1, RunStage.BASELINE)], Verdict.INCONCLUSIVE),
    ],
)
def test_the_verdict(readings, verdict):
    assert find_verdict(LIMITS, readings) is verdict


def test_the_highest_stage_counts_and_there_the_latest_value():
    first_article_failed = reading(A, 11, RunStage.FIRST_ARTICLE, date(2026, 6, 1), 9)
    pilot = reading(A, 9, RunStage.PILOT)
    later_pilot = reading(A, 12, RunStage.PILOT, date(2026, 5, 2), 2)

    assert find_verdict(LIMITS, [pilot, first_article_failed, reading(B, 1)]) is Verdict.PASSED
    assert find_verdict(LIMITS, [later_pilot, pilot, reading(B, 1)]) is Verdict.FAILED


def test_on_one_day_the_later_run_counts():
    runs = [reading(A, 9, number=2), reading(A, 11, number=1), reading(B, 1)]

    assert find_verdict(LIMITS, runs) is Verdict.PASSED


def test_without_characteristics_nothing_is_proven():
    assert find_verdict([], []) is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("unit", "lower", "upper", "target"),
    [
        ("mm", "5", "4", None),  # row 19: LSL above USL
        ("mm", "4", "4", None),  # LSL = USL
        ("mm", None, None, None),
        (" ", "1", None, None),  # missing unit
        ("mm", "1", "2", "2.1"),  # target better than the limit allows
    ],
)
def test_limits_that_cannot_be_judged_are_refused(unit, lower, upper, target):
    with pytest.raises(Invalid):
        require_limits("厚度", unit, *(None if value is None else Decimal(value) for value in (lower, upper, target)))


@pytest.mark.parametrize(("lower", "upper"), [("1", None), (None, "1"), ("1", "2")])
def test_one_sided_limits_are_fine(lower, upper):
    require_limits("厚度", "mm", lower and Decimal(lower), upper and Decimal(upper), None)


@pytest.mark.parametrize("text", ["NaN", "inf", "1e400", "1e-9", "12,5", "1 234", "", "十二", "1_000"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(Invalid):
        measured_value(text)


@pytest.mark.parametrize(
    ("text", "value"), [("１２．５", "12.5"), ("0.10", "0.10"), ("-1", "-1"), (Decimal("0.070"), "0.070")]
)
def test_numbers_are_kept_exactly(text, value):
    assert str(measured_value(text)) == value

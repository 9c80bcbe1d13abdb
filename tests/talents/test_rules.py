"""Pure checks: identity numbers, days, the order of steps, exactly one main post, what the order of a funnel tells."""

from datetime import date

import pytest

from db.models import TalentStage
from portal.errors import Invalid
from portal.talents.rules import (
    STAGES,
    Period,
    a_year_after,
    a_year_before,
    masked,
    refuse_identity_number,
    require_day,
    require_one_main,
    require_step_day,
)

D = date


@pytest.mark.parametrize(
    "text",
    [
        "330110199003071234",
        "33011019900307123X",
        "身份证：33011019900307123x。",
        "330110 19900307 1234",
        "330110-19900307-1234",
        "３３０１１０１９９００３０７１２３４",
        "号码330110199002301234",  # 30 February: mistyped, and still not for us
    ],
)
def test_an_identity_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="identity-card"):
        refuse_identity_number(text, field="name")


@pytest.mark.parametrize("text", ["", "13800000000", "YHRC0007", "91330110MA2XXXXX0X", "2026年3月5日 17:00", "1" * 30])
def test_other_numbers_are_kept(text: str) -> None:
    assert refuse_identity_number(text, field="name") == text


@pytest.mark.parametrize(("name", "shown"), [("陈思远", "陈**"), ("Jane", "J**"), ("", "**")])
def test_a_name_is_masked(name: str, shown: str) -> None:
    assert masked(name) == shown


@pytest.mark.parametrize(
    ("joined", "complete"),
    [(D(2025, 3, 5), D(2026, 3, 5)), (D(2024, 2, 29), D(2025, 3, 1)), (D(2023, 2, 28), D(2024, 2, 28))],
)
def test_twelve_months(joined: date, complete: date) -> None:
    assert a_year_after(joined) == complete
    # The job asks the other way round, and finds the same people.
    assert joined <= a_year_before(complete)
    assert a_year_after(a_year_before(complete)) <= complete


@pytest.mark.parametrize("today", [D(2024, 2, 29), D(2025, 2, 28), D(2025, 3, 1), D(2026, 12, 31)])
def test_the_job_and_the_step_agree_on_every_day(today: date) -> None:
    for back in range(350, 380):
        joined = date.fromordinal(today.toordinal() - back)
        assert (joined <= a_year_before(today)) is (a_year_after(joined) <= today), joined


def test_a_day_to_come_and_one_of_another_age_are_refused() -> None:
    require_day(D(2026, 3, 5), D(2026, 3, 5), field="since")
    for day in (D(2026, 3, 6), D(1989, 12, 31), D(9999, 12, 31), D(1, 1, 1)):
        with pytest.raises(Invalid):
            require_day(day, D(2026, 3, 5), field="since")


def test_a_step_is_not_before_the_one_before_it() -> None:
    require_step_day(TalentStage.VISITED, D(2026, 3, 5), D(2026, 3, 5), None)
    with pytest.raises(Invalid, match="step before"):
        require_step_day(TalentStage.VISITED, D(2026, 3, 4), D(2026, 3, 5), None)


def test_a_stay_takes_twelve_months() -> None:
    joined = D(2025, 3, 5)
    require_step_day(TalentStage.RETAINED, D(2026, 3, 5), joined, joined)
    for day, known in ((D(2026, 3, 4), joined), (D(2027, 3, 4), None)):
        with pytest.raises(Invalid, match="Twelve months"):
            require_step_day(TalentStage.RETAINED, day, joined, known)


def test_the_steps_stand_in_the_order_of_the_funnel() -> None:
    assert [stage.value for stage in STAGES] == [
        "reached",
        "visited",
        "registered",
        "matched",
        "joined",
        "retained_12m",
        "leads_project",
    ]


A, B, C, E = D(2026, 1, 1), D(2026, 3, 31), D(2026, 4, 1), D(2026, 6, 30)


@pytest.mark.parametrize(
    "posts",
    [
        [],
        [Period(True, A, None)],
        [Period(True, A, B), Period(True, C, None)],
        [Period(True, A, None), Period(False, A, None), Period(False, B, E)],
        [Period(True, A, B), Period(True, C, E), Period(False, A, E)],
        [Period(True, A, B), Period(True, E, None)],  # a time without any post
    ],
)
def test_one_main_post(posts: list[Period]) -> None:
    require_one_main(posts)


@pytest.mark.parametrize(
    "posts",
    [
        [Period(True, A, None), Period(True, C, None)],
        [Period(True, A, C), Period(True, C, None)],  # one day too many
        [Period(False, A, None)],
        [Period(True, C, None), Period(False, A, None)],
        [Period(True, A, B), Period(False, A, None)],
        [Period(True, A, B), Period(True, E, None), Period(False, A, None)],  # a gap between the main posts
    ],
)
def test_no_or_two_main_posts(posts: list[Period]) -> None:
    with pytest.raises(Invalid):
        require_one_main(posts)

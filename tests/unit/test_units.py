"""A value beside its unit: the unit one of a bare number is shown nowhere."""

import pytest

from portal.wording import unit_of, with_unit


@pytest.mark.parametrize(
    ("text", "unit", "shown"),
    [("≤ 4", "1", "≤ 4"), ("-9.8", " 1 ", "-9.8"), ("8.10", "μm", "8.10 μm"), ("11", "1/m", "11 1/m")],
)
def test_a_value_beside_its_unit(text, unit, shown) -> None:
    assert with_unit(text, unit) == shown


def test_the_unit_one_alone_is_nothing() -> None:
    assert unit_of("1") == ""
    assert unit_of("1/m") == "1/m"

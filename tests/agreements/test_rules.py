"""Terms, steering groups and lateness, without a database."""

from datetime import date

import pytest

from portal.agreements.rules import Member, is_late, parse_group, require_past, require_term, review_from
from portal.errors import Invalid


@pytest.mark.parametrize(
    "line",
    ["陆远，副校长", "陆远,副校长", "陆远、副校长", " 陆远\t副校长 ", "陆远 副校长", "陆远　副校长"],
)
def test_name_and_post_are_told_apart_however_they_are_typed(line) -> None:
    assert parse_group(line, field="g") == [Member("陆远", "副校长")]


def test_a_post_keeps_its_own_commas_and_blanks() -> None:
    assert parse_group("Chen Hao, vice president, research", field="g") == [
        Member("Chen Hao", "vice president, research")
    ]


def test_empty_lines_are_nobody() -> None:
    assert parse_group("\n 沈立，局长 \n\n", field="g") == [Member("沈立", "局长")]
    assert parse_group(None, field="g") == []


@pytest.mark.parametrize("text", ["沈立，局长\n顾敏", "，局长", "顾敏，"])
def test_a_line_without_a_name_or_a_post_is_named(text) -> None:
    with pytest.raises(Invalid, match="needs a name and a post") as refused:
        parse_group(text, field="district_group")

    assert refused.value.field == "district_group"
    assert refused.value.params["number"] == len(text.splitlines())


@pytest.mark.parametrize("text", ["长" * 61 + "，局长", "沈立，" + "长" * 101, "\n".join(["沈立，局长"] * 31)])
def test_too_long_and_too_many_are_refused(text) -> None:
    with pytest.raises(Invalid):
        parse_group(text, field="g")


@pytest.mark.parametrize(
    ("first", "last", "is_fine"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), True),
        (date(2026, 1, 2), date(2026, 1, 1), False),
        (date(2026, 1, 1), date(2056, 1, 1), True),
        (date(2026, 1, 1), date(2062, 1, 1), False),
    ],
)
def test_a_term(first, last, is_fine) -> None:
    if is_fine:
        require_term(first, last)
    else:
        with pytest.raises(Invalid):
            require_term(first, last)


def test_the_due_day_itself_is_in_time() -> None:
    assert not is_late(date(2026, 3, 5), date(2026, 3, 5))
    assert is_late(date(2026, 3, 5), date(2026, 3, 6))


def test_only_what_has_happened_is_recorded() -> None:
    require_past(date(2026, 3, 5), date(2026, 3, 5), field="day")
    with pytest.raises(Invalid):
        require_past(date(2026, 3, 6), date(2026, 3, 5), field="day")


def test_when_the_renewal_has_to_be_decided() -> None:
    assert review_from(date(2026, 12, 31), 90) == date(2026, 10, 2)

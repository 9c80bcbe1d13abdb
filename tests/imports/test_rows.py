"""Every bad cell is named by line and column, checked by the rules of the form (rows 18–27 as far as they go)."""

import pytest

from db.models import SectionKey
from portal.imports.rows import prepare_file
from tests.factories import credit_code
from tests.imports.samples import csv_file, row

CODE = credit_code(7)


def faults(**changes: str) -> list[tuple[int, str]]:
    prepared = prepare_file("a.csv", csv_file([row(CODE, **changes)]))
    assert bool(prepared.rows) != bool(prepared.problems)
    return [(problem.line, problem.column) for problem in prepared.problems]


def contents(**changes: str) -> dict[str, dict]:
    (found,) = prepare_file("a.csv", csv_file([row(CODE, **changes)])).rows
    return {key.value: content for key, content in found.contents.items()}


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("reference", ""),
        ("reference", "x" * 81),
        ("credit_code", ""),
        ("credit_code", "91350100M000100Y44"),
        ("credit_code", "９１３"),
        ("title", ""),
        ("title", "长" * 101),
        ("summary", "长" * 301),
        ("industry", "C99"),
        ("town", "西湖区"),
        ("trl_wanted", "10"),
        ("trl_wanted", "七"),
        ("trl_wanted", "7.5"),
        ("trl_now", "0"),
        ("cost", "NaN"),
        ("budget", "-1"),
        ("budget", "0"),
        ("budget", "1e400"),
        ("budget", "1e3"),
        ("budget", "12,5"),
        ("budget", "1 234"),
        ("budget", "inf"),
        ("budget", "一百"),
        ("ip", "无"),
        ("opens_on", "2099-02-31 09:00"),
        ("closes_at", "2099-06-01"),
        ("closes_at", "03/04/26 17:00"),
        ("closes_at", "46086.7"),
        ("closes_at", "2001-06-01 17:00"),
        ("closes_at", "2099-06-01 25:00"),
        ("metric_2", "温度|℃"),
        ("metric_2", "温度||1|2"),
        ("metric_2", "|℃|1|2"),
        ("metric_2", "温度|℃|3|2"),
        ("metric_2", "温度|℃|2|2"),
        ("metric_2", "温度|℃|1|2|5"),
        ("metric_2", "温度|℃|-300|2"),
        ("metric_2", "温度|℃|1|NaN"),
        ("metric_2", "温度|℃|1|2|1.5|也许"),
        ("metric_2", "a|b|1|2|1|是|m|多"),
        ("criterion_2", "成本|0"),
        ("criterion_2", "|40"),
    ],
)
def test_one_bad_cell_is_named_alone(column: str, text: str) -> None:
    assert faults(**{column: text}) == [(2, column)]


def test_several_bad_cells_of_a_row_are_all_named() -> None:
    found = faults(trl_wanted="x", budget="-1", metric_1="坏", metric_3="也坏|x", criterion_1="绝缘|10", town="杭州")
    bad = ("budget", "criterion_1", "metric_1", "metric_3", "town", "trl_wanted")
    assert sorted(found) == [(2, column) for column in bad]


@pytest.mark.parametrize(
    ("text", "fen"),
    [("360", 360_000_000), ("１２．５万", 12_500_000), ("1.2 亿元", 12_000_000_000), ("3000 元", 300_000)],
)
def test_sums_with_units_and_full_width_digits(text: str, fen: int) -> None:
    assert contents(budget=text)["budget"]["sum_fen"] == fen


@pytest.mark.parametrize(
    "text", ["2099年6月1日 17:00", "2099/6/1 17:00", "2099-06-01T17:00+08:00", "2099-06-01 09:00Z"]
)
def test_one_deadline_in_its_usual_forms(text: str) -> None:
    assert contents(closes_at=text)["schedule"]["closes_at"] == "2099-06-01T17:00+08:00"


def test_names_stand_for_codes_and_hidden_characters_go() -> None:
    found = contents(
        industry="电气机械和器材制造业", town="瓶窑镇", ip="Both own the results", title="甲\u202e乙\u200b丙"
    )
    assert found["problem"]["industry_code"] == "C38"
    assert found["problem"]["town_code"] == "pingyao"
    assert found["problem"]["title"] == "甲乙丙"
    assert found["ip"]["regime"] == "jointly_owned"
    assert contents(ip="成果双方共有", trl_wanted="TRL7")["problem"]["trl_wanted"] == 7


def test_metrics_and_rubric_arrive_as_tables() -> None:
    (found,) = prepare_file("a.csv", csv_file([row(CODE, metric_2="颗粒｜个/m｜｜0.10｜｜否")])).rows
    first, second = found.metrics
    assert (first.name, str(first.lower), str(first.upper), str(first.target), first.mandatory) == (
        "双边漆膜厚度",
        "120",
        "140",
        "132",
        True,
    )
    assert (second.lower, str(second.upper), second.mandatory) == (None, "0.10", False)
    assert [(one.name, one.weight) for one in found.criteria] == [("绝缘性能", 60), ("成本", 40)]


def test_a_row_needs_no_more_than_reference_enterprise_and_title() -> None:
    least = {"reference": "1", "credit_code": CODE, "title": "只有标题"}
    prepared = prepare_file("a.csv", csv_file([least]))
    assert prepared.problems == []
    assert prepared.rows[0].metrics == []
    assert prepared.rows[0].contents[SectionKey.BUDGET]["sum_fen"] is None


def test_the_same_reference_twice_in_a_file_is_refused_where_it_comes_again() -> None:
    prepared = prepare_file("a.csv", csv_file([row(CODE), row(credit_code(8)), row(CODE)]))
    assert [(one.line, one.column, one.params) for one in prepared.problems] == [(4, "reference", {"line": 2})]


def test_total_rows_and_ragged_rows_are_named() -> None:
    content = csv_file([row(CODE)]) + "合计,,360\r\n".encode()
    prepared = prepare_file("a.csv", content)
    assert {(one.line, one.column) for one in prepared.problems} == {(3, "credit_code")}
    too_long = csv_file([row(CODE)]).rstrip() + b",1,2\r\n"
    assert [(one.line, one.column) for one in prepare_file("a.csv", too_long).problems] == [(2, "")]


def test_three_bad_rows_among_two_thousand_are_the_three_that_are_named() -> None:
    rows = [row(CODE, number) for number in range(2000)]
    for place, column in ((10, "budget"), (999, "town"), (1999, "metric_1")):
        rows[place][column] = "坏"
    prepared = prepare_file("a.csv", csv_file([{**one, "problem": ""} for one in rows]))
    assert [(one.line, one.column) for one in prepared.problems] == [
        (12, "budget"),
        (1001, "town"),
        (2001, "metric_1"),
    ]

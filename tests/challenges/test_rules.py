"""Texts, deadlines, workdays and tables as people type them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from db.models import Challenge, ChallengeStatus, SectionKey
from portal import clock
from portal.challenges.rules import accepts_proposals, has_closed, next_midnight, parse_moment
from portal.challenges.sections import SHAPES, clean_content, deadline_of, missing_fields
from portal.challenges.shapes import TEXT_LIMIT
from portal.challenges.tables import clean_metrics, clean_rubric, clean_whole_rubric, missing_tables
from portal.challenges.texts import one_line, paragraphs
from portal.challenges.workdays import add_workdays, is_workday
from portal.errors import Invalid
from portal.i18n import translate
from portal.letters import count_letters
from portal.organisations import places
from portal.wording import date_time

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
PROBLEM = {
    "title": "题目", "summary": "", "text": "", "industry_code": None, "town_code": None, "trl_wanted": 6, "trl_now": 3
}  # fmt: skip


def line(text: object) -> str:
    return one_line(text, 100, section=SectionKey.PROBLEM, field="title")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("漆\u200b膜\ufeff减薄", "漆膜减薄"),  # zero-width space and byte-order mark
        ("exe.\u202egnp", "exe.gnp"),  # the override that turns the direction of writing
        ("一\r\n二\x0c三\x00四", "一 二 三四"),  # line breaks, form feed, NUL
        ("𠮷野㐂👨‍👩‍👧", "𠮷野㐂👨‍👩‍👧"),
        ("a\u0301", "á"),
        ("　全角　空格　", "全角 空格"),
        ("<b>x</b> ![](http://a) :red[x] $x$", "<b>x</b> ![](http://a) :red[x] $x$"),
        (None, ""),
    ],
)
def test_a_line_keeps_what_is_seen(typed, kept):
    assert line(typed) == kept


@pytest.mark.parametrize("typed", ["half \ud800", 12, ["a"]])
def test_half_a_character_and_other_types_are_refused(typed):
    with pytest.raises(Invalid):
        line(typed)


def test_length_counts_what_a_reader_counts():
    assert count_letters("👨‍👩‍👧") == 1
    assert count_letters("e\u0323\u0302") == 1
    assert line("字" * 100) == "字" * 100
    with pytest.raises(Invalid) as refusal:
        line("字" * 101)
    assert (refusal.value.params["count"], refusal.value.params["limit"]) == (101, 100)


@pytest.mark.parametrize("text", ["x" * 10_000_000, "行\n" * 100_000, "a" + "\u0301" * 1_000_000])
def test_a_flood_of_text_is_refused_with_a_count(text):
    with pytest.raises(Invalid) as refusal:
        paragraphs(text, TEXT_LIMIT, section=SectionKey.PROBLEM, field="text")

    assert refusal.value.params["count"] > TEXT_LIMIT


def test_24_00_is_the_next_day_00_00_and_is_shown_so():
    moment = parse_moment("2026-03-05 24:00")

    assert moment == datetime(2026, 3, 5, 16, 0, tzinfo=UTC)
    assert date_time(moment, "zh_CN") == "2026年3月6日 00:00"
    assert parse_moment("2026年3月6日00时") == moment
    assert parse_moment("2026-03-05T16:00:00Z") == moment
    assert parse_moment("２０２６/3/6 0:00 CST") == moment


@pytest.mark.parametrize(
    "text", ["2026-02-31 17:00", "2026-02-29 17:00", "2026-03-05 24:30", "2026-03-05 25:00", "2026-03-05", "", "NaN"]
)
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(Invalid):
        parse_moment(text)


def test_a_deadline_in_the_past_or_before_the_opening_is_refused():
    schedule = {"opens_on": None, "closes_at": "2026-03-01 10:00", "note": ""}  # 10:00 in Hangzhou is this instant
    with pytest.raises(Invalid):
        clean_content(SectionKey.SCHEDULE, schedule, now=NOW)
    with pytest.raises(Invalid):
        clean_content(SectionKey.SCHEDULE, {"opens_on": "2026-04-01 00:00", "closes_at": "2026-04-01 00:00"}, now=NOW)
    kept = clean_content(SectionKey.SCHEDULE, schedule | {"closes_at": "2026-03-31 24:00"}, now=NOW)
    assert kept["closes_at"] == "2026-04-01T00:00+08:00"
    assert deadline_of(kept) == datetime(2026, 3, 31, 16, tzinfo=UTC)


def test_a_section_takes_only_its_own_fields():
    with pytest.raises(Invalid) as refusal:
        clean_content(SectionKey.PROBLEM, PROBLEM | {"status": "open"}, now=NOW)
    assert refusal.value.field == "status"


@pytest.mark.parametrize(
    "change",
    [
        {"industry_code": "C99"},
        {"town_code": "nowhere"},
        {"trl_wanted": 0},
        {"trl_wanted": 10},
        {"trl_wanted": True},
        {"trl_wanted": "7"},
        {"trl_wanted": 2},
        {"title": "字" * 101},
    ],
)
def test_values_outside_the_lists_are_refused(change):
    with pytest.raises(Invalid):
        clean_content(SectionKey.PROBLEM, PROBLEM | change, now=NOW)


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("１２．５万", 12_500_000), ("360", 360_000_000), ("1.2 亿元", 12_000_000_000), ("3000 元", 300_000), ("", None)],
)
def test_a_sum_is_understood_with_its_unit(typed, fen):
    content = clean_content(SectionKey.BUDGET, {"sum_fen": typed, "source": "", "note": ""}, now=NOW)

    assert content["sum_fen"] == fen


@pytest.mark.parametrize("typed", ["-1", "0", "1e400", "1e-9", "NaN", "inf", "12,5", "1 234", "0.0000001", "万", -1, 0])
def test_what_is_no_sum_is_refused(typed):
    with pytest.raises(Invalid):
        clean_content(SectionKey.BUDGET, {"sum_fen": typed, "source": "", "note": ""}, now=NOW)


def test_what_is_missing_is_named_field_by_field():
    assert [message for _key, message, _params in missing_fields(SectionKey.BUDGET, {})] == [
        "Budget: the sum is missing.",
        "Budget: the source of the money is missing.",
    ]


def test_every_section_has_a_shape_in_the_order_of_the_form():
    assert list(SHAPES) == list(SectionKey)


def row(**values: object) -> dict[str, object]:
    return {"name": "厚度", "unit": "µm", "lower": "1", "upper": "2", "target": None, "mandatory": True} | values


def test_metrics_keep_the_digits_as_they_were_written():
    metrics = clean_metrics([row(lower="0.10", upper="１２．５", target="0.10"), {"name": "", "unit": None}])

    assert [(str(m.lower), str(m.upper), str(m.target)) for m in metrics] == [("0.10", "12.5", "0.10")]
    assert clean_metrics([row(lower=None, upper=Decimal("3"))])[0].lower is None


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"lower": "3"}, "the lower limit {lower} must lie below"),
        ({"lower": "2"}, "the lower limit {lower} must lie below"),
        ({"lower": None, "upper": None}, "give a lower limit"),
        ({"target": "2.1"}, "lies outside the limits"),
        ({"lower": None, "target": "2.1"}, "lies outside the limits"),
        ({"unit": " "}, "the unit is missing"),
        ({"name": ""}, "the name of the characteristic is missing"),
        ({"lower": "NaN"}, "is not a number"),
        ({"lower": float("nan")}, "is not a number"),
        ({"upper": "1e400"}, "is not a number"),
        ({"upper": "inf"}, "is not a number"),
        ({"upper": "12,5"}, "is not a number"),
        ({"unit": "℃", "lower": "-300"}, "nothing is colder"),
    ],
)
def test_a_bad_metric_is_refused_with_its_row(bad, words):
    with pytest.raises(Invalid) as refusal:
        clean_metrics([row(name="长度"), row(**bad)])

    assert words in refusal.value.message
    assert refusal.value.params["row"] == 2


def test_a_name_stands_in_a_table_once():
    with pytest.raises(Invalid):
        clean_metrics([row(name="Ra"), row(name="ＲＡ")])


@pytest.mark.parametrize("weights", [[0, 100], [100.5], ["x"], [None], [-10, 110], [True, 99]])
def test_weights_are_whole(weights):
    with pytest.raises(Invalid):
        clean_rubric([{"name": f"n{place}", "weight": weight} for place, weight in enumerate(weights)])


@pytest.mark.parametrize("weights", [[50, 49], [60, 41]])
def test_weights_sum_to_100_when_the_challenge_is_submitted(weights):
    rows = [{"name": f"n{place}", "weight": weight} for place, weight in enumerate(weights)]

    assert [row.weight for row in clean_rubric(rows)] == weights
    with pytest.raises(Invalid):
        clean_whole_rubric(rows)
    assert [(key, params) for key, _message, params in missing_tables(1, 1, weights)] == [
        ("rubric", {"total": sum(weights)})
    ]
    assert missing_tables(1, 1, [50, 50]) == []


def test_a_rubric_may_be_empty_while_it_is_a_draft():
    assert clean_rubric([{"name": None, "weight": None, "description": ""}]) == []


def test_workdays_follow_the_published_holidays_and_make_up_days():
    # 1 to 7 October 2026 are holidays; Saturday 10 October is worked.
    thursday = clock.from_local(2026, 9, 30, 15, 30)
    assert add_workdays(thursday, 2).at == clock.from_local(2026, 10, 9, 15, 30)
    friday = clock.from_local(2026, 10, 9, 9, 0)
    assert add_workdays(friday, 1).at == clock.from_local(2026, 10, 10, 9, 0)
    assert add_workdays(friday, 1).provisional is False
    assert is_workday(date(2026, 10, 10)) == (True, False)


def test_what_arrives_on_a_holiday_counts_from_the_next_workday():
    assert add_workdays(clock.from_local(2026, 10, 3, 22, 0), 2).at == clock.from_local(2026, 10, 10, 0, 0)


def test_beyond_the_published_years_monday_to_friday_counts_and_says_so():
    due = add_workdays(clock.from_local(2031, 1, 3, 10, 0), 2)  # a Friday

    assert (due.at, due.provisional) == (clock.from_local(2031, 1, 7, 10, 0), True)


def challenge(**values: object) -> Challenge:
    return Challenge(status=ChallengeStatus.OPEN, opens_at=NOW, closes_at=NOW + timedelta(days=30), **values)


@pytest.mark.parametrize(
    ("offset", "accepted"),
    [(timedelta(0), True), (timedelta(seconds=-1), False), (timedelta(days=30), False)],
)
def test_the_deadline_is_the_first_instant_that_is_late(offset, accepted):
    assert accepts_proposals(challenge(), NOW + offset) is accepted
    assert accepts_proposals(challenge(), NOW + timedelta(days=30) - timedelta(microseconds=1))


def test_a_deadline_once_written_is_not_reopened_by_a_clock_that_steps_back():
    late = challenge(closed_at=NOW + timedelta(days=30))

    assert has_closed(late, NOW + timedelta(days=29))
    assert not accepts_proposals(late, NOW + timedelta(days=29))


def test_next_midnight_is_a_midnight_in_hangzhou():
    assert next_midnight(datetime(2026, 3, 5, 15, 59, tzinfo=UTC)) == datetime(2026, 3, 5, 16, tzinfo=UTC)
    assert next_midnight(datetime(2026, 3, 5, 16, 0, tzinfo=UTC)) == datetime(2026, 3, 5, 16, tzinfo=UTC)


def test_divisions_are_numbered_through_and_every_name_is_its_own():
    codes = [row.code for row in places.industries()]
    assert [code[1:] for code in codes] == [f"{number:02d}" for number in range(1, 98)]
    assert "".join(row.code for row in places.industry_sections()) == "ABCDEFGHIJKLMNOPQRST"
    assert {code[0] for code in codes} == {row.code for row in places.industry_sections()}
    for rows in (places.industries(), places.industry_sections(), places.towns()):
        for names in ([row.name for row in rows], [row.name_en for row in rows]):
            assert all(names)
            assert len(set(names)) == len(names)


def test_yuhang_is_what_it_is_since_2021():
    kinds = [row.name[-2:] if row.name.endswith("街道") else row.name[-1:] for row in places.towns()]
    assert (kinds.count("街道"), kinds.count("镇")) == (7, 5)
    assert {row.name for row in places.towns()} == {
        *("余杭街道", "仓前街道", "闲林街道", "五常街道", "中泰街道", "仁和街道", "良渚街道"),
        *("瓶窑镇", "径山镇", "黄湖镇", "鸬鸟镇", "百丈镇"),
    }
    assert "国函〔2021〕29号" in places.sources()[1]


def test_the_lists_are_the_standards():
    assert len(places.industries()) == 97
    assert len(places.industry_sections()) == 20
    assert len(places.towns()) == 12
    assert places.industry_name("C38", "zh_CN") == "电气机械和器材制造业"
    assert places.town_name("pingyao", "zh_CN") == "瓶窑镇"
    assert (places.industry_name(None, "en"), places.town_name("gone", "en")) == ("", "gone")
    assert (places.find_town("瓶窑镇"), places.find_industry("38"), places.find_industry("C38")) == (
        "pingyao",
        "C38",
        "C38",
    )
    assert "GB/T 4754" in places.sources()[0]


def test_a_metric_is_mandatory_unless_somebody_says_otherwise():
    rows = [row(mandatory=None), row(name="长度", mandatory=False), {"name": "宽度", "unit": "mm", "upper": "1"}]

    assert [metric.mandatory for metric in clean_metrics(rows)] == [True, False, True]


@pytest.mark.parametrize(("language", "words"), [("en", "Problem, “Title”: "), ("zh_CN", "“名称”")])
def test_a_text_that_is_too_long_is_named_by_its_field(language: str, words: str) -> None:
    with pytest.raises(Invalid) as refusal:
        clean_content(SectionKey.PROBLEM, PROBLEM | {"title": "长" * 300}, now=NOW)

    assert words in translate(refusal.value.message, language, **refusal.value.params)

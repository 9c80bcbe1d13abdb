"""Rows 11, 14, 36, 50 and 90 of the bad inputs: what is typed into a challenge and its search."""

from datetime import timedelta

import pytest

from db.models import ChallengeStatus, Role, SectionKey
from portal import clock
from portal.accounts.queries import list_people
from portal.challenges.commands import save_metrics
from portal.challenges.queries import ListFilter, challenge_metrics, list_challenges
from portal.challenges.tables import MOST_METRICS
from portal.errors import Invalid
from portal.organisations.queries import list_organisations
from portal.permissions import VISITOR
from portal.transactions import reading, writing
from tests.apptest import open_as, texts
from tests.challenges.samples import METRICS, add_cast, draft, section_of
from tests.factories import add_challenge, add_member

EDIT = "challenges/edit.py"


def staged():
    with writing() as session:
        cast = add_cast(session)
        return cast, draft(session, cast)


@pytest.mark.parametrize("flood", ["段" * 3_400_000, "行\n" * 100_000], ids=["ten megabytes", "100,000 lines"])
def test_a_flood_keeps_the_draft_and_the_page(sqlite_url, flood) -> None:
    """Row 11: refused with a count, what was saved stays, and the page goes on."""
    cast, challenge = staged()
    at = open_as(cast.member, EDIT, id=challenge.id, section="background")
    at.text_area(key="edit_background_text").set_value("已存之言").run()

    at.text_area(key="edit_background_text").set_value(flood).run()

    assert not at.exception
    assert str(len(flood.strip())) in texts(at)
    at.text_area(key="edit_background_text").set_value("改短之言").run()
    assert not at.error
    with reading() as session:
        assert section_of(session, challenge, SectionKey.BACKGROUND).content == {"text": "改短之言"}


@pytest.mark.parametrize("words", ["𠮷野", "㐂", "🧪", "\u00e9", "e\u0301"])
def test_rare_letters_are_stored_and_found(any_session, words) -> None:
    """Row 14."""
    add_challenge(any_session, status=ChallengeStatus.OPEN, title="𠮷野㐂的🧪与é")
    add_challenge(any_session, status=ChallengeStatus.OPEN, title="别的题目")

    rows = list_challenges(any_session, VISITOR, ListFilter(text=words)).rows

    assert [row.title for row in rows] == ["𠮷野㐂的🧪与é"]


@pytest.mark.parametrize("odd", ["\ud83d", "\x00", "%", "_", "' OR '1'='1", "\\"])
def test_an_odd_search_finds_nothing_on_each_database(any_session, odd) -> None:
    """Row 36."""
    session = any_session
    add_challenge(session, status=ChallengeStatus.OPEN, title="题目")
    operator, admin = (add_member(session, role) for role in (Role.OPERATOR, Role.PLATFORM_ADMIN))
    everything = odd in ("\ud83d", "\x00")  # nothing is left of them: an empty search gives the list

    assert list_challenges(session, VISITOR, ListFilter(text=odd)).total == everything
    assert list_challenges(session, VISITOR, ListFilter(text=f"题{odd}目甲")).total == 0
    assert list_organisations(session, operator, text=odd).total == everything
    assert list_people(session, admin, search=odd).total == everything * 2


@pytest.mark.parametrize(("weekday", "said"), [(5, True), (0, False)])
def test_a_deadline_on_a_day_off_is_taken_and_said(sqlite_url, weekday, said) -> None:
    """Row 50: a Saturday and a Monday of a year for which no holidays are published yet."""
    cast, challenge = staged()
    at = open_as(cast.member, EDIT, id=challenge.id, section="schedule")
    far = clock.today() + timedelta(days=5 * 365)
    day = far + timedelta(days=(weekday - far.weekday()) % 7)

    at.date_input(key="edit_schedule_closes_at_day").set_value(day).run()

    assert not at.error
    assert ("That is a day off." in texts(at)) is said
    with reading() as session:
        assert section_of(session, challenge, SectionKey.SCHEDULE).content["closes_at"] == f"{day}T17:00+08:00"


@pytest.mark.parametrize("count", [MOST_METRICS + 1, 100_000])
def test_a_table_of_too_many_rows_is_refused_at_once(sqlite_url, count) -> None:
    """Row 90: one session's table takes nothing from the others."""
    cast, challenge = staged()
    row = {"name": "厚度", "unit": "µm", "lower": "1", "upper": "2", "target": None, "mandatory": True, "method": ""}
    rows = [row | {"name": f"厚度{number}"} for number in range(count)]

    with pytest.raises(Invalid) as refused, writing() as session:
        save_metrics(session, cast.member, challenge_id=challenge.id, rows=rows)

    assert refused.value.params == {"count": MOST_METRICS}
    with reading() as session:
        assert len(challenge_metrics(session, cast.member, challenge.id)) == len(METRICS)

"""A reader that does not end is noticed before the disk is full: row 55 of the bad inputs."""

import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from db.models import Notification, Role
from portal.transactions import reading, writing
from portal.worker import write_log
from tests.factories import add_member, add_organisation


@pytest.fixture(autouse=True)
def small_limit(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(write_log, "MOST_WAITING", write_log.MEGABYTE)
    yield


def write_two_megabytes() -> None:
    for _ in range(2):
        with writing() as session:
            add_organisation(session, summary="长" * 400_000)


def notices() -> list[tuple]:
    with reading() as session:
        return [(row.person_id, row.params) for row in session.scalars(select(Notification))]


def test_a_reader_that_blocks_the_checkpoint_is_told_once_a_day(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with writing() as session:
        admin = add_member(session, Role.PLATFORM_ADMIN)
        add_member(session, Role.OPERATOR)
    with reading() as reader:
        reader.execute(select(Notification)).all()  # from here on this reader needs the database as it was
        write_two_megabytes()

        for _ in range(2):
            assert write_log.check_write_log() == 0

        [(person_id, params)] = notices()
        assert person_id == admin.person_id
        assert params["count"] >= 2
        assert "write-ahead log" in caplog.text

    caplog.clear()
    assert write_log.waiting_bytes() == 0
    write_log.check_write_log()
    assert "write-ahead log" not in caplog.text


def test_without_a_long_reader_nothing_is_said(sqlite_url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    with writing() as session:
        add_member(session, Role.PLATFORM_ADMIN)
    write_two_megabytes()

    assert write_log.check_write_log() == 0

    assert notices() == []
    assert caplog.text == ""


def test_postgresql_has_no_such_file(database_url: str) -> None:
    assert write_log.waiting_bytes() == 0

"""Guessing is heard of: rows 66 and 67 of the bad inputs."""

import logging

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Notification, Role
from portal.accounts.rate_limits import count_attempt, link_limits, sign_in_limits
from tests.factories import add_member


def alarms(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if "rate limit reached" in record.getMessage()]


def test_a_full_bucket_is_logged_once_and_names_nobody(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    for number in range(30):
        count_attempt(session, sign_in_limits("zhang.wei@example.org", f"192.0.2.{number}", None))

    [line] = alarms(caplog)
    assert "10 of sign_in:person" in line
    assert "zhang" not in line


def test_a_thousand_addresses_with_one_try_each_are_heard_of(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    admin = add_member(session, Role.PLATFORM_ADMIN)
    for number in range(1100):
        count_attempt(session, sign_in_limits(f"p{number}@example.org", f"10.0.{number // 250}.{number % 250}", None))

    assert [line for line in alarms(caplog) if "sign_in:all" in line or "1000 of sign_in" in line] == alarms(caplog)
    assert len(alarms(caplog)) == 1
    [notice] = session.scalars(select(Notification)).all()
    assert (notice.person_id, notice.params) == (admin.person_id, {"count": 1000})


def test_nobody_guesses_a_link(session: Session) -> None:
    allowed = [count_attempt(session, link_limits("192.0.2.1")) for _ in range(70)]

    assert allowed == [True] * 60 + [False] * 10
    assert count_attempt(session, link_limits("192.0.2.2"))

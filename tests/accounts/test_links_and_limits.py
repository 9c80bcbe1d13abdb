"""Rows 66 and 67 of the bad inputs: one-time links and how often something may be tried."""

import threading

import pytest
from sqlalchemy.orm import Session

from db.models import OneTimeLink, OneTimeLinkKind, RateCount
from portal import clock
from portal.accounts import links
from portal.accounts.rate_limits import (
    address_group,
    count_attempt,
    purge,
    reset_limits,
    sign_in_limits,
)
from portal.transactions import writing
from tests.factories import add_person

RESET = OneTimeLinkKind.PASSWORD_RESET


def test_a_link_works_once(any_session: Session):
    person = add_person(any_session)
    token = links.create_link(any_session, person.id, RESET)

    assert links.peek(any_session, RESET, token).email == person.email
    assert links.use(any_session, RESET, token) == person.id
    for again in (links.peek, links.use):
        with pytest.raises(links.LinkEnded):
            again(any_session, RESET, token)


@pytest.mark.parametrize(("kind", "seconds"), [(RESET, 30 * 60), (OneTimeLinkKind.INVITATION, 7 * 86400)])
def test_a_link_ends_with_its_time(session, kind, seconds):
    token = links.create_link(session, add_person(session).id, kind)

    clock.set_offset(seconds - 5)
    links.peek(session, kind, token)
    clock.set_offset(seconds + 1)
    with pytest.raises(links.LinkEnded):
        links.use(session, kind, token)


def test_a_newer_link_ends_the_older_one_of_its_kind(session):
    person = add_person(session)
    old = links.create_link(session, person.id, RESET)
    invitation = links.create_link(session, person.id, OneTimeLinkKind.INVITATION)
    new = links.create_link(session, person.id, RESET)

    with pytest.raises(links.LinkEnded):
        links.use(session, RESET, old)
    links.use(session, RESET, new)
    links.use(session, OneTimeLinkKind.INVITATION, invitation)


def test_a_link_serves_its_own_purpose_only_and_is_kept_hashed(session):
    token = links.create_link(session, add_person(session).id, OneTimeLinkKind.INVITATION)

    for guess in (token[:-1], token + "x", "", "' OR 1=1 --"):
        with pytest.raises(links.LinkEnded):
            links.use(session, OneTimeLinkKind.INVITATION, guess)
    with pytest.raises(links.LinkEnded):
        links.use(session, RESET, token)
    assert session.query(OneTimeLink).one().token_hash != token


def test_of_many_who_race_for_a_link_one_wins(database_url):
    with writing() as session:
        token = links.create_link(session, add_person(session).id, RESET)
    won: list[bool] = []

    def race() -> None:
        try:
            with writing() as session:
                links.use(session, RESET, token)
            won.append(True)
        except links.LinkEnded:
            won.append(False)

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(won) == [False] * 7 + [True]


def test_ten_tries_in_five_minutes_for_a_person_from_wherever(any_session: Session):
    allowed = [
        count_attempt(any_session, sign_in_limits("a@example.org", f"192.0.2.{number}", None)) for number in range(14)
    ]
    assert allowed == [True] * 10 + [False] * 4

    clock.set_offset(5 * 60)
    assert count_attempt(any_session, sign_in_limits("a@example.org", "192.0.2.99", None))


def test_ten_tries_in_five_minutes_from_an_address_whoever_is_meant(session):
    allowed = [
        count_attempt(session, sign_in_limits(f"p{number}@example.org", "192.0.2.1", None)) for number in range(12)
    ]
    assert allowed == [True] * 10 + [False] * 2
    # What the address wasted does not count against the people it named.
    assert count_attempt(session, sign_in_limits("p11@example.org", "192.0.2.2", None))


def test_a_thousand_tries_in_five_minutes_overall(session):
    allowed = sum(
        count_attempt(session, sign_in_limits(f"p{number}@example.org", f"10.0.{number // 250}.{number % 250}", None))
        for number in range(1010)
    )
    assert allowed == 1000


def test_the_owner_on_a_known_device_is_not_shut_out(session):
    for number in range(1010):
        count_attempt(session, sign_in_limits("owner@example.org", f"10.1.{number // 250}.{number % 250}", None))

    assert not count_attempt(session, sign_in_limits("owner@example.org", "192.0.2.7", None))
    allowed = [count_attempt(session, sign_in_limits("owner@example.org", "192.0.2.7", "device")) for _ in range(12)]
    assert allowed == [True] * 10 + [False] * 2


def test_five_resets_a_day(session):
    allowed = [count_attempt(session, reset_limits("a@example.org", f"192.0.2.{number}")) for number in range(7)]
    assert allowed == [True] * 5 + [False] * 2


def test_parallel_guesses_are_counted_one_by_one(database_url):
    allowed: list[bool] = []

    def guess(number: int) -> None:
        with writing() as session:
            found = count_attempt(session, sign_in_limits("a@example.org", f"192.0.2.{number}", None))
        allowed.append(found)

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(allowed) == [False] * 14 + [True] * 10


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_stands_for_its_network(address, group):
    assert address_group(address) == group


def test_old_counts_are_purged(session):
    count_attempt(session, sign_in_limits("a@example.org", "192.0.2.1", None))
    clock.set_offset(3 * 86400)
    count_attempt(session, sign_in_limits("a@example.org", "192.0.2.1", None))

    assert purge(session) == 3
    assert session.query(RateCount).count() == 3

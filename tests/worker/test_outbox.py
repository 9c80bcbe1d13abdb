"""Mails are neither lost nor doubled: rows 53 and 63 of the bad inputs."""

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from db.models import OutboxMail
from portal import clock
from portal.notifications.commands import queue_mail
from portal.transactions import reading, writing
from portal.worker.outbox import CLAIMED_FOR, GIVEN_UP_AFTER, Outbox, pause_after
from portal.worker.stopping import Stop
from tests.worker.conftest import Sink, wait_until


def _queue(*names: str) -> None:
    with writing() as session:
        for name in names:
            queue_mail(
                session,
                recipient=f"{name}@example.org",
                subject="关于 {name}",
                body="{name}:\n\nhttp://localhost:8501/challenge?id=1",
                params={"name": name},
                language="zh_CN",
                dedupe_key=f"fact:{name}",
            )


def _mails() -> dict[str, OutboxMail]:
    with reading() as session:
        return {mail.recipient.split("@")[0]: mail for mail in session.scalars(select(OutboxMail))}


def _send() -> int:
    return Outbox(Stop()).send_due()


def test_each_mail_is_sent_once_to_one_recipient(database_url: str, sink: Sink) -> None:
    _queue("anna", "bo")

    assert (_send(), _send()) == (2, 0)

    assert sorted(sink.envelopes) == [["anna@example.org"], ["bo@example.org"]]
    mail = next(mail for mail in sink.mails if "anna" in mail["To"])
    assert (mail["Subject"], mail["From"], mail["To"]) == ("关于 anna", "portal@example.org", "anna@example.org")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().splitlines() == ["anna:", "", "http://localhost:8501/challenge?id=1"]
    kept = _mails()["anna"]
    assert kept.sent_at is not None
    assert kept.body == ""
    assert mail["Message-ID"] == f"<{kept.id}@localhost>"


def test_without_a_mail_server_mails_wait_and_the_log_says_so_once(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    _queue("anna")
    outbox = Outbox(Stop())

    with caplog.at_level(logging.WARNING):
        assert [outbox.send_due() for _ in range(3)] == [0, 0, 0]

    assert [record.message for record in caplog.records] == ["PORTAL_SMTP_HOST is not set: mails stay in the outbox"]
    assert _mails()["anna"].tries == 0


def test_a_server_that_is_down_loses_nothing_and_is_not_asked_for_every_mail(sqlite_url: str, smtp_port: int) -> None:
    from aiosmtpd.controller import Controller

    _queue("anna", "bo", "chen")
    outbox = Outbox(Stop())

    assert [outbox.send_due() for _ in range(3)] == [0, 0, 0]
    assert sorted(mail.tries for mail in _mails().values()) == [0, 0, 1]

    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=smtp_port)
    controller.start()
    try:
        clock.set_offset(24 * 3600)
        assert _send() == 3
    finally:
        controller.stop()
    assert len(sink.mails) == 3


def test_a_mail_that_is_put_off_is_tried_again_later(sqlite_url: str, sink: Sink) -> None:
    _queue("anna")
    sink.on_data = lambda: "451 greylisted, try again"

    assert (_send(), _send()) == (0, 0)
    mail = _mails()["anna"]
    assert (mail.tries, mail.sent_at, mail.last_error) == (1, None, "SMTPDataError (451)")
    assert timedelta(seconds=50) < mail.next_try_at - clock.now() <= timedelta(minutes=1)
    assert len(sink.mails) == 1

    sink.on_data = lambda: None
    clock.set_offset(61)
    assert _send() == 1
    assert sink.mails[0]["Message-ID"] == sink.mails[1]["Message-ID"]


def test_one_refused_recipient_holds_up_nobody(sqlite_url: str, sink: Sink) -> None:
    _queue("anna", "gone", "bo")
    sink.on_rcpt = lambda address: "550 no such user" if address.startswith("gone") else None

    assert _send() == 2

    assert _mails()["gone"].last_error == "recipient refused (550)"
    assert sorted(sink.envelopes) == [["anna@example.org"], ["bo@example.org"]]


def test_an_address_that_cannot_be_written_holds_up_nobody(sqlite_url: str, sink: Sink) -> None:
    with writing() as session:
        for recipient in ("no address\r\nBcc: x@example.org", "fine@example.org"):
            queue_mail(
                session, recipient=recipient, subject="a", body="b", params={}, language="en", dedupe_key=recipient
            )

    assert _send() == 1
    assert sink.envelopes == [["fine@example.org"]]


def test_the_pause_doubles_up_to_an_hour() -> None:
    assert [pause_after(tries) // timedelta(minutes=1) for tries in (1, 2, 3, 6, 7, 500)] == [1, 2, 4, 32, 60, 60]


def test_a_mail_of_last_week_is_not_sent_any_more(sqlite_url: str, sink: Sink) -> None:
    _queue("anna")
    clock.set_offset(GIVEN_UP_AFTER.total_seconds() + 60)

    assert _send() == 0
    assert sink.mails == []


def test_several_senders_at_once_send_each_mail_once(database_url: str, sink: Sink) -> None:
    _queue(*(f"person{number}" for number in range(24)))
    sent: list[int] = []
    threads = [threading.Thread(target=lambda: sent.append(_send())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(sent) == 24
    assert len({mail["Message-ID"] for mail in sink.mails}) == len(sink.mails) == 24


def test_killed_between_sending_and_marking_the_same_mail_comes_again(
    sqlite_url: str, sink: Sink, start_worker: Callable[..., subprocess.Popen[str]]
) -> None:
    _queue("anna")
    worker = start_worker()
    sink.on_data = lambda: os.kill(worker.pid, signal.SIGKILL)

    assert worker.wait(60) == -signal.SIGKILL
    assert _mails()["anna"].sent_at is None
    assert _send() == 0, "it is claimed for five minutes"

    sink.on_data = lambda: None
    clock.set_offset(CLAIMED_FOR.total_seconds() + 1)
    assert _send() == 1
    first, second = sink.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["X-Portal-Dedupe"] == second["X-Portal-Dedupe"] != ""


def test_a_worker_that_is_told_to_end_leaves_a_slow_mail_server_at_once(
    sqlite_url: str, sink: Sink, start_worker: Callable[..., subprocess.Popen[str]]
) -> None:
    _queue("anna")
    reached, done = threading.Event(), threading.Event()

    def wait(_address: str) -> None:
        reached.set()
        done.wait(40)

    sink.on_rcpt = wait
    worker = start_worker()
    try:
        assert reached.wait(60)
        started = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
        took = time.monotonic() - started
    finally:
        done.set()
    assert took < 20
    wait_until(lambda: _mails()["anna"].last_error == "broken off")
    assert _mails()["anna"].sent_at is None

"""A mail server of the tests' own, and the worker as a real process."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from portal.settings import ROOT, settings

FIRST_PORT, PORTS_PER_WORKER = 8620, 8


class Sink:
    """Takes mails; `on_rcpt` and `on_data` may answer something else, or do something, before it does."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[list[str]] = []
        self.on_rcpt: Callable[[str], str | None] = lambda _address: None
        self.on_data: Callable[[], str | None] = lambda: None

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if answer := self.on_rcpt(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.envelopes.append(list(envelope.rcpt_tos))
        return self.on_data() or "250 OK"


def free_port() -> int:
    """One of the ports that belong to this test process."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 2
    start = FIRST_PORT + number * PORTS_PER_WORKER
    for port in range(start, start + PORTS_PER_WORKER):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")


@pytest.fixture
def smtp_port(environment: pytest.MonkeyPatch) -> int:
    """The portal's mail server is at this port; nobody listens there yet."""
    port = free_port()
    environment.setenv("PORTAL_SMTP_HOST", "127.0.0.1")
    environment.setenv("PORTAL_SMTP_PORT", str(port))
    environment.setenv("PORTAL_MAIL_FROM", "portal@example.org")
    settings.cache_clear()
    return port


@pytest.fixture
def sink(smtp_port: int) -> Iterator[Sink]:
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=smtp_port)
    controller.start()
    yield sink
    controller.stop()


@pytest.fixture
def start_worker() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts `python -m portal worker` with the test's settings; whatever still runs is ended afterwards."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal", "worker", *arguments],
            cwd=ROOT,
            env=os.environ | environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait_until(fact: Callable[[], Any], seconds: float = 20) -> None:
    """Until it is true; fails the test otherwise."""
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, "it never became true"
        time.sleep(0.05)

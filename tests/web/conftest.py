"""The whole web application: in the process for plain routes, behind a real uvicorn for websockets."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from portal.accounts.passwords import hash_password
from portal.settings import ROOT, settings
from portal.transactions import writing
from portal.ui.page_table import PAGES
from portal.web.app import app_parts
from tests.factories import add_member, add_person

with warnings.catch_warnings():
    # Starlette would rather have another client package; the pinned one does.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

BASE = "http://localhost:8501"
GOOD = "a long enough password"


@pytest.fixture
def client(sqlite_url: str, environment: pytest.MonkeyPatch) -> TestClient:
    """A browser without any cookie, in front of the gate; Streamlit itself runs in the tests with a real server."""
    return browser_before(app_parts())


@pytest.fixture
def guarded_pages(sqlite_url: str, environment: pytest.MonkeyPatch) -> TestClient:
    """The same where the gate knows the addresses of the pages, as when it is served."""
    return browser_before(app_parts(pages=[row.url_path for row in PAGES]))


def browser_before(parts: dict[str, Any]) -> TestClient:
    app = Starlette(
        routes=parts["routes"], middleware=parts["middleware"], exception_handlers=parts["exception_handlers"]
    )
    return TestClient(app, base_url=BASE, follow_redirects=False, client=("127.0.0.1", 50000))


@pytest.fixture
def make_person(sqlite_url: str):
    """Adds a person with a password and a role; returns the e-mail."""

    def make(role, organisation=None, **fields):
        with writing() as session:
            person = add_person(session, password_hash=hash_password(GOOD), **fields)
            add_member(session, role, organisation, person)
            return person.email

    return make


class Server:
    """A running portal: its address, its log, its database through the settings of this process."""

    def __init__(self, port: int, log: Path) -> None:
        self.port, self.log = port, log
        self.base = f"http://127.0.0.1:{port}"


def free_port(first: int = 8604, last: int = 8619) -> int:
    for port in range(first, last + 1):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError("no free port")


@pytest.fixture
def server(sqlite_url: str, environment: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    """uvicorn in a process of its own, on this test's database."""
    port = free_port()
    environment.setenv("PORTAL_PORT", str(port))
    environment.setenv("PORTAL_PUBLIC_URL", f"http://localhost:{port}")
    environment.setenv("PORTAL_VISITOR_SOCKETS", "3")
    environment.setenv("PORTAL_UPLOAD_MB_PER_SESSION", "3")
    environment.setenv("PORTAL_WORKER_STARTED", "1")
    settings.cache_clear()
    found = Server(port, tmp_path / "server.log")
    command = [sys.executable, "-m", "uvicorn", "streamlit_app:app", "--port", str(port), "--no-access-log"]
    with found.log.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_ready(found, process)
        yield found
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(server: Server, process: subprocess.Popen) -> None:
    for _ in range(240):
        if process.poll() is not None:
            break
        try:
            if urllib.request.urlopen(f"{server.base}/healthz", timeout=1).status == 200:
                return
        except OSError:
            time.sleep(0.25)
    raise AssertionError(server.log.read_text())

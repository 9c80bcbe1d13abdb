"""The server and its worker begin and end together: row 89 of the bad inputs."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import psutil
import pytest

from db.models import Person
from portal.settings import ROOT
from portal.transactions import reading, writing
from tests.factories import add_person
from tests.worker.conftest import free_port, wait_until

HALF_A_WRITE = """
import time
from portal.transactions import writing
from tests.factories import add_person
with writing() as session:
    add_person(session, email="half@example.org")
    print("half", flush=True)
    time.sleep(30)
"""


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_server_and_worker_end_together(
    environment: pytest.MonkeyPatch, tmp_path: Path, signal_number: signal.Signals
) -> None:
    port = free_port()
    variables = {"PORTAL_PORT": str(port), "PORTAL_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    # Started elsewhere: `serve` changes to the root, where Streamlit's settings are.
    server = subprocess.Popen(
        [sys.executable, "-m", "portal", "serve", "--prepare"],
        cwd=tmp_path,
        env=os.environ | variables | {"PYTHONPATH": str(ROOT)},
    )
    workers: list[psutil.Process] = []
    try:
        wait_until(lambda: server.poll() is not None or _answers(port), 60)
        workers = psutil.Process(server.pid).children()
        assert [worker.cmdline()[3] for worker in workers] == ["worker"]

        server.send_signal(signal_number)
        server.wait(15)
        _gone, alive = psutil.wait_procs(workers, timeout=5)
        assert alive == []
    finally:
        for process in (server, *workers):
            if process.poll() is None if isinstance(process, subprocess.Popen) else process.is_running():
                process.kill()
        server.wait()


def test_a_write_that_is_ended_half_way_leaves_no_row_and_no_lock(database_url: str) -> None:
    with subprocess.Popen([sys.executable, "-c", HALF_A_WRITE], cwd=ROOT, stdout=subprocess.PIPE, text=True) as half:
        assert half.stdout is not None
        assert half.stdout.readline() == "half\n"
        half.terminate()
        half.wait(10)

    started = time.monotonic()
    with writing() as session:
        add_person(session, email="whole@example.org")
    assert time.monotonic() - started < 4
    with reading() as session:
        assert [person.email for person in session.query(Person)] == ["whole@example.org"]


def test_three_restarts_in_a_row_leave_no_stuck_lease(sqlite_url: str) -> None:
    for _ in range(3):
        worker = subprocess.Popen(
            [sys.executable, "-m", "portal", "worker"], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        assert worker.stderr is not None
        assert "started" in worker.stderr.readline()
        worker.terminate()
        _out, said = worker.communicate(timeout=10)
        assert worker.returncode == 0
        assert "Traceback" not in said

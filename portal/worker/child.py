"""Starts the worker beside a server, starts it again if it dies, and ends it with the server."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from portal.settings import ROOT

log = logging.getLogger(__name__)

_STARTED = "PORTAL_WORKER_STARTED"
GRACE_S = 5.0
AGAIN_AFTER_S = 5.0


@contextmanager
def worker_beside() -> Iterator[None]:
    """A worker as long as the `with` lasts; none when a process above has started one already."""
    if os.environ.get(_STARTED):
        yield
        return
    os.environ[_STARTED] = "1"
    child = _Child()
    try:
        yield
    finally:
        child.end()
        os.environ.pop(_STARTED, None)


class _Child:
    """The process and the thread that looks after it."""

    def __init__(self) -> None:
        self._ending = threading.Event()
        self._process = _start()
        self._thread = threading.Thread(target=self._look_after, name="worker", daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ending.set()
        self._process.terminate()
        self._thread.join(GRACE_S)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _look_after(self) -> None:
        while True:
            code = self._process.wait()
            if self._ending.wait(AGAIN_AFTER_S):
                return
            log.error("the worker ended with code %d and is started again", code)
            self._process = _start()
            if self._ending.is_set():
                self._process.terminate()


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "portal", "worker", "--parent", str(os.getpid())]
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True)  # noqa: S603 – our own module

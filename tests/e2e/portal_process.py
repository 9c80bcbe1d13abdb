"""A portal of its own for the browser tests: started as users start it, on a free port."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"http://\S+/invitation/\S+")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PortalProcess:
    """`python -m portal serve` with a data folder of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")} | {
            "PORTAL_DATA_DIR": str(folder / "data"),
            "PORTAL_SEAL_KEY_FILE": str(folder / "keys" / "seal.key"),
            "PORTAL_SECRET_FILE": str(folder / "keys" / "secret.key"),
            "PORTAL_PORT": str(self.port),
            "PORTAL_PUBLIC_URL": self.url,
            "PYTHONPATH": str(ROOT),
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder / "portal.log"

    def command(self, *arguments: str) -> str:
        """Run `python -m portal …` and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "portal", *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def adopt(self) -> None:
        """Make this process see the same database and keys."""
        from portal.settings import settings
        from portal.transactions import forget_database

        for name in [name for name in os.environ if name.startswith("PORTAL_")]:
            del os.environ[name]
        os.environ.update({name: value for name, value in self.environment.items() if name.startswith("PORTAL_")})
        forget_database()
        settings.cache_clear()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal", "serve"],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(300):
            if self._is_ready():
                return
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        raise AssertionError("the portal did not become ready\n" + self.log.read_text())

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process = None

    def invite(self, email: str, role: str, name: str, organisation: str = "") -> str:
        """A one-time link for somebody, as the platform's host gives it out."""
        extra = ["--organisation", organisation] if organisation else []
        printed = self.command("user", "invite", email, "--role", role, "--name", name, *extra)
        found = LINK.search(printed)
        assert found, printed
        return found.group()

"""The server by plain uvicorn, one process, and the worker beside it."""

import importlib
import os
import signal
import sys
from types import FrameType

import uvicorn

from portal.operations.migrating import migrate
from portal.operations.starting import require_ready
from portal.seal import make_key_file
from portal.settings import ROOT, settings
from portal.transactions import forget_database
from portal.worker.child import worker_beside

GRACE_S = 10


def prepare() -> None:
    """Bring the schema up to date and, where wanted, fill an empty database with the demonstration."""
    _say("Preparing the database …")
    migrate()
    if settings().demo:
        _say("Filling the demonstration, which takes about a minute the first time …")
        fill_demo()


def fill_demo() -> str:
    """Demonstration data into an empty database; one sentence about what was done."""
    return str(importlib.import_module("portal.demo.commands").fill())


def serve() -> None:
    """Serve until SIGTERM or SIGINT. Raises: SettingsRefused, DatabaseRefused."""
    # Streamlit reads .streamlit/config.toml of the folder it is started in.
    os.chdir(ROOT)
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    require_ready()
    make_key_file(settings().effective_seal_key_file)
    forget_database()
    _say(f"The portal opens on {settings().public_url}")
    # uvicorn raises the signal again when it has ended; without a handler the worker would not be ended in order.
    signal.signal(signal.SIGTERM, _end)
    with worker_beside():
        uvicorn.run(
            "streamlit_app:app",
            host=settings().host,
            port=settings().port,
            log_level="warning",
            access_log=False,
            server_header=False,
            # Who the client is, the gate decides by PORTAL_TRUSTED_PROXIES.
            proxy_headers=False,
            ws="portal.web.gathering:GatheringProtocol",
            ws_ping_interval=20,
            timeout_graceful_shutdown=GRACE_S,
        )


def _say(line: str) -> None:
    """For whoever started it."""
    print(line, flush=True)  # noqa: T201


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)

"""What must hold before the first request: Streamlit's effective options, told beside database and address."""

import gc
import logging
import threading
from typing import Any

from streamlit import config

from db.session import sqlite_version
from portal.settings import settings
from portal.transactions import database
from portal.web import bundles
from portal.web.language import index_page
from portal.web.templating import asset_version

log = logging.getLogger(__name__)

# Read from .streamlit/config.toml: under plain uvicorn neither variables nor flags change them.
REQUIRED: dict[str, Any] = {
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 20,
    "server.disconnectedSessionTTL": 30,
    "server.enableAgentApi": False,
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.scriptHealthCheckEnabled": False,
    "server.trustedUserHeaders": {"X-Portal-Session": "session"},
    "server.allowedHosts": [],
    "runner.postScriptGC": False,
    "runner.magicEnabled": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.disableDataExport": True,
    "browser.gatherUsageStats": False,
    "global.developmentMode": False,
}


class StartRefused(SystemExit):
    """Ends the process with one sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The portal does not start: {reason}.")


def require_options() -> None:
    """Raises: StartRefused naming every option that is not as it must be."""
    wrong = [
        f"{name} is {found!r} and must be {wanted!r}"
        for name, wanted in REQUIRED.items()
        if (found := config.get_option(name)) != wanted
    ]
    if wrong:
        raise StartRefused(f"check .streamlit/config.toml ({'; '.join(wrong)})")


def announce() -> None:
    """One line that says what runs here."""
    current = settings()
    engine = f"SQLite {sqlite_version()}" if database().is_sqlite else _postgres_version()
    log.info("portal: %s, %s, bound to %s:%s", current.env, engine, current.host, current.port)
    if current.is_production and not current.trusted_proxies:
        log.warning("PORTAL_TRUSTED_PROXIES is 0: every visitor behind the proxy counts as one address")


def warm_up() -> None:
    """Import what the first page would wait for, and keep it out of every later garbage collection."""
    import altair
    import pandas as pd

    altair.Chart(pd.DataFrame({"x": [1]})).mark_point().encode(x="x:Q").to_dict()
    for language in ("zh_CN", "en"):
        index_page(language, asset_version())
    gc.collect()
    gc.freeze()
    # Compressing takes a second of its own; until it is done a bundle is compressed when it is asked for.
    threading.Thread(target=bundles.warm_up, name="bundles", daemon=True).start()


def _postgres_version() -> str:
    with database().engine.connect() as connection:
        return f"PostgreSQL {connection.exec_driver_sql('SHOW server_version').scalar()}"

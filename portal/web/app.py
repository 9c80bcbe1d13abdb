"""The whole web application: Streamlit's pages behind the gate, our own routes beside them."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from db.session import DatabaseRefused
from portal.faults import record_fault
from portal.settings import ROOT, SettingsRefused, settings
from portal.web import logs, startup
from portal.web.bundles import CompressedBundles
from portal.web.faults import show_script_error
from portal.web.gate import Gate
from portal.web.headers import SecurityHeaders
from portal.web.routes import starlette_routes

SCRIPT = ROOT / "pages" / "main.py"
Beside = Callable[[], AbstractContextManager[Any]]


def app_parts(
    *, pages: Collection[str] | None = None, ready: Callable[[], None] = lambda: None, beside: Beside = nullcontext
) -> dict[str, Any]:
    """Everything that `st.App` takes besides the script.

    `pages` are the addresses of Streamlit's pages; `ready` refuses an unsafe start; what `beside` opens lives as long
    as the server.

    Raises: StartRefused.
    """
    try:
        settings()
        ready()
    except (SettingsRefused, DatabaseRefused) as error:
        raise startup.StartRefused(str(error)) from None
    logs.install()
    return {
        "routes": starlette_routes(),
        "middleware": [Middleware(SecurityHeaders), Middleware(Gate, pages=pages), Middleware(CompressedBundles)],
        "lifespan": _lifespan(beside),
        "on_script_error": show_script_error,
        "exception_handlers": {Exception: _broken},
    }


def build_app() -> st.App:
    """The application without anything beside it, e.g. for a test."""
    return st.App(SCRIPT, **app_parts())


def _lifespan(beside: Beside) -> Callable[[st.App], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncIterator[None]:
        logs.install()
        startup.require_options()
        await run_in_threadpool(startup.announce)
        await run_in_threadpool(startup.warm_up)
        with beside():
            yield

    return lifespan


async def _broken(request: Request, error: Exception) -> Response:
    """A bug outside our own endpoints, in plain text: nothing else can be relied on here."""
    number = record_fault(error, request.scope["path"])
    return PlainTextResponse(f"Something went wrong on our side. Error number: {number}", 500)

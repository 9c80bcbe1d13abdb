"""The websocket's side of the gate: origin, binding to the session, message filter, revocation."""

import logging
import time
from collections import defaultdict
from typing import Any

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from portal.accounts.rate_limits import address_group
from portal.settings import settings
from portal.web.hosts import is_own_host, is_own_origin
from portal.web.identity import Identity, identify, still_live

log = logging.getLogger(__name__)

STREAM = "/_stcore/stream"
HEADER = b"x-portal-session"
# Any client may send these, and they act on everybody: all caches emptied, files of the server read.
DROPPED = frozenset(
    {"clear_cache", "set_run_on_save", "load_git_info", "debug_disconnect_websocket", "debug_shutdown_runtime"}
)
CHECK_EVERY_S = 1.0
SIGN_IN_AGAIN = "/login?done=ended"
POLICY, SIGNED_OUT, TRY_LATER = 1008, 4401, 1013


class SocketGate:
    """Lets a browser of our own pages through, and nobody else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._visitors: dict[str, int] = defaultdict(int)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        identity = await self._admitted(scope)
        if identity is None or identity.key is None:
            await _refuse(receive, send)
            return
        bound = {**scope, "headers": [*stripped(scope["headers"]), (HEADER, identity.key.encode())]}
        if not identity.is_visitor:
            guarded = _Guarded(receive, send, identity.key)
            await self.app(bound, guarded.receive, guarded.send)
            return
        group = address_group(identity.address)
        if self._visitors[group] >= settings().visitor_sockets:
            await _refuse(receive, send)
            return
        self._visitors[group] += 1
        try:
            guarded = _Guarded(receive, send, None)
            await self.app(bound, guarded.receive, guarded.send)
        finally:
            self._visitors[group] -= 1
            if not self._visitors[group]:
                del self._visitors[group]

    async def _admitted(self, scope: Scope) -> Identity | None:
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin", "")
        if scope["path"] != STREAM or not is_own_host(scope, host) or not is_own_origin(scope, origin, host):
            log.info("socket refused: origin %r, host %r", origin[:200], host[:200])
            return None
        return await identify(scope)


class _Guarded:
    """Filters what comes in, and closes the socket within a second of the end of its session."""

    def __init__(self, receive: Receive, send: Send, key: str | None) -> None:
        self._receive, self._send, self._key = receive, send, key
        self._checked = time.monotonic()
        self._closed = False

    async def receive(self) -> Message:
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            content = read_message(message.get("bytes"))
            if code := await self._refusal(is_activity=not is_automatic(content)):
                return await self._close(code)
            if content is None or content.WhichOneof("type") not in DROPPED:
                return message

    async def _close(self, code: int) -> Message:
        self._closed = True
        if code == SIGNED_OUT:
            await self._send({"type": "websocket.send", "bytes": sign_in_message()})
        await self._send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}

    async def send(self, message: Message) -> None:
        if not self._closed:
            await self._send(message)

    async def _refusal(self, *, is_activity: bool) -> int | None:
        now = time.monotonic()
        if self._key is None or now - self._checked < CHECK_EVERY_S:
            return None
        self._checked = now
        try:
            return None if await run_in_threadpool(still_live, self._key, is_activity) else SIGNED_OUT
        except Exception:
            # Never open when nobody can be asked.
            log.exception("a session could not be checked")
            return TRY_LATER


def read_message(data: bytes | None) -> Any:
    """What the browser asks; None for what cannot be read: Streamlit refuses that itself."""
    message: Any = BackMsg()
    try:
        message.ParseFromString(data or b"")
    except DecodeError:
        return None
    return message


def is_automatic(message: Any) -> bool:
    """A page that refreshes itself is nobody's activity: it must not keep a session alive."""
    return message is not None and (message.rerun_script.is_auto_rerun or message.WhichOneof("type") == "app_heartbeat")


def sign_in_message() -> bytes:
    """Streamlit's own message that leads a browser elsewhere: without it the page would just stop answering."""
    message: Any = ForwardMsg()
    message.auth_redirect.url = SIGN_IN_AGAIN
    return bytes(message.SerializeToString())


def stripped(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers without those that only the gate may set, in any spelling a proxy could fold into them."""
    return [(name, value) for name, value in headers if not name.lower().replace(b"_", b"-").startswith(b"x-portal-")]


async def _refuse(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": POLICY})

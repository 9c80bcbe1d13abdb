"""The websocket's frames leave together: a page of seventy elements is a handful of writes, not seventy.

Streamlit sends each element in a frame of its own, and uvloop hands each write to the kernel at once, while it holds
the lock of the interpreter. Held back for two milliseconds, the frames of one burst go in one write.
"""

import asyncio
from asyncio.transports import BaseTransport
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

HOLD_S = 0.002


class Gathering:
    """A transport that joins what is written within `HOLD_S`; everything else is the transport's own."""

    def __init__(self, transport: BaseTransport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport: Any = transport
        self._loop = loop
        self._held: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._held:
            self._loop.call_later(HOLD_S, self._release)
        self._held.append(data)

    def close(self) -> None:
        self._release()
        self._transport.close()

    def _release(self) -> None:
        held, self._held = self._held, []
        if held and not self._transport.is_closing():
            self._transport.write(b"".join(held))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class GatheringProtocol(WebSocketsSansIOProtocol):
    """uvicorn's own websocket protocol on a transport that gathers."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.transport = Gathering(transport, self.loop)  # type: ignore[assignment]

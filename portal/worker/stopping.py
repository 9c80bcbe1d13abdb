"""How a worker ends: at once while it waits, and by interruption while it talks to a mail server."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopped(Exception):
    """The process was told to end in the middle of something that may be broken off."""


class Stop:
    """Set by SIGTERM or SIGINT; a transaction is finished first, a conversation with a mail server is not."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._may_break_off = False

    def listen(self) -> None:
        """React to the signals of this process."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)

    def set(self) -> None:
        self._event.set()

    def is_set(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Sleep; True when it is time to end."""
        return self._event.wait(seconds)

    @contextmanager
    def may_break_off(self) -> Iterator[None]:
        """Whatever runs inside is broken off by the signal. Raises: Stopped."""
        if self.is_set():
            raise Stopped
        self._may_break_off = True
        try:
            yield
        finally:
            self._may_break_off = False

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._event.set()
        if self._may_break_off:
            self._may_break_off = False
            raise Stopped

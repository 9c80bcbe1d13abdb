"""A mail server of the tests' own: keeps what it is handed and finds the link in it."""

import re
import time
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from aiosmtpd import handlers
from aiosmtpd.controller import Controller

from tests.e2e.portal_process import free_port

LINK = re.compile(r"http://\S+")


class Mailbox(handlers.Message):
    """What was sent, newest last."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[EmailMessage] = []
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def handle_message(self, message: Message) -> None:
        letter = message_from_bytes(message.as_bytes(), policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if letter["To"] == address]

    def link(self, address: str, part: str, *, seconds: float = 20) -> str:
        """The link in the newest letter to this address whose path holds `part`; waits for the worker."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for letter in reversed(self.to(address)):
                for link in LINK.findall(str(letter.get_content())):
                    if part in link:
                        return str(link)
            time.sleep(0.2)
        raise AssertionError(f"no letter to {address} with {part}")

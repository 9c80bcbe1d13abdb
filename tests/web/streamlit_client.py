"""A bare client of Streamlit's websocket: what a script or an attacker can do without a browser."""

import contextlib
import socket
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect


class Tab:
    """One open socket; reads until the script has finished."""

    def __init__(
        self, port: int, *, cookies: dict[str, str] | None = None, session_id: str = "", host: str = "", **headers: Any
    ) -> None:
        base = {"Origin": f"http://localhost:{port}"} | headers
        base["Cookie"] = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        protocols = ["streamlit", "PLACEHOLDER_AUTH_TOKEN", *([session_id] if session_id else [])]
        self.socket: ClientConnection = connect(
            f"ws://{host or f'localhost:{port}'}/_stcore/stream",
            sock=socket.create_connection(("127.0.0.1", port), timeout=10),
            subprotocols=protocols,
            additional_headers={name.replace("_", "-"): value for name, value in base.items() if value},
            max_size=None,
            compression=None,
            open_timeout=10,
            close_timeout=2,
            legacy=True,
        )
        self.session_id = ""
        self.hash = ""
        self.text = ""

    def rerun(self) -> str:
        """Run the page; returns every word the script sent."""
        message = BackMsg()
        message.rerun_script.query_string = ""
        if self.hash:
            message.rerun_script.page_script_hash = self.hash
        self.send(message)
        return self.until_finished()

    def send(self, message: BackMsg) -> None:
        self.socket.send(message.SerializeToString())

    def until_finished(self) -> str:
        self.text = ""
        while True:
            forward = ForwardMsg()
            forward.ParseFromString(self.socket.recv(timeout=20))
            self.text += str(forward)
            kind = forward.WhichOneof("type")
            if kind == "new_session":
                self.hash = forward.new_session.page_script_hash
                self.session_id = forward.new_session.initialize.session_id
            elif kind == "script_finished" and forward.script_finished != 2:
                return self.text

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self.socket.close()


def is_refused(port: int, **options: Any) -> bool:
    try:
        tab = Tab(port, **options)
    except (InvalidStatus, ConnectionClosed, EOFError, TimeoutError):
        return True
    tab.close()
    return False


def ended(tab: Tab) -> tuple[str, int | None]:
    """Read until the server closes; where it led the browser, and the code it closed with.

    1006 is the protocol's own code for a connection that ended without a closing frame; None for one that stays open.
    """
    led_to = ""
    try:
        while True:
            forward = ForwardMsg.FromString(tab.socket.recv(timeout=3))
            led_to = forward.auth_redirect.url or led_to
    except ConnectionClosed as closed:
        return led_to, closed.rcvd.code if closed.rcvd else 1006
    except TimeoutError:
        return led_to, None

"""A load client that speaks the page server's own protocol: open a page, rerun it, click a button."""

import time
from urllib.parse import urlparse

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

FINISHED_EARLY_FOR_RERUN = 2


class Client:
    """One browser tab. `page` is the address without its slash, `query` the query string."""

    def __init__(self, url: str, page: str = "", query: str = "", cookie: str = "") -> None:
        place = urlparse(url)
        self.address = f"ws://{place.netloc}/_stcore/stream"
        self.headers = {"Origin": f"http://{place.netloc}", "Cookie": cookie}
        self.page, self.query = page, query
        self.hash = ""
        self.seen: set[str] = set()
        self.failed = False

    async def open(self) -> float:
        """Connect and wait for the first run; returns seconds."""
        self.socket = await websockets.connect(
            self.address,
            subprotocols=["streamlit", "PLACEHOLDER_AUTH_TOKEN"],
            additional_headers=self.headers,
            max_size=None,
            compression=None,
            open_timeout=120,
            ping_interval=None,
        )
        return await self.rerun()

    async def rerun(self) -> float:
        """Run the page once more; returns seconds from request to finish."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        if self.hash:
            message.rerun_script.page_script_hash = self.hash
        else:
            message.rerun_script.page_name = self.page
        message.rerun_script.cached_message_hashes.extend(self.seen)
        start = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        await self._finish()
        return time.perf_counter() - start

    async def close(self) -> None:
        await self.socket.close()

    async def _finish(self) -> None:
        while True:
            forward = ForwardMsg()
            forward.ParseFromString(await self.socket.recv())
            kind = forward.WhichOneof("type")
            if forward.metadata.cacheable and forward.hash:
                self.seen.add(forward.hash)
            if kind == "navigation":
                self.hash = forward.navigation.page_script_hash
            elif kind == "new_session":
                self.hash = forward.new_session.page_script_hash
            elif kind == "delta" and forward.delta.new_element.WhichOneof("type") in ("exception", "alert"):
                self.failed = True
            elif kind == "script_finished" and forward.script_finished != FINISHED_EARLY_FOR_RERUN:
                return

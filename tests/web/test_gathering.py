"""What is written in one burst arrives whole, in order, and before the end, over a real connection."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from portal.web.gathering import Gathering

PIECES = [f"{number:04d}".encode() for number in range(500)]


class Counting(asyncio.Protocol):
    """Counts the writes that reach the connection, and sends the pieces when it is asked."""

    def __init__(self) -> None:
        self.writes = 0

    def connection_made(self, transport) -> None:
        passed_on = transport.write

        def write(data: bytes) -> None:
            self.writes += 1
            passed_on(data)

        transport.write = write
        self.gathering = Gathering(transport, asyncio.get_running_loop())

    def data_received(self, data: bytes) -> None:
        for piece in PIECES:
            self.gathering.write(piece)
        if data == b"and close":
            self.gathering.close()


async def _answer_to(request: bytes, length: int) -> tuple[bytes, int]:
    protocol = Counting()
    server = await asyncio.get_running_loop().create_server(lambda: protocol, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(request)
    answer = await asyncio.wait_for(reader.readexactly(length), 5)
    writer.close()
    server.close()
    return answer, protocol.writes


def answer_to(request: bytes, length: int) -> tuple[bytes, int]:
    """In a thread of its own: the browser tests keep a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, _answer_to(request, length)).result()


def test_a_burst_is_one_write():
    answer, writes = answer_to(b"go on", 2000)

    assert answer == b"".join(PIECES)
    assert writes == 1


def test_what_was_written_before_the_end_arrives():
    answer, _writes = answer_to(b"and close", 2000)

    assert answer == b"".join(PIECES)

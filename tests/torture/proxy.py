"""A TCP proxy of ours between a client and a server: connections go through it, until they are reset or refused."""

import asyncio
import contextlib
import socket
import struct
from typing import Any

from services.cli.embedded.ports import LOOPBACK

_CHUNK = 256 * 1024
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER without time: close sends RST


class Proxy:
    """Listens on a port for a server on another one. What fails on one side ends on the other."""

    def __init__(self, port: int, target: int) -> None:
        self.port, self._target = port, target
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Let connections in."""
        if self._server is None:
            self._server = await asyncio.start_server(self._connected, LOOPBACK, self.port, limit=_CHUNK)

    async def refuse(self) -> None:
        """Reset what is open and refuse what comes, until `start`."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.reset()

    def reset(self) -> int:
        """Reset every connection, in the middle of whatever it carries. How many there were."""
        for writer in (found := list(self._open)):
            sock: Any = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()
        return len(found) // 2

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection(LOOPBACK, self._target, limit=_CHUNK)
        except OSError:
            self._close(writer)
            return
        self._open.add(far_writer)
        try:
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        finally:
            self._close(writer)
            self._close(far_writer)

    def _close(self, writer: asyncio.StreamWriter) -> None:
        self._open.discard(writer)
        with contextlib.suppress(OSError):
            writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One direction, to its end; the end of one direction is passed on."""
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()

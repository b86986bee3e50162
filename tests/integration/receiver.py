"""A hospital's own system that is told by webhook: a plain HTTP server, and its own reading of a signature."""

import asyncio
import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """A delivery as it arrived."""

    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def signed_with(self, secret: str) -> bool:
        """HMAC written out after RFC 2104, without the library that signed."""
        key = base64.b64decode(secret.split("_", 1)[1]).ljust(64, b"\x00")
        text = b".".join((self.headers["webhook-id"].encode(), self.headers["webhook-timestamp"].encode(), self.body))
        inner = hashlib.sha256(bytes(k ^ 0x36 for k in key) + text).digest()
        made = hashlib.sha256(bytes(k ^ 0x5C for k in key) + inner).digest()
        return self.headers["webhook-signature"] == "v1," + base64.b64encode(made).decode()


@dataclass
class Receiver:
    """Answers every delivery with what `answer` says: a status, or seconds to be silent for (negative: hang up)."""

    answer: Callable[[Call], int | float] = lambda _: 204
    calls: list[Call] = field(default_factory=list)
    taken: list[Call] = field(default_factory=list)
    port: int = 0
    at_once: int = 0
    most_at_once: int = 0
    _server: asyncio.Server | None = None
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/told"

    @property
    def positions(self) -> list[int]:
        """Of what was received, in the order of its arrival."""
        return [call.told["position"] for call in self.taken]

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def until(self, holds: Callable[["Receiver"], bool], timeout: float = 20.0) -> None:
        async with asyncio.timeout(timeout), self._changed:
            await self._changed.wait_for(lambda: holds(self))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().split("\r\n")[1:]
                headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines if line)}
                call = Call(headers, await reader.readexactly(int(headers.get("content-length", "0"))))
                self.at_once += 1
                self.most_at_once = max(self.most_at_once, self.at_once)
                self.calls.append(call)
                said = self.answer(call)
                if isinstance(said, float):
                    await asyncio.sleep(max(said, 0))
                    writer.close()
                else:
                    extra = "Location: http://127.0.0.1:1/elsewhere\r\n" if 300 <= said < 400 else ""
                    writer.write(f"HTTP/1.1 {said} X\r\n{extra}Content-Length: 0\r\n\r\n".encode())
                    await writer.drain()
                    if 200 <= said < 300:
                        self.taken.append(call)
                self.at_once -= 1
                async with self._changed:
                    self._changed.notify_all()
                if isinstance(said, float):
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

"""How a service is put behind its socket."""

import socket

from starlette.applications import Starlette

from services.cli.serving import serving


async def test_an_answer_is_sent_at_once_whatever_listener_it_came_by() -> None:
    """Accepted connections inherit it; `socket.socket()` names no protocol, and asyncio then leaves it unset."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        async with serving("one", Starlette(), listener):
            assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

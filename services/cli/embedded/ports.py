"""Ports of 127.0.0.1 that are found, not fixed."""

import random
import socket
from collections.abc import Collection

LOOPBACK = "127.0.0.1"

# Below the range from which operating systems take the port of an outgoing connection (32768 on Linux,
# 49152 elsewhere): between finding a port and binding it, no client socket of the machine can take it.
_LOWEST, _HIGHEST = 20_000, 32_000
_ATTEMPTS = 200


class NoFreePort(RuntimeError):
    """Nothing in the searched range could be bound."""


def is_free(port: int) -> bool:
    """Whether a listener could bind the port now.

    SO_REUSEADDR as servers set it: a port in TIME_WAIT after a restart counts as free, one with a listener does not.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def find_port(preferred: int | None = None, taken: Collection[int] = ()) -> int:
    """A free port, the preferred one (that of the last run) if it is still free; never one of `taken`.

    Free at this moment only: whoever binds it must be ready to come back for another.
    """
    if preferred is not None and preferred not in taken and is_free(preferred):
        return preferred
    for _ in range(_ATTEMPTS):
        port = random.randrange(_LOWEST, _HIGHEST)  # noqa: S311 - a place to look, not a secret
        if port not in taken and is_free(port):
            return port
    raise NoFreePort(f"no free TCP port on {LOOPBACK} between {_LOWEST} and {_HIGHEST} in {_ATTEMPTS} attempts")

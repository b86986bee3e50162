"""UmaDB: an event store of its own, in Rust, behind gRPC. Server and client come in one wheel."""

import socket
import subprocess
import time
from pathlib import Path
from uuid import UUID

from benchmarks.load import PAYLOAD, Load, Worked, done, drive_threads, given
from benchmarks.peers.peer import PYTHON, Guarantees, Peer

PEER = Peer(
    "UmaDB",
    "0.7.8",
    "server as installed, its Python client, a thread per writer; a writer's appends are batched by the server into one"
    " fdatasync",
    Guarantees(
        check="yes: fail if events match a query after a position",
        key="yes: the event's UUID with the same condition gives the same position",
        outbox="no: subscriptions read the store",
        chain="no",
        feed="contiguous positions from 1",
    ),
    lambda: [str(PYTHON), "-m", "benchmarks.peers.umadb_log"],
    store="directory",
    pools=(1, 4, 16),
)
_READY_SECONDS = 30


def work(load: Load) -> Worked:
    """Start the server on the directory, append, read back, stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    program = PYTHON.with_name("umadb")
    with (Path(load.place) / "umadb.log").open("w") as output:
        server = subprocess.Popen(
            [program, "--listen", address, "--db-path", load.place], stdout=output, stderr=subprocess.STDOUT
        )
        try:
            return _append(load, address)
        finally:
            server.terminate()
            server.wait(20)


def _append(load: Load, address: str) -> Worked:
    import umadb

    clients = [_connected(address) for _ in range(load.pool)]
    data = PAYLOAD.encode()
    last: dict[int, int] = {}

    def append(writer: int, stream: int, expected: int) -> None:
        tag = f"subject-{stream}"
        event = umadb.Event("test.happened", data, [tag], UUID(int=(stream << 32) + expected + 1))
        mine = umadb.Query([umadb.QueryItem(tags=[tag])])
        condition = umadb.AppendCondition(mine, last[stream] if expected else None)
        last[stream] = clients[writer % load.pool].append([event], condition)

    worked = drive_threads(load, append)
    for found in clients[0].read():
        place = found.event.uuid.int
        worked.feed.append((found.position, place >> 32, place & 0xFFFFFFFF))
    return worked


def _connected(address: str) -> "umadb.Client":  # noqa: F821 - of its own environment
    import umadb

    deadline = time.monotonic() + _READY_SECONDS
    while True:
        try:
            client = umadb.Client(f"http://{address}")
            client.head()
        except (umadb.TransportError, OSError, RuntimeError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return client


if __name__ == "__main__":
    done(work(given()))

"""A process of its own for tests: starts the embedded servers, writes a row and a record, says so, and waits.

`python embedded_holder.py STATE [UID]`: with a UID it becomes that user first, as a user would be who installed ReLUTH.
"""

import asyncio
import ctypes
import json
import os
import signal
import sys
from pathlib import Path

_PR_SET_KEEPCAPS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 8, 47, 2
_CAP_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION_3 = 0x20080522


def become(uid: int) -> None:
    """Give up root for the user, and for everything this process starts.

    Tests run with the interpreter of whoever runs them, which for root may lie below /root: the right to read (not to
    write) past directory permissions is kept, where there is one to keep, so that this interpreter can be started.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    mask = 1 << _CAP_DAC_READ_SEARCH
    libc.capset(header, (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0))
    libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_READ_SEARCH, 0, 0)


async def hold(path: Path) -> None:
    """Start, write, print one line of JSON, and stop cleanly on SIGTERM."""
    import asyncpg
    from aiokafka import AIOKafkaProducer

    from services.cli.databases import Databases
    from services.cli.embedded import Embedded
    from services.cli.embedded.topics import ensure_topics

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with Embedded(path) as runtime:
        urls = await Databases(runtime.admin_url, path / "databases.json").ensure(["held"])
        connection = await asyncpg.connect(urls["held"].owner)
        await connection.execute("CREATE TABLE IF NOT EXISTS written (value text)")
        await connection.execute("INSERT INTO written VALUES ('a row')")
        await connection.close()
        await ensure_topics(runtime.bootstrap, {"held": 1})
        producer = AIOKafkaProducer(bootstrap_servers=runtime.bootstrap, acks="all")
        await producer.start()
        await producer.send_and_wait("held", b"a record")
        await producer.stop()
        said = {
            "user": os.geteuid(),
            "postgres": runtime.postgres.pid,
            "kafka": runtime.kafka.pid,
            "ports": runtime.state.run.ports,
        }
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        become(int(sys.argv[2]))
        os.execv(sys.executable, [sys.executable, __file__, sys.argv[1]])
    asyncio.run(hold(Path(sys.argv[1])))

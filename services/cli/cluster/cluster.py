"""Start and stop a secured cluster: keys and passwords once, then its nodes, its topics, its rules."""

import asyncio
import json
import secrets
import shutil
import signal
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from services.chassis.files import write_secret_once
from services.chassis.kafka import KafkaConnection
from services.cli import catalogue
from services.cli.cluster.acls import ADMIN, rules
from services.cli.cluster.administration import ensure_rules
from services.cli.cluster.certificates import Authority
from services.cli.cluster.settings import KEYSTORE, TRUSTSTORE, Ports, node_settings, principal
from services.cli.embedded import jars
from services.cli.embedded.java import cluster_id, prepare_home, write_properties
from services.cli.embedded.ports import LOOPBACK, find_port
from services.cli.embedded.process import Child, ServerEnded, StartFailed, run
from services.cli.embedded.progress import Report, Step, silent
from services.cli.embedded.state import State, write_private
from services.cli.embedded.topics import ensure_topics

SIZES: Final = (1, 3)
_READY_SECONDS: Final = 120.0
_STOP_SECONDS: Final = 30.0
_SETTINGS: Final = "server.properties"
_IDENTITY: Final = "cluster.json"


@dataclass(frozen=True)
class _Identity:
    """What a directory was first started as, and stays."""

    cluster_id: str
    nodes: int


class SecuredKafka:
    """A cluster in a state directory, on ports of 127.0.0.1. After `start`, `connection(user)` reaches it."""

    def __init__(self, state: State, nodes: int = 1, *, report: Report = silent) -> None:
        """`nodes`: 1, or 3 with every record on each and two of them needed for an acknowledgement."""
        if nodes not in SIZES:
            raise ValueError(f"a cluster has {' or '.join(map(str, SIZES))} nodes, not {nodes}")
        self._state = state
        self._nodes = nodes
        self._report = report
        self._home = state.path / "kafka"
        self._ports: list[Ports] = []
        self._children: dict[int, Child] = {}
        self._commands: dict[int, list[str | Path]] = {}
        self._passwords: Mapping[str, str] = {}

    @property
    def bootstrap(self) -> str:
        """The client listeners, for any client."""
        return ",".join(f"{LOOPBACK}:{ports.client}" for ports in self._ports)

    @property
    def ca_file(self) -> Path:
        """The certificate by which clients know the cluster."""
        return self._home / "tls" / "ca.pem"

    @property
    def credentials(self) -> Path:
        """The directory (0700) with a file of settings per service (0600), and the passwords of all of them."""
        return self._home / "credentials"

    @property
    def ports(self) -> Sequence[Ports]:
        """Where each node listens, in the order of their numbers."""
        return self._ports

    def pid(self, node: int) -> int:
        """The process of a node, by its number from 1."""
        return self._children[node].pid

    def connection(self, user: str) -> KafkaConnection:
        """How this user reaches the cluster."""
        return KafkaConnection(
            self.bootstrap,
            security_protocol="SASL_SSL",
            ssl_context=ssl.create_default_context(cafile=str(self.ca_file)),
            username=user,
            password=self._passwords[user],
        )

    def settings(self, service: str) -> Mapping[str, str]:
        """The variables with which a service speaks to the cluster (`docs/settings.md`); one of them is a secret."""
        own = f"RELUTH_{service.upper()}_KAFKA"
        return {
            "RELUTH_KAFKA_BOOTSTRAP": self.bootstrap,
            "RELUTH_KAFKA_SECURITY": "SASL_SSL",
            "RELUTH_KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
            "RELUTH_KAFKA_CA_FILE": str(self.ca_file),
            f"{own}_USERNAME": service,
            f"{own}_PASSWORD": self._passwords[service],
        }

    async def ended(self) -> ServerEnded:
        """Wait until a node ends by itself."""
        waiting = [asyncio.ensure_future(child.ended()) for child in self._children.values()]
        try:
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
        return done.pop().result()

    async def start(self) -> None:
        """Fetch what is missing, format once, start every node, then create topics and rules.

        Raises StartFailed, also for a directory that holds a cluster of another size.
        """
        paths = await jars.prepare(jars.read_lock(), jars.cache_directory(), self._report)
        self._home.mkdir(parents=True, exist_ok=True, mode=0o700)
        identity = self._identity()
        self._passwords = json.loads(write_secret_once(self.credentials / "passwords.json", _fresh_passwords))
        if missing := {ADMIN, *catalogue.NAMES} - self._passwords.keys():
            raise StartFailed(
                f"{self._state.path} was made for other users, without {', '.join(sorted(missing))}: users are written"
                " when the storage is formatted, so choose another directory"
            )
        authority = Authority.open(self._home / "tls")
        self._ports = self._find_ports()
        self._commands = {node: self._prepare(node, authority, paths) for node in self._numbers}
        try:
            await asyncio.gather(*(self._format(node, identity) for node in self._numbers))
            self._report(Step("Kafka", "starting"))
            await self.restart()
            admin = self.connection(ADMIN)
            await ensure_topics(self.bootstrap, catalogue.topics(), replication_factor=-1, connection=admin.options())
            await ensure_rules(admin, rules())
        except BaseException:
            await self.stop()
            raise
        self._write_settings()
        self._state.record(ports=self._recorded_ports())
        self._report(Step("Kafka", "ready", done=1))

    async def stop(self) -> None:
        """Stop all nodes cleanly, at the same time: alone, the last ones would wait for a majority that is gone."""
        await asyncio.gather(*(c.stop((signal.SIGTERM, _STOP_SECONDS)) for c in self._children.values()))
        self._children.clear()

    async def kill(self, *nodes: int) -> None:
        """End nodes as a loss of power does (SIGKILL); `restart` brings them back."""
        await asyncio.gather(*(self._children.pop(node).stop() for node in nodes))

    async def restart(self, *nodes: int) -> None:
        """Start nodes that were killed, on the storage that they have; return when the cluster counts all its nodes.

        Without numbers, all that do not run. Raises StartFailed.
        """
        for node in nodes or [node for node in self._numbers if node not in self._children]:
            await self._spawn(node)
        await self._ready()

    async def destroy(self) -> None:
        """Kill all nodes and remove what they stored. The next `start` makes another cluster, empty, with the same
        addresses, users and keys: what clients meet after the loss of every broker.
        """
        await self.kill(*self._children)
        (self._home / _IDENTITY).unlink()
        for node in self._numbers:
            shutil.rmtree(self._node(node) / "data")

    @property
    def _numbers(self) -> range:
        return range(1, self._nodes + 1)

    def _node(self, node: int) -> Path:
        return self._home / f"node-{node}"

    def _identity(self) -> _Identity:
        fresh = json.dumps({"cluster_id": cluster_id(), "nodes": self._nodes})
        identity = _Identity(**json.loads(write_secret_once(self._home / _IDENTITY, fresh.encode)))
        if identity.nodes != self._nodes:
            raise StartFailed(
                f"{self._state.path} holds a cluster of {identity.nodes}, not of {self._nodes}: start it as it is"
                f" (CLUSTER={identity.nodes}), or choose another directory"
            )
        return identity

    def _find_ports(self) -> list[Ports]:
        last = self._state.run.ports or (self._state.last.ports if self._state.last else {})
        taken: set[int] = set()

        def port(name: str) -> int:
            taken.add(found := find_port(last.get(name), taken))
            return found

        return [Ports(*(port(f"kafka-{node}-{kind}") for kind in Ports.__annotations__)) for node in self._numbers]

    def _recorded_ports(self) -> dict[str, int]:
        return {
            f"kafka-{node}-{kind}": getattr(ports, kind)
            for node, ports in zip(self._numbers, self._ports, strict=True)
            for kind in Ports.__annotations__
        }

    def _prepare(self, node: int, authority: Authority, paths: Sequence[Path]) -> list[str | Path]:
        """The node's directory with a new certificate at each start, so that none runs out unnoticed."""
        home = self._node(node)
        command = prepare_home(home, self._state.path, paths)
        authority.issue(principal(node), home / KEYSTORE)
        write_private(home / TRUSTSTORE, authority.path.read_text())
        write_properties(home / _SETTINGS, node_settings(node, self._ports, "data"))
        return command

    async def _format(self, node: int, identity: _Identity) -> None:
        """Format beside the final place, with the users: a killed run leaves nothing that looks whole.

        The passwords go by a file that only we may read, since every account of the machine sees command lines.
        """
        home = self._node(node)
        if (home / "data").exists():
            return
        self._report(Step("Kafka", "formatting its storage"))
        shutil.rmtree(home / "data.new", ignore_errors=True)
        write_properties(home / "format.properties", node_settings(node, self._ports, "data.new"))
        users = [f"SCRAM-SHA-512=[name={user},password={word}]" for user, word in self._passwords.items()]
        arguments = ["-t", identity.cluster_id, "-c", "format.properties"]
        for user in users:
            arguments += ["--add-scram", user]
        secret = home / "format.arguments"
        try:
            write_private(secret, "".join(f"{argument}\n" for argument in arguments))
            await run([*self._commands[node], "kafka.tools.StorageTool", "format", f"@{secret.name}"], directory=home)
        finally:
            secret.unlink(missing_ok=True)
        (home / "format.properties").unlink()
        (home / "data.new").rename(home / "data")

    async def _spawn(self, node: int) -> None:
        home = self._node(node)
        child = self._children[node] = await Child.spawn(
            f"kafka node {node}",
            [*self._commands[node], "kafka.Kafka", _SETTINGS],
            directory=home,
            log=home / "logs" / "output.log",
            death_signal=signal.SIGTERM,
        )
        self._state.record(children={f"kafka-{node}": child.pid})

    async def _ready(self) -> None:
        """Return when the cluster counts all its nodes. Raises StartFailed when one ends or the time is over."""
        deadline = asyncio.get_running_loop().time() + _READY_SECONDS
        while await self._present() != self._nodes:
            late = asyncio.get_running_loop().time() > deadline
            for child in self._children.values():
                if late or not child.running:
                    raise child.failed("did not start")
            await asyncio.sleep(0.1)

    async def _present(self) -> int:
        """How many nodes the cluster says it has; 0 while it does not answer."""
        admin = AIOKafkaAdminClient(**self.connection(ADMIN).options(), request_timeout_ms=5_000)
        try:
            await admin.start()
            return len((await admin.describe_cluster())["brokers"])
        except (KafkaError, OSError):
            return 0
        finally:
            await admin.close()

    def _write_settings(self) -> None:
        """A file of variables per service, for a shell or a process manager: a service is given its own alone."""
        for service in catalogue.NAMES:
            lines = (f"{name}={value}\n" for name, value in self.settings(service).items())
            write_private(self.credentials / f"{service}.env", "".join(lines))


def _fresh_passwords() -> bytes:
    users = (ADMIN, *catalogue.NAMES)
    return (json.dumps({user: secrets.token_urlsafe(32) for user in users}, indent=2) + "\n").encode()

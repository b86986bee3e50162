"""How to reach a Kafka cluster, and how to learn which cluster it is."""

import asyncio
import contextlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaConnectionError, KafkaError, NodeNotReadyError

_NODES_ASKED: Final = 6
_ASKED_AGAIN: Final = 0.1  # seconds


@dataclass(frozen=True, slots=True)
class KafkaConnection:
    """Addresses and credentials, as aiokafka's clients take them. `bootstrap` is `host:port[,host:port...]`."""

    bootstrap: str
    security_protocol: str = "PLAINTEXT"
    ssl_context: ssl.SSLContext | None = None
    sasl_mechanism: str = "SCRAM-SHA-512"
    username: str | None = None
    password: str | None = None

    def options(self) -> dict[str, Any]:
        """Keyword arguments for a client."""
        return {
            "bootstrap_servers": self.bootstrap,
            "security_protocol": self.security_protocol,
            "ssl_context": self.ssl_context,
            "sasl_mechanism": self.sasl_mechanism,
            "sasl_plain_username": self.username,
            "sasl_plain_password": self.password,
        }


@contextlib.contextmanager
def client_errors() -> Iterator[None]:
    """Turn a cancellation that nobody asked for into an error.

    aiokafka cancels the requests of a connection that it closes, and whoever awaits one gets CancelledError as if he
    had been cancelled himself: a background loop would end without a word when the broker goes away.
    """
    try:
        yield
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise KafkaConnectionError("the client gave up a request") from None


class ClusterWatch:
    """Asks a cluster for its id, over a connection of its own.

    A client that reconnects does not notice that another, empty cluster answers at the same address. Offsets and
    acknowledgements of the old one mean nothing there.
    """

    def __init__(self, connection: KafkaConnection) -> None:
        self._admin = AIOKafkaAdminClient(**connection.options(), request_timeout_ms=5000)

    async def __aenter__(self) -> Self:
        try:
            await self._admin.start()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def cluster_id(self) -> str:
        """The id of the cluster that answers now. Raises `KafkaError` or `OSError`.

        The client asks any node, perhaps one that has just died: then it is asked again, and takes another.
        """
        for _ in range(_NODES_ASKED - 1):
            with contextlib.suppress(KafkaConnectionError, NodeNotReadyError):
                return await self._ask()
            await asyncio.sleep(_ASKED_AGAIN)
        return await self._ask()

    async def _ask(self) -> str:
        with client_errors():
            return str((await self._admin.describe_cluster())["cluster_id"])

    async def close(self) -> None:
        """Disconnect."""
        with contextlib.suppress(KafkaError, OSError):
            await self._admin.close()

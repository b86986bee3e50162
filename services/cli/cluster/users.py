"""Users of a broker: given a password by the protocol, as the broker keeps it (SCRAM, RFC 5802)."""

import asyncio
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    CompactArray,
    CompactBytes,
    CompactString,
    Int8,
    Int16,
    Int32,
    Schema,
    TaggedFields,
)

from services.chassis.kafka import KafkaConnection, client_errors
from services.cli.cluster.administration import check

MECHANISM: Final = "SCRAM-SHA-512"
_MECHANISM_NUMBER: Final = 2  # the broker's, of org.apache.kafka.clients.admin.ScramMechanism
_ITERATIONS: Final = 8192  # the broker takes 4096 to 16384
_SALT_BYTES: Final = 32
_KNOWN_SECONDS: Final = 30.0


class _Response(Response):  # type: ignore[misc]  # aiokafka says nothing of its types
    API_KEY = 51
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "results",
            CompactArray(
                ("user", CompactString()),
                ("error_code", Int16),
                ("error_message", CompactString()),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _Request(RequestStruct):  # type: ignore[misc]
    API_KEY = 51
    API_VERSION = 0
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = _Response
    SCHEMA = Schema(
        ("deletions", CompactArray(("name", CompactString()), ("mechanism", Int8), ("tags", TaggedFields))),
        (
            "upsertions",
            CompactArray(
                ("name", CompactString()),
                ("mechanism", Int8),
                ("iterations", Int32),
                ("salt", CompactBytes),
                ("salted_password", CompactBytes),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _AlterUserScramCredentials(Request[_Request]):  # type: ignore[misc]
    """What aiokafka does not have: a new password for each user, known to the broker or not."""

    API_KEY = 51

    def __init__(self, passwords: Mapping[str, str]) -> None:
        self._passwords = passwords

    def build(self, request_struct_class: type[_Request]) -> _Request:
        return request_struct_class([], [_upsertion(*login) for login in self._passwords.items()], {})


def _upsertion(user: str, password: str) -> tuple[Any, ...]:
    salt = secrets.token_bytes(_SALT_BYTES)
    salted = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)
    return (user, _MECHANISM_NUMBER, _ITERATIONS, salt, salted, {})


async def ensure_users(connection: KafkaConnection, passwords: Mapping[str, str]) -> None:
    """Give each user this password, whether there was such a user or not; return when each can log in with it.

    Idempotent; connections that are open stay open. Hazard: who reads the salted password off the wire can log in with
    it, so `connection` should be TLS, or on a network that nobody else can reach. Raises KafkaError, TimeoutError.
    """
    admin = AIOKafkaAdminClient(**connection.options())
    try:
        with client_errors():
            await admin.start()
            response = await admin._send_request(_AlterUserScramCredentials(passwords))
        for user, code, message, _ in response.results:
            check((code, message), f"{user} could not be given a password")
    finally:
        await admin.close()
    logins = (
        replace(connection, sasl_mechanism=MECHANISM, username=user, password=password)
        for user, password in passwords.items()
    )
    await asyncio.gather(*(_known(login) for login in logins))


async def _known(login: KafkaConnection) -> None:
    """Return when the broker takes it: it follows the controller at its own pace. Raises TimeoutError."""
    async with asyncio.timeout(_KNOWN_SECONDS):
        while True:
            client = AIOKafkaAdminClient(**login.options())
            try:
                with client_errors():
                    await client.start()
                return
            except KafkaConnectionError:
                await asyncio.sleep(0.1)
            finally:
                await client.close()

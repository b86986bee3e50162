"""Access rules on a broker: read from it, and made equal to what the contracts say."""

import asyncio
from collections.abc import Set
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest, DescribeAclsRequest

from services.chassis.kafka import KafkaConnection
from services.cli.catalogue import NAMES
from services.cli.cluster.acls import Operation, Resource, Rule
from services.cli.embedded.process import StartFailed

_ANY, _LITERAL, _ALLOW = 1, 3, 3  # of pattern types, permission types, operations: the broker's numbers
_KNOWN_SECONDS: Final = 30.0


class ForeignRule(StartFailed):
    """The broker holds a rule that this program cannot have written; somebody must look at it."""


async def ensure_rules(connection: KafkaConnection, wanted: Set[Rule]) -> None:
    """Create the rules that are missing, delete those that are too many, return when every broker goes by them.

    A reader that the contracts no longer name loses its permission at the next start. Raises ForeignRule for a rule
    of another shape (a denial, a prefix, an address) or for a user who is no service: it is neither kept silently nor
    deleted, and nothing is changed.
    """
    admin = AIOKafkaAdminClient(**connection.options())
    try:
        await admin.start()
        brokers = [int(broker["node_id"]) for broker in (await admin.describe_cluster())["brokers"]]
        held = await _rules(admin, brokers[0])
        await asyncio.gather(
            *(_give(admin, rule) for rule in wanted - held), *(_take(admin, rule) for rule in held - wanted)
        )
        async with asyncio.timeout(_KNOWN_SECONDS):
            for broker in brokers:  # each follows the controller at its own pace
                while await _rules(admin, broker) != wanted:  # noqa: ASYNC110 - it has no event for us
                    await asyncio.sleep(0.02)
    finally:
        await admin.close()


async def _give(admin: AIOKafkaAdminClient, rule: Rule) -> None:
    response = await admin._send_request(CreateAclsRequest(*_wire(rule)))
    check(response.creation_responses[0], f"could not be given: {rule}")


async def _take(admin: AIOKafkaAdminClient, rule: Rule) -> None:
    response = await admin._send_request(DeleteAclsRequest(*_wire(rule)))
    check(response.filter_responses[0], f"could not be taken: {rule}")


def _wire(rule: Rule) -> tuple[int, str, int, str, str, int, int]:
    return (rule.resource, rule.name, _LITERAL, f"User:{rule.user}", "*", rule.operation, _ALLOW)


async def _rules(admin: AIOKafkaAdminClient, broker: int) -> Set[Rule]:
    """Every rule that a broker knows."""
    everything = DescribeAclsRequest(_ANY, None, _ANY, None, None, _ANY, _ANY)
    response = await admin._send_request_to_node(broker, everything)
    check((response.error_code, response.error_message), "the rules could not be read")
    return {
        _rule(resource, name, pattern, *acl) for resource, name, pattern, acls in response.resources for acl in acls
    }


def _rule(resource: int, name: str, pattern: int, principal: str, host: str, operation: int, permission: int) -> Rule:
    user = principal.removeprefix("User:")
    try:
        rule = Rule(user, Resource(resource), name, Operation(operation)) if user in NAMES else None
    except ValueError:
        rule = None
    if rule is None or _wire(rule) != (resource, name, pattern, principal, host, operation, permission):
        raise ForeignRule(
            f"the broker holds a rule that is not ours: {principal} on {name!r} (resource type {resource}, pattern"
            f" {pattern}, host {host}, operation {operation}, permission {permission}). Find out who wrote it, and"
            " delete it."
        )
    return rule


def check(result: tuple[Any, ...], what: str) -> None:
    """Raises the KafkaError that a broker's answer (error code, its text, ...) stands for, if it does."""
    code, message, *_ = result
    if code:
        raise for_code(code)(f"{what}: {message or ''}")

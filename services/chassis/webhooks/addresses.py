"""Where webhooks may go: an address that somebody typed must not reach into our own network."""

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from services.chassis.refusal import Refused
from services.chassis.webhooks.port import ADDRESS_NOT_ACCEPTED

MAX_URL: Final = 500
_CARRIES_IPV4: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("2002::/16"))
"""Translated or tunnelled to an IPv4 address that stands inside: global by themselves, private by what they reach."""


class NoWay(Exception):
    """Nothing is sent there. The message is a code."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address as it is connected to: the number that was checked, and the name for TLS and the header `Host`."""

    url: str
    host: str
    name: str


def check_url(url: str, *, private: bool) -> None:
    """Refuse (422) an address that can never be delivered to. Names are looked up when something is sent."""
    parts = _parts(url)
    if parts is None or len(url) > MAX_URL:
        raise Refused(ADDRESS_NOT_ACCEPTED, because="not-an-address")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused(ADDRESS_NOT_ACCEPTED, because="user-or-fragment")
    number = _number(parts.hostname or "")
    if parts.scheme != "https" and not (private and number is not None and number.is_loopback):
        raise Refused(ADDRESS_NOT_ACCEPTED, because="not-https")
    if number is not None and not private and not public(number):
        raise Refused(ADDRESS_NOT_ACCEPTED, because="private-address")


async def target_of(url: str, *, private: bool) -> Target:
    """Look the name up once, check every number that it has, and connect to one of those: no second look-up follows.

    Raises `NoWay`.
    """
    parts = _parts(url)
    if parts is None or parts.hostname is None:
        raise NoWay("not-an-address")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except OSError:
        raise NoWay("name-unknown") from None
    numbers = [ip_address(str(address[0]).partition("%")[0]) for *_, address in found]
    if not numbers or not (private or all(map(public, numbers))):
        raise NoWay("private-address")
    first = numbers[0]
    shown = f"[{first}]" if first.version == 6 else str(first)
    place = parts._replace(netloc=f"{shown}:{port}").geturl()
    return Target(place, parts.netloc, parts.hostname)


def public(number: IPv4Address | IPv6Address) -> bool:
    """Whether a number is reached from the internet, and nothing of ours is."""
    if isinstance(number, IPv6Address):
        if number.ipv4_mapped is not None:
            return public(number.ipv4_mapped)
        if any(number in network for network in _CARRIES_IPV4):
            return False
    return number.is_global and not (number.is_multicast or number.is_reserved or number.is_unspecified)


def _parts(url: str) -> SplitResult | None:
    if not url.isascii() or any(c.isspace() or not c.isprintable() or c == "\\" for c in url):
        return None
    try:
        parts = urlsplit(url)
        return parts if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def _number(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None

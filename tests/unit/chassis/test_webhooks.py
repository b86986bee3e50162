"""Webhooks without a network: where they may go, how they are signed, what a sender does with an answer."""

import base64
import socket
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.refusal import Refused
from services.chassis.webhooks.addresses import NoWay, check_url, public, target_of
from services.chassis.webhooks.sending import Answered, Sender, new_secret, signature

INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[fc00::1]",
    "[ff02::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:10.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
]


@pytest.mark.parametrize("host", INSIDE)
async def test_nothing_is_sent_to_our_own_network(host: str) -> None:
    with pytest.raises(Refused) as refused:
        check_url(f"https://{host}/x", private=False)
    assert refused.value.detail == {"because": "private-address"}
    with pytest.raises(NoWay):
        await target_of(f"https://{host}/x", private=False)


@pytest.mark.parametrize("host", ["8.8.8.8", "[2606:4700:4700::1111]"])
async def test_a_number_of_the_internet_is_reached_as_it_is(host: str) -> None:
    check_url(f"https://{host}:8443/x?y=1", private=False)
    target = await target_of(f"https://{host}:8443/x?y=1", private=False)
    assert target.url == f"https://{host}:8443/x?y=1"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "ftp://example.org/",
        "http://example.org/",
        "http://8.8.8.8/",
        "https://",
        "https:///x",
        "https://user@example.org/",
        "https://user:word@example.org/",
        "https://example.org/#part",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://exa mple.org/",
        "https://example.org\\@127.0.0.1/",
        "https://exämple.org/",
        "https://example.org/\r\nHost: x",
        "https://[::1/",
        "https://example.org/" + "x" * 500,
    ],
)
@pytest.mark.parametrize("private", [False, True])
def test_an_address_that_is_none_is_refused(url: str, private: bool) -> None:
    with pytest.raises(Refused):
        check_url(url, private=private)


def test_plain_http_is_for_this_machine_itself_and_only_where_it_is_allowed() -> None:
    check_url("http://127.0.0.1:9/x", private=True)
    check_url("http://[::1]:9/x", private=True)
    for url, private in (("http://127.0.0.1:9/x", False), ("http://10.0.0.1/", True), ("http://localhost/", True)):
        with pytest.raises(Refused):
            check_url(url, private=private)


@given(st.text(max_size=60))
def test_no_text_breaks_the_check(text: str) -> None:
    try:
        check_url("https://" + text, private=False)
    except Refused:
        return


async def test_a_name_with_one_number_inside_is_refused_and_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name may have several numbers, and other ones a moment later: what was checked is what is connected to."""
    asked: list[str] = []
    found = ["8.8.8.8", "10.0.0.1"]

    async def lookup(_: object, host: str, port: int, **__: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in found]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", lookup)
    with pytest.raises(NoWay, match="private-address"):
        await target_of("https://hospital.test/x", private=False)
    found.pop()
    target = await target_of("https://hospital.test/x", private=False)
    assert (target.url, target.host, target.name) == ("https://8.8.8.8:443/x", "hospital.test", "hospital.test")
    assert asked == ["hospital.test"] * 2


def test_public_says_of_every_number_what_the_registries_say() -> None:
    from ipaddress import ip_address

    assert public(ip_address("8.8.8.8"))
    assert not public(ip_address("::ffff:192.168.0.1"))


def test_the_signature_is_that_of_the_convention() -> None:
    """The example of the specification's own libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    made = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_has_256_bits_and_is_never_the_same() -> None:
    made = {new_secret() for _ in range(50)}
    assert len(made) == 50
    assert {len(base64.b64decode(one.removeprefix("whsec_"))) for one in made} == {32}


async def test_a_redirect_is_no_receipt_and_is_not_followed() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(307, headers={"Location": "http://169.254.169.254/"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        found = await Sender(client, 1.0, private=False).send("https://8.8.8.8/x", new_secret(), "id", 1, b"{}")
    assert (found, found.received, len(asked)) == (Answered(status=307), False, 1)


async def test_the_body_of_an_answer_is_not_read() -> None:
    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self) -> Any:
            raise AssertionError("read")
            yield b""

    async with httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, stream=Endless()))
    ) as client:
        found = await Sender(client, 1.0, private=False).send("https://8.8.8.8/x", new_secret(), "id", 1, b"{}")
    assert found.received

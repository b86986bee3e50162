"""A time stamping authority asked over HTTP: what is believed, what is asked again, and what is refused."""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.chassis.assembly import NotConfigured
from services.chassis.refusal import Refused
from services.chassis.settings import settings_of
from services.chassis.unavailable import Unavailable
from services.randomizer.app import _witness
from services.randomizer.domain.refusals import NO_AUTHORITY, STAMP_NOT_BELIEVED
from services.randomizer.witness import NoWitness, witness_of
from services.randomizer.witness.authority import CERTIFICATE_FILE, KEY_FILE, LocalAuthority, OwnWitness
from services.randomizer.witness.over_http import ATTEMPTS, AuthorityOverHttp
from services.randomizer.witness.tokens import NotBelieved, question, token_of, verify_token

from .stamping import DIGEST, NOW, OTHER, Chain, pem

Answering = Callable[[bytes], Response]
PATH = "/tsr"


class Elsewhere:
    """An authority at an address: our own one behind HTTP, with a list of what it does before it answers soundly."""

    def __init__(self, state: Path, *, first: Sequence[Answering | Exception] = ()) -> None:
        self.moment = NOW
        self.authority = LocalAuthority(state, clock=lambda: self.moment)
        self.asked: list[bytes] = []
        self._first = list(first)
        self.app = Starlette(routes=[Route(PATH, self._post, methods=["POST"])])

    async def _post(self, request: Request) -> Response:
        assert request.headers["content-type"] == "application/timestamp-query"
        body = await request.body()
        self.asked.append(body)
        if self._first:
            answering = self._first.pop(0)
            if isinstance(answering, Exception):
                raise answering
            return answering(body)
        return stamped(self.authority.answer(body))


def stamped(answer: bytes) -> Response:
    return Response(answer, media_type="application/timestamp-reply")


def witness(
    elsewhere: Elsewhere,
    *,
    clock: Callable[[], datetime] = lambda: NOW,
    roots: bytes | None = None,
    timeout: float = 5.0,
    tolerance: float = 60.0,
    pause: Callable[[float], Awaitable[None]] | None = None,
) -> AuthorityOverHttp:
    async def at_once(_: float) -> None:
        return None

    return AuthorityOverHttp(
        f"http://tsa.test{PATH}",
        roots or elsewhere.authority.certificate_pem,
        clock,
        timeout=timeout,
        tolerance=tolerance,
        client=lambda: httpx.AsyncClient(transport=httpx.ASGITransport(elsewhere.app)),
        pause=pause or at_once,
    )


async def fault_of(one: AuthorityOverHttp) -> str:
    with pytest.raises(Refused) as caught:
        await one.stamp(DIGEST)
    assert caught.value.refusal is STAMP_NOT_BELIEVED
    return str(caught.value.detail["fault"])


async def test_the_stamp_of_an_authority_elsewhere_is_from_outside(tmp_path: Path) -> None:
    elsewhere = Elsewhere(tmp_path)
    stamp = await witness(elsewhere).stamp(DIGEST)
    assert (stamp.outside, stamp.stamped_at) == (True, NOW)
    told = verify_token(base64.b64decode(stamp.token), DIGEST, elsewhere.authority.certificate_pem)
    assert (told.time, told.authority) == (stamp.stamped_at, stamp.authority)


async def test_over_a_real_connection_it_is_the_same(tmp_path: Path) -> None:
    elsewhere = Elsewhere(tmp_path)
    server = uvicorn.Server(uvicorn.Config(elsewhere.app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0)
    [socket] = server.servers[0].sockets
    url = f"http://127.0.0.1:{socket.getsockname()[1]}{PATH}"
    roots = elsewhere.authority.certificate_pem
    try:
        one = AuthorityOverHttp(url, roots, lambda: NOW, timeout=30, tolerance=60)
        assert (await one.stamp(DIGEST)).stamped_at == NOW
    finally:
        server.should_exit = True
        await task


async def test_no_question_is_asked_twice_with_one_nonce(tmp_path: Path) -> None:
    elsewhere = Elsewhere(tmp_path)
    for _ in range(20):
        await witness(elsewhere).stamp(DIGEST)
    assert len(set(elsewhere.asked)) == 20


async def test_an_authority_that_fails_for_a_moment_is_asked_again(tmp_path: Path) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    first = [lambda _: Response(status_code=503), httpx.ConnectError("gone")]
    elsewhere = Elsewhere(tmp_path, first=first)
    assert (await witness(elsewhere, pause=pause).stamp(DIGEST)).stamped_at == NOW
    assert len(elsewhere.asked) == ATTEMPTS == 3
    assert 0.2 <= pauses[0] <= 0.4 < 1.0 <= pauses[1] <= 2.0


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_an_authority_that_stays_away_leaves_the_request_to_be_repeated(status: int, tmp_path: Path) -> None:
    elsewhere = Elsewhere(tmp_path, first=[lambda _: Response(status_code=status)] * ATTEMPTS)
    with pytest.raises(Unavailable, match="time-stamping-authority"):
        await witness(elsewhere).stamp(DIGEST)
    assert len(elsewhere.asked) == ATTEMPTS
    assert await witness(elsewhere).stamp(DIGEST), "the next request finds it back"


async def test_an_authority_that_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    class Silent(Elsewhere):
        async def _post(self, request: Request) -> Response:
            self.asked.append(b"")
            await asyncio.Event().wait()
            raise AssertionError

    elsewhere = Silent(tmp_path)
    with pytest.raises(Unavailable):
        await witness(elsewhere, timeout=0.01).stamp(DIGEST)
    assert len(elsewhere.asked) == ATTEMPTS


FALSE: dict[str, tuple[Callable[[Elsewhere, bytes], bytes], str]] = {
    "nothing": (lambda *_: b"", "unreadable-answer"),
    "a page": (lambda *_: b"<html>Please log in</html>", "unreadable-answer"),
    "a rejection": (lambda here, _: here.authority.answer(b"?"), "not-granted"),
    "cut off": (lambda here, asked: here.authority.answer(asked)[:-1], "unreadable-answer"),
    "with something behind it": (lambda here, asked: here.authority.answer(asked) + b"\0", "unreadable-answer"),
    "too much": (lambda *_: bytes(100_000), "too-large"),
    "an earlier stamp": (lambda here, _: here.authority.answer(question(DIGEST, 4711)), "other-nonce"),
    "a stamp over another hash": (lambda here, _: here.authority.answer(question(OTHER, 4711)), "other-hash"),
}


@pytest.mark.parametrize("name", FALSE)
async def test_an_answer_that_shows_nothing_is_refused_at_once(name: str, tmp_path: Path) -> None:
    make, fault = FALSE[name]
    elsewhere = Elsewhere(tmp_path)
    elsewhere._first.append(lambda asked: stamped(make(elsewhere, asked)))
    assert await fault_of(witness(elsewhere)) == fault
    assert len(elsewhere.asked) == 1, "asking again would hide it"


async def test_an_answer_that_cannot_be_unpacked_is_asked_for_again(tmp_path: Path) -> None:
    packed = [lambda _: Response(b"not gzip", headers={"content-encoding": "gzip"})]
    assert await witness(Elsewhere(tmp_path, first=packed)).stamp(DIGEST)


@pytest.mark.parametrize("status", [301, 400, 401, 404])
async def test_another_status_is_no_stamp_even_with_one_in_it(status: int, tmp_path: Path) -> None:
    elsewhere = Elsewhere(tmp_path)
    answer = elsewhere.authority.answer
    elsewhere._first.append(lambda asked: Response(answer(asked), status, headers={"location": PATH}))
    assert await fault_of(witness(elsewhere)) == "not-granted"


async def test_an_authority_that_nobody_vouches_for_is_not_believed(tmp_path: Path) -> None:
    assert await fault_of(witness(Elsewhere(tmp_path), roots=Chain().roots)) == "not-verified"


@pytest.mark.parametrize(
    ("seconds", "believed"), [(0, True), (60, True), (-60, True), (61, False), (-61, False), (86_400, False)]
)
async def test_a_stamp_of_another_time_is_not_believed(seconds: int, believed: bool, tmp_path: Path) -> None:
    """Its time is compared with that of the first allocation, which our clock tells."""
    elsewhere = Elsewhere(tmp_path)
    elsewhere.moment = NOW + timedelta(seconds=seconds)
    if believed:
        assert (await witness(elsewhere).stamp(DIGEST)).stamped_at == elsewhere.moment
    else:
        assert await fault_of(witness(elsewhere)) == "other-time"


async def test_a_slow_answer_is_of_any_moment_between_question_and_answer(tmp_path: Path) -> None:
    moments = iter([NOW - timedelta(seconds=200), NOW + timedelta(seconds=200)])
    assert await witness(Elsewhere(tmp_path), clock=lambda: next(moments), tolerance=1).stamp(DIGEST)


# --- which one the settings choose


async def test_embedded_mode_has_an_authority_of_its_own_once_it_is_needed(tmp_path: Path) -> None:
    settings = settings_of("randomizer", state_dir=tmp_path)
    witness_of(settings, lambda: NOW)
    assert not list(tmp_path.iterdir()), "a command that only looks creates nothing"
    first, second = [await witness_of(settings, lambda: NOW).stamp(digest) for digest in (DIGEST, OTHER)]
    assert (first.outside, first.authority) == (False, second.authority)
    roots = (tmp_path / CERTIFICATE_FILE).read_bytes()
    assert verify_token(base64.b64decode(second.token), OTHER, roots)
    assert {KEY_FILE, CERTIFICATE_FILE} == {one.name for one in tmp_path.iterdir()}


async def test_without_an_authority_a_production_system_refuses_and_says_what_to_configure(tmp_path: Path) -> None:
    chosen = witness_of(settings_of("randomizer", mode="external", state_dir=tmp_path), lambda: NOW)
    assert isinstance(chosen, NoWitness)
    with pytest.raises(Refused) as caught:
        await chosen.stamp(DIGEST)
    assert caught.value.refusal is NO_AUTHORITY
    assert NO_AUTHORITY.status == 503
    assert "RELUTH_TIMESTAMP_URL" in NO_AUTHORITY.remedy
    assert not list(tmp_path.iterdir()), "a production system makes no authority of its own"


@pytest.mark.parametrize("mode", ["embedded", "external"])
def test_an_authority_outside_is_preferred_wherever_it_is_configured(mode: str, tmp_path: Path) -> None:
    (tmp_path / "roots.pem").write_bytes(pem(Chain().root))
    given = {"timestamp_url": "http://tsa.test/", "timestamp_ca_file": tmp_path / "roots.pem"}
    chosen = witness_of(settings_of("randomizer", mode=mode, state_dir=tmp_path / "state", **given), lambda: NOW)
    assert isinstance(chosen, AuthorityOverHttp)
    assert not (tmp_path / "state").exists()


def test_an_authority_that_nobody_vouches_for_is_not_configured() -> None:
    with pytest.raises(ValidationError, match="nobody vouches for"):
        settings_of("randomizer", timestamp_url="http://tsa.test/")


def test_certificates_without_an_authority_to_ask_are_no_witness(tmp_path: Path) -> None:
    """As a container has it whose installation was given a place for them, and no address."""
    given = {"timestamp_ca_file": tmp_path / "roots.pem", "mode": "external"}
    assert isinstance(witness_of(settings_of("randomizer", **given), lambda: NOW), NoWitness)


async def test_an_authority_of_our_own_stamps_in_the_years_that_a_trial_is_acted_in(tmp_path: Path) -> None:
    """The key is made when the service starts, by the clock of the machine or by that of the play."""
    LocalAuthority(tmp_path, clock=lambda: NOW)
    past = NOW - timedelta(days=5 * 365)
    assert (await OwnWitness(LocalAuthority(tmp_path, clock=lambda: past)).stamp(DIGEST)).stamped_at == past


@pytest.mark.parametrize("url", ["tsa.test", "ftp://tsa.test/", "http:///tsr", "http://"])
def test_an_address_that_cannot_be_asked_stops_the_start(url: str) -> None:
    with pytest.raises(ValidationError, match="timestamp_url"):
        settings_of("randomizer", timestamp_url=url, timestamp_ca_file="roots.pem")


def test_a_file_that_vouches_for_nobody_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "roots.pem").write_bytes(b"no certificate")
    given = {"timestamp_url": "http://tsa.test/", "timestamp_ca_file": tmp_path / "roots.pem"}
    with pytest.raises(NotBelieved, match="no-authority"):
        witness_of(settings_of("randomizer", **given), lambda: NOW)


@pytest.mark.parametrize(("content", "says"), [(b"no certificate", "holds no certificate"), (None, "cannot be read")])
def test_a_service_says_which_file_keeps_it_from_starting(content: bytes | None, says: str, tmp_path: Path) -> None:
    path = tmp_path / "roots.pem"
    if content is not None:
        path.write_bytes(content)
    settings = settings_of("randomizer", timestamp_url="http://tsa.test/", timestamp_ca_file=path)
    with pytest.raises(NotConfigured, match=rf"RELUTH_TIMESTAMP_CA_FILE.*roots\.pem {says}"):
        _witness(settings, lambda: NOW)


def test_what_the_authority_answers_is_an_answer_of_the_standard(tmp_path: Path) -> None:
    authority = LocalAuthority(tmp_path, clock=lambda: NOW)
    assert verify_token(token_of(authority.answer(question(DIGEST, 1))), DIGEST, authority.certificate_pem, nonce=1)

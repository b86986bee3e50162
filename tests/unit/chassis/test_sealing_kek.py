"""Key-encryption keys: at hand, and in a key management service that is asked for each key."""

import logging
import os
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from services.chassis.files import ExposedSecret
from services.chassis.sealing.conformance_kek import BOUND, CASES, DATA_KEY, Case
from services.chassis.sealing.kek import LocalKeks, fresh_kek, kek_of, keks_of
from services.chassis.sealing.kms import TransitKek, TransitKey
from services.chassis.sealing.memory import MemorySubjectKeys
from services.chassis.sealing.port import KeyEncryptionKey, UnknownKek, WrappedKey
from services.chassis.sealing.sealer import Sealer
from services.chassis.settings import settings_of
from services.chassis.unavailable import Unavailable

from .transit import NAME, TOKEN, TransitDouble, TransitKeeper, token_file

BASE = "http://kms.test"


class LocalKeeper:
    def __init__(self) -> None:
        self._keys = [os.urandom(32)]

    @property
    def kek(self) -> KeyEncryptionKey:
        return LocalKeks(self._keys)

    async def rotate(self) -> None:
        self._keys.insert(0, os.urandom(32))

    async def forget(self) -> None:
        del self._keys[1:]


def client_of(double: TransitDouble) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(double))


def kek(double: TransitDouble, at: Path, *, name: str = NAME, **given: object) -> TransitKek:
    key = TransitKey(BASE, name, token_file(at))
    return TransitKek(key, timeout=20, client=lambda: client_of(double), **given)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
async def test_keys_at_hand_conform(case: Case) -> None:
    await case(LocalKeeper())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
async def test_a_key_in_a_service_conforms(case: Case, tmp_path: Path) -> None:
    double = TransitDouble()
    await case(TransitKeeper(BASE, token_file(tmp_path), lambda: client_of(double)))


async def test_a_misspelt_key_is_not_made_by_wrapping_with_it(tmp_path: Path) -> None:
    double = TransitDouble()
    with pytest.raises(UnknownKek):
        await kek(double, tmp_path, name="relut").wrap(DATA_KEY, BOUND)
    assert set(double.keys) == {NAME}


async def test_a_key_that_does_not_authenticate_is_not_wrapped_with(tmp_path: Path) -> None:
    double = TransitDouble()
    double.type = "rsa-4096"
    with pytest.raises(UnknownKek, match="authenticates"):
        await kek(double, tmp_path).wrap(DATA_KEY, BOUND)


async def test_what_wrapped_before_still_opens_and_wraps_nothing_more(tmp_path: Path) -> None:
    double, before, keys = TransitDouble(), LocalKeks([b"K" * 32]), MemorySubjectKeys()
    sealed = await Sealer(keys, before).seal("p", "said before", purpose="note")
    moved = Sealer(keys, kek(double, tmp_path, before=before))
    assert await moved.unseal(sealed, purpose="note") == "said before"
    assert await moved.rewrap() == 1
    assert await Sealer(keys, kek(double, tmp_path)).unseal(sealed, purpose="note") == "said before"


@pytest.mark.parametrize(
    "failure",
    [
        lambda: JSONResponse({"errors": ["Vault is sealed"]}, 503),
        lambda: JSONResponse({"errors": ["permission denied"]}, 403),
        lambda: JSONResponse({"errors": ["internal error"]}, 500),
        lambda: Response(status_code=307, headers={"location": "http://elsewhere.test/"}),
        lambda: Response("<html>Please log in</html>"),
        lambda: JSONResponse({"data": {}}),
        lambda: JSONResponse({"data": {"plaintext": "not base64!", "ciphertext": "x", "latest_version": 1}}),
        lambda: JSONResponse([1]),
    ],
)
async def test_a_service_that_does_not_do_its_part_is_unavailable_and_not_a_broken_seal(failure, tmp_path) -> None:
    """A broken seal would park the fact for good; this passes when somebody mends the service."""
    double = TransitDouble()
    asking = kek(double, tmp_path)
    wrapped = await asking.wrap(DATA_KEY, BOUND)
    double.failure = failure
    with pytest.raises(Unavailable, match="key-management-service"):
        await asking.unwrap(wrapped, BOUND)
    with pytest.raises((Unavailable, UnknownKek)):
        await asking.wrap(DATA_KEY, BOUND)
    double.failure = None
    assert await asking.unwrap(wrapped, BOUND) == DATA_KEY


async def test_a_service_that_is_not_there_is_asked_three_times(tmp_path: Path) -> None:
    asked = []

    def gone(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        raise httpx.ConnectError("gone")

    key = TransitKey(BASE, NAME, token_file(tmp_path))
    asking = TransitKek(key, timeout=20, client=lambda: httpx.AsyncClient(transport=httpx.MockTransport(gone)))
    with pytest.raises(Unavailable):
        await asking.current()
    assert asked == [f"/v1/transit/keys/{NAME}"] * 3


async def test_a_token_that_was_renewed_is_used_at_once(tmp_path: Path) -> None:
    double = TransitDouble()
    asking = kek(double, tmp_path)
    double.token = "s.renewed"
    with pytest.raises(Unavailable):
        await asking.current()
    token_file(tmp_path, "s.renewed\n")
    assert await asking.current() == f"transit:{NAME}:v1"


@pytest.mark.parametrize("content", ["", "two\nlines", "\x00", "é"])
async def test_a_token_file_that_holds_something_else_is_not_sent(content: str, tmp_path: Path) -> None:
    double = TransitDouble()
    asking = kek(double, tmp_path)
    token_file(tmp_path, content)
    with pytest.raises(Unavailable):
        await asking.current()
    assert not double.asked


async def test_a_token_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    asking = kek(TransitDouble(), tmp_path)
    (tmp_path / "kms-token").chmod(0o644)
    with pytest.raises(ExposedSecret):
        await asking.current()


async def test_neither_key_nor_token_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    double = TransitDouble()
    asking = kek(double, tmp_path)
    with caplog.at_level(logging.DEBUG):
        wrapped = await asking.wrap(DATA_KEY, BOUND)
        await asking.unwrap(wrapped, BOUND)
        double.failure = lambda: JSONResponse({"errors": [TOKEN]}, 403)
        with pytest.raises(Unavailable):
            await asking.unwrap(wrapped, BOUND)
    assert "answered 403 to decrypt" in caplog.text
    assert TOKEN not in caplog.text
    assert wrapped.wrapped.decode() not in caplog.text


async def test_a_wrapped_key_of_another_form_is_not_sent_to_the_service(tmp_path: Path) -> None:
    double = TransitDouble()
    for text in (b"", b"vault:v1", b"vault:v1:\n", b"\xff", b"vault:v2:AAAA", b"../../sys/seal"):
        with pytest.raises(Exception, match="unknown form"):
            await kek(double, tmp_path).unwrap(WrappedKey(text, f"transit:{NAME}:v1"), BOUND)
    assert not double.asked


# --- which one the settings choose


async def test_without_a_service_the_keys_at_hand_wrap(tmp_path: Path) -> None:
    settings = settings_of("safety", state_dir=tmp_path)
    async with kek_of(settings) as chosen:
        assert await chosen.current() == keks_of(settings).active


async def test_with_a_service_the_keys_at_hand_only_open(tmp_path: Path) -> None:
    given = {"kms_url": BASE, "kms_key": NAME, "kms_token_file": token_file(tmp_path), "mode": "external"}
    old = keks_of(settings_of("safety", kek=(text := fresh_kek())))
    wrapped = await old.wrap(DATA_KEY, BOUND)
    async with kek_of(settings_of("safety", kek=text, **given)) as chosen:
        assert isinstance(chosen, TransitKek)
        assert await chosen.unwrap(wrapped, BOUND) == DATA_KEY
    async with kek_of(settings_of("safety", state_dir=tmp_path / "none", **given)) as alone:
        with pytest.raises(UnknownKek):
            await alone.unwrap(wrapped, BOUND)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("missing", ["kms_url", "kms_key", "kms_token_file"])
def test_a_service_is_described_whole(missing: str, tmp_path: Path) -> None:
    given = {"kms_url": BASE, "kms_key": NAME, "kms_token_file": tmp_path}
    del given[missing]
    with pytest.raises(ValidationError, match="go together"):
        settings_of("safety", **given)


@pytest.mark.parametrize("name", ["", "../sys", "a/b", "a b", "-a"])
def test_a_key_has_a_name_that_reaches_no_other_address(name: str) -> None:
    with pytest.raises(ValidationError, match="kms_key"):
        settings_of("safety", kms_url=BASE, kms_key=name, kms_token_file="x")

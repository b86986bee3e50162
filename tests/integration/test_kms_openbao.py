"""A real key management service (OpenBao), in memory and for the time of a test, keeps the promises of its double."""

import shutil
import socket
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.chassis.sealing.conformance_kek import BOUND, CASES, DATA_KEY, Case
from services.chassis.sealing.kms import TransitKek, TransitKey
from services.chassis.sealing.port import UnknownKek
from services.chassis.unavailable import Unavailable
from tests.unit.chassis.transit import NAME, TransitKeeper, token_file

ROOT = "root-of-a-test"
pytestmark = pytest.mark.skipif(
    shutil.which("bao") is None,
    reason="NO REAL KEY MANAGEMENT SERVICE WAS ASKED: the program bao (OpenBao) is not here",
)


@pytest.fixture
async def bao(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a server with one key."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    log = tmp_path / "bao.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                "bao",
                "server",
                "-dev",
                "-dev-no-store-token",
                f"-dev-root-token-id={ROOT}",
                f"-dev-listen-address={address}",
            ],
            stdout=output,
            stderr=output,
        )
    base = f"http://{address}"
    try:
        async with httpx.AsyncClient(
            base_url=base, headers={"X-Vault-Token": ROOT}, transport=httpx.AsyncHTTPTransport(retries=10)
        ) as client:
            while (await client.get("/v1/sys/health")).status_code != httpx.codes.OK:
                assert server.poll() is None, log.read_text()
            (await client.post("/v1/sys/mounts/transit", json={"type": "transit"})).raise_for_status()
            (await client.post(f"/v1/transit/keys/{NAME}", json={"type": "aes256-gcm96"})).raise_for_status()
        yield base
    finally:
        server.terminate()
        server.wait()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
async def test_a_key_in_a_real_service_conforms(case: Case, bao: str, tmp_path: Path) -> None:
    await case(TransitKeeper(bao, token_file(tmp_path, ROOT), httpx.AsyncClient))


async def test_a_misspelt_key_is_not_made_in_a_real_service(bao: str, tmp_path: Path) -> None:
    kek = TransitKek(TransitKey(bao, "relut", token_file(tmp_path, ROOT)), timeout=20)
    for _ in range(2):
        with pytest.raises(UnknownKek):
            await kek.wrap(DATA_KEY, BOUND)
    await kek.aclose()


async def test_a_real_service_that_is_sealed_or_takes_no_token_is_unavailable(bao: str, tmp_path: Path) -> None:
    kek = TransitKek(TransitKey(bao, NAME, token_file(tmp_path, ROOT)), timeout=20)
    wrapped = await kek.wrap(DATA_KEY, BOUND)
    token_file(tmp_path, "another")
    with pytest.raises(Unavailable):
        await kek.unwrap(wrapped, BOUND)
    token_file(tmp_path, ROOT)
    assert await kek.unwrap(wrapped, BOUND) == DATA_KEY
    async with httpx.AsyncClient(base_url=bao, headers={"X-Vault-Token": ROOT}) as client:
        (await client.post("/v1/sys/seal")).raise_for_status()
    with pytest.raises(Unavailable):
        await kek.unwrap(wrapped, BOUND)
    await kek.aclose()

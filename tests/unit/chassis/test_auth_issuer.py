"""Where keys come from: the local issuer of embedded mode, and discovery over a wire that can be cut."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from services.chassis.auth.discovery import FIRST_INTERVAL, MAX_AGE, MIN_INTERVAL, OidcKeys
from services.chassis.auth.issuer import KEY_FILE, LocalIssuer
from services.chassis.auth.tokens import TokenVerifier
from services.chassis.auth.who import Who
from services.chassis.files import ExposedSecret
from services.chassis.unavailable import Unavailable
from tests.unit.chassis.issuing import AUDIENCE, ISSUER, JWKS


async def test_the_local_issuers_tokens_are_accepted_and_its_key_is_kept(tmp_path: Path) -> None:
    issuer = LocalIssuer(tmp_path, issuer=ISSUER, audience=AUDIENCE)
    again = LocalIssuer(tmp_path, issuer=ISSUER, audience=AUDIENCE)
    token = issuer.mint("u-1", ["investigator"], ["01"], timedelta(minutes=5))
    caller = await TokenVerifier(again, issuer=ISSUER, audience=AUDIENCE).verify(token)
    assert caller == Who("u-1", frozenset({"investigator"}), frozenset({"01"}))
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_an_issuers_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    LocalIssuer(tmp_path, issuer=ISSUER, audience=AUDIENCE)
    (tmp_path / KEY_FILE).chmod(0o644)
    with pytest.raises(ExposedSecret):
        LocalIssuer(tmp_path, issuer=ISSUER, audience=AUDIENCE)


def test_no_draft_of_a_key_is_left_behind(tmp_path: Path) -> None:
    LocalIssuer(tmp_path, issuer=ISSUER, audience=AUDIENCE)
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize("ttl", [timedelta(0), timedelta(days=8), timedelta(days=-1)])
def test_a_local_token_lives_a_week_at_most(tmp_path: Path, ttl: timedelta) -> None:
    with pytest.raises(ValueError, match="at most"):
        LocalIssuer(tmp_path, issuer=ISSUER, audience=AUDIENCE).mint("u", [], [], ttl)


async def test_the_local_issuer_is_found_by_discovery(tmp_path: Path) -> None:
    issuer = LocalIssuer(tmp_path, issuer="http://issuer.local/oidc", audience=AUDIENCE)
    served = Starlette(routes=[Mount("/oidc", issuer.app())])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(served)) as client:
        verifier = TokenVerifier(OidcKeys(issuer.issuer, client), issuer=issuer.issuer, audience=AUDIENCE)
        assert (await verifier.verify(issuer.mint("u", ["r"]))).actor == "u"


class Issuer:
    """An issuer on a wire that can be cut, with a clock that only moves when told."""

    def __init__(self) -> None:
        self.now, self.calls, self.down = 1000.0, 0, False
        self.jwks: dict[str, Any] = JWKS
        self.document: dict[str, Any] = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def keys(self) -> OidcKeys:
        return OidcKeys(ISSUER, self.client(), monotonic=lambda: self.now)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("down")
        if request.url.path == "/keys":
            self.calls += 1
            return httpx.Response(200, json=self.jwks)
        return httpx.Response(200, json=self.document)


async def test_keys_are_fetched_once_and_again_when_they_are_old() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    for _ in range(3):
        assert await keys.key("rsa") is not None
    assert issuer.calls == 1
    issuer.now += MAX_AGE + 1
    assert await keys.key("rsa") is not None
    assert issuer.calls == 2


async def test_a_new_key_is_found_and_made_up_ids_do_not_reach_the_issuer() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    await keys.key("rsa")
    issuer.jwks = {"keys": [*JWKS["keys"], {**JWKS["keys"][2], "kid": "new"}]}
    issuer.now += MIN_INTERVAL + 1
    assert await keys.key("new") is not None
    for n in range(50):
        assert await keys.key(f"made-up-{n}") is None
    assert issuer.calls == 2


async def test_keys_survive_an_outage_of_the_issuer_however_long() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    await keys.key("rsa")
    issuer.down = True
    issuer.now += 100 * MAX_AGE
    assert await keys.key("rsa") is not None
    assert await keys.key("unknown") is None


async def test_an_issuer_that_was_never_there_makes_us_unavailable_until_it_comes() -> None:
    issuer = Issuer()
    issuer.down = True
    keys = issuer.keys()
    with pytest.raises(Unavailable):
        await keys.key("rsa")
    issuer.down = False
    issuer.now += FIRST_INTERVAL + 0.1
    assert await keys.key("rsa") is not None


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://elsewhere.example", "jwks_uri": f"{ISSUER}/keys"},
        {"issuer": ISSUER},
        {"issuer": ISSUER, "jwks_uri": "http://issuer.example/keys"},
        {"issuer": ISSUER, "jwks_uri": 5},
    ],
)
async def test_a_document_that_is_not_the_issuers_is_not_followed(document: dict[str, Any]) -> None:
    issuer = Issuer()
    issuer.document = document
    with pytest.raises(Unavailable):
        await issuer.keys().key("rsa")
    assert issuer.calls == 0


async def test_an_empty_key_set_does_not_replace_the_keys_at_hand() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    await keys.key("rsa")
    issuer.jwks = {"keys": []}
    issuer.now += MAX_AGE + 1
    assert await keys.key("rsa") is not None

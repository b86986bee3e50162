"""One delivery: signed as Standard Webhooks 1.0 has it (standardwebhooks.com), sent once, the answer's body unread."""

import base64
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

import httpx

from services.chassis.webhooks.addresses import NoWay, target_of

PREFIX: Final = "whsec_"
GONE: Final = 410


def new_secret() -> str:
    """A secret of 256 bits, as receivers' libraries take it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over `id.timestamp.body`, keyed with the bytes that the secret stands for."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a delivery: a status, or why there is none."""

    status: int | None = None
    error: str | None = None

    @property
    def received(self) -> bool:
        """Whether the receiver took it. A redirect is no receipt: it could lead anywhere."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends one message. `private` lets it go to addresses of the own network."""

    client: httpx.AsyncClient
    timeout: float
    private: bool

    async def send(self, url: str, secret: str, message_id: str, timestamp: int, body: bytes) -> Answered:
        """Post the body. Never raises for what the other side does."""
        try:
            target = await target_of(url, private=self.private)
            headers = {
                "Host": target.host,
                "Content-Type": "application/json",
                "User-Agent": "reluth-webhooks",
                "webhook-id": message_id,
                "webhook-timestamp": str(timestamp),
                "webhook-signature": signature(secret, message_id, timestamp, body),
            }
            named = {"sni_hostname": target.name}
            asked = self.client.build_request("POST", target.url, content=body, headers=headers, extensions=named)
            asked.extensions["timeout"] = httpx.Timeout(self.timeout).as_dict()
            answer = await self.client.send(asked, stream=True, follow_redirects=False)
            try:
                return Answered(status=answer.status_code)
            finally:
                await answer.aclose()
        except NoWay as error:
            return Answered(error=str(error))
        except httpx.TimeoutException:
            return Answered(error="timeout")
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            return Answered(error="connection")

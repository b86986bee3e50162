"""Questions of the command line to a service's API, with a token as everybody else's."""

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from contracts.vocabulary.roles import Role
from services.cli.exits import Exit, leave
from services.cli.running import Running

TOKEN: Final = "RELUTH_TOKEN"  # noqa: S105 - the name of the variable
ACTOR: Final = "reluth-command-line"


def bearer(where: Running, state_dir: Path, role: Role) -> str:
    """The token in `RELUTH_TOKEN`, else one of the local issuer for this role. Without either the command ends."""
    from services.chassis.auth.issuer import LocalIssuer
    from services.chassis.settings import settings_of

    if given := os.environ.get(TOKEN):
        return given
    if where.run is None or "issuer" not in where.run.urls:
        leave(Exit.USAGE, f"Set {TOKEN} to an access token of somebody who is {role.value}.")
    issuer = LocalIssuer(state_dir, issuer=where.run.urls["issuer"], audience=settings_of().oidc_audience)
    return issuer.mint(ACTOR, [role.value], [], timedelta(minutes=5))


async def answers(where: Running, service: str, token: str, paths: Sequence[str]) -> list[Any]:
    """What the service answers to these reads. Where it refuses, the command ends with what it says."""
    found = []
    async with httpx.AsyncClient(timeout=60, headers={"Authorization": f"Bearer {token}"}) as client:
        for path in paths:
            try:
                answer = await client.get(f"{where.urls[service]}{path}")
                body = answer.json()
            except (httpx.HTTPError, ValueError) as error:
                leave(Exit.FAILED, f"{service} does not answer ({type(error).__name__}). `reluth status` says more.")
            if answer.status_code != httpx.codes.OK:
                leave(
                    Exit.FAILED, f"{service} refuses: {body.get('title', answer.status_code)} {body.get('remedy', '')}"
                )
            found.append(body)
    return found

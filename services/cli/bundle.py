"""The bundle of a locked allocation on the command line: taken away, and verified with the signatures of its stamps."""

import base64
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Final

import httpx

from contracts.vocabulary.roles import Role
from services.chassis.files import write_secret_once
from services.cli import bundle_verifier
from services.cli.asking import bearer
from services.cli.bundle_verifier import Defect, Report, Wrong
from services.cli.exits import Exit, leave
from services.cli.running import Running, run
from services.cli.screen import console

SECONDS: Final = 120.0


def export(where: Running, state_dir: Path, study: str, out: Path) -> None:
    """Ask the randomizer, and write a new file for this account alone. Where that fails, the command ends with why."""
    if out.exists():
        leave(Exit.USAGE, f"{out} exists. A bundle is not written over: name another file.")
    content = run(_fetched(where, bearer(where, state_dir, Role.STATISTICIAN), study))
    if write_secret_once(out, lambda: content) != content:
        leave(Exit.USAGE, f"{out} was written by somebody else meanwhile: name another file.")
    console.print(f"{out}: {len(content)} bytes, SHA-256 {sha256(content).hexdigest()}", soft_wrap=True)
    console.print(f"Whoever gets it needs Python 3.11 and {Path(bundle_verifier.__file__)}, no more.", soft_wrap=True)


async def _fetched(where: Running, token: str, study: str) -> bytes:
    address = f"{where.urls['randomizer']}/studies/{study}/allocation/bundle"
    try:
        async with httpx.AsyncClient(timeout=SECONDS, headers={"Authorization": f"Bearer {token}"}) as client:
            answer = await client.get(address)
        refused = {} if answer.is_success else answer.json()
    except (httpx.HTTPError, ValueError) as error:
        leave(Exit.FAILED, f"randomizer does not answer ({type(error).__name__}). `reluth status` says more.")
    if not answer.is_success:
        says = f"{refused.get('title', answer.status_code)} {refused.get('remedy', '')}"
        leave(Exit.FAILED, f"randomizer refuses: {says}")
    return answer.content


def verify(file: Path, authority: Path | None, last_hash: str | None, as_json: bool) -> bool:
    """Derive a bundle again; with the certificates of an authority, believe its stamps or say why not."""
    roots = authority.read_bytes() if authority is not None else None
    try:
        report = bundle_verifier.verify(file.read_bytes(), last_hash)
    except Wrong as wrong:
        leave(Exit.FAILED, f"{file}: {wrong}")
    if roots is not None:
        report.defects += _stamps(report, roots)
        report.not_shown = [said for said in report.not_shown if said is not bundle_verifier.UNSIGNED]
    if as_json:
        told = {**asdict(report), "holds": report.holds, "defects": [one._asdict() for one in report.defects]}
        sys.stdout.write(json.dumps({**told, "signatures_verified": roots is not None}, indent=2) + "\n")
        return report.holds
    for line in bundle_verifier.shown(report, str(file)):
        console.print(line, soft_wrap=True)
    if roots is not None:
        console.print(f"The signatures of the stamps were looked at with {authority}.", soft_wrap=True)
    return report.holds


def _stamps(report: Report, roots: bytes) -> Iterator[Defect]:
    """What is wrong with the signature of a stamp, or with what is said of who signed it."""
    from services.randomizer.witness.tokens import NotBelieved, verify_token

    for one in report.versions:
        said = f"stamp of version {one['number']}"
        try:
            token = base64.b64decode(one["token"], validate=True)
            stamped = verify_token(token, one["commitment"], roots)
        except (NotBelieved, ValueError) as error:
            yield Defect(None, said, f"its signature is not believed: {error}")
            continue
        if (stamped.authority, stamped.time.isoformat()) != (one["authority"], one["stamped_at"]):
            yield Defect(None, said, "somebody else signed it than is said, or at another time")

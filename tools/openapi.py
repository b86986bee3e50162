"""Writes the API document of every service to clients/openapi: `python tools/openapi.py [--check]`."""

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from services.chassis.settings import settings_of  # noqa: E402
from services.cli.catalogue import NAMES, spec  # noqa: E402

FOLDER = ROOT / "clients" / "openapi"


def document(name: str) -> dict[str, Any]:
    """The document of a service. Its application is put together and not started: nothing is connected to."""
    nowhere = "http://nowhere.invalid"
    settings = settings_of(
        name,
        database_url="postgresql://nowhere.invalid/none",
        kafka_bootstrap="nowhere.invalid:1",
        oidc_issuer=nowhere,
        upstream_urls=dict.fromkeys(NAMES, nowhere),
    )
    return spec(name).create(settings).openapi()


def artefacts() -> dict[str, str]:
    """File name to content."""
    return {f"{name}.json": json.dumps(document(name), indent=1, ensure_ascii=False) + "\n" for name in NAMES}


def main(arguments: list[str]) -> int:
    """Write the files, or with `--check` say which are not what the routes say."""
    stale = []
    for name, content in artefacts().items():
        path = FOLDER / name
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != content:
            stale.append(name)
    for name in stale:
        sys.stderr.write(f"clients/openapi/{name} is not what the routes say: run `make schemas client`\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Generates clients/python/reluth_client/<service> from clients/openapi: `python tools/client.py`, `make client`."""

import json
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ROOT / "clients" / "openapi"
PACKAGE = ROOT / "clients" / "python" / "reluth_client"
RUFF = str(Path(sysconfig.get_path("scripts")) / "ruff")
_FORM = (("check", "--fix-only", "--select", "F401,I,UP"), ("format", "--line-length", "120"))


def wanted(document: dict[str, Any]) -> dict[str, Any]:
    """The document as far as a caller writes it out: refusals are exceptions, and a key is made where none is given."""
    made = _renamed(document)
    for operations in made["paths"].values():
        for operation in operations.values():
            operation["responses"] = {s: r for s, r in operation["responses"].items() if s.startswith("2")}
            parameters = [p for p in operation.get("parameters", ()) if p["name"] != "If-None-Match"]
            for parameter in parameters:
                if parameter["name"] == "Idempotency-Key":
                    parameter["required"] = False
            operation["parameters"] = parameters
    return made


def _renamed(document: dict[str, Any]) -> dict[str, Any]:
    """The document with another name for each schema that begins with an underscore.

    The generator drops the underscore, and a class `Findings` with a field `findings` would be wrong Python.
    """
    text = json.dumps(document)
    for name in document["components"]["schemas"]:
        if name.startswith("_"):
            text = text.replace(f'schemas/{name}"', f'schemas/{name[1:]}Entry"').replace(
                f'"{name}": {{', f'"{name[1:]}Entry": {{'
            )
            text = text.replace(f'"title": "{name}"', f'"title": "{name[1:]}Entry"')
    made: dict[str, Any] = json.loads(text)
    return made


def write(into: Path = PACKAGE) -> list[str]:
    """Generate the package of every document into a folder. What the generator could not do, each in one line."""
    wrong = []
    for path in sorted(DOCUMENTS.glob("*.json")):
        with tempfile.TemporaryDirectory() as folder:
            reduced = Path(folder) / path.name
            reduced.write_text(json.dumps(wanted(json.loads(path.read_text("utf-8")))), "utf-8")
            settings = ConfigFile(
                package_name_override=path.stem,
                post_hooks=[],
                content_type_overrides={"application/jsonl": "text/plain", "text/csv": "application/octet-stream"},
                docstrings_on_attributes=True,
            )
            config = Config.from_sources(settings, MetaType.NONE, reduced, "utf-8", True, into / path.stem)
            wrong += [f"{path.stem}: {error.header} {error.detail or ''}" for error in generate(config=config)]
        for form in _FORM:
            subprocess.run(  # noqa: S603 - our own words
                [RUFF, *form, "--isolated", "--no-cache", "--quiet", str(into / path.stem)], check=True
            )
    return wrong


if __name__ == "__main__":
    problems = write()
    for problem in problems:
        sys.stderr.write(problem + "\n")
    sys.exit(1 if problems else 0)

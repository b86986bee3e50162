"""Options that several commands share, and how their values are checked."""

from pathlib import Path
from typing import Annotated, Final

import typer

from services.cli import catalogue

DEFAULT_STATE: Final = Path(".reluth")

StateDir = Annotated[
    Path, typer.Option("--state-dir", help="Where the system keeps its data.", envvar="RELUTH_STATE_DIR")
]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
Ports = Annotated[list[str] | None, typer.Option("--port", help="NAME=PORT; without it a free port is found.")]
LogToStderr = Annotated[
    bool, typer.Option("--log-to-stderr", help="Logs on standard error instead of STATE_DIR/services.log.")
]


def known_service(name: str) -> str:
    """The name of a service, or a usage error that lists them."""
    if name not in catalogue.NAMES:
        raise typer.BadParameter(f"{name!r} is not one of {', '.join(catalogue.NAMES)}")
    return name


Service = Annotated[str, typer.Option("--service", help="Whose.", callback=known_service)]


def ports(values: list[str] | None) -> dict[str, int]:
    """`NAME=PORT` options as numbers by name."""
    known = {*catalogue.NAMES, "issuer", "postgres", "kafka"}
    found: dict[str, int] = {}
    for value in values or ():
        name, _, number = value.partition("=")
        if name not in known or not (number.isascii() and number.isdigit()) or not 0 < int(number) < 65536:
            raise typer.BadParameter(f"{value!r}: write NAME=PORT, with NAME one of {', '.join(sorted(known))}")
        if name in found or int(number) in found.values():
            raise typer.BadParameter(f"{value!r}: each part has one port, and each port one part")
        found[name] = int(number)
    return found

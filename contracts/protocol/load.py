"""Reading a protocol file: a small strict subset of YAML, then the model, then the cross-checks."""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml
from pydantic import ValidationError

from contracts.protocol.checks import inconsistencies
from contracts.protocol.model import Protocol
from contracts.protocol.versions import Versions, linked

PACKAGED: Final = "reluth.yaml"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file: where, as a path in the author's own names, and what."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class ProtocolError(ValueError):
    """The file does not describe a trial. Carries every problem found, not only the first."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([f"{file} does not describe a trial:", *(f"  {p}" for p in problems)]))


class _Reader(yaml.SafeLoader):
    """YAML without its traps: no key twice, no aliases, NO is a word, 1:1 is not 61, 0.90 keeps its digits."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - the base declares it so

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.constructor.ConstructorError(None, None, "aliases are not allowed", self.peek_event().start_mark)  # type: ignore[no-untyped-call]
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key is a plain word", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} appears twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _decimal(reader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(reader.construct_scalar(node))


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?(?:0|[1-9][0-9]{0,11})$", "-0123456789"),
    ("float", r"^-?[0-9]{1,12}\.[0-9]{1,12}$", "-0123456789"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
):
    _Reader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))
_Reader.add_constructor("tag:yaml.org,2002:float", _decimal)


def load(path: Path | None = None) -> Protocol:
    """The trial of a file, the packaged ReLUTH by default.

    Raises ProtocolError with every problem and its place; OSError when the file cannot be read.
    """
    if path is None:
        return parse((files("contracts.protocol") / PACKAGED).read_text(encoding="utf-8"), PACKAGED)
    try:
        return parse(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError as error:
        raise ProtocolError(path.name, [Problem("YAML", "the file is not UTF-8")]) from error


def parse(text: str, name: str = "protocol file") -> Protocol:
    """The trial of a text. Raises ProtocolError."""
    return build(read(text, name), name)


def read(text: str, name: str) -> object:
    """The document of a text. Raises ProtocolError."""
    try:
        return yaml.load(text, _Reader)  # noqa: S506 - a narrowed SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ProtocolError(name, [Problem("YAML", " ".join(str(error).split()))]) from error


def build(document: object, name: str) -> Protocol:
    """The trial of a document. Raises ProtocolError."""
    try:
        protocol = Protocol.model_validate(document)
    except ValidationError as error:
        raise ProtocolError(name, [Problem(_place(document, e["loc"]), e["msg"]) for e in error.errors()]) from error
    found = [Problem(place, message) for place, message in inconsistencies(protocol)]
    if found:
        raise ProtocolError(name, found)
    return protocol


def _place(document: object, location: Sequence[str | int]) -> str:
    """`criteria[I13].expression.compare.right.unit` instead of pydantic's indices and union tags."""
    place, here = "", document
    for index, step in enumerate(location):
        if isinstance(step, int) and isinstance(here, list):
            here = here[step] if step < len(here) else None
            place += f"[{_name(here, step)}]"
        elif _is_tag(here, step) and (index < len(location) - 1 or not isinstance(here, Mapping)):
            continue
        else:
            here = here.get(step) if isinstance(here, Mapping) else None
            place += f".{step}" if place else str(step)
    return place or "document"


def _is_tag(here: object, step: str | int) -> bool:
    """The name of a union's branch rather than a key. A missing key is always the last step of a location."""
    return not isinstance(here, Mapping) or step not in here


def _name(item: object, index: int) -> str:
    if isinstance(item, Mapping):
        for key in ("id", "code", "name", "number", "timepoint"):
            if key in item:
                return str(item[key])
    return str(index)


@cache
def studies(files_: tuple[Path, ...] = ()) -> Mapping[str, Versions]:
    """The studies of these files by their id, each with its versions; without a file, the packaged one.

    Raises ProtocolError with everything that keeps files of one study from being versions of it.
    Read once per process: a version is known with a restart, and in force at a site from the day that its adoption
    names.
    """
    files_of: dict[str, list[Protocol]] = {}
    for protocol in [load(path) for path in files_] or [load()]:
        files_of.setdefault(protocol.study.id, []).append(protocol)
    found: dict[str, Versions] = {}
    for study, protocols in files_of.items():
        versions, problems = linked(protocols)
        if versions is None:
            raise ProtocolError(study, [Problem(place, message) for place, message in problems])
        found[study] = versions
    return MappingProxyType(found)

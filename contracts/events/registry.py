"""The type registry: contract name and version to model, and the upcasters between versions."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from contracts.events.fact import Fact

Payload = Mapping[str, Any]
_EXACT = frozenset((str, int, bool, type(None)))


class RegistryError(Exception):
    """The set of types cannot be trusted: refuse to start."""


class UnknownType(Exception):
    """No model has this contract name."""


class UnknownVersion(Exception):
    """The name is known, this version is newer than this program: stop rather than guess."""


class Undecodable(Exception):
    """The bytes do not fit the model of their own name and version."""


@dataclass(frozen=True, slots=True)
class Upcaster:
    """Carries a payload from one version to the next.

    Valid only if the old payload can supply every value of the new one; where it cannot, the new version is
    another type (architecture, section 5).
    """

    name: str
    version: int
    to_version: int
    upcast: Callable[[Payload], Payload]


class Registry:
    """The facts that a program understands. Construction checks the whole set, or raises `RegistryError`."""

    def __init__(self, facts: Iterable[type[Fact]], upcasters: Iterable[Upcaster] = ()) -> None:
        self._models: dict[str, type[Fact]] = {}
        for model in facts:
            if not model.type_name:
                raise RegistryError(f"{model.__name__} has no contract name")
            if (other := self._models.get(model.type_name)) is not None:
                raise RegistryError(f"{model.type_name}: declared twice, by {other.__name__} and {model.__name__}")
            self._models[model.type_name] = model
        self._upcasters: dict[tuple[str, int], Upcaster] = {}
        for upcaster in upcasters:
            self._admit(upcaster)
        for model in self._models.values():
            for version in range(1, model.type_version):
                if (model.type_name, version) not in self._upcasters:
                    raise RegistryError(f"{model.type_name}: version {version} has no way to the newest")

    def _admit(self, upcaster: Upcaster) -> None:
        place = f"{upcaster.name} v{upcaster.version} -> v{upcaster.to_version}"
        newest = self._models.get(upcaster.name)
        if newest is None:
            raise RegistryError(f"{place}: no such type")
        if upcaster.to_version <= upcaster.version:
            raise RegistryError(f"{place}: an upcaster only goes forward, or it could cycle")
        if upcaster.to_version > newest.type_version or upcaster.version < 1:
            raise RegistryError(f"{place}: outside the versions 1..{newest.type_version}")
        if (upcaster.name, upcaster.version) in self._upcasters:
            raise RegistryError(f"{place}: a second upcaster for the same version")
        self._upcasters[(upcaster.name, upcaster.version)] = upcaster

    @property
    def models(self) -> tuple[type[Fact], ...]:
        """Every type, ordered by name."""
        return tuple(self._models[name] for name in sorted(self._models))

    def knows(self, name: str) -> bool:
        """Whether any version of this contract name is known."""
        return name in self._models

    def decode(self, name: str, version: int, payload: bytes) -> Fact:
        """The fact, in its newest version.

        Raises `UnknownType`, `UnknownVersion` or `Undecodable`; the messages name types and fields, never
        values, because a payload may hold what a log line must not.
        """
        model = self._models.get(name)
        if model is None:
            raise UnknownType(name)
        if version > model.type_version or version < 1:
            raise UnknownVersion(f"{name} v{version}, this program knows 1..{model.type_version}")
        try:
            if version == model.type_version:
                return model.model_validate_json(payload)
            data: Payload = json.loads(payload)
            while version < model.type_version:
                upcaster = self._upcasters[(name, version)]
                data, version = upcaster.upcast(data), upcaster.to_version
            return model.model_validate_json(canonical(data))
        except ValidationError as error:
            places = ", ".join(
                ".".join(map(str, e["loc"])) + ": " + e["type"]
                for e in error.errors(include_url=False, include_context=False, include_input=False)
            )
            raise Undecodable(f"{name} v{version}: {places}") from None
        except (ValueError, KeyError, TypeError) as error:
            raise Undecodable(f"{name} v{version}: {type(error).__name__}") from None

    def encode(self, fact: Fact) -> bytes:
        """Canonical JSON of a known fact. Raises `UnknownType` for one that the registry could not read back."""
        if self._models.get(fact.type_name) is not type(fact):
            raise UnknownType(f"{type(fact).__name__} is not registered")
        return canonical(fact.model_dump(mode="json"))


def canonical(data: object) -> bytes:
    """Bytes that are equal for equal data: sorted keys, no spaces, UTF-8. Floats are refused, they are not exact."""
    _refuse_floats(data)
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _refuse_floats(data: object) -> None:
    if isinstance(data, float):
        raise TypeError("a float has no exact text; use Decimal, int or str")
    if isinstance(data, (dict, Mapping)):
        values: Iterable[object] = data.values()
    elif isinstance(data, (list, tuple)):
        values = data
    else:
        return
    for value in values:
        if type(value) not in _EXACT:
            _refuse_floats(value)

"""The examples that are kept, `services/*/examples.json`, and the tests that they come from."""

import json
from collections.abc import Iterator, Mapping, Sequence
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any, Final

import pytest

from tests.recording.pairs import Pair, listening

ROOT: Final = Path(__file__).parents[2]
OPTION: Final = "--record-examples"


def file_of(service: str) -> Path:
    """Where the examples of a service are."""
    return ROOT / "services" / service / "examples.json"


def kept(service: str) -> dict[str, dict[str, dict[str, Any]]]:
    """By operation: its `success` and its `refusal`, each with the `test` that it is from."""
    path = file_of(service)
    return json.loads(path.read_text("utf-8")) if path.exists() else {}  # type: ignore[no-any-return]


def by_test() -> Mapping[str, Sequence[tuple[str, dict[str, Any]]]]:
    """Operation and example, by the test that they are from."""
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for path in sorted(ROOT.glob("services/*/examples.json")):
        for operation, examples in kept(path.parent.name).items():
            for example in examples.values():
                found.setdefault(example["test"], []).append((f"{path.parent.name} {operation}", example))
    return found


class Recorder:
    """Listens to the tests that examples are from, or to all that can give one, and judges or writes down."""

    def __init__(self, into: Path | None) -> None:
        self._into = into
        self._sources = by_test()

    def during(self, item: pytest.Item) -> Iterator[None]:
        """To be delegated to while the test runs."""
        examples = self._sources.get(item.nodeid, ())
        if not (examples if self._into is None else _can_give(item)):
            return (yield)
        heard: list[Pair] = []
        try:
            with listening(heard.append):
                result = yield
        finally:
            if self._into is not None:
                self._write(item.nodeid, heard)
        if self._into is None:
            _judge(examples, heard)
        return result

    def _write(self, test: str, heard: Sequence[Pair]) -> None:
        assert self._into is not None
        with self._into.open("a", encoding="utf-8") as file:
            for pair in heard:
                named = {"service": pair.service, "operation": pair.operation, "code": pair.code, "test": test}
                file.write(json.dumps({**named, **pair.as_json()}) + "\n")

    def only(self, items: list[pytest.Item]) -> None:
        """Leave out what gives no example, when recording."""
        if self._into is not None:
            items[:] = [item for item in items if _can_give(item)]


def _can_give(item: pytest.Item) -> bool:
    """One of many cases is no example of how a thing is used; and whoever talks to a service waits for it."""
    if not isinstance(item, pytest.Function) or "[" in item.nodeid:
        return False
    return iscoroutinefunction(item.obj) and not getattr(item.obj, "is_hypothesis_test", False)


def _judge(examples: Sequence[tuple[str, dict[str, Any]]], heard: Sequence[Pair]) -> None:
    said = [(f"{pair.service} {pair.operation}", pair.as_json()) for pair in heard]
    stale = [
        name
        for name, example in examples
        if (name, {part: example[part] for part in ("request", "answer")}) not in said
    ]
    assert not stale, f"the example of {', '.join(stale)} is no longer what this test does: run `make examples`"

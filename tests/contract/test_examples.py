"""The API documents: an example for each operation, right by its own schema, of nobody; and the files made of them."""

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from services.chassis.freetext.scan import scan
from services.cli.catalogue import NAMES
from tests.recording.kept import ROOT, by_test, kept

_METHODS = ("get", "put", "post", "delete", "patch")
_MADE_UP_IN_TESTS = ("canary", "quillfeather", "oakenshott", "durand", "dr martin")


def _tool(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"tools_{name}", ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def documents() -> dict[str, dict[str, Any]]:
    return {name: _tool("openapi").document(name) for name in NAMES}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield path, method, methods[method]


def _contents(operation: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Where, media type and content of every body of an operation."""
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        yield "request", media, content
    for status, response in operation["responses"].items():
        for media, content in response.get("content", {}).items():
            yield status, media, content


@pytest.mark.parametrize("service", NAMES)
def test_every_operation_has_an_example_of_what_is_sent_and_answered(
    documents: dict[str, dict[str, Any]], service: str
) -> None:
    without = []
    for path, method, operation in operations(documents[service]):
        for where, media, content in _contents(operation):
            if media == "application/json" and not where.startswith(("4", "5")) and "example" not in content:
                without.append(f"{method} {path}: {where}")
    assert not without


@pytest.mark.parametrize("service", NAMES)
def test_every_operation_was_answered_in_a_test(documents: dict[str, dict[str, Any]], service: str) -> None:
    """Also one whose answer is no JSON, and of which the document shows nothing."""
    named = {o["operationId"] for path, _, o in operations(documents[service]) if path.startswith("/studies")}
    assert named == {name for name, examples in kept(service).items() if "success" in examples}


@pytest.mark.parametrize("service", NAMES)
def test_every_example_is_right_by_its_own_schema(documents: dict[str, dict[str, Any]], service: str) -> None:
    document = documents[service]
    wrong, seen = [], 0
    for path, method, operation in operations(document):
        shown = [
            (where, content["schema"], value)
            for where, _, content in _contents(operation)
            for value in (
                *([content["example"]] if "example" in content else []),
                *(example["value"] for example in content.get("examples", {}).values()),
            )
        ]
        shown += [(p["name"], p["schema"], p["example"]) for p in operation.get("parameters", ()) if "example" in p]
        for where, schema, value in shown:
            seen += 1
            whole = {**schema, "components": document["components"]}
            validator = jsonschema.Draft202012Validator(
                whole, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
            )
            wrong += [f"{method} {path} {where}: {error.message[:200]}" for error in validator.iter_errors(value)]
    assert not wrong
    assert seen


@pytest.mark.parametrize("service", NAMES)
def test_the_refusal_that_is_shown_is_one_that_the_operation_documents(
    documents: dict[str, dict[str, Any]], service: str
) -> None:
    by_name = {operation["operationId"]: operation for _, _, operation in operations(documents[service])}
    undocumented = []
    for name, examples in kept(service).items():
        if (refusal := examples.get("refusal")) is None:
            continue
        answer = refusal["answer"]
        code = answer["body"]["type"].rsplit(":", 1)[-1]
        content = by_name[name]["responses"].get(str(answer["status"]), {}).get("content", {})
        if code not in content.get("application/problem+json", {}).get("examples", {}):
            undocumented.append(f"{name}: {code}")
    assert not undocumented


_SHOWS_WHAT_WAS_FOUND = frozenset({"enrolment get_quarantined", "assessment get_quarantined", "safety get_quarantined"})
"""Its answer is a text in which somebody is found: here, an invented name."""


def test_no_example_speaks_of_a_person() -> None:
    told = []
    for test, examples in by_test().items():
        for name, example in examples:
            for text in _texts([example["request"].get("body"), example["answer"].get("body")]):
                lowered = text.lower()
                somebody = " " in text and name not in _SHOWS_WHAT_WAS_FOUND and scan(text)
                if any(word in lowered for word in _MADE_UP_IN_TESTS) or somebody:
                    told.append(f"{name} ({test}): {text[:80]}")
    assert not told


def _texts(value: object) -> Iterator[str]:
    match value:
        case dict():
            for item in value.values():
                yield from _texts(item)
        case list():
            for item in value:
                yield from _texts(item)
        case str():
            yield value


def test_the_tests_that_examples_are_from_are_there() -> None:
    """One that is renamed or deleted would no longer keep its example right: `make examples` chooses another."""
    gone = []
    for test in by_test():
        file, _, name = test.partition("::")
        path = ROOT / file
        functions = (
            {
                node.name
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, ast.AsyncFunctionDef)
            }
            if path.exists()
            else set()
        )
        if name.rpartition("::")[2] not in functions:
            gone.append(test)
    assert not gone


@pytest.mark.parametrize("service", NAMES)
def test_operations_have_names_tags_and_words(documents: dict[str, dict[str, Any]], service: str) -> None:
    found = [(path, method, operation) for path, method, operation in operations(documents[service])]
    names = [operation["operationId"] for _, _, operation in found]
    assert len(names) == len(set(names))
    for path, method, operation in found:
        where = f"{method} {path}"
        assert operation["tags"], where
        assert operation["description"], where
        if path.startswith("/studies"):
            assert operation["operationId"].startswith(f"{method}_"), where
            assert operation["security"] == [{"bearer": []}], where
            assert {"401", "403", "503"} <= set(operation["responses"]), where


@pytest.mark.parametrize("service", NAMES)
def test_the_headers_of_requests_and_answers_are_documented(documents: dict[str, dict[str, Any]], service: str) -> None:
    for path, method, operation in operations(documents[service]):
        if not path.startswith("/studies"):
            continue
        sent = {p["name"]: p for p in operation.get("parameters", ()) if p["in"] == "header"}
        success = next(response for status, response in operation["responses"].items() if status.startswith("2"))
        told = set(success["headers"])
        assert "X-Correlation-Id" in told
        if method == "get":
            assert "If-None-Match" in sent
            assert "ETag" in told
            assert "304" in operation["responses"]
        if method == "post":
            assert sent["Idempotency-Key"]["required"], path
            assert sent["Idempotency-Key"]["schema"]["type"] == "string"
            assert {"ETag", "Reluth-Position", "Idempotent-Replayed"} <= told


def test_the_documents_that_are_kept_are_those_of_the_routes(documents: dict[str, dict[str, Any]]) -> None:
    tool = _tool("openapi")
    stale = [
        name
        for name, content in tool.artefacts().items()
        if not (tool.FOLDER / name).exists() or (tool.FOLDER / name).read_text("utf-8") != content
    ]
    assert not stale, "run `make schemas client`"


def test_the_client_that_is_kept_is_generated_from_the_documents_that_are(tmp_path: Path) -> None:
    tool = _tool("client")
    assert tool.write(tmp_path) == []
    fresh, there = _files(tmp_path), _files(tool.PACKAGE)
    ours = {name for name in there if "/" not in name}
    assert {name for name in there if name not in ours} == set(fresh)
    assert not [name for name, content in fresh.items() if there[name] != content], "run `make client`"
    assert len(fresh) > 300


def _files(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*.py"))}

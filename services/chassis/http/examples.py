"""Examples in the API document: what tests have sent to a service and what it answered, from its `examples.json`."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from services.chassis.http.problem import MEDIA_TYPE

Examples = Mapping[str, Mapping[str, Any]]
"""By operation: `success` and `refusal`, each with its `request` and its `answer`."""
_JSON: Final = "application/json"


def read_examples(path: Path | None) -> Examples:
    """The examples of a service; none where there is no file."""
    found: Examples = json.loads(path.read_text("utf-8")) if path is not None and path.exists() else {}
    return found


def show(operation: dict[str, Any], examples: Mapping[str, Any]) -> None:
    """Put the examples of an operation into its part of the document."""
    if success := examples.get("success"):
        _request(operation, success["request"])
        answer = success["answer"]
        for content in _contents(operation, answer["status"], _JSON):
            if "body" in answer:
                content["example"] = answer["body"]
    if refusal := examples.get("refusal"):
        body = refusal["answer"]["body"]
        code = body["type"].rsplit(":", 1)[-1]
        for content in _contents(operation, refusal["answer"]["status"], MEDIA_TYPE):
            if code in content.get("examples", {}):  # another would not be documented: there is a test for that
                content["examples"][code]["value"] = body


def _request(operation: dict[str, Any], request: Mapping[str, Any]) -> None:
    given = {**request.get("query", {}), **request.get("path", {})}
    for parameter in operation.get("parameters", ()):
        if parameter["in"] in ("path", "query") and parameter["name"] in given:
            parameter["example"] = _typed(given[parameter["name"]], parameter["schema"])
    for content in operation.get("requestBody", {}).get("content", {}).values():  # of one media type: what was sent
        if "body" in request:
            content["example"] = request["body"]


def _typed(text: str, schema: Mapping[str, Any]) -> object:
    """What an address says, as the type that its schema speaks of."""
    kinds = {schema.get("type"), *(choice.get("type") for choice in schema.get("anyOf", ()))}
    return json.loads(text) if kinds & {"integer", "boolean"} else text


def _contents(operation: dict[str, Any], status: int, media: str) -> Iterator[dict[str, Any]]:
    content = operation["responses"].get(str(status), {}).get("content", {}).get(media)
    if content is not None:
        yield content

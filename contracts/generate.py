"""Write the JSON Schema of every fact and the AsyncAPI document: `python -m contracts.generate [--check]`."""

import json
import sys
from pathlib import Path
from typing import Any, get_args

import yaml

from contracts.compatibility import incompatibilities
from contracts.events.catalogue import OWNERS, PUBLISHED, READERS, TOPICS
from contracts.events.fact import Fact
from contracts.events.wire import ANNOUNCED, MARKED, SPEC_VERSION
from contracts.vocabulary.sealed import SealedText

SCHEMAS = Path(__file__).parent / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT = {"type": "string"}
_NUMBER = {"type": "string", "pattern": "^[0-9]+$"}
_UUID = {"type": "string", "format": "uuid"}
_HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def file_name(fact: type[Fact]) -> str:
    """The file of a fact's schema and of its golden sample."""
    return f"{fact.type_name}.v{fact.type_version}.json"


def schema(fact: type[Fact]) -> dict[str, Any]:
    """JSON Schema (2020-12) of a fact as it is published: a sealed text stays with its owner, null is sent."""
    body = fact.model_json_schema(mode="serialization")
    for name, field in fact.model_fields.items():
        if SealedText in get_args(field.annotation):
            body["properties"][name] = {"type": "null", "default": None}
            body["$defs"].pop(SealedText.__name__, None)
    return {"$schema": DIALECT, "$id": f"urn:reluth:schema:{fact.type_name}:{fact.type_version}", **body}


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0 document: a channel per topic, a message per fact, an operation per service and topic."""
    channels: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for topic in TOPICS:
        facts = [fact for fact in PUBLISHED if fact.topic == topic]
        channel = topic.replace("reluth.", "")
        channels[channel] = {
            "address": topic,
            "description": f"Facts of {OWNERS[topic]}, in order per key. Records without a key, whose ce_type begins "
            "with `relay.`, are no facts: a reader of facts passes over them.",
            "messages": {
                name: {"$ref": f"#/components/messages/{name}"} for name in (*(f.__name__ for f in facts), *_RELAY)
            },
        }
        for fact in facts:
            messages[fact.__name__] = {
                "name": fact.type_name,
                "title": (fact.__doc__ or "").split("\n")[0],
                "contentType": "application/json",
                "headers": {"$ref": "#/components/schemas/Headers"},
                "payload": {
                    "schemaFormat": "application/schema+json;version=draft-2020-12",
                    "schema": {"$ref": f"./{file_name(fact)}"},
                },
            }
        ref = {"$ref": f"#/channels/{channel}"}
        operations[f"{OWNERS[topic]}-publishes-{channel}"] = {"action": "send", "channel": ref}
        for reader in READERS[topic]:
            operations[f"{reader}-reads-{channel}"] = {"action": "receive", "channel": ref}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "ReLUTH events",
            "version": "1.0.0",
            "description": "Facts of a randomized trial. Binary CloudEvents 1.0 over Kafka, keyed by subject.",
        },
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages | _relay_messages(), "schemas": {"Headers": _headers()}},
    }


_RELAY = {
    "RelayMarked": (MARKED, "A line through the topic: the same record in every partition, before an announcement."),
    "RelayAnnounced": (ANNOUNCED, "What the source has in all its topics; the last places may precede the mark."),
}


def _relay_messages() -> dict[str, Any]:
    """What a relay says between the facts."""
    headers = {"ce_specversion": {"const": SPEC_VERSION}, "ce_source": _TEXT, "ce_id": _UUID, "ce_mark": _UUID}
    count, place = {"type": "integer", "minimum": 0}, {"type": "integer", "minimum": 1}
    chains = {"type": "array", "items": _HASH}
    places = _closed({"partitions": place, "count": count, "first": place, "chains": chains})
    topics = {"type": "object", "additionalProperties": places}
    payloads = {MARKED: _closed({"partitions": place}), ANNOUNCED: _closed({"topics": topics})}
    return {
        name: {
            "name": type_,
            "title": title,
            "contentType": "application/json",
            "headers": _open(headers | {"ce_type": {"const": type_}}),
            "payload": payloads[type_],
        }
        for name, (type_, title) in _RELAY.items()
    }


def _open(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": sorted(properties), "properties": properties}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {**_open(properties), "additionalProperties": False}


def _headers() -> dict[str, Any]:
    text, number = _TEXT, _NUMBER
    properties: dict[str, Any] = {
        "ce_specversion": {"const": SPEC_VERSION},
        "ce_id": _UUID,
        "ce_source": text,
        "ce_type": text,
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_subject": text,
        "ce_schemaversion": number,
        "ce_position": number,
        "ce_outpos": number,
        "ce_topicpos": number,
        "ce_keyseq": number,
        "ce_chain": _HASH,
    }
    return _open(properties)


def artefacts() -> dict[str, str]:
    """File name to content of everything that is generated."""
    files = {file_name(fact): json.dumps(schema(fact), indent=2, ensure_ascii=False) + "\n" for fact in PUBLISHED}
    files["asyncapi.yaml"] = yaml.safe_dump(asyncapi(), sort_keys=False, allow_unicode=True, width=110)
    return files


def check(folder: Path = SCHEMAS) -> list[str]:
    """What is out of date or incompatible in `folder`, each in one line."""
    problems = []
    wanted = artefacts()
    for fact in PUBLISHED:
        path = folder / file_name(fact)
        if path.exists():
            for problem in incompatibilities(json.loads(path.read_text("utf-8")), schema(fact)):
                problems.append(
                    f"{path.name} {problem}. Readers of this version would trip: make version "
                    f"{fact.type_version + 1} with an upcaster, or a new type"
                )
    for name, content in wanted.items():
        path = folder / name
        if not path.exists() or path.read_text("utf-8") != content:
            problems.append(f"{name} is not what the models say: run `make schemas`")
    known = {file_name(fact) for fact in PUBLISHED} | {
        f"{fact.type_name}.v{version}.json" for fact in PUBLISHED for version in range(1, fact.type_version)
    }
    for path in sorted(folder.glob("*.json")):
        if path.name not in known:
            problems.append(f"{path.name} belongs to no fact: a published type is never taken away")
    for name in sorted(known):
        if not (folder / "samples" / name).exists():
            problems.append(f"samples/{name} is missing: every type and version keeps a golden sample")
    return problems


def main(arguments: list[str]) -> int:
    """Write the files, or with `--check` only say what is wrong. Refuses to overwrite an incompatible schema."""
    problems = check()
    if "--check" not in arguments:
        blocking = [p for p in problems if "Readers of this version" in p]
        if not blocking:
            SCHEMAS.mkdir(exist_ok=True)
            for name, content in artefacts().items():
                (SCHEMAS / name).write_text(content, "utf-8")
        problems = blocking or [p for p in check() if not p.endswith("`make schemas`")]
    for problem in problems:
        sys.stderr.write(problem + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

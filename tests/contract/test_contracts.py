"""What was published once can be read for ever, and no change of a contract goes unseen."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from contracts import generate
from contracts.compatibility import incompatibilities
from contracts.events.catalogue import OWNERS, PUBLISHED, READERS, TOPICS, registry
from contracts.events.fact import Fact, SubjectFact
from contracts.events.registry import (
    Registry,
    RegistryError,
    Undecodable,
    UnknownType,
    UnknownVersion,
    Upcaster,
    canonical,
)
from contracts.vocabulary.sealed import SealedText

SAMPLES = sorted((generate.SCHEMAS / "samples").glob("*.json"))
OLD: dict[str, Any] = {
    "type": "object",
    "title": "Old",
    "required": ["grade"],
    "properties": {"grade": {"enum": [1, 2], "type": "integer"}, "note": {"type": "string", "default": ""}},
    "$defs": {"Part": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "maxLength": 5}}}},
}


def changed(**paths: Any) -> dict[str, Any]:
    """OLD with the values at the given places replaced; a value of `...` removes the place."""
    new: dict[str, Any] = json.loads(json.dumps(OLD))
    for path, value in paths.items():
        *parents, last = path.split("__")
        node = new
        for parent in parents:
            node = node[parent]
        if value is ...:
            del node[last]
        else:
            node[last] = value
    return new


def test_the_committed_schemas_are_those_of_the_models() -> None:
    assert generate.check() == []


def test_a_missing_sample_an_orphan_and_a_stale_schema_are_named(tmp_path: Path) -> None:
    (tmp_path / "samples").mkdir()
    for name, content in generate.artefacts().items():
        (tmp_path / name).write_text(content, "utf-8")
        if name.endswith(".json"):
            (tmp_path / "samples" / name).write_text("{}")
    for path in SAMPLES:  # older versions have no generated schema any more, but their samples
        (tmp_path / "samples" / path.name).write_text("{}")
    assert generate.check(tmp_path) == []
    (tmp_path / "samples" / "safety.alert-raised.v1.json").unlink()
    (tmp_path / "enrolment.gone.v1.json").write_text("{}")
    (tmp_path / "asyncapi.yaml").write_text("stale")
    problems = "\n".join(generate.check(tmp_path))
    assert "samples/safety.alert-raised.v1.json is missing" in problems
    assert "enrolment.gone.v1.json belongs to no fact" in problems
    assert "asyncapi.yaml is not what the models say" in problems
    assert len(problems.splitlines()) == 3


def test_an_incompatible_change_is_refused_and_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, content in generate.artefacts().items():
        (tmp_path / name).write_text(content, "utf-8")
    path = tmp_path / "safety.alert-raised.v1.json"
    before = json.loads(path.read_text("utf-8"))
    before["properties"]["priority"]["maximum"] = 3
    path.write_text(json.dumps(before))
    monkeypatch.setattr(generate, "check", lambda check=generate.check: check(tmp_path))
    monkeypatch.setattr(generate, "SCHEMAS", tmp_path)
    assert generate.main([]) == 1
    assert "#/properties/priority/maximum: was 3, is 4" in capsys.readouterr().err
    assert json.loads(path.read_text("utf-8")) == before


@pytest.mark.parametrize(
    "new",
    [
        changed(title="New words", description="More words"),
        changed(properties__extra={"type": "string", "default": "x"}),
        changed(**{"$defs__More": {"type": "object"}}),
    ],
    ids=["prose", "optional property", "new definition"],
)
def test_a_compatible_change_passes(new: dict[str, Any]) -> None:
    assert incompatibilities(OLD, new) == []


@pytest.mark.parametrize(
    ("new", "place"),
    [
        (changed(properties__note=...), "#/properties/note: removed"),
        (changed(properties__grade__type="string"), "#/properties/grade/type"),
        (changed(properties__grade__enum=[1, 2, 3]), "#/properties/grade/enum"),
        (changed(properties__grade__enum=[1]), "#/properties/grade/enum"),
        (changed(required=["grade", "note"]), "#/required"),
        (changed(properties__extra={"type": "string"}), "#/properties/extra: added without a default"),
        (
            changed(properties__extra={"type": "string", "default": ""}, required=["grade", "extra"]),
            "#/properties/extra: added without a default",
        ),
        (changed(**{"$defs__Part__properties__a__maxLength": 4}), "#/$defs/Part/properties/a/maxLength"),
        (changed(**{"$defs__Part__required": []}), "#/$defs/Part/required"),
        (changed(additionalProperties=False), "#/additionalProperties: added"),
    ],
)
def test_an_incompatible_change_is_named_with_its_place(new: dict[str, Any], place: str) -> None:
    assert any(problem.startswith(place) for problem in incompatibilities(OLD, new)), incompatibilities(OLD, new)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_every_golden_sample_still_replays(path: Path) -> None:
    name, version = path.stem.rsplit(".v", 1)
    known = registry()
    sample = json.loads(path.read_text("utf-8"))
    fact = known.decode(name, int(version), canonical(sample))
    written = json.loads(known.encode(fact))
    if int(version) == fact.type_version:
        assert written == sample
    else:  # every value of an older version is in the newest; what came since is absent, or empty
        assert known.decode(name, fact.type_version, canonical(written)) == fact
        assert _within(sample, written)
    jsonschema.validate(sample, json.loads((generate.SCHEMAS / path.name).read_text("utf-8")))


def _within(old: Any, new: Any) -> bool:
    """Whether nothing of a document is lost or changed in another one, which may have more."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(name in new and _within(value, new[name]) for name, value in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_within, old, new))
    return bool(old == new)


def test_there_is_a_sample_for_each_version_of_each_fact() -> None:
    assert {p.name for p in SAMPLES} == {
        f"{fact.type_name}.v{version}.json" for fact in PUBLISHED for version in range(1, fact.type_version + 1)
    }


def test_the_asyncapi_document_resolves_and_names_every_reader() -> None:
    document = yaml.safe_load((generate.SCHEMAS / "asyncapi.yaml").read_text("utf-8"))

    def resolve(reference: str) -> Any:
        file, _, pointer = reference.partition("#")
        node = json.loads((generate.SCHEMAS / file).read_text("utf-8")) if file else document
        for part in filter(None, pointer.split("/")):
            node = node[part]
        return node

    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [r for value in node.values() for r in references(value)]
        return [r for value in node for r in references(value)] if isinstance(node, list) else []

    assert document["asyncapi"] == "3.0.0"
    assert all(resolve(reference) for reference in references(document))
    assert {c["address"] for c in document["channels"].values()} == set(TOPICS)
    operations = {
        (name.split("-")[0], o["action"], resolve(o["channel"]["$ref"])["address"])
        for name, o in document["operations"].items()
    }
    assert operations == {(OWNERS[t], "send", t) for t in TOPICS} | {
        (reader, "receive", t) for t in TOPICS for reader in READERS[t]
    }


def test_no_reader_of_scans_can_subscribe_to_the_arm() -> None:
    assert "assessment" not in READERS["reluth.allocation"]
    arms = [fact for fact in PUBLISHED if "arm" in fact.model_fields]
    assert [fact.topic for fact in arms] == ["reluth.allocation"]


def test_a_sealed_text_is_never_published() -> None:
    for fact in PUBLISHED:
        sample = json.loads((generate.SCHEMAS / "samples" / generate.file_name(fact)).read_text("utf-8"))
        sealed = [n for n, f in fact.model_fields.items() if "SealedText" in str(f.annotation)]
        for field in sealed:
            kept = fact.model_validate({**sample, field: {"key_id": "k", "nonce": "bm9uY2U=", "ciphertext": "Y3Q="}})
            assert isinstance(getattr(kept, field), SealedText)
            assert getattr(kept.published(), field) is None
            assert kept.published().model_dump(exclude={field}) == kept.model_dump(exclude={field})


class GradedV3(SubjectFact, name="test.graded", version=3):
    """A type that has come a long way."""

    grade: int
    unit: str = "none"


def up(version: int, to: int, **values: Any) -> Upcaster:
    return Upcaster("test.graded", version, to, lambda old: {**old, **values})


def test_an_old_version_is_carried_through_every_upcaster() -> None:
    known = Registry([GradedV3], [up(1, 2, grade=7), up(2, 3, unit="g/L")])
    fact = known.decode("test.graded", 1, b'{"study":"RELUTH","subject":"01-001"}')
    assert fact == GradedV3(study="RELUTH", subject="01-001", grade=7, unit="g/L")


@pytest.mark.parametrize(
    ("facts", "upcasters", "says"),
    [
        ([GradedV3], [up(1, 2)], "version 2 has no way"),
        ([GradedV3], [], "version 1 has no way"),
        ([GradedV3], [up(1, 2), up(2, 3), up(2, 3)], "a second upcaster"),
        ([GradedV3], [up(1, 2), up(2, 3), up(3, 1)], "only goes forward"),
        ([GradedV3], [up(1, 4), up(2, 3)], "outside the versions"),
        ([], [up(1, 2)], "no such type"),
        ([GradedV3, type("Twin", (GradedV3,), {}, name="test.graded", version=3)], [up(1, 3), up(2, 3)], "twice"),
        ([SubjectFact], [], "has no contract name"),
    ],
)
def test_a_registry_that_cannot_be_trusted_does_not_start(
    facts: list[type[Fact]], upcasters: list[Upcaster], says: str
) -> None:
    with pytest.raises(RegistryError, match=says):
        Registry(facts, upcasters)


def test_what_cannot_be_decoded_is_named_without_its_values() -> None:
    known = registry()
    with pytest.raises(UnknownType):
        known.decode("enrolment.never-heard-of", 1, b"{}")
    with pytest.raises(UnknownVersion):
        known.decode("enrolment.consent-signed", 2, b"{}")
    with pytest.raises(Undecodable) as caught:
        known.decode("enrolment.consent-signed", 1, b'{"study":"RELUTH","subject":"Jeanne Dupont","signed_on":"x"}')
    assert "subject" in str(caught.value)
    assert "Dupont" not in str(caught.value)
    for broken in (b"", b"\xff", b"[1]", b"{", b"null"):
        with pytest.raises(Undecodable):
            known.decode("enrolment.consent-signed", 1, broken)


def test_a_newer_writers_extra_field_is_no_obstacle() -> None:
    known = registry()
    payload = b'{"study":"RELUTH","subject":"01-001","version":"3.1","signed_on":"2022-02-14","language":"fr"}'
    assert known.decode("enrolment.consent-signed", 1, payload).study == "RELUTH"


def test_canonical_json_is_exact() -> None:
    assert canonical({"b": "é", "a": [1, None, True]}) == '{"a":[1,null,true],"b":"é"}'.encode()
    with pytest.raises(TypeError):
        canonical({"a": [0.1]})

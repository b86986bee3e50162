"""The bundle: given to whom it may be, once the allocation is locked, whole, and without anybody's identity."""

import asyncio
import base64
import json
from datetime import timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from contracts.events.randomization import FACTS
from contracts.protocol.model import Protocol
from contracts.vocabulary.roles import Role
from services.chassis.log.chain import GENESIS
from services.cli import bundle_verifier
from services.cli.bundle_verifier import verify
from services.cli.main import app
from services.randomizer import custody
from services.randomizer.domain.commands import Stamp
from services.randomizer.domain.facts import PRIVATE
from services.randomizer.domain.listing.check import Design
from services.randomizer.handlers.bundle import PAGE, export, hashes_before
from services.randomizer.witness.authority import CERTIFICATE_FILE, LocalAuthority, OwnWitness

from .bundles import design, opened_up, recorder, told_again
from .lists import correct, opened_by, smaller
from .service import SPONSOR, STATISTICIAN, Api, GivingWayLog, KindEnrolment, Service, running
from .world import CONFIGURATION, RELUTH, strata_of, subject

BUNDLE = "/allocation/bundle"
VERIFIER = Path(bundle_verifier.__file__)
STRATA = strata_of(CONFIGURATION)


class StampingWitness:
    """Our own authority in the place of the tests' witness, which makes no stamp that could be read."""

    def __init__(self, directory: Path, service: Service) -> None:
        self._own = OwnWitness(LocalAuthority(directory, clock=lambda: service.now))

    async def stamp(self, sha256: str) -> Stamp:
        return await self._own.stamp(sha256)


def stamping(directory: Path, protocol: Protocol = RELUTH) -> Service:
    """A service whose subjects come from all strata, in turn, and whose clock its log goes by."""
    enrolment = KindEnrolment({subject(n): STRATA[5 * n % len(STRATA)] for n in range(1, 40)})
    service = Service(protocol, enrolment=enrolment)
    service.log = GivingWayLog(lambda: service.now)
    service.witness = StampingWitness(directory, service)  # type: ignore[assignment]
    service.__post_init__()
    return service


@pytest.fixture
async def api(tmp_path: Path) -> Any:
    async with running(stamping(tmp_path), tmp_path) as api:
        yield api


async def locked(service: Service, subjects: int = 12) -> None:
    await service.activate()
    for n in range(1, subjects + 1):
        service.now += timedelta(minutes=10)
        await service.randomize(subject(n))
    await service.change("close")
    await service.change("sign_lock")
    await service.change("sign_lock", STATISTICIAN)


async def test_before_the_lock_nobody_gets_it(api: Api) -> None:
    service = api.service
    seen = []
    for step in (
        service.activate,
        lambda: service.randomize("01-001"),
        lambda: service.change("pause"),
        lambda: service.change("resume"),
        lambda: service.change("close"),
        lambda: service.change("sign_lock"),
    ):
        answers = [await api.get(BUNDLE, role) for role in ("statistician", "inspector")]
        seen += [
            (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1].rsplit(":", 1)[-1]) for answer in answers
        ]
        await step()
    assert set(seen) == {(409, "allocation-not-locked")}
    await service.change("sign_lock", STATISTICIAN)
    assert (await api.get(BUNDLE, "statistician")).status_code == 200


@pytest.mark.parametrize(("role", "sites"), list(product(Role, [("01",), ()])))
async def test_statistician_and_inspector_get_it_and_nobody_else(api: Api, role: Role, sites: tuple[str, ...]) -> None:
    await locked(api.service, 1)
    answer = await api.get(BUNDLE, role.value, *sites)
    assert answer.status_code == (200 if role in (Role.STATISTICIAN, Role.INSPECTOR) else 403)
    if answer.status_code == 403:
        assert "arm-allocated" not in answer.text


@pytest.mark.parametrize("beside", sorted(set(Role) - {Role.STATISTICIAN, Role.SAFETY_BOARD, Role.INSPECTOR}))
async def test_a_statistician_with_an_open_role_does_not_get_it(api: Api, beside: Role) -> None:
    await locked(api.service, 1)
    token = api.issuer.mint("both", [Role.STATISTICIAN.value, beside.value], ["01"])
    answer = await api.client.get(f"/studies/RELUTH{BUNDLE}", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[-1]) == (403, "open-role-beside-closed")


async def test_an_unknown_study_has_no_bundle(api: Api) -> None:
    answer = await api.client.get("/studies/OTHER/allocation/bundle", headers=api.token("statistician"))
    assert answer.status_code == 404


async def test_from_the_first_draft_to_the_verdict_of_a_stranger(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the API alone: drafted, signed by two, activated, amended, paused, closed, locked, taken away, derived."""
    service, drawn = api.service, Random(2026)
    # An example of the API's document comes from here: its arm must be the same in every run.
    monkeypatch.setattr(custody.secrets, "token_bytes", drawn.randbytes)
    await service.activate()
    for n in range(1, 9):
        service.now += timedelta(minutes=10)
        answer = await api.post("/randomizations", {"subject": subject(n)}, "randomizer", "01", key=f"r{n}")
        assert answer.status_code == 201
    refused = await api.post("/randomizations", {"subject": subject(1)}, "randomizer", "01", key="again")
    assert refused.status_code == 409
    await service.change("pause")
    await service.activate("amendment", version=2)
    await service.change("resume")
    for n in range(9, 14):
        service.now += timedelta(minutes=10)
        answer = await api.post("/randomizations", {"subject": subject(n)}, "randomizer", "01", key=f"r{n}")
        assert answer.status_code == 201
    await service.change("close")
    await service.change("sign_lock")
    await service.change("sign_lock", STATISTICIAN)
    answer = await api.get(BUNDLE, "inspector")
    assert answer.headers["content-type"].startswith("application/jsonl")
    assert answer.headers["content-disposition"] == 'attachment; filename="RELUTH-allocation.jsonl"'
    report = verify(answer.content)
    assert report.defects == []
    assert (report.rederived, report.allocations) == (13, 13)
    assert [(one["number"], one["allocations"], one["outside"]) for one in report.versions] == [
        (1, 8, False),
        (2, 5, False),
    ]
    stored = await service.log.read_stream("allocation-RELUTH")
    assert int(answer.headers["reluth-position"]) == stored[-1].position
    assert report.last_hash == stored[-1].hash.hex()


async def test_an_imported_list_is_read_again_row_by_row(tmp_path: Path) -> None:
    """As a statistician sends it: sealed, signed, allocated by, told at the lock, and derived by a stranger."""
    protocol = smaller(30)
    service = stamping(tmp_path, protocol)
    await opened_by(service, correct(Design.of(protocol, 30), (4, 6), "bundle"))
    for n in range(1, 21):
        service.now += timedelta(minutes=10)
        await service.randomize(subject(n))
    for what, by in (("close", SPONSOR), ("sign_lock", SPONSOR), ("sign_lock", STATISTICIAN)):
        await service.change(what, by)
    report = verify((await export(service.ctx, "RELUTH")).content)
    assert (report.defects, report.rederived) == ([], 20)
    assert [one["strategy"] for one in report.versions] == ["list_import"]


async def test_the_same_allocation_gives_the_same_bytes_however_the_log_grows(api: Api) -> None:
    await locked(api.service)
    first = (await api.get(BUNDLE, "statistician")).content
    await api.post("/randomizations", {"subject": "01-030"}, "randomizer", "01", key="late")
    assert (await api.get(BUNDLE, "inspector")).content == first


async def test_it_holds_every_stored_byte_of_the_stream_and_nothing_else(api: Api) -> None:
    await locked(api.service)
    lines = [json.loads(line) for line in (await api.get(BUNDLE, "statistician")).content.splitlines()]
    stored = await api.service.log.read_stream("allocation-RELUTH")
    assert [
        (line["position"], line["meta"].encode(), line["payload"].encode(), line["hash"]) for line in lines[1:-1]
    ] == [(event.position, event.meta, event.payload, event.hash.hex()) for event in stored]


@pytest.mark.parametrize("gaps", [(), (1,), (1, 2, 3), (4, 7, 8)])
async def test_the_hash_before_an_event_is_that_of_the_log_and_not_of_the_stream(
    tmp_path: Path, gaps: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.randomizer.handlers.bundle.PAGE", 2)
    made = recorder(tmp_path)
    if 1 in gaps:
        await made.elsewhere(900)
    await made.opened(design("complete"))
    for n in range(1, 9):
        if n in gaps:
            await made.elsewhere(n)
        await made.randomized(strata_of(design("complete"))[0])
    every = await made.log.read(0, PAGE)
    hashes = {event.position + 1: event.hash for event in every} | {1: GENESIS}
    events = await made.log.read_stream(made.stream)
    assert await hashes_before(made.log, events) == {event.position: hashes[event.position] for event in events}


OF_THE_STREAM = [fact for fact in (*PRIVATE, *FACTS) if f'"{fact.type_name}"' in VERIFIER.read_text("utf-8")]
_KNOWN = """
actor roles site causation_id correlation_id traceparent occurred_on reason
study version configuration scheme kind strategy arms code ratio factors id levels block_sizes mti measure probability
weights weight list_sha256 protocol_version protocol_sha256 configuration_sha256 activated_on cap commitment authority
outside stamped_at token paused_on resumed_on closed_on locked_on randomized seed nonce list_nonce rows sealed key_id
ciphertext
subject randomization_number requested_by consent inclusion_assessment authorization tumour_assessment site_activation
delegation strata factor level inputs field value unit observed_on event_id criteria_version previous stratum
randomization_date arm favourable possible trace block size place slot chances row first_counter next_counter
"""
KNOWN = frozenset(_KNOWN.split())
"""What stands in a bundle: who recorded it (an account), when and why; the design and its life; a subject by number,
with its stratum and the dated values behind it. No name, no birth date, no text about a person."""


async def test_nothing_in_it_says_who_a_subject_is(api: Api) -> None:
    """Every field is one that is known here. Who adds one has to say here what it tells of whom."""
    await locked(api.service)
    lines = opened_up((await api.get(BUNDLE, "statistician")).content)
    assert {line["type"] for line in lines[1:]} <= {fact.type_name for fact in OF_THE_STREAM}
    told = {field for line in lines[1:] for part in ("meta", "payload") for field in fields(line[part])}
    possible = {field for fact in OF_THE_STREAM for field in declared(fact.model_json_schema())}
    assert told | possible <= KNOWN, (told | possible) - KNOWN


def fields(value: Any) -> set[str]:
    """Every name in a document."""
    match value:
        case dict():
            return set(value) | {name for inner in value.values() for name in fields(inner)}
        case list():
            return {name for inner in value for name in fields(inner)}
        case _:
            return set()


def declared(schema: Any) -> set[str]:
    """Every name that a document of this JSON Schema may have."""
    match schema:
        case dict():
            here = set(schema.get("properties", ()))
            return here | {name for inner in schema.values() for name in declared(inner)}
        case list():
            return {name for inner in schema for name in declared(inner)}
        case _:
            return set()


# --- reluth verify --bundle


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a bundle and the certificate of the authority that stamped it."""
    directory = tmp_path_factory.mktemp("kept")

    async def record() -> bytes:
        made = recorder(directory)
        await made.run(design("stratified_big_stick"), [0, 1, 2, 3, 0, 0, 1])
        return await made.locked()

    (directory / "bundle.jsonl").write_bytes(asyncio.run(record()))
    LocalAuthority(directory / "stranger")
    return directory


def reluth(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["verify", *map(str, arguments)])


def test_the_command_derives_a_bundle_and_believes_its_stamps_with_the_authoritys_certificate(kept: Path) -> None:
    result = reluth("--bundle", kept / "bundle.jsonl", "--authority", kept / CERTIFICATE_FILE)
    assert result.exit_code == 0, result.output
    assert "7 of 7 allocations derived again; 0 defects" in result.stdout
    assert bundle_verifier.UNSIGNED not in result.stdout
    without = reluth("--bundle", kept / "bundle.jsonl")
    assert without.exit_code == 0
    assert bundle_verifier.UNSIGNED in without.stdout


def test_the_command_does_not_believe_a_stamp_by_anothers_certificate(kept: Path) -> None:
    other = kept / "stranger" / CERTIFICATE_FILE
    result = reluth("--bundle", kept / "bundle.jsonl", "--authority", other, "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert [one["what"] for one in told["defects"]] == ["its signature is not believed: not-verified"]
    assert (told["holds"], told["signatures_verified"], told["rederived"]) == (False, True, 7)


def test_a_stamp_whose_signature_was_changed_is_not_believed(kept: Path) -> None:
    """What the file of the standard library cannot see: it reads the stamp and not its signature."""
    lines = opened_up((kept / "bundle.jsonl").read_bytes())
    (fact,) = [line["payload"] for line in lines if line.get("type", "").endswith("commitment-stamped")]
    token = bytearray(base64.b64decode(fact["token"]))
    at = token.rindex(b"\x02") + 5  # in the second number of the signature, which stands last
    token[min(at, len(token) - 1)] ^= 1
    fact["token"] = base64.b64encode(bytes(token)).decode()
    (kept / "signed-by-nobody.jsonl").write_bytes(told_again(lines))
    assert reluth("--bundle", kept / "signed-by-nobody.jsonl").exit_code == 0
    result = reluth("--bundle", kept / "signed-by-nobody.jsonl", "--authority", kept / CERTIFICATE_FILE)
    assert result.exit_code == 1
    assert "its signature is not believed" in result.stdout


def test_who_signed_is_who_is_said_to_have_signed(kept: Path) -> None:
    lines = opened_up((kept / "bundle.jsonl").read_bytes())
    (fact,) = [line["payload"] for line in lines if line.get("type", "").endswith("commitment-stamped")]
    fact["authority"] = "A well-known authority"
    (kept / "other-name.jsonl").write_bytes(told_again(lines))
    result = reluth("--bundle", kept / "other-name.jsonl", "--authority", kept / CERTIFICATE_FILE)
    assert (result.exit_code, "somebody else signed it than is said" in result.stdout) == (1, True)


def test_the_command_says_what_it_cannot_read(kept: Path) -> None:
    (kept / "letter.txt").write_text("Dear inspector,\n")
    assert reluth("--bundle", kept / "letter.txt").exit_code == 4
    assert reluth("--bundle", kept / "nothing.jsonl").exit_code == 4
    assert reluth("--bundle", kept / "bundle.jsonl", "--authority", kept / "letter.txt").exit_code == 1
    assert reluth("--authority", kept / CERTIFICATE_FILE).exit_code == 2
    assert reluth("--bundle", kept / "bundle.jsonl", "--service", "randomizer").exit_code == 2
    assert reluth("--bundle", kept / "bundle.jsonl", "--last-hash", "0" * 64).exit_code == 1

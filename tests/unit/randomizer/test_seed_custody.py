"""Before a version is in force: a seed from a sound generator, sealed, seen by a witness, and shown to nobody."""

import base64
import secrets
import traceback
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.responses import JSONResponse

from contracts.events.randomization import CommitmentStamped
from services.chassis.health import Condition
from services.chassis.refusal import Refused
from services.chassis.sealing.kms import TransitKek, TransitKey
from services.chassis.sealing.memory import MemorySubjectKeys
from services.chassis.unavailable import Unavailable
from services.randomizer.custody import PURPOSE, key_of
from services.randomizer.domain.draws import Seed, SeedTooWeak
from services.randomizer.domain.refusals import NO_AUTHORITY, SEED_TOO_WEAK, STAMP_NOT_BELIEVED
from services.randomizer.domain.state import INITIAL, Allocation, evolve
from services.randomizer.handlers import life
from services.randomizer.handlers.randomize import seeds_open
from services.randomizer.witness.authority import LocalAuthority, OwnWitness
from services.randomizer.witness.tokens import verify_token
from tests.unit.chassis.transit import NAME, TransitDouble, token_file

from .service import MORNING, SPONSOR, STUDY, CountingSealer, Service, command, running
from .world import subject


async def state_of(service: Service) -> Allocation:
    return (await service.ctx.facts.load("allocation-RELUTH", INITIAL, evolve)).state


def shown(error: BaseException) -> str:
    """What a program that prints every variable of every frame of ours would print of it."""
    told: traceback.TracebackException | None = traceback.TracebackException.from_exception(error, capture_locals=True)
    lines: list[str] = []
    while told is not None:
        frames = [frame for frame in told.stack if "/services/" in frame.filename]
        lines += [*traceback.StackSummary.from_list(frames).format(), *told.format_exception_only()]
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)
    assert any("custody.py" in line or "life.py" in line for line in lines)
    return "".join(lines)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the generator gave, in order."""
    kept: list[bytes] = []
    real = secrets.token_bytes

    def watched(size: int) -> bytes:
        kept.append(real(size))
        return kept[-1]

    monkeypatch.setattr(secrets, "token_bytes", watched)
    return kept


def holds_none_of(text: str, secret: list[bytes]) -> bool:
    return not any(form in text for one in secret for form in (one.hex(), repr(one)[2:-1]))


# --- the generator


@pytest.mark.parametrize(
    "broken", [lambda n: bytes(n), lambda n: bytes(range(n)), lambda n: b"2021-09-14 ReLUTH".ljust(n)]
)
async def test_a_broken_generator_stops_the_activation_before_anybody_is_asked(
    broken: Callable[[int], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service()
    await service.signed()
    before = await service.counted()
    with monkeypatch.context() as patch:
        patch.setattr(secrets, "token_bytes", broken)
        with pytest.raises(Refused) as caught:
            await life.activate(service.ctx, STUDY, 1, command("activate"), SPONSOR)
    assert caught.value.refusal is SEED_TOO_WEAK
    assert await service.counted() == before
    assert not service.witness.seen, "nothing was committed to"
    assert broken(32).hex() not in shown(caught.value)
    await life.activate(service.ctx, STUDY, 1, command("activate"), SPONSOR)
    assert (await service.counted())["randomization.allocation-activated"] == 1


async def test_a_weak_seed_that_is_in_the_log_already_is_not_drawn_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an installation could have it from before there was a check, or from whoever sealed it by hand."""
    service = Service()
    monkeypatch.setattr(Seed, "checked", lambda self: self)
    monkeypatch.setattr(secrets, "token_bytes", lambda n: b"2021-09-14".ljust(n))
    await service.activate()
    await service.ctx.custodian.draws(await state_of(service))
    monkeypatch.undo()
    other = Service(log=service.log, sealer=service.sealer)
    with pytest.raises(SeedTooWeak, match="seed-is-nonce"):
        await other.ctx.custodian.draws(await state_of(other))
    assert await seeds_open(other.ctx) == Condition.failed(sealed=[STUDY])


# --- the witness


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (Refused(NO_AUTHORITY), 503, "no-time-stamping-authority"),
        (Refused(STAMP_NOT_BELIEVED, fault="other-time"), 502, "stamp-not-believed"),
        (Unavailable("time-stamping-authority"), 503, "unavailable"),
    ],
)
async def test_without_a_stamp_nothing_is_activated_and_the_same_request_works_later(
    failure: Exception, status: int, code: str, tmp_path: Path
) -> None:
    service = Service()
    await service.signed()
    before = await service.counted()
    service.witness.failure = failure
    async with running(service, tmp_path) as api:
        answer = await api.post("/allocation/drafts/1/activation", None, "sponsor")
        assert (answer.status_code, answer.json()["type"]) == (status, f"urn:reluth:problem:{code}")
        if code == "no-time-stamping-authority":
            assert "RELUTH_TIMESTAMP_URL" in answer.json()["remedy"]
        if code == "unavailable":
            assert answer.json()["context"]["missing"] == "time-stamping-authority"
        assert await service.counted() == before
        assert (await state_of(service)).activation is None
        service.witness.failure = None
        assert (await api.post("/allocation/drafts/1/activation", None, "sponsor")).status_code == 201


async def test_the_stamp_in_the_log_is_of_the_commitment_beside_it(tmp_path: Path) -> None:
    authority = LocalAuthority(tmp_path, clock=lambda: MORNING)
    service = Service(witness=OwnWitness(authority))
    await service.activate()
    [stamp] = [one.fact for one in await service.history() if isinstance(one.fact, CommitmentStamped)]
    activation = (await state_of(service)).activation
    assert activation is not None
    assert stamp.commitment == activation.fact.commitment
    told = verify_token(base64.b64decode(stamp.token), activation.fact.commitment, authority.certificate_pem)
    assert (told.time, told.authority, stamp.outside) == (stamp.stamped_at, stamp.authority, False)


# --- what is shown when it goes wrong


async def test_no_variable_of_a_failed_activation_holds_the_seed(made: list[bytes]) -> None:
    service = Service()
    await service.signed()
    service.witness.failure = Unavailable("time-stamping-authority")
    with pytest.raises(Unavailable) as caught:
        await life.activate(service.ctx, STUDY, 1, command("activate"), SPONSOR)
    assert len(made) == 2
    assert holds_none_of(shown(caught.value), made)


async def test_no_variable_of_a_failed_sealing_holds_the_seed(made: list[bytes], tmp_path: Path) -> None:
    """The sealer is given the seed as text: when the key service is away, its frames hold it."""
    double = TransitDouble()
    service = Service(sealer=with_service(double, tmp_path))
    await service.signed()
    double.failure = lambda: JSONResponse({"errors": ["Vault is sealed"]}, 503)
    with pytest.raises(Unavailable) as caught:
        await life.activate(service.ctx, STUDY, 1, command("activate"), SPONSOR)
    assert len(made) == 2
    assert "_sealed" in shown(caught.value)
    assert holds_none_of(shown(caught.value), made)


async def test_what_is_revealed_is_not_shown_by_its_repr(made: list[bytes]) -> None:
    service = Service()
    await service.activate()
    told = await service.ctx.custodian.revealed(await state_of(service))
    assert told[0].seed == made[0].hex(), "the watched generator made it"
    assert holds_none_of(repr(told), made)


# --- the key in a service of its own


def with_service(double: TransitDouble, at: Path) -> CountingSealer:
    key = TransitKey("http://kms.test", NAME, token_file(at))
    kek = TransitKek(key, timeout=20, client=lambda: httpx.AsyncClient(transport=httpx.ASGITransport(double)))
    return CountingSealer(MemorySubjectKeys(), kek)


async def test_with_the_key_in_a_service_a_seed_opens_only_while_that_service_lets_it(tmp_path: Path) -> None:
    double = TransitDouble()
    service = Service(sealer=with_service(double, tmp_path))
    await service.activate()
    await service.randomize(subject(1))
    double.failure = lambda: JSONResponse({"errors": ["permission denied"]}, 403)
    await service.randomize(subject(2))  # opened once per process
    restarted = Service(log=service.log, sealer=service.sealer)
    with pytest.raises(Unavailable, match="key-management-service"):
        await restarted.randomize(subject(3))
    assert (await restarted.counted())["randomization.subject-randomized"] == 2
    assert (await restarted.counted())["randomization.randomization-refused"] == 0
    with pytest.raises(Unavailable):
        await seeds_open(restarted.ctx)  # and the check of readiness that breaks has failed
    double.failure = None
    await restarted.randomize(subject(3))
    assert (await restarted.counted())["randomization.subject-randomized"] == 3


async def test_the_sealed_seed_opens_for_nothing_else(tmp_path: Path) -> None:
    service = Service()
    await service.activate()
    activation = (await state_of(service)).activation
    assert activation is not None
    assert activation.sealed.key_id == key_of(STUDY)
    assert len(await service.sealer.unseal(activation.sealed, purpose=PURPOSE)) == 128
    with pytest.raises(Exception, match="not what was sealed"):
        await service.sealer.unseal(activation.sealed, purpose="note")

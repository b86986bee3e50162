"""The seed: made by the system, sealed at rest, opened once, written nowhere."""

import base64
import logging
import secrets
from dataclasses import replace

import pytest

from contracts.vocabulary.sealed import SealedText
from services.chassis.health import Condition, Status
from services.chassis.sealing.kek import LocalKeks
from services.chassis.sealing.port import SealBroken
from services.randomizer.custody import SeedNotAsCommitted, key_of
from services.randomizer.domain.configuration import configuration
from services.randomizer.domain.facts import SeedSealed
from services.randomizer.domain.state import INITIAL, Allocation, evolve
from services.randomizer.handlers.randomize import seeds_open

from .service import CountingSealer, Service
from .world import RELUTH, subject


async def state_of(service: Service) -> Allocation:
    return (await service.ctx.facts.load("allocation-RELUTH", INITIAL, evolve)).state


def sealed_as(state: Allocation, sealed: SealedText) -> Allocation:
    """The allocation with another sealed seed in force."""
    *before, last = state.activations
    return replace(state, activations=(*before, replace(last, sealed=sealed)))


async def test_the_seed_is_opened_once_however_many_subjects_come():
    service = Service()
    await service.activate()
    for n in range(1, 8):
        await service.randomize(subject(n))
    assert service.sealer.opened == 1


async def test_another_process_draws_the_same_from_the_same_log():
    service = Service()
    await service.activate()
    other = Service(log=service.log, sealer=service.sealer)
    state = await state_of(service)
    here, there = await service.ctx.custodian.draws(state), await other.ctx.custodian.draws(state)
    assert [here("s", n) for n in range(20)] == [there("s", n) for n in range(20)]


async def test_two_allocations_never_have_the_same_seed():
    one, other = Service(), Service()
    first, second = await one.activate(), await other.activate()
    assert first.answer.body["commitment"] != second.answer.body["commitment"]
    assert first.answer.body["configuration_sha256"] == second.answer.body["configuration_sha256"]


async def test_a_seed_that_the_log_does_not_commit_to_is_not_drawn_from():
    service = Service()
    await service.activate()
    state = await state_of(service)
    sha = configuration(RELUTH).sha256
    exchanged = await service.ctx.custodian.new_seed("RELUTH", sha)
    with pytest.raises(SeedNotAsCommitted):
        await service.ctx.custodian.draws(sealed_as(state, exchanged.text))


async def test_a_sealed_seed_that_was_altered_does_not_open():
    service = Service()
    await service.activate()
    state = await state_of(service)
    text = state.activations[-1].sealed
    altered = text.model_copy(update={"ciphertext": text.ciphertext[:-6] + "AAAAAA"})
    with pytest.raises(SealBroken):
        await service.ctx.custodian.draws(sealed_as(state, altered))


async def test_a_service_that_cannot_open_its_seed_is_not_ready():
    service = Service()
    assert (await seeds_open(service.ctx)).status is Status.OK
    await service.activate()
    assert (await seeds_open(service.ctx)).status is Status.OK
    keys = service.sealer._keys
    without_its_key = Service(log=service.log, sealer=CountingSealer(keys, LocalKeks([bytes(32)])))
    assert await seeds_open(without_its_key.ctx) == Condition.failed(sealed=["RELUTH"])
    await service.sealer.destroy(key_of("RELUTH"), "a test")
    restarted = Service(log=service.log, sealer=service.sealer)
    assert await seeds_open(restarted.ctx) == Condition.failed(sealed=["RELUTH"])


async def test_an_allocation_that_is_not_active_has_no_draws():
    with pytest.raises(ValueError, match="without a seed"):
        await Service().ctx.custodian.draws(INITIAL)


async def test_the_seed_is_in_no_byte_of_the_log_the_outbox_the_answers_or_the_log_lines(monkeypatch, caplog):
    made, real = [], secrets.token_bytes

    def watched(n: int) -> bytes:
        made.append(real(n))
        return made[-1]

    monkeypatch.setattr(secrets, "token_bytes", watched)
    service = Service()
    with caplog.at_level(logging.DEBUG):
        written = [repr(await service.activate())]
        written += [repr(await service.randomize(subject(n))) for n in range(1, 5)]
    assert [len(one) for one in made] == [32, 32]
    written += [repr((e.payload, e.meta)) for e in await service.log.read(0, 1000)]
    written += [repr(message.value) for message in await service.log.read_outbox(0, 1000)]
    written += [repr(service.ctx), repr(await state_of(service)), caplog.text]
    everything = "\n".join(written)
    for secret in made:
        hidden = [secret.hex(), repr(secret)[2:-1], base64.b64encode(secret).decode()[:40], str(int.from_bytes(secret))]
        hidden.append(base64.urlsafe_b64encode(secret).decode()[:40])
        assert not any(form in everything for form in hidden)
    assert "randomizer.seed-sealed" in {event.type for event in await service.log.read(0, 10)}
    assert SeedSealed.topic is None

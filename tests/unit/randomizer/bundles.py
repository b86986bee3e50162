"""Bundles for tests: allocations recorded by the real domain in a log in memory, and liars who rewrite them."""

import hashlib
import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from contracts.events.catalogue import registry
from contracts.events.envelope import Provenance
from contracts.events.fact import Fact
from contracts.events.randomization import RandomizationRefused, StratumLevel
from contracts.events.registry import canonical
from services.chassis.facts import Facts, Unit
from services.chassis.log.memory import MemoryLog
from services.randomizer.domain import decide, life
from services.randomizer.domain.commands import ActivateAllocation, ChangeCap, DraftAllocation, Revealed, SignDraft
from services.randomizer.domain.configuration import Arm, Configuration, Factor
from services.randomizer.domain.draws import SEED_BYTES, Seed, Words
from services.randomizer.domain.facts import PRIVATE, ListSealed
from services.randomizer.domain.listing.rows import Rows, sha256
from services.randomizer.domain.state import INITIAL, Allocation, allocation_stream, evolve, refusals_stream
from services.randomizer.handlers.bundle import hashes_before, kind_of, written
from services.randomizer.witness.authority import LocalAuthority, OwnWitness

from .world import RANDOMIZER, RELUTH, SEALED, SPONSOR, STATISTICIAN, TODAY, randomize, strata_of, subject

MORNING = datetime(2022, 3, 1, 9, tzinfo=UTC)
Stratum = tuple[StratumLevel, ...]
Decision = Callable[[Allocation], Iterable[Fact]]


def design(strategy: str, ratio: Sequence[int] = (1, 1), study: str = "RELUTH", **parameters: Any) -> Configuration:
    """A configuration of three factors for any method; what the method needs to be told has defaults."""
    factors = tuple(Factor(id=f"F{n}", levels=("LOW", "HIGH")) for n in (1, 2, 3))
    minimized = {
        "measure": "range",
        "probability": "0.8",
        "weights": [
            {"factor": one.id, "weight": weight} for one, weight in zip(factors, ("0.1", "0.2", "1/3"), strict=True)
        ],
    }
    needed: dict[str, Mapping[str, Any]] = {
        "complete": {},
        "stratified_permuted_blocks": {"block_sizes": (2 * sum(ratio), 3 * sum(ratio))},
        "minimization": minimized,
        "stratified_big_stick": {"mti": 2},
        "two_stage": {**minimized, "mti": 2},
        "list_import": {},
    }
    arms = tuple(Arm(code=chr(ord("A") + n), ratio=share) for n, share in enumerate(ratio))
    told = {**needed[strategy], **parameters}
    kind = {"kind": "test"} if study.endswith("TEST") else {}
    return Configuration(study=study, strategy=strategy, arms=arms, factors=factors, **kind, **told)  # type: ignore[arg-type]


def listing(config: Configuration, blocks: int = 12, seed: int = 1) -> Rows:
    """A list of shuffled blocks for the arms and strata of a configuration."""
    chance, strata = random.Random(seed), {}
    for stratum in strata_of(config):
        made = [list(config.slots) * 2 for _ in range(blocks)]
        for block in made:
            chance.shuffle(block)
        strata[",".join(f"{one.factor}={one.level}" for one in stratum)] = tuple(map(tuple, made))
    return Rows(config.study, tuple(arm.code for arm in config.arms), strata)


@dataclass
class Recorder:
    """A trial's allocation, recorded fact by fact. Other streams grow between: the log is not the stream alone."""

    authority: LocalAuthority
    study: str = "RELUTH"
    now: datetime = MORNING
    seeds: dict[int, Seed] = field(default_factory=dict)
    lists: dict[str, tuple[bytes, Rows]] = field(default_factory=dict)
    subjects: int = 0

    def __post_init__(self) -> None:
        self.log = MemoryLog(lambda: self.now)
        self.facts = Facts(self.log, registry(*PRIVATE), "randomizer")

    @property
    def stream(self) -> str:
        return allocation_stream(self.study)

    async def state(self) -> Allocation:
        return (await self.facts.load(self.stream, INITIAL, evolve)).state

    async def record(self, decision: Decision, by: str = SPONSOR, causation: str | None = None) -> None:
        """Decide on what is there, and append it. Time goes on."""
        self.now += timedelta(minutes=1)

        async def work(unit: Unit) -> None:
            state = await unit.load(self.stream, INITIAL, evolve)
            facts = list(decision(state))
            unit.append(
                self.stream, facts, occurred_on=TODAY, reason="Prévu au protocole, § 4 – ✓", causation_id=causation
            )

        await self.facts.append_unasked(Provenance(actor=by, roles=("sponsor",)), work)

    async def elsewhere(self, number: int) -> None:
        """Something in another stream."""
        stream, name = refusals_stream(self.study, subject(number)), subject(number)
        fact = RandomizationRefused(study=self.study, subject=name, code="NO_CONSENT", refused_on=TODAY)

        async def work(unit: Unit) -> None:
            await unit.load(stream, None, lambda state, _: state)
            unit.append(stream, [fact], occurred_on=TODAY)

        await self.facts.append_unasked(Provenance(actor=RANDOMIZER), work)

    async def listed(self, rows: Rows) -> str:
        """Seal a list. Returns the hash that a configuration names it by."""
        nonce = random.Random(rows.text()).randbytes(32)
        named = sha256(nonce, rows.text())
        self.lists[named] = (nonce, rows)
        count = sum(len(rows.sequence(stratum)) for stratum in rows.strata)
        await self.record(lambda _: [ListSealed(study=self.study, list_sha256=named, rows=count, sealed=SEALED)])
        return named

    async def opened(self, config: Configuration, cap: int = 1_000) -> None:
        """Draft, two signatures, activation."""
        version = max((await self.state()).drafts, default=0) + 1
        material = random.Random(f"{self.study} {version}").randbytes(2 * SEED_BYTES)
        seed = self.seeds[version] = Seed.revealed(material)
        drafted = DraftAllocation(config, "paper-2022", RELUTH.sha256)
        await self.record(lambda state: [life.draft(state, drafted)])
        for by in (SPONSOR, STATISTICIAN):
            signed = SignDraft(self.study, version, config.sha256, by)
            await self.record(lambda state, signed=signed: [life.sign(state, signed)], by)
        commitment = seed.commitment(config.sha256)
        stamp = await OwnWitness(self.authority).stamp(commitment)
        cmd = ActivateAllocation(
            study=self.study,
            version=version,
            cap=cap,
            protocol_sha256=RELUTH.sha256,
            sealed=SEALED,
            commitment=commitment,
            stamp=stamp,
            today=TODAY,
        )
        await self.record(lambda state: life.activate(state, cmd))

    def words(self, state: Allocation) -> Words:
        """The draws of the version in force, or the rows of its list."""
        config, version = state.configuration, state.activation
        assert config is not None
        assert version is not None
        if config.list_sha256 is None:
            return self.seeds[version.version].words(config.study, config.sha256)
        _, rows = self.lists[config.list_sha256]
        return lambda stratum, row: rows.arms.index(rows.sequence(stratum)[row])

    async def randomized(self, stratum: Stratum) -> None:
        """The next subject, of this stratum."""
        self.subjects += 1
        cmd = randomize(subject(self.subjects), stratum, study=self.study)
        because = str(cmd.authorization.event_id)
        await self.record(lambda state: decide.randomize(state, cmd, self.words(state)), RANDOMIZER, because)

    async def run(self, config: Configuration, order: Sequence[int]) -> None:
        """Open, and randomize subjects of these strata; every fifth time something happens elsewhere."""
        await self.opened(config)
        strata = strata_of(config)
        for n, place in enumerate(order, start=1):
            if n % 5 == 0:
                await self.elsewhere(500 + self.subjects)
            await self.randomized(strata[place % len(strata)])

    async def changed_cap(self, cap: int) -> None:
        """Move the hard stop."""
        await self.record(lambda state: [decide.change_cap(state, ChangeCap(self.study, cap))])

    async def turned(self, what: str) -> None:
        """Pause, resume or close."""
        await self.record(lambda state: [getattr(life, what)(state, self.study, TODAY)])

    async def locked(self) -> bytes:
        """Close, lock by two persons, export."""
        await self.turned("close")
        for by in (SPONSOR, STATISTICIAN):
            await self.record(lambda s, by=by: life.sign_lock(s, self.study, by, TODAY, self.revealed(s, by)), by)
        events = await self.log.read_stream(self.stream)
        before = await hashes_before(self.log, events)
        return written(self.study, kind_of(await self.state()), "randomizer", events, before)

    def revealed(self, state: Allocation, by: str) -> list[Revealed]:
        """What the custodian opens for the last signature."""
        told = []
        for one in state.activations if life.lockable(state, by) else ():
            material = self.seeds[one.version].exposed()
            seed, nonce = material[:SEED_BYTES].hex(), material[SEED_BYTES:].hex()
            drafted = state.drafts[one.version].configuration.list_sha256
            list_nonce, rows = self.lists[drafted] if drafted is not None else (None, None)
            told.append(
                Revealed(
                    one.version,
                    one.fact.commitment,
                    seed,
                    nonce,
                    list_nonce.hex() if list_nonce else None,
                    rows.text() if rows else None,
                )
            )
        return told


def recorder(directory: Path, study: str = "RELUTH") -> Recorder:
    """A recorder whose stamps are of an authority of its own, by the same clock."""
    made = Recorder(None, study)  # type: ignore[arg-type]
    made.authority = LocalAuthority(directory, clock=lambda: made.now)
    return made


Line = dict[str, Any]


def opened_up(bundle: bytes) -> list[Line]:
    """The lines of a bundle, `meta` and `payload` as objects, without the trailer."""
    lines = [json.loads(line) for line in bundle.splitlines()[:-1]]
    return [
        {**line, **({name: json.loads(line[name]) for name in ("meta", "payload") if name in line})} for line in lines
    ]


def told_again(lines: Sequence[Line], *, renumbered: bool = True) -> bytes:
    """What somebody writes who recomputes whatever can be: versions, hashes, links, the evidence's, header, trailer."""
    header, *events = deepcopy(list(lines))
    last, previous = None, "0" * 64
    for number, event in enumerate(events, start=1):
        if renumbered:
            event["version"] = number
            adjacent = last is None or event["position"] == last["position"] + 1
            event["before"] = previous if adjacent else event["before"]
        if event["type"] == "randomizer.evidence-bound" and renumbered:
            event["payload"]["previous"] = previous
        event["hash"] = hash_of(event)
        last, previous = event, event["hash"]
    header |= {"events": len(events), "position": events[-1]["position"] if events else 0}
    return written_out([header, *events])


def hash_of(event: Line) -> str:
    """The hash of the chain over an opened event."""
    digest = hashlib.sha256(bytes.fromhex(event["before"]))
    at = datetime.fromisoformat(event["recorded_at"]) - datetime(1970, 1, 1, tzinfo=UTC)
    for part in (
        str(event["position"]).encode(),
        bytes.fromhex(event["event_id"].replace("-", "")),
        event["stream"].encode(),
        str(event["version"]).encode(),
        event["type"].encode(),
        str(event["schema"]).encode(),
        str(at // timedelta(microseconds=1)).encode(),
        canonical(event["meta"]),
        canonical(event["payload"]),
    ):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def written_out(lines: Sequence[Line]) -> bytes:
    """The lines as text, with the trailer that fits them."""
    closed = [
        canonical({**line, **{name: canonical(line[name]).decode() for name in ("meta", "payload") if name in line}})
        for line in lines
    ]
    return with_trailer([line + b"\n" for line in closed])


def with_trailer(lines: Sequence[bytes]) -> bytes:
    """These lines and the trailer that fits them."""
    hashes = [hashlib.sha256(line).hexdigest() for line in lines]
    trailer = {"record": "trailer", "lines": hashes, "sha256": hashlib.sha256(b"".join(lines)).hexdigest()}
    return b"".join((*lines, canonical(trailer) + b"\n"))


def of_type(lines: Iterable[Line], name: str, nth: int = 0) -> Line:
    """The n-th event of a type."""
    return [line for line in lines if line.get("type", "").endswith(name)][nth]


def sha(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()

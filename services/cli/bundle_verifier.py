"""Derives every allocation of a bundle again and names what does not hold. Offline; Python's standard library alone.

    python bundle_verifier.py BUNDLE [--json] [--last-hash HEX] [--tokens DIRECTORY]

Nothing of the system that made the bundle is used: this is written from docs/adr/0009-allocation.md and
docs/adr/0019-verifiable-bundle.md. Three steps, in this order below: the text (`_events`: bytes, hashes, order), the
life of the allocation (`Trial`: signatures, commitment, stamp, cap, lock), the arms (`Design`: draws and methods).
Ends with 0 if everything holds, 1 if something does not, 2 if there was nothing that could be looked at.
What it cannot show is said in `NOT_SHOWN` and in every answer.
"""

import argparse
import base64
import hashlib
import hmac
import json
import re
import sys
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import gcd, isqrt, lcm
from pathlib import Path
from typing import Any, NamedTuple

FORMAT, FORMAT_VERSION = "reluth/allocation-bundle", 1
UNSIGNED = (
    "that a stamp is signed by its authority: only what it is over and what time it says; the commands below check it"
)
NOT_SHOWN = (
    "that enrolment's facts behind strata and eligibility are true: only that each allocation names what it rested on",
    "that a seed was drawn at random and kept secret: who made it could have tried several before committing to one,"
    " and who held the log and the key-encryption key during the trial could foretell arms",
    "that the history was not written anew as a whole under the same seeds, with other strata, order or days: compare"
    " the last hash with the one that others received with the lock (--last-hash), and arms with those the sites hold",
    UNSIGNED,
)
"""What nobody can see in a bundle, however it is read."""

CLOCKS = timedelta(seconds=60)
"""How far the authority's clock may be ahead of the system's: it stamped before, and yet says a later time."""
NOTHING = "0" * 64
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SCHEMES = {
    "complete": "reluth/complete/1",
    "stratified_permuted_blocks": "reluth/permuted-blocks/1",
    "minimization": "reluth/minimization/1",
    "stratified_big_stick": "reluth/big-stick/1",
    "two_stage": "reluth/two-stage/1",
    "list_import": "reluth/list/1",
}
FIELDS = {
    *("record", "position", "event_id", "stream", "version", "type", "schema"),
    *("recorded_at", "meta", "payload", "before", "hash"),
}
NO_COIN = ("stratified_permuted_blocks", "list_import")
APPENDED = (
    ("randomizer.allocation-configured", "randomizer.seed-sealed"),
    ("randomizer.seed-sealed", "randomization.allocation-activated"),
    ("randomization.allocation-activated", "randomization.commitment-stamped"),
    ("randomizer.evidence-bound", "randomizer.draw-recorded"),
    ("randomizer.draw-recorded", "randomization.subject-randomized"),
    ("randomization.subject-randomized", "randomization.arm-allocated"),
)
"""Facts that are recorded together: the second right behind the first, by the same person at the same moment."""


class Wrong(Exception):
    """Something cannot be read, or cannot be gone on with."""


class Defect(NamedTuple):
    """What does not hold: the line of the bundle (None: as a whole), the event, what is wrong."""

    line: int | None
    event: str
    what: str


@dataclass
class Report:
    """What was found. `rederived` of `allocations` came out as recorded, in arm, chance and trace."""

    study: str
    kind: str
    events: int
    last_hash: str
    allocations: int
    rederived: int
    versions: list[dict[str, Any]]
    defects: list[Defect]
    not_shown: Sequence[str] = NOT_SHOWN

    @property
    def holds(self) -> bool:
        """Whether nothing was found, and every allocation came out."""
        return not self.defects and self.rederived == self.allocations


def verify(content: bytes, last_hash: str | None = None) -> Report:
    """Look at a bundle. Raises `Wrong` if it is none, or of a format that is not known here.

    `last_hash` is the hash of the lock as somebody else received it: the one thing that a bundle cannot show of itself.
    """
    defects: list[Defect] = []
    header, events = _events(content, defects)
    last = events[-1].hash if events else NOTHING
    if last_hash is not None and last_hash != last:
        defects.append(Defect(None, "", f"the last hash is {last}, and not the one that somebody else received"))
    trial = Trial(header, events, defects)
    trial.replay()
    asked = sum(event.type == "randomization.subject-randomized" for event in events)
    told = [version.told() for version in trial.in_force]
    return Report(header["study"], header["kind"], len(events), last, asked, trial.rederived, told, defects)


# --- the text ---------------------------------------------------------------------------------------------------------


class Event(NamedTuple):
    """A stored event. `meta` says who, when and why, `fact` what; `before` is the hash of the log's event before it."""

    line: int
    position: int
    version: int
    type: str
    schema: int
    recorded_at: datetime
    meta: dict[str, Any]
    fact: dict[str, Any]
    before: str
    hash: str

    @property
    def name(self) -> str:
        """What and where."""
        return f"{self.type} at position {self.position}"


def canonical(data: object) -> bytes:
    """The one way to write JSON here: sorted keys, no spaces, UTF-8."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _read(text: bytes) -> dict[str, Any]:
    """An object in canonical JSON; another spelling of the same object is refused, and so is a float."""

    def inexact(_: str) -> object:
        raise Wrong("a float is no exact number")

    found = json.loads(text, parse_float=inexact, parse_constant=inexact)
    if not isinstance(found, dict) or canonical(found) != text:
        raise Wrong("this is no object in canonical JSON")
    return found


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, Wrong) else f"it cannot be read or followed ({type(error).__name__})"


def _events(content: bytes, defects: list[Defect]) -> tuple[dict[str, Any], list[Event]]:
    """Header and events. What cannot be read is a defect and hides nothing else."""
    *lines, rest = content.split(b"\n")
    try:
        header = _read(lines[0])
        if (header["record"], header["format"], header["version"]) != ("header", FORMAT, FORMAT_VERSION):
            raise Wrong(f"the header does not say {FORMAT} {FORMAT_VERSION}, the only one that is known here")
        study, stream, _ = str(header["study"]), str(header["stream"]), str(header["kind"])
        if stream != f"allocation-{study}":
            defects.append(Defect(1, "", "the stream is not that of the study's allocation"))
    except (LookupError, ValueError, RecursionError, Wrong) as error:
        raise Wrong(f"line 1 is not the header of a bundle: {_said(error)}") from None
    _trailer([line + b"\n" for line in lines], rest, defects)
    events: list[Event] = []
    for number, line in enumerate(lines[1:-1], start=2):
        try:
            events.append(_event(number, _read(line), stream, events[-1] if events else None, defects))
        except Exception as error:  # a hostile text must not keep the rest from being looked at
            defects.append(Defect(number, "", _said(error)))
    if (header.get("events"), header.get("position")) != (len(events), events[-1].position if events else 0):
        defects.append(Defect(1, "", "the header counts other events, or another last position, than are here"))
    return header, events


def _trailer(lines: Sequence[bytes], rest: bytes, defects: list[Defect]) -> None:
    """The last line must be, to the byte, what the lines before it give. If not: which of them is another."""
    *before, last = lines
    hashes = [hashlib.sha256(line).hexdigest() for line in before]
    whole = hashlib.sha256(b"".join(before)).hexdigest()
    if not rest and last == canonical({"record": "trailer", "lines": hashes, "sha256": whole}) + b"\n":
        return
    try:
        told = list(_read(last[:-1])["lines"])
    except Exception:
        told = []
    changed = [number for number, pair in enumerate(zip(told, hashes, strict=False), 1) if pair[0] != pair[1]]
    defects += [Defect(number, "", "is not the line that the trailer speaks of") for number in changed]
    defects.append(Defect(len(lines), "", "is not the trailer of these lines: changed, added, removed or cut off"))


def _event(line: int, told: dict[str, Any], stream: str, last: Event | None, defects: list[Defect]) -> Event:
    """One event: its hash over every stored field and the hash before it, and its place after the last one."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", told["recorded_at"]):
        raise Wrong("its time is not written in UTC with microseconds")
    at, meta, fact = datetime.fromisoformat(told["recorded_at"]), told["meta"].encode(), told["payload"].encode()
    place = (told["position"], told["version"], told["type"], told["schema"])
    if set(told) != FIELDS or [type(one) for one in place] != [int, int, str, int]:
        raise Wrong("its fields are not those of an event")
    event = Event(line, *place, at, _read(meta), _read(fact), told["before"], told["hash"])
    digest = hashlib.sha256(bytes.fromhex(event.before))
    for part in (
        str(event.position).encode(),
        uuid.UUID(told["event_id"]).bytes,
        told["stream"].encode(),
        str(event.version).encode(),
        event.type.encode(),
        str(event.schema).encode(),
        str((at - EPOCH) // timedelta(microseconds=1)).encode(),
        meta,
        fact,
    ):
        digest.update(len(part).to_bytes(8, "big") + part)
    version, position, link = (last.version, last.position, last.hash) if last else (0, 0, NOTHING)
    adjacent = event.position == position + 1
    for holds, what in (
        (digest.hexdigest() == event.hash, "its bytes do not give its hash: changed, or moved to another place"),
        ((told["record"], told["stream"]) == ("event", stream), "it is not of this stream"),
        (event.version == version + 1, "its version does not follow the one before: removed, repeated or moved"),
        (event.position > position, "its position does not come after the one before"),
        (not adjacent or event.before == link, "it is not linked to the event before it"),
        (last is None or at >= last.recorded_at, "it was recorded earlier than the one before"),
    ):
        if not holds:
            defects.append(Defect(line, event.name, what))
    return event


# --- the life of the allocation ---------------------------------------------------------------------------------------


@dataclass
class Version:
    """A version of the configuration as it was drafted, and what came of it.

    Without `design` nothing can be derived: its seed was not told, or cannot be used.
    """

    number: int
    text: dict[str, Any]
    sha256: str
    protocol: str = ""
    signers: list[str] = field(default_factory=list)
    commitment: str = ""
    design: "Design | None" = None
    stamp: dict[str, Any] = field(default_factory=dict)
    stamped_at: datetime | None = None
    allocations: int = 0

    def told(self) -> dict[str, Any]:
        """What a reader wants to know of it."""
        return {
            **{name: getattr(self, name) for name in ("number", "sha256", "signers", "commitment", "allocations")},
            **{name: str(self.stamp.get(name, "")) for name in ("authority", "token")},
            "outside": self.stamp.get("outside") is True,
            "strategy": self.text.get("strategy"),
            "stamped_at": self.stamped_at.isoformat() if self.stamped_at else None,
        }


class Trial:
    """Follows the facts in order. Where what is recorded differs from what is derived, it goes on from the latter."""

    def __init__(self, header: dict[str, Any], events: Sequence[Event], defects: list[Defect]) -> None:
        self.study, self.kind, self.events, self.defects = header["study"], header["kind"], events, defects
        self.seeds = {str(e.fact.get("commitment")): e.fact for e in events if e.type == "randomizer.seed-revealed"}
        self.status, self.cap, self.seeds_told, self.rederived = "not-activated", 0, 0, 0
        self.drafts: list[Version] = []
        self.in_force: list[Version] = []
        self.lists: set[str] = set()
        self.subjects: set[str] = set()
        self.lock_signers: set[str] = set()
        self.parts: dict[str, dict[str, Any]] = {}
        self.event: Event | None = None
        self.before: Event | None = None

    def must(self, holds: bool, what: str) -> None:
        """Note a defect of the event at hand unless this holds."""
        if not holds:
            event = self.event
            self.defects.append(Defect(event.line if event else None, event.name if event else "", what))

    def replay(self) -> None:
        """Follow all of it."""
        for event in self.events:
            self.before, self.event = self.event, event
            try:
                self.must(self.status != "locked", "it comes after the lock")
                self.must(event.fact["study"] == self.study, "it is of another study")
                self._together(event, self.before)
                if event.schema != 1 or not (self._opening(event) or self._allocation(event) or self._course(event)):
                    raise Wrong("a fact of a kind that is not known here")
            except Exception as error:  # a hostile fact must not keep the rest from being looked at
                self.must(False, _said(error))
        self.event = None
        self.must(self.status == "locked", "the lock, with which every bundle ends, is not there")

    def _together(self, event: Event, before: Event | None) -> None:
        for pair in APPENDED:
            if event.type == pair[1] or (before is not None and before.type == pair[0]):
                together = before is not None and (before.type, event.type) == pair
                here = (event.position - 1, event.recorded_at, event.meta)
                at_once = before is not None and (before.position, before.recorded_at, before.meta) == here
                self.must(together and at_once, f"{pair[0]} and {pair[1]} were not recorded together")

    def _opening(self, event: Event) -> bool:
        """How a version of the configuration comes into force."""
        f, must = event.fact, self.must
        newest = self.drafts[-1] if self.drafts else Version(0, {}, "")
        match event.type:
            case "randomizer.list-sealed":
                self.lists.add(f["list_sha256"])
            case "randomizer.allocation-drafted":
                self._drafted(f, f["configuration"])
            case "randomizer.allocation-signed":
                must(f["version"] == newest.number, "it signs another version than the newest")
                must(newest not in self.in_force, "it signs what is in force already")
                must(f["configuration_sha256"] == newest.sha256, "it signs another text than was drafted")
                must(event.meta["actor"] not in newest.signers, "the same person signs twice")
                newest.signers.append(str(event.meta["actor"]))
            case "randomizer.allocation-configured":
                same = canonical(f["configuration"]) == canonical(newest.text)
                must(same and f["protocol_sha256"] == newest.protocol, "it is not the text that was signed")
            case "randomizer.seed-sealed":
                pass  # ciphertext: what it hides is told after the lock
            case "randomization.allocation-activated":
                self._activated(f, newest)
            case "randomization.commitment-stamped":
                version = self.in_force[-1]
                version.stamp = f
                imprint, version.stamped_at = _stamp(base64.b64decode(f["token"], validate=True))
                must(f["commitment"] == version.commitment, "it is of another commitment")
                must(imprint == version.commitment, "the stamp is over another hash than the commitment")
                must(datetime.fromisoformat(f["stamped_at"]) == version.stamped_at, "the stamp says another time")
            case _:
                return False
        return True

    def _drafted(self, f: dict[str, Any], text: dict[str, Any]) -> None:
        must, kind = self.must, text.get("kind", "production")
        sha256 = hashlib.sha256(canonical(text)).hexdigest()
        self.drafts.append(Version(len(self.drafts) + 1, text, sha256, f["protocol_sha256"]))
        must(self.status != "closed", "a closed allocation is not amended")
        must(f["version"] == len(self.drafts), "its number is not the next one")
        must(text["study"] == self.study, "its configuration is of another study")
        must(kind == self.kind and (kind == "test") == self.study.endswith("TEST"), "test and production are mixed")
        must(SCHEMES.get(text["strategy"]) == text["scheme"], "its scheme is not known here")
        for part in ("arms", "factors") if self.subjects else ():
            must(self.in_force[-1].text[part] == text[part], f"it changes {part} that subjects are allocated by")

    def _activated(self, f: dict[str, Any], version: Version) -> None:
        """The version is in force, with the seed that was told for its commitment."""
        must, before, text = self.must, self.in_force[-1] if self.in_force else None, version.text
        must(self.status != "closed", "a closed allocation is not opened again")
        must(f["version"] == version.number, "it is another version than the newest")
        must(version not in self.in_force, "this version was in force before")
        must(len(set(version.signers)) >= 2, "fewer than two persons had signed it")
        must(f["configuration_sha256"] == version.sha256, "its hash is not that of the configuration")
        must(f["strategy"] == text["strategy"], "its method is not that of the configuration")
        must(before is None or f["cap"] == self.cap, "an amendment moved the cap")
        now = before.text if before is not None and self.subjects else text
        for part in ("arms", "factors"):
            must(now[part] == text[part], f"it brings other {part} into force than subjects are allocated by")
        self.cap, self.status = f["cap"], "paused" if self.status == "paused" else "active"
        self.in_force.append(version)
        version.commitment, told = f["commitment"], self.seeds.get(f["commitment"])
        if told is None:
            raise Wrong("the seed behind this commitment is not told: nothing of this version can be derived")
        seed, nonce, rows = bytes.fromhex(told["seed"]), bytes.fromhex(told["nonce"]), b""
        bound = hashlib.sha256(nonce + seed + bytes.fromhex(version.sha256)).hexdigest()
        must(len(seed) == len(nonce) == 32 and bound == version.commitment, "the seed told is not the one committed to")
        if text["strategy"] == "list_import":
            rows = told["rows"].encode()
            found = hashlib.sha256(bytes.fromhex(told["list_nonce"]) + rows).hexdigest()
            must(found == text["list_sha256"], "the rows told are not those of the list that was signed")
            must(text["list_sha256"] in self.lists, "its list was not sealed before")
        version.design = Design(version, seed, rows, before.design if before else None)

    def _allocation(self, event: Event) -> bool:
        """The four facts of one allocation. The last one is compared with what is derived."""
        f, must = event.fact, self.must
        match event.type:
            case "randomizer.evidence-bound":
                self.parts = {"evidence": f}
                previous = self.before.hash if self.before else NOTHING
                must(f["previous"] == previous, "it names another fact as the one before it")
                must(f["requested_by"] == event.meta["actor"], "another person recorded it than asked for it")
                must(f["authorization"] == event.meta["causation_id"], "another authorization caused it")
            case "randomizer.draw-recorded":
                self.parts["draw"] = f
            case "randomization.subject-randomized":
                self.parts["subject"] = f
                self._subject(event, f, self.parts["evidence"], self.in_force[-1])
            case "randomization.arm-allocated":
                self._arm(f, self.parts["subject"], self.parts["draw"], self.in_force[-1])
            case _:
                return False
        return True

    def _subject(self, event: Event, f: dict[str, Any], evidence: dict[str, Any], version: Version) -> None:
        must, seen = self.must, version.stamped_at
        levels, derived = _levels(f["stratum"]), _levels(evidence["strata"])
        known = [(one["id"], level) for one in version.text["factors"] for level in one["levels"]]
        must(self.status == "active", f"the allocation was {self.status}")
        must(f["subject"] not in self.subjects, "the subject was randomized before")
        must(len(self.subjects) < self.cap, "the cap was reached")
        self.subjects.add(f["subject"])
        must(f["randomization_number"] == len(self.subjects), "its number is not the next one")
        must(f["randomization_date"] == event.meta["occurred_on"], "it happened on another day")
        must(f["configuration_sha256"] == version.sha256, "it is of another configuration than is in force")
        must(f["authorization"] == evidence["authorization"], "it rests on another authorization than its evidence")
        must(sorted(levels) == sorted(derived), "its stratum is not that of its evidence")
        must([one[0] for one in levels] == [one["id"] for one in version.text["factors"]], "its factors are others")
        must(all(level in known for level in levels), "its stratum has a level that no factor has")
        must(
            seen is not None and seen <= event.recorded_at + CLOCKS,
            "no stamp shows that the seed was committed to before",
        )

    def _arm(self, f: dict[str, Any], subject: dict[str, Any], draw: dict[str, Any], version: Version) -> None:
        of = {(one["subject"], one["randomization_number"], one["study"]) for one in (f, *self.parts.values())}
        self.must(len(of) == 1, "the facts of this allocation are of several subjects")
        self.parts = {}
        version.allocations += 1
        if version.design is None:
            raise Wrong("the arm cannot be derived: its version has no seed that can be used")
        arm, chance, trace = version.design.next(_levels(subject["stratum"]))
        recorded = (draw["favourable"], draw["possible"])
        same = (f["arm"] == arm, recorded == chance.as_integer_ratio(), canonical(draw["trace"]) == canonical(trace))
        self.must(same[0], f"the arm recorded is {f['arm']}, the arm derived is {arm}")
        self.must(same[1], "the chance recorded is not the one derived")
        self.must(same[2], "the trace recorded is not the one derived")
        self.rederived += all(same) and len(of) == 1

    def _course(self, event: Event) -> bool:
        """Cap, pause, closure and lock."""
        f, must, status, two = event.fact, self.must, self.status, len(self.lock_signers) >= 2
        match event.type:
            case "randomization.cap-changed":
                must(status in ("active", "paused"), f"the allocation was {status}")
                must(f["cap"] >= len(self.subjects), "the cap is less than are randomized")
                self.cap = f["cap"]
            case "randomization.recruitment-paused":
                must(status == "active", f"the allocation was {status}")
                self.status = "paused"
            case "randomization.recruitment-resumed":
                must(status == "paused", f"the allocation was {status}")
                self.status = "active"
            case "randomization.allocation-closed":
                must(status in ("active", "paused"), f"the allocation was {status}")
                self.status = "closed"
            case "randomizer.lock-signed":
                must(status == "closed", "an allocation that is not closed is not locked")
                must(event.meta["actor"] not in self.lock_signers, "the same person signs twice")
                self.lock_signers.add(str(event.meta["actor"]))
            case "randomizer.seed-revealed":
                must(status == "closed" and two, "a seed was told before two persons had signed the lock")
                of, self.seeds_told = self.in_force[self.seeds_told], self.seeds_told + 1
                must((f["version"], f["commitment"]) == (of.number, of.commitment), "it is not the next version's seed")
            case "randomization.allocation-locked":
                must(status == "closed" and two, "fewer than two persons had signed the lock")
                must(self.seeds_told == len(self.in_force), "not every seed was told")
                must(f["randomized"] == len(self.subjects), "it counts other subjects than are here")
                self.status = "locked"
            case _:
                return False
        return True


def _levels(stratum: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["factor"], one["level"]) for one in stratum]


def _der(data: bytes) -> Iterator[bytes]:
    """The values that stand one after the other in DER. What kind each is follows from its place here."""
    at = 0
    while at < len(data):
        length, at = data[at + 1], at + 2
        if length & 0x80:
            octets = length & 0x7F
            length, at = int.from_bytes(data[at : at + octets], "big"), at + octets
        if at + length > len(data):
            raise Wrong("the stamp is cut off")
        yield data[at : at + length]
        at += length


def _stamp(token: bytes) -> tuple[str, datetime]:
    """The hash that a TimeStampToken (RFC 3161, DER) is over, and its time. Its signature is not looked at."""
    [content] = _der(token)
    _, explicit = _der(content)  # ContentInfo: its type, [0] SignedData
    [signed] = _der(explicit)
    kind, explicit = _der(list(_der(signed))[2])  # encapContentInfo: its type, [0] OCTET STRING
    [octets] = _der(explicit)
    [info] = _der(octets)
    told = list(_der(info))  # TSTInfo: version, policy, messageImprint, serialNumber, genTime, ...
    algorithm, hashed = _der(told[2])
    named, *_ = _der(algorithm)
    if (kind.hex(), named.hex()) != ("2a864886f70d0109100104", "608648016503040201"):
        raise Wrong("the stamp is none over a SHA-256")
    if not (time := re.fullmatch(r"(\d{14})(?:\.(\d{1,6}))?Z", told[4].decode())):
        raise Wrong("the time of the stamp cannot be read")
    whole = datetime.strptime(time[1] + "+0000", "%Y%m%d%H%M%S%z")
    return hashed.hex(), whole + timedelta(microseconds=int((time[2] or "0").ljust(6, "0")))


# --- the arms ---------------------------------------------------------------------------------------------------------


class Design:
    """A version with its seed: gives the arms in the order of the subjects (docs/adr/0009-allocation.md)."""

    def __init__(self, version: Version, seed: bytes, rows: bytes, before: "Design | None") -> None:
        self.text, self.sha256, self.seed = version.text, version.sha256, seed
        if not 2 <= sum(arm["ratio"] for arm in self.text["arms"]) <= 10_000:
            raise Wrong("a ratio that nobody means")
        self.slots = [arm["code"] for arm in self.text["arms"] for _ in range(arm["ratio"])]
        self.rows = _rows(rows, self.text) if rows else {}
        self.counters: dict[str, int] = {}
        self.blocks: dict[str, tuple[int, int, dict[str, int]]] = {}
        self.counts: dict[Any, list[int]] = {}
        # An amendment takes over what the slots have, from coin to coin. An open block or a list it does not.
        self.coin = self.text["strategy"] not in NO_COIN
        same = before is not None and (before.slots, before.text["factors"]) == (self.slots, self.text["factors"])
        if before is not None and same and before.coin and self.coin:
            self.counts = before.counts

    def next(self, levels: Sequence[tuple[str, str]]) -> tuple[str, Fraction, dict[str, Any]]:
        """Arm, the chance it had, and how it came about. The next call is for the next subject."""
        named = [f"{factor}={level}" for factor, level in levels]
        stratum = ",".join(named)
        first = self.counters.setdefault(stratum, 0)
        match self.text["strategy"]:
            case "stratified_permuted_blocks":
                arm, chance, trace = self._block(stratum)
            case "list_import":
                arm, chance, trace = self._row(stratum)
            case _:
                arm, chance, trace = self._toss(stratum, [stratum, *enumerate(named)])
        return arm, chance, {**trace, "first_counter": first, "next_counter": self.counters[stratum]}

    def _below(self, stratum: str, bound: int) -> int:
        """A number in [0, bound): the leading bits of a keyed hash, or of the next one while they are too large."""
        if not 1 <= bound <= 1 << 256:
            raise Wrong(f"no number lies below {bound}")
        bits = (bound - 1).bit_length()
        number = bound if bits else 0
        while number >= bound:
            asked = ["reluth/draw/1", self.text["study"], self.sha256, stratum, self.counters[stratum]]
            word = hmac.new(self.seed, canonical(asked), hashlib.sha256).digest()
            number = int.from_bytes(word, "big") >> (256 - bits)
            self.counters[stratum] += 1
        return number

    def _block(self, stratum: str) -> tuple[str, Fraction, dict[str, Any]]:
        """An urn that holds the ratio: one of the places left, counted off arm by arm."""
        block, size, left = self.blocks.get(stratum, (0, 0, {}))
        if not any(left.values()):
            sizes = self.text["block_sizes"]
            block, size = block + 1, sizes[self._below(stratum, len(sizes))]
            left = {arm["code"]: size // len(self.slots) * arm["ratio"] for arm in self.text["arms"]}
        places = sum(left.values())
        arm = _holder(left.items(), self._below(stratum, places))
        self.blocks[stratum] = (block, size, {**left, arm: left[arm] - 1})
        return arm, Fraction(left[arm], places), {"block": block, "size": size, "place": size - places + 1}

    def _row(self, stratum: str) -> tuple[str, Fraction, dict[str, Any]]:
        """The next row of the stratum, in the order of the list."""
        used, rows = self.counters[stratum], self.rows.get(stratum, [])
        if used >= len(rows):
            raise Wrong("the list has no row left for this stratum")
        self.counters[stratum] = used + 1
        return rows[used], Fraction(1), {"row": used + 1}

    def _toss(self, stratum: str, places: Sequence[Any]) -> tuple[str, Fraction, dict[str, Any]]:
        """A ticket of one slot. `places` are what is counted: the stratum, and each margin of the subject."""
        here, *margins = [self.counts.setdefault(place, [0] * len(self.slots)) for place in places]
        chances = self._chances(here, margins)
        slot = _holder(enumerate(chances), self._below(stratum, sum(chances)))
        for counts in (here, *margins):
            counts[slot] += 1
        arm = self.slots[slot]
        favourable = sum(chance for chance, of in zip(chances, self.slots, strict=True) if of == arm)
        return arm, Fraction(favourable, sum(chances)), {"slot": slot + 1, "chances": chances}

    def _chances(self, here: Sequence[int], margins: Sequence[Sequence[int]]) -> list[int]:
        """The tickets of each slot: none for those that the big stick holds back, p over those that balance best."""
        strategy, slots = self.text["strategy"], len(self.slots)
        may = [1] * slots
        if strategy in ("stratified_big_stick", "two_stage"):
            may = [int(count - min(here) < self.text["mti"]) for count in here]
        if strategy in ("complete", "stratified_big_stick"):
            return may
        scores = [self._imbalance(margins, slot) for slot in range(slots)]
        best = [slot for slot in range(slots) if all(_compared(scores[slot], other) <= 0 for other in scores)]
        p, others = _rational(self.text["probability"]), slots - len(best)
        high, low = (p.numerator * others, (p.denominator - p.numerator) * len(best)) if others else (1, 0)
        wanted = [(high if slot in best else low) // gcd(high, low) for slot in range(slots)]
        return [tickets * passes for tickets, passes in zip(wanted, may, strict=True)]

    def _imbalance(self, margins: Sequence[Sequence[int]], slot: int) -> list[tuple[int, int]]:
        """The weighted imbalance of the margins with one more in this slot: terms (c, v) of a sum of c * sqrt(v)."""
        weights = [_rational(one["weight"]) for one in self.text["weights"]]
        whole, terms = lcm(*(weight.denominator for weight in weights)), []
        for counts, weight in zip(margins, weights, strict=True):
            new = [count + (at == slot) for at, count in enumerate(counts)]
            spread, c = len(new) * sum(count * count for count in new) - sum(new) ** 2, int(weight * whole)
            measured = {"range": (c * (max(new) - min(new)), 1), "variance": (c * spread, 1)}
            terms.append({**measured, "standard_deviation": (c, spread)}[self.text["measure"]])
        return terms


def _holder(tickets: Iterable[tuple[Any, int]], number: int) -> Any:
    """Who holds this ticket, when the tickets are counted off in this order."""
    for holder, held in tickets:
        if number < held:
            return holder
        number -= held
    raise AssertionError("a number is drawn below the sum of what is held")


def _rational(text: str) -> Fraction:
    if not re.fullmatch(r"\d{1,40}(/[1-9]\d{0,39}|\.\d{1,40})?", text):
        raise Wrong("a rational number that cannot be read")
    return Fraction(text)


def _compared(left: Sequence[tuple[int, int]], right: Sequence[tuple[int, int]]) -> int:
    """Whether the sum of c * sqrt(v) on the left is smaller (-1), equal (0) or larger (1), exactly.

    The difference is an algebraic integer of degree at most 2^k for k roots, and none of its conjugates is larger than
    `size`. Their product is a whole number: unless it is 0, the difference is at least 1 / size^(2^k - 1).
    """
    sums: dict[int, int] = {}
    for c, v in [*left, *((-c, v) for c, v in right)]:
        sums[v] = sums.get(v, 0) + c
    terms = [(c, v) for v, c in sums.items() if c and v]
    size = 1 + sum(abs(c) * (isqrt(v) + 1) for c, v in terms)
    bits, enough = 32, size.bit_length() * 2 ** len(terms) + 2
    while True:
        value = sum(c * isqrt(v << (2 * bits)) for c, v in terms)
        if abs(value) > sum(abs(c) for c, _ in terms):  # each root was cut off by less than one unit of its last bit
            return 1 if value > 0 else -1
        if bits >= enough:
            return 0
        bits = min(2 * bits, enough)


def _rows(text: bytes, configuration: dict[str, Any]) -> dict[str, list[str]]:
    """The arms of a list by stratum, in its order: a block is a word, a letter the place of an arm (0-9, then a-z)."""
    told, arms = _read(text), [arm["code"] for arm in configuration["arms"]]
    if (told["study"], told["arms"]) != (configuration["study"], arms):
        raise Wrong("its list is of another study, or of other arms")
    return {key: [arms[int(letter, 36)] for word in words for letter in word] for key, words in told["strata"].items()}


# --- as a program -----------------------------------------------------------------------------------------------------


def shown(report: Report, bundle: str) -> Iterator[str]:
    """The report in lines, for people."""
    yield f"{report.study} ({report.kind}): {report.events} events, last hash {report.last_hash}"
    for one in report.versions:
        signers = ", ".join(one["signers"])
        yield f"version {one['number']}: {one['strategy']}, {one['allocations']} allocations, signed by {signers}"
        yield f"  configuration {one['sha256']}, committed to {one['commitment']}"
        yield f"  stamped {one['stamped_at']} by {one['authority']}{'' if one['outside'] else ' (not from outside)'}"
    for defect in report.defects:
        where = f"line {defect.line}" if defect.line else "as a whole"
        yield f"DEFECT {where}{f', {defect.event}' if defect.event else ''}: {defect.what}"
    yield f"{report.rederived} of {report.allocations} allocations derived again; {len(report.defects)} defects"
    yield "This cannot show:"
    yield from (f"- {one}" for one in report.not_shown)
    yield f"  python bundle_verifier.py {bundle} --tokens ."
    for one in report.versions:
        token = f"-token_in -in token-{one['number']}.der -CAfile AUTHORITY.pem"
        yield f"  openssl ts -verify -digest {one['commitment']} {token}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The program. Returns its exit code."""
    parser = argparse.ArgumentParser(description="Derives every allocation of a bundle again, offline.")
    parser.add_argument("bundle", type=Path, help="the file, as exported")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--last-hash", help="hash of the lock, as somebody else received it")
    parser.add_argument("--tokens", type=Path, help="a directory to write the stamps to, for openssl")
    given = parser.parse_args(arguments)
    try:
        report = verify(given.bundle.read_bytes(), given.last_hash)
        for one in report.versions if given.tokens else ():
            (given.tokens / f"token-{one['number']}.der").write_bytes(base64.b64decode(one["token"]))
    except (OSError, ValueError, Wrong) as error:
        sys.stderr.write(f"{given.bundle}: {error}\n")
        return 2
    if given.json:
        told = {**asdict(report), "holds": report.holds, "defects": [one._asdict() for one in report.defects]}
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
    else:
        sys.stdout.write("\n".join(shown(report, str(given.bundle))) + "\n")
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())

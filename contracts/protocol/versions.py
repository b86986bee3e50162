"""The versions of one trial's protocol: an unbroken line from the first, each amending the one before it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from contracts.protocol.grammar import Finding
from contracts.protocol.model import Protocol

_WORDS: Final = frozenset({"name", "text", "label", "source", "note", "assumption", "prevalence", "prevalences"})
"""Keys that decide nothing: an amendment may word them anew."""


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of one study, oldest first. Build it with `linked`, which checks the line, or `Versions.of` one.

    Which of them is in force is for each site to say: sites adopt an amendment on days of their own.
    """

    line: tuple[Protocol, ...]

    @classmethod
    def of(cls, protocol: Protocol) -> "Versions":
        """A trial that was never amended."""
        return cls((protocol,))

    @property
    def first(self) -> Protocol:
        """The version that a site works by until it adopts another."""
        return self.line[0]

    @property
    def newest(self) -> Protocol:
        """The version that nothing amends."""
        return self.line[-1]

    @property
    def names(self) -> tuple[str, ...]:
        """`protocol_version` of each, oldest first."""
        return tuple(protocol.protocol_version for protocol in self.line)

    def named(self, protocol_version: str) -> Protocol | None:
        """The version of that name."""
        return next((one for one in self.line if one.protocol_version == protocol_version), None)

    def hashed(self, sha256: str) -> Protocol | None:
        """The version with that hash, as a recorded verdict names it."""
        return next((one for one in self.line if one.sha256 == sha256), None)


def newest(studies: Mapping[str, Versions]) -> dict[str, Protocol]:
    """The newest version of each study: for whoever asks about the trial, and not about one site on one day."""
    return {study: versions.newest for study, versions in studies.items()}


def linked(protocols: Iterable[Protocol]) -> tuple[Versions | None, list[Finding]]:
    """The files of one study as versions, in whatever order they come; or everything wrong with them."""
    files = list(protocols)
    problems = [*_twice(files), *_unknown(files)]
    roots = [one for one in files if one.amends is None]
    if len(roots) != 1:
        versions = ", ".join(one.protocol_version for one in roots) or "none"
        problems.append(("amends", f"exactly one version amends no other; here it is {versions}"))
    if problems:
        return None, problems
    after: dict[str, list[Protocol]] = {}
    for one in files:
        if one.amends is not None:
            after.setdefault(one.amends, []).append(one)
    for amended, amending in after.items():
        if len(amending) > 1:
            both = " and ".join(one.protocol_version for one in amending)
            problems.append(("amends", f"{both} both amend {amended}: the line may not fork"))
    line = [roots[0]]
    while not problems and (following := after.get(line[-1].protocol_version)):
        line += following
    if not problems and len(line) < len(files):
        astray = ", ".join(one.protocol_version for one in files if one not in line)
        problems.append(("amends", f"{astray} amend each other in a circle"))
    for earlier, later in pairwise(line):
        problems += unamendable(earlier, later)
    return (None, problems) if problems else (Versions(tuple(line)), [])


def unamendable(earlier: Protocol, later: Protocol) -> list[Finding]:
    """What a version changes although subjects, lists and findings of the version before it rest on it.

    Arms, factors, caps and the method of randomization make the allocation: its own draft, with two signatures and
    a new seed, changes them, and never a site's adoption of a text.
    """
    return [(f"{later.protocol_version}: {place}", message) for place, message in _unamendable(earlier, later)]


def _unamendable(earlier: Protocol, later: Protocol) -> Iterator[Finding]:
    for key in ("id", "kind", "time_zone"):
        if getattr(earlier.study, key) != getattr(later.study, key):
            yield f"study.{key}", f"an amendment may not change it: it was {getattr(earlier.study, key)}"
    old_arms, new_arms = ({arm.code: arm.ratio for arm in one.arms} for one in (earlier, later))
    yield from _kept("arms", old_arms, new_arms)
    old_factors, new_factors = ({f.id: _meaning(f.model_dump()) for f in one.factors} for one in (earlier, later))
    yield from _kept("factors", old_factors, new_factors)
    old_caps, new_caps = ({cap.name: (cap.hard, cap.raised_by) for cap in one.caps} for one in (earlier, later))
    yield from _kept("caps", old_caps, new_caps)
    if _meaning(earlier.randomization.model_dump()) != _meaning(later.randomization.model_dump()):
        yield "randomization", "only an amendment of the allocation changes it"
    yield from _findings(earlier, later)
    yield from _timepoints(earlier, later)


def _findings(earlier: Protocol, later: Protocol) -> Iterator[Finding]:
    """What was recorded under a name must still mean the same when it is read by a later version."""
    for field in earlier.fields:
        kept = later.field.get(field.name)
        if kept is None:
            continue
        if (kept.kind, kept.scale) != (field.kind, field.scale):
            yield f"fields[{field.name}]", f"findings of kind {field.kind} stand under this name: use another name"
        for code in sorted(set(field.codes) - set(kept.codes)):
            yield f"fields[{field.name}].codes", f"{code!r} may stand in findings: a code is not taken away"


def _timepoints(earlier: Protocol, later: Protocol) -> Iterator[Finding]:
    kept = {visit.timepoint for visit in later.every_visit}
    for visit in earlier.every_visit:
        if visit.timepoint is not None and visit.timepoint not in kept:
            yield "visits", f"tumours are assessed at {visit.timepoint} where the earlier version is in force: keep it"


def _kept(place: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Finding]:
    for name in sorted(old.keys() - new.keys()):
        yield f"{place}[{name}]", "an amendment may not take it away"
    for name in sorted(new.keys() - old.keys()):
        yield f"{place}[{name}]", "an amendment may not add it"
    for name in sorted(old.keys() & new.keys()):
        if old[name] != new[name]:
            yield f"{place}[{name}]", "an amendment may not change it"
    if list(old) != list(new) and old.keys() == new.keys():
        yield place, "an amendment may not change their order"


def _meaning(value: Any) -> Any:
    """A part without its words."""
    match value:
        case dict():
            return {key: _meaning(one) for key, one in value.items() if key not in _WORDS}
        case list() | tuple():
            return [_meaning(one) for one in value]
        case _:
            return value


def _twice(files: list[Protocol]) -> Iterator[Finding]:
    seen: set[str] = set()
    for one in files:
        if one.protocol_version in seen:
            yield "protocol_version", f"two files are version {one.protocol_version}"
        seen.add(one.protocol_version)


def _unknown(files: list[Protocol]) -> Iterator[Finding]:
    versions = {one.protocol_version for one in files}
    for one in files:
        if one.amends is not None and one.amends not in versions:
            yield f"{one.protocol_version}: amends", f"there is no file of version {one.amends}"

"""Several entries about one subject in one append: each decided on what those before it lead to, all or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from contracts.events.fact import Fact
from services.chassis import provisional
from services.chassis.facts import Unit
from services.chassis.refusal import Refusal, Refused
from services.enrolment.domain.deviations import deviations
from services.enrolment.domain.setting import Setting, SubjectCommand
from services.enrolment.domain.state import Subject, evolve
from services.enrolment.domain.subject.decisions import decide
from services.enrolment.domain.subject.visits import scheduled_by


@dataclass(frozen=True, slots=True)
class Entry:
    """A command with its place in the request, as a JSON pointer; empty where its faults carry their own places.

    `note` is the text that was written beside it, not sealed yet.
    """

    command: SubjectCommand
    pointer: str
    note: str | None = None


@dataclass(slots=True)
class Noted:
    """What was appended so far, in order, with the state that it leads to."""

    subject: Subject
    ids: list[UUID] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)


def decide_all(subject: Subject, setting: Setting, entries: Sequence[Entry], refusal: Refusal) -> tuple[Fact, ...]:
    """The facts that the entries lead to in their order, or `Refused` with every error at once.

    Each entry is decided on the state grown by those before it. One that is refused is left out, and the later ones are
    still tried, so that whoever sent them learns of everything that is wrong with them.
    """
    facts: list[Fact] = []
    errors: list[dict[str, Any]] = []
    for entry in entries:
        try:
            decided = decide(subject, setting, entry.command)
        except Refused as refused:
            errors += _errors(entry, refused)
            continue
        facts += decided
        subject = grown(subject, [(uuid4(), fact) for fact in decided])
    if errors:
        raise Refused(refusal, errors=errors)
    return tuple(facts)


def append_all(
    unit: Unit, stream: str, subject: Subject, setting: Setting, entries: Sequence[Entry], refusal: Refusal
) -> Noted:
    """Append what the entries lead to, what follows from it and what deviates. Raises `Refused` before anything."""
    decide_all(subject, setting, entries, refusal)
    noted = Noted(subject)
    for entry in entries:
        append_one(unit, stream, noted, setting, entry.command)
    return noted


def append_one(unit: Unit, stream: str, noted: Noted, setting: Setting, cmd: SubjectCommand) -> Sequence[Fact]:
    """Append what one command leads to, and after it what follows. Returns what the command itself led to."""
    decided = decide(noted.subject, setting, cmd)
    append_facts(unit, stream, noted, setting, decided, occurred_on=cmd.occurred_on)
    return decided


def append_facts(
    unit: Unit, stream: str, noted: Noted, setting: Setting, decided: Sequence[Fact], *, occurred_on: date | None = None
) -> None:
    """Append facts, then the visits that they schedule, then the deviations that they are."""
    facts = (*decided, *scheduled_by(noted.subject, setting.protocol, decided))
    ids = unit.append(stream, facts, occurred_on=occurred_on)
    found = deviations(noted.subject, setting, list(zip(ids, facts, strict=True)))
    beside = unit.append(stream, found, occurred_on=occurred_on) if found else []
    recorded = [*zip(ids, facts, strict=True), *zip(beside, found, strict=True)]
    noted.ids += [at for at, _ in recorded]
    noted.facts += [fact for _, fact in recorded]
    noted.subject = grown(noted.subject, recorded)


def grown(subject: Subject, facts: Iterable[tuple[UUID, Fact]]) -> Subject:
    """The subject with facts that are not recorded yet, under the ids that they would have."""
    return provisional.grown(subject, evolve, facts)


def _errors(entry: Entry, refused: Refused) -> list[dict[str, Any]]:
    """The faults of an entry with their places; where the refusal names none, the entry itself."""
    code = refused.refusal.code
    named = refused.detail.get("errors")
    if isinstance(named, list) and named:
        return [{**fault, "code": code} for fault in named if isinstance(fault, dict)]
    found = {"in": "body", "pointer": entry.pointer, "detail": refused.refusal.title, "code": code}
    context = {name: value for name, value in refused.detail.items() if name != "errors"}
    return [{**found, "context": context} if context else found]

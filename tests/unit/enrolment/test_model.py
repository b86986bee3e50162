"""The lifecycle explored: every sequence of a few letters, and what is written about it is what was found."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from services.chassis.refusal import Refused
from services.enrolment.domain.invariants import broken
from services.enrolment.domain.lifecycle import treatment_of
from services.enrolment.domain.state import Subject

from .course import IN_RUN_IN, LETTERS, RANDOMIZED, SETTING, Step, after, allocate

DOCUMENT = Path(__file__).parents[3] / "docs" / "lifecycle.md"
DEPTH = 6
BEGIN, END = "<!-- transitions -->", "<!-- end of transitions -->"
STARTS: dict[str, tuple[tuple[Step, ...], tuple[str, ...]]] = {
    "screening": (
        (),
        (
            "sign consent",
            "end screening",
            "include",
            "cycle 1",
            "cycle 2",
            "end run-in",
            "reading POST_C2 PD",
            "survival contact",
            "withdraw from follow-up",
            "declare lost",
            "record death",
            "close the study",
        ),
    ),
    "run-in": (
        IN_RUN_IN,
        (
            "reading POST_C2 SD",
            "reading POST_C2 PD",
            "end run-in",
            "authorize",
            "hear randomization",
            "new therapy",
            "survival contact",
            "withdraw from treatment",
            "withdraw from follow-up",
            "declare lost",
            "find again",
            "record death",
            "time passes",
        ),
    ),
    **{
        f"arm {arm}": (
            (*RANDOMIZED, allocate(arm)),
            (
                "cycle 3",
                "cycle 4",
                "stop treatment",
                "start surveillance",
                "reading M2 PD",
                "reading M2 SD",
                "reading M6 SD",
                "new therapy",
                "survival contact",
                "withdraw from treatment",
                "withdraw from follow-up",
                "declare lost",
                "find again",
                "record death",
                "close the study",
                "time passes",
            ),
        )
        for arm in ("A", "B")
    },
}
Where = str
Change = tuple[str, Where, str, Where]
Key = frozenset[tuple[str, str]]


def places(subject: Subject) -> tuple[tuple[str, Where], ...]:
    """Where a subject is in each region that has a graph of its own."""
    phase = treatment_of(subject)
    treated = f"{phase.phase}{f' {phase.cycle}' if phase.cycle else ''}" if phase.phase is not None else "-"
    return ("Participation", subject.participation.value), ("Treatment", treated)


def changes(before: Subject, letter: str, reached: Subject) -> Iterator[Change]:
    """The regions in which a letter leads somewhere else."""
    for (region, source), (_, target) in zip(places(before), places(reached), strict=True):
        if source != target:
            yield region, source, letter, target


def key(subject: Subject) -> Key:
    """What stands, whatever its order and its ids: the course of who is alike goes on alike."""
    volatile = {"assessment", "about", "consent", "inclusion_assessment", "rows", "strata"}
    return frozenset((one.fact.type_name, one.fact.model_dump_json(exclude=volatile)) for one in subject.history)


@cache
def explored(start: str) -> tuple[int, frozenset[Change], frozenset[tuple[Where, str]], tuple[str, ...]]:
    """How many sequences there are, the changes that were seen, what was accepted where, and what was broken."""
    steps, alphabet = STARTS[start]
    first = after(*steps)
    layer: dict[Key, Subject] = {key(first): first}
    paths: Counter[Key] = Counter({key(first): 1})
    taken: set[Change] = set()
    accepted: set[tuple[Where, str]] = set()
    faults: list[str] = []
    known: dict[tuple[Key, str], tuple[Key, Subject] | None] = {}
    sequences = 0
    for _ in range(DEPTH):
        following: dict[Key, Subject] = {}
        more: Counter[Key] = Counter()
        for here, subject in layer.items():
            for letter in alphabet:
                if (here, letter) not in known:
                    known[here, letter] = _step(subject, letter)
                    if (reached := known[here, letter]) is not None:
                        taken.update(changes(subject, letter, reached[1]))
                        accepted.add((subject.participation.value, letter))
                        faults += [f"{letter}: {one.number}" for one in broken(reached[1], SETTING)]
                if (reached := known[here, letter]) is not None:
                    following[reached[0]] = reached[1]
                    more[reached[0]] += paths[here]
                else:
                    following[here] = subject
                    more[here] += paths[here]
        layer, paths = following, more
        sequences = sum(paths.values())
    return sequences, frozenset(taken), frozenset(accepted), tuple(faults)


def _step(subject: Subject, letter: str) -> tuple[Key, Subject] | None:
    """Where a letter leads; None where it is refused or nothing follows from it."""
    try:
        reached = LETTERS[letter](subject, SETTING)
    except Refused:
        return None
    return None if reached is subject else (key(reached), reached)


def transitions() -> set[Change]:
    """Every change that was seen."""
    return {one for start in STARTS for one in explored(start)[1]}


def written() -> str:
    """The table of the document, as the code makes it."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for region, source, letter, target in sorted(transitions()):
        rows.setdefault((region, letter, target), []).append(source)
    lines = [f"| {region} | {letter} | {', '.join(there)} | {to} |" for (region, letter, to), there in rows.items()]
    return "\n".join(["| region | what happens | from | to |", "|---|---|---|---|", *lines])


def documented() -> str:
    return DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip()


@pytest.mark.parametrize("start", STARTS)
def test_every_sequence_of_six_letters_keeps_every_invariant(start: str) -> None:
    sequences, _, _, faults = explored(start)
    assert sequences == len(STARTS[start][1]) ** DEPTH
    assert faults == ()


def test_the_transitions_that_are_written_are_those_that_can_be_taken_and_no_other() -> None:
    assert documented() == written()


DIGEST: dict[str, tuple[str, str, str]] = {
    "T2": ("SCREENED", "sign consent", "CONSENTED"),
    "T3": ("CONSENTED", "end screening", "NOT_INCLUDED"),
    "T4": ("CONSENTED", "include", "INCLUDED"),
    "T5": ("INCLUDED", "cycle 1", "RUN_IN"),
    "T7": ("RUN_IN", "reading POST_C2 PD", "SCREEN_FAILURE_PD"),
    "T8": ("RUN_IN", "authorize", "ELIGIBLE_FOR_RANDOMIZATION"),
    "T9": ("RUN_IN", "end run-in", "NOT_RANDOMIZED_OTHER"),
    "T10": ("ELIGIBLE_FOR_RANDOMIZATION", "hear randomization", "RANDOMIZED"),
    "T11": ("AWAITED", "cycle 3", "ON_TREATMENT 3"),
    "T12, T15": ("ON_TREATMENT 3", "cycle 4", "ASSESSMENT 4"),
    "T13": ("ON_TREATMENT 3", "stop treatment", "ASSESSMENT 3"),
    "T14": ("AWAITED", "start surveillance", "ASSESSMENT"),
    "T16": ("RANDOMIZED", "reading M6 SD", "LONG_TERM_FOLLOWUP"),
    "T17": ("RANDOMIZED", "reading M2 PD", "POST_PROGRESSION"),
    "T20": ("RANDOMIZED", "withdraw from follow-up", "WITHDRAWN"),
    "T21": ("RANDOMIZED", "declare lost", "LOST"),
    "T21, back": ("LOST", "find again", "RANDOMIZED"),
    "T22": ("WITHDRAWN", "record death", "DEAD"),
    "T23": ("LOST", "close the study", "COMPLETED"),
    "T23, by time": ("LONG_TERM_FOLLOWUP", "time passes", "COMPLETED"),
}
STAYS: dict[str, tuple[str, str]] = {
    "T6": ("RUN_IN", "cycle 2"),
    "T16": ("POST_PROGRESSION", "reading M6 SD"),
    "T18": ("POST_PROGRESSION", "new therapy"),
    "T19": ("SCREEN_FAILURE_PD", "survival contact"),
    "T20, treatment alone": ("RANDOMIZED", "withdraw from treatment"),
}


@pytest.mark.parametrize(("source", "letter", "target"), DIGEST.values(), ids=DIGEST)
def test_every_transition_of_the_digest_is_taken(source: str, letter: str, target: str) -> None:
    assert (source, letter, target) in {change[1:] for change in transitions()}


@pytest.mark.parametrize(("place", "letter"), STAYS.values(), ids=STAYS)
def test_what_the_digest_says_to_change_nothing_is_accepted_and_changes_nothing(place: str, letter: str) -> None:
    assert any((place, letter) in explored(start)[2] for start in STARTS)
    assert not any(change[:3] == ("Participation", place, letter) for change in transitions())


def test_what_is_terminal_leads_nowhere_but_to_a_death_or_a_wider_withdrawal() -> None:
    leading = {(source, letter) for region, source, letter, _ in transitions() if region == "Participation"}
    for place in ("NOT_INCLUDED", "WITHDRAWN", "COMPLETED", "DEAD"):
        may = {"record death", "withdraw from follow-up"} if place == "NOT_INCLUDED" else {"record death"}
        assert {letter for source, letter in leading if source == place} <= may

"""Completion of questionnaires by occasion: who was to fill one in, and who did (SISAQOL, Lancet Oncol 2020; 21: e83).

The completion rate is what was received of what was expected at the time; the available data rate is what was received
of the whole population. Neither needs the arm.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from contracts.protocol.model import Protocol
from contracts.protocol.occasions import AwaitedOccasion, awaited
from contracts.vocabulary.clinical import Reader
from contracts.vocabulary.response import Response
from services.analytics.domain.dossier import Dossier
from services.analytics.domain.filled import Filled


class Needless(StrEnum):
    """Why a questionnaire is not expected, the first that happened; of several on one day the first here."""

    DATA_WITHDRAWN = "DATA_WITHDRAWN"
    DEATH = "DEATH"
    WITHDRAWAL = "WITHDRAWAL"
    LOST = "LOST"
    STUDY_ENDED = "STUDY_ENDED"
    LEFT_RUN_IN = "LEFT_RUN_IN"
    PROGRESSION = "PROGRESSION"


class Awaits(StrEnum):
    """What has become of a questionnaire that is neither here nor needless."""

    MISSING = "MISSING"
    NOT_DUE = "NOT_DUE"


@dataclass(frozen=True, slots=True)
class Completion:
    """One questionnaire on one occasion:

    `population` = `received` + `missing` + `not_due` + sum of `not_expected`. `in_window` are received as well.
    """

    occasion: AwaitedOccasion
    questionnaire: str
    population: int
    received: int
    in_window: int
    missing: int
    not_due: int
    not_expected: Mapping[Needless, int]

    @property
    def expected(self) -> int:
        """The denominator of the completion rate."""
        return self.received + self.missing


@dataclass(frozen=True, slots=True)
class _Course:
    """A dossier with the days of the anchors that it knows of."""

    dossier: Dossier
    reached: Mapping[str, date]

    def window(self, occasion: AwaitedOccasion) -> tuple[date, date] | None:
        """The first and the last day of an occasion; None while what it is counted from has not happened."""
        on = self.reached.get(occasion.anchor)
        return occasion.window(on) if on is not None else None


def completion(
    dossiers: Iterable[Dossier], filled: Iterable[Filled], protocol: Protocol, as_of: date
) -> tuple[Completion, ...]:
    """Every questionnaire on every occasion, by what had happened up to and including a day."""
    rules = protocol.quality_of_life
    included = (one for one in dossiers if one.included_on is not None and one.included_on <= as_of)
    known = [_Course(dossier, _reached(dossier)) for dossier in included]
    of_subject = {one.subject: one for one in filled}
    return tuple(
        _count(occasion, questionnaire, known, of_subject, as_of)
        for occasion in awaited(protocol)
        for questionnaire in (rules.questionnaires if rules is not None else ())
    )


def _count(
    occasion: AwaitedOccasion, questionnaire: str, known: list[_Course], filled: Mapping[str, Filled], as_of: date
) -> Completion:
    of_all = occasion.anchor != "randomization"
    population = [one for one in known if of_all or one.reached.get("randomization", date.max) <= as_of]
    received = in_window = 0
    others: Counter[Needless | Awaits] = Counter()
    for course in population:
        there = filled.get(course.dossier.subject)
        day = there.on(occasion.code, questionnaire) if there is not None else None
        if day is not None and day <= as_of:
            received += 1
            window = course.window(occasion)
            in_window += window is not None and window[0] <= day <= window[1]
        else:
            others[_why_not(occasion, course, as_of)] += 1
    return Completion(
        occasion=occasion,
        questionnaire=questionnaire,
        population=len(population),
        received=received,
        in_window=in_window,
        missing=others[Awaits.MISSING],
        not_due=others[Awaits.NOT_DUE],
        not_expected={reason: others[reason] for reason in Needless},
    )


def _why_not(occasion: AwaitedOccasion, course: _Course, as_of: date) -> Needless | Awaits:
    """Nothing was received. What came before the window was over ended the waiting; later, it had been missed.

    Of who withdrew the data nothing is known any more, so neither is said.
    """
    if course.dossier.erased_on is not None:
        return Needless.DATA_WITHDRAWN
    window = course.window(occasion)
    until = min(as_of, window[1]) if window is not None else as_of
    over = [(day, tuple(Needless).index(why), why) for day, why in _over(occasion, course, until) if day <= until]
    if over:
        return min(over)[2]
    return Awaits.MISSING if window is not None and window[1] < as_of else Awaits.NOT_DUE


def _over(occasion: AwaitedOccasion, course: _Course, until: date) -> Iterator[tuple[date, Needless]]:
    dossier, reached = course.dossier, course.reached
    happened = {
        Needless.DEATH: dossier.died_on,
        Needless.WITHDRAWAL: dossier.withdrawn_on,
        Needless.LOST: next((a.since for a in dossier.lost if a.until is None or a.until > until), None),
        Needless.STUDY_ENDED: dossier.study_ended_on,
        Needless.LEFT_RUN_IN: reached.get("exit") if "exit" in occasion.ends_at else None,
        Needless.PROGRESSION: reached.get("progression") if "progression" in occasion.ends_at else None,
    }
    yield from ((day, why) for why, day in happened.items() if day is not None)


def _reached(dossier: Dossier) -> dict[str, date]:
    """The anchors that a dossier knows of: none that only some arms have."""
    own = [s for s in dossier.scans if s.reader is Reader.INVESTIGATOR]
    since = dossier.randomized_on
    progressed = [s.scan_on for s in own if s.response is Response.PD and since is not None and s.scan_on > since]
    days: dict[str, date | None] = {
        "inclusion": dossier.included_on,
        "exit": dossier.run_in_ended_on,
        "randomization": since,
        "progression": min(progressed, default=None),
        "end_of_study": dossier.study_ended_on,
        **{f"cycle_{number}": on for number, on in dossier.cycles.items()},
        **{f"{s.timepoint.lower()}_scan": s.scan_on for s in own},
    }
    return {anchor: day for anchor, day in days.items() if day is not None}

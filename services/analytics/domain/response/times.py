"""Times to event in whole days: t = day - randomization + 1, so that an event on the first day has one (ruling 15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from contracts.vocabulary.response import Response
from services.analytics.domain.response.best import Assessed


class Ending(StrEnum):
    """What a time ends with. The first two are events, the others censor it."""

    PROGRESSION = "PROGRESSION"
    DEATH = "DEATH"
    LAST_ASSESSMENT = "LAST_ASSESSMENT"
    RANDOMIZATION = "RANDOMIZATION"
    LAST_ALIVE = "LAST_ALIVE"

    @property
    def event(self) -> bool:
        """Whether it is the event that was waited for."""
        return self in (Ending.PROGRESSION, Ending.DEATH)


@dataclass(frozen=True, slots=True)
class Course:
    """What times are taken from. Days after randomization, which is day 0."""

    assessments: tuple[Assessed, ...]
    died: int | None
    last_alive: int | None


@dataclass(frozen=True, slots=True)
class Time:
    """A time to event. `day` is what ended it, `days` the time itself."""

    day: int
    ending: Ending

    @property
    def days(self) -> int:
        """The randomization itself counts as the first day."""
        return self.day + 1


def overall_survival(course: Course) -> Time:
    """To death of any cause; censored when last known alive (endpoints 4.4, OS)."""
    if course.died is not None:
        return Time(course.died, Ending.DEATH)
    return Time(course.last_alive, Ending.LAST_ALIVE) if course.last_alive is not None else _never()


def progression_free_survival(course: Course) -> Time:
    """To progression or death, whichever is first (endpoints 4.4, RPFS); both on one day are a progression."""
    found = [
        *([Time(course.died, Ending.DEATH)] if course.died is not None else []),
        *(Time(one, Ending.PROGRESSION) for one in _progressions(course.assessments)),
    ]
    events = sorted(found, key=lambda one: (one.day, one.ending is Ending.DEATH))
    return events[0] if events else _censored(course.assessments)


def time_to_progression(course: Course) -> Time:
    """To progression alone, death censors it (endpoints 4.4, TTP_CENTRAL: the paper's own words)."""
    progressed = min(_progressions(course.assessments), default=None)
    return Time(progressed, Ending.PROGRESSION) if progressed is not None else _censored(course.assessments)


def _progressions(assessments: Sequence[Assessed]) -> list[int]:
    return [one.day for one in assessments if one.response is Response.PD]


def _censored(assessments: Sequence[Assessed]) -> Time:
    """At the last assessment that could be evaluated (EMA/CHMP/27994/2008 Rev. 1, appendix 1)."""
    days = [one.day for one in assessments if one.response is not Response.NE]
    return Time(max(days), Ending.LAST_ASSESSMENT) if days else _never()


def _never() -> Time:
    return Time(0, Ending.RANDOMIZATION)

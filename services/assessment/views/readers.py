"""The read models of assessment and their readers. Thrown away and rebuilt at will; no command reads a list."""

from dataclasses import dataclass
from typing import Final, Self

from services.assessment.views.review import CaseList, CaseRow
from services.chassis.facts import Facts
from services.chassis.projections.past import Past
from services.chassis.projections.projection import AnyProjection
from services.chassis.projections.projections import Projections
from services.chassis.projections.reader import ProjectionReader
from services.chassis.register import SUBJECTS
from services.chassis.settings import Settings

CASES: Final = CaseList()


def projections() -> tuple[AnyProjection, ...]:
    """The read models of this service."""
    return SUBJECTS, CASES


@dataclass(frozen=True, slots=True)
class Views:
    """Readers of the lists."""

    cases: ProjectionReader[CaseRow]

    @classmethod
    def over(cls, kept: Projections) -> Self:
        """Readers of what these projections keep."""
        return cls(ProjectionReader(kept, CASES))


def past_of(facts: Facts, settings: Settings) -> Past:
    """What folds these lists as they were."""
    return Past(facts.log, facts.envelope, events=settings.past_events, seconds=settings.past_timeout)

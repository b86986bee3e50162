"""Lists over enrolment's own log: sites, subjects, visits. Thrown away and rebuilt at will; no gate reads them."""

from dataclasses import dataclass
from typing import Final, Self

from contracts.events.course import SubjectErased
from services.chassis.facts import Facts
from services.chassis.projections.past import Past
from services.chassis.projections.projection import AnyProjection
from services.chassis.projections.projections import Projections
from services.chassis.projections.reader import ProjectionReader
from services.chassis.settings import Settings
from services.enrolment.domain.valid_time import ANNULMENTS
from services.enrolment.views.deviations import DeviationList, DeviationRow
from services.enrolment.views.sites import SiteList, SiteRow
from services.enrolment.views.subjects import SubjectList, SubjectRow
from services.enrolment.views.visits import VisitList, VisitRow

SITES: Final = SiteList()
SUBJECTS: Final = SubjectList()
VISITS: Final = VisitList()
DEVIATIONS: Final = DeviationList()


def projections() -> tuple[AnyProjection, ...]:
    """The read models of this service."""
    return SITES, SUBJECTS, VISITS, DEVIATIONS


@dataclass(frozen=True, slots=True)
class Views:
    """Readers of the read models."""

    sites: ProjectionReader[SiteRow]
    subjects: ProjectionReader[SubjectRow]
    visits: ProjectionReader[VisitRow]
    deviations: ProjectionReader[DeviationRow]

    @classmethod
    def over(cls, kept: Projections) -> Self:
        """Readers of what these projections keep."""
        return cls(
            ProjectionReader(kept, SITES),
            ProjectionReader(kept, SUBJECTS),
            ProjectionReader(kept, VISITS),
            ProjectionReader(kept, DEVIATIONS),
        )


def past_of(facts: Facts, settings: Settings) -> Past:
    """What folds these lists as they were: without what was annulled since, and never what was erased."""
    return Past(
        facts.log,
        facts.envelope,
        events=settings.past_events,
        seconds=settings.past_timeout,
        for_ever=(SubjectErased,),
        also=ANNULMENTS,
    )

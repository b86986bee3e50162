"""Which questionnaires are filled in when, and how much worse is worse."""

from typing import Annotated, Literal

from pydantic import Field

from contracts.protocol.expression import Code, Number
from contracts.protocol.sourced import Sourced

QuestionnaireId = Literal["QLQ_C30", "QLQ_GINET21"]
"""Those that are packaged: `contracts.questionnaires`."""


class Occasion(Sourced):
    """A time at which questionnaires are filled in, in both arms alike: its code tells no arm.

    `visits` are those of the schedule at which it is due. `baseline`: those after it are compared with it, until the
    next one.
    """

    code: Code
    visits: tuple[str, ...] = ()
    baseline: bool = False


class QualityOfLife(Sourced):
    """Occasions in their order. `worse_points`: a change by so many of 100 points in the bad direction is worse."""

    questionnaires: Annotated[tuple[QuestionnaireId, ...], Field(min_length=1)]
    occasions: Annotated[tuple[Occasion, ...], Field(min_length=1)]
    worse_points: Annotated[Number, Field(gt=0, le=100)]

    @property
    def order(self) -> tuple[str, ...]:
        """The codes of the occasions."""
        return tuple(one.code for one in self.occasions)

    def baseline_of(self, occasion: str) -> str | None:
        """The last baseline before an occasion; None: there is none."""
        place = self.order.index(occasion)
        return next((one.code for one in reversed(self.occasions[:place]) if one.baseline), None)

"""Lesions as a reader sends them: in millimetres as they were measured, kept as whole tenths."""

from collections import Counter
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.events.lesions import NonTargetLesion, Seen, TargetLesion
from contracts.vocabulary.lesions import LesionId, NewLesion, NonTarget, Organ

MOST_LESIONS: Final = 40
Millimetres = Annotated[
    Decimal,
    Field(ge=0, lt=1000, decimal_places=1, description="longest diameter, of a lymph node the short axis, in mm"),
]


class Body(BaseModel):
    """Nothing that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TargetBody(Body):
    """A lesion to be measured at every timepoint."""

    lesion: LesionId
    organ: Organ
    mm: Millimetres = Field(examples=["23.5"])

    def fact(self) -> TargetLesion:
        """As it is kept."""
        return TargetLesion(lesion=self.lesion, organ=self.organ, tenths=int(self.mm * 10))


class NonTargetBody(Body):
    """A lesion, or a group of them, to be followed without measuring."""

    lesion: LesionId
    organ: Organ

    def fact(self) -> NonTargetLesion:
        """As it is kept."""
        return NonTargetLesion(lesion=self.lesion, organ=self.organ)


class MeasuredBody(Body):
    """A target lesion at a timepoint: its length, or why there is none."""

    lesion: LesionId
    mm: Millimetres | None = Field(default=None, examples=["19.0"])
    state: Literal["ABSENT", "TOO_SMALL", "NOT_MEASURED"] | None = Field(default=None, description="instead of `mm`")

    @model_validator(mode="after")
    def _one_of_both(self) -> "MeasuredBody":
        if (self.mm is None) is (self.state is None):
            raise ValueError("either `mm` or `state`")
        return self

    def tenths(self, too_small: int) -> int | None:
        """As it is kept. What is there and too small to be measured counts `too_small` tenths (RECIST 1.1, 3.1.1)."""
        if self.mm is not None:
            return int(self.mm * 10)
        return {"ABSENT": 0, "TOO_SMALL": too_small}.get(self.state or "")


class StateBody(Body):
    """A non-target lesion at a timepoint."""

    lesion: LesionId
    state: NonTarget


class SeenBody(Body):
    """All that was seen on one scan. A lesion that is not named was not assessed."""

    targets: tuple[MeasuredBody, ...] = Field(default=(), max_length=MOST_LESIONS)
    non_targets: tuple[StateBody, ...] = Field(default=(), max_length=MOST_LESIONS)
    new_lesions: NewLesion = NewLesion.NONE
    new_organs: tuple[Organ, ...] = Field(default=(), max_length=len(Organ))

    @model_validator(mode="after")
    def _each_once(self) -> "SeenBody":
        named = Counter((*(one.lesion for one in self.targets), *(one.lesion for one in self.non_targets)))
        if twice := [lesion for lesion, times in named.items() if times > 1]:
            raise ValueError(f"named twice: {', '.join(twice)}")
        return self

    def fact(self, too_small: int) -> Seen:
        """As it is kept."""
        return Seen(
            targets={one.lesion: one.tenths(too_small) for one in self.targets},
            non_targets={one.lesion: one.state for one in self.non_targets},
            new=self.new_lesions,
            new_organs=self.new_organs,
        )

"""What a reader saw on one scan, as facts carry it. Lengths are whole tenths of a millimetre."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from contracts.vocabulary.lesions import LesionId, NewLesion, NonTarget, Organ, Tenths


class TargetLesion(BaseModel):
    """A lesion that is measured at every timepoint: its longest diameter, of a lymph node the short axis."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    lesion: LesionId
    organ: Organ
    tenths: Tenths

    @property
    def node(self) -> bool:
        """Whether it is a lymph node."""
        return self.organ is Organ.LYMPH_NODE


class NonTargetLesion(BaseModel):
    """A lesion, or a group of them, that is followed without being measured."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    lesion: LesionId
    organ: Organ


class Seen(BaseModel):
    """One timepoint. A target without a length, and a non-target that is not named, were not assessed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    targets: Mapping[LesionId, Tenths | None] = {}
    non_targets: Mapping[LesionId, NonTarget] = {}
    new: NewLesion = NewLesion.NONE
    new_organs: tuple[Organ, ...] = ()

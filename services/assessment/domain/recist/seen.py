"""What a reader measured and saw. Lengths are whole tenths of a millimetre: thresholds then compare exactly."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from contracts.vocabulary.lesions import NewLesion, NonTarget


@dataclass(frozen=True, slots=True)
class Target:
    """A target lesion as it was at baseline: longest diameter, of a lymph node the short axis."""

    lesion: str
    node: bool
    baseline: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """The lesions that a subject is followed by."""

    targets: tuple[Target, ...]
    non_targets: tuple[str, ...] = ()

    @property
    def sum(self) -> int:
        """The sum of diameters at baseline, in tenths of a millimetre."""
        return sum(target.baseline for target in self.targets)


@dataclass(frozen=True, slots=True)
class Visit:
    """One timepoint. Absent is 0, a lesion that is not in the mapping or None was not measured."""

    targets: Mapping[str, int | None] = field(default_factory=dict)
    non_targets: Mapping[str, NonTarget] = field(default_factory=dict)
    new: NewLesion = NewLesion.NONE


@dataclass(frozen=True, slots=True)
class Criteria:
    """The numbers of the rules. Lengths in tenths of a millimetre, ratios exact."""

    increase: int
    """Least growth over the nadir that is progression (RECIST 1.1, 4.3.1)."""
    growth: Decimal
    """Least ratio to the nadir that is progression."""
    shrinkage: Decimal
    """Greatest ratio to the baseline that is a partial response."""
    node: int
    """Short axis below which a lymph node is no longer pathological."""
    sticky: bool = False
    """Whether a partial response lasts until progression (EORTC); the guideline is silent."""

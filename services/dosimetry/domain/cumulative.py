"""Doses summed over the cycles. What is missing is not zero: without it there is a sum so far, and no total."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contracts.events.dosimetry import AbsorbedDoseComputed, InfusionRecorded
from contracts.events.envelope import Envelope
from contracts.protocol.dosimetry import Dosimetry
from services.dosimetry.domain.doses import measured_in
from services.dosimetry.domain.state import Centre, SubjectDosimetry

NOT_COMPUTED: Final = "NOT_COMPUTED"
NO_LONGER_QUALIFIED: Final = "NO_LONGER_QUALIFIED"


@dataclass(frozen=True, slots=True)
class Line:
    """A reference line. `reached` is None while a missing dose could still decide it."""

    gy: Decimal
    source: str
    reached: bool | None


@dataclass(frozen=True, slots=True)
class Cumulative:
    """The doses of one organ. `missing`: for each infused cycle without a dose that counts, why."""

    organ: str
    doses: tuple[Envelope[AbsorbedDoseComputed], ...]
    missing: tuple[tuple[int, str], ...]
    lines: tuple[Line, ...]

    @property
    def known_gy(self) -> Decimal:
        """The sum of the doses that are known: at least so much."""
        return sum((one.fact.absorbed_dose_gy for one in self.doses), Decimal(0))

    @property
    def total_gy(self) -> Decimal | None:
        """The sum over all infused cycles; None while one of them is missing."""
        return None if self.missing else self.known_gy

    @property
    def sd_gy(self) -> Decimal | None:
        """One standard deviation of `known_gy`, of cycles measured independently; None where one is not known."""
        parts = [one.fact for one in self.doses]
        if any(part.uncertainty_percent is None for part in parts):
            return None
        squares = ((part.absorbed_dose_gy * (part.uncertainty_percent or 0) / 100) ** 2 for part in parts)
        return sum(squares, Decimal(0)).sqrt()


def counts(dose: Envelope[AbsorbedDoseComputed], state: SubjectDosimetry, centre: Centre) -> bool:
    """Whether all scans that the dose comes from are still ones that are computed with."""
    usable = {one.event_id for one in state.usable(centre, dose.fact.cycle)}
    scans = {one.event_id for one in state.scans(dose.fact.cycle)}
    return not (scans & set(dose.fact.inputs)) - usable


def outdated(dose: Envelope[AbsorbedDoseComputed], state: SubjectDosimetry, centre: Centre) -> bool:
    """Whether something was measured since that the dose does not come from."""
    now = measured_in(state, centre, dose.fact.cycle).get(dose.fact.organ, ())
    return any(one.region.event_id not in dose.fact.inputs for one in now)


def cumulative(state: SubjectDosimetry, centre: Centre, given: Dosimetry) -> list[Cumulative]:
    """By organ: of every organ that was measured in some cycle."""
    cycles = sorted(one.fact.cycle for one in state.of(InfusionRecorded))
    measured = {organ for cycle in cycles for organ in measured_in(state, centre, cycle)}
    organs = sorted(measured | {one.fact.organ for one in state.doses()})
    return [_of(organ, cycles, state, centre, given) for organ in organs]


def _of(organ: str, cycles: Sequence[int], state: SubjectDosimetry, centre: Centre, given: Dosimetry) -> Cumulative:
    last = {one.fact.cycle: one for one in state.doses() if one.fact.organ == organ}
    doses = tuple(one for cycle, one in sorted(last.items()) if counts(one, state, centre))
    there = {one.fact.cycle for one in doses}
    missing = tuple(
        (cycle, NO_LONGER_QUALIFIED if cycle in last else NOT_COMPUTED) for cycle in cycles if cycle not in there
    )
    known = Cumulative(organ, doses, missing, ())
    described = given.organ(organ)
    lines = tuple(
        Line(line.gy, line.source, _reached(known, line.gy))
        for line in given.reference_lines
        if described is not None and described.code in line.organs
    )
    return Cumulative(organ, doses, missing, lines)


def _reached(known: Cumulative, gy: Decimal) -> bool | None:
    if known.known_gy >= gy:
        return True
    return None if known.missing else False

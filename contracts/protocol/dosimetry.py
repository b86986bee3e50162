"""The dosimetry study beside the trial: which organs are measured, and by what a dose is calculated and looked at."""

from typing import Annotated

from pydantic import Field, StrictBool

from contracts.protocol.expression import Number
from contracts.protocol.sourced import Positive, Sourced, Text

OrganName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$", max_length=60)]
Amount = Annotated[Number, Field(gt=0)]


class Organ(Sourced):
    """An organ that is measured, and between which masses in grams a region of it can be believed.

    `numbered`: there can be several, each with its number behind the code (`TUMOUR_2`).
    """

    code: OrganName
    name: Text
    numbered: StrictBool = False
    smallest_g: Amount
    largest_g: Amount


class ReferenceLine(Sourced):
    """A cumulative dose in Gy that is shown beside those of some organs. A line, never a limit: it forbids nothing."""

    organs: Annotated[tuple[OrganName, ...], Field(min_length=1)]
    gy: Amount


class Dosimetry(Sourced):
    """Which organs are measured, when by default, and what a dose is calculated with.

    `electron_energy_kev`: what one decay leaves where it happens; the dose is that of its deposition in the mass.
    `cross_check_percent`: how far the dose calibrator of a qualified centre may lie from its reference.
    """

    electron_energy_kev: Amount
    hours: Annotated[tuple[Positive, ...], Field(min_length=1)]
    cross_check_percent: Amount
    organs: Annotated[tuple[Organ, ...], Field(min_length=1)]
    reference_lines: tuple[ReferenceLine, ...] = ()

    def organ(self, code: str) -> Organ | None:
        """The organ that a region names, by its code or by that of a numbered one with a number from 1 on."""
        base, _, number = code.rpartition("_")
        for organ in self.organs:
            if organ.numbered and organ.code == base and number.isdecimal() and not number.startswith("0"):
                return organ
            if not organ.numbered and organ.code == code:
                return organ
        return None

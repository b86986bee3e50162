"""Absorbed doses of a cycle: which points each organ has, what they come to, and from which events."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Context, Decimal
from typing import Final
from uuid import UUID

from contracts.events.dosimetry import AbsorbedDoseComputed, DosimetryScanAcquired, InfusionRecorded, RegionMeasured
from contracts.events.envelope import Envelope
from contracts.events.heard import Heard
from contracts.protocol.model import Protocol
from services.chassis.refusal import Refused
from services.dosimetry.domain import refusals
from services.dosimetry.domain.commands import ComputeDoses
from services.dosimetry.domain.curves import Integral, Integrate, NotComputable, Point
from services.dosimetry.domain.infusions import day_of
from services.dosimetry.domain.standing import described, included, must_have
from services.dosimetry.domain.state import Centre, SubjectDosimetry

METHOD: Final = "local-deposition-1"
"""The energy of the electrons stays in the mass that was measured; the mass is the mean of those of the scans."""
_GY_G_PER_MBQ_H_KEV: Final = Decimal("1.602176634E-16") * Decimal("3.6E9") * 1000
"""Of one keV a decay (CODATA 2018: joules in a keV), of 3.6e9 decays in a MBq h, in grams of a kilogram."""
_KEPT: Final = Context(prec=9)
"""Digits that are recorded: a fit has no more, and libraries differ behind them."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A region with the scan that it was measured in."""

    scan: Envelope[DosimetryScanAcquired]
    region: Envelope[RegionMeasured]


@dataclass(frozen=True, slots=True)
class Computed:
    """The doses, and for each organ without one why not."""

    facts: tuple[AbsorbedDoseComputed, ...]
    not_computed: Mapping[str, str]
    last_scan_on: date


def compute(
    state: SubjectDosimetry,
    centre: Centre,
    known: Heard | None,
    cmd: ComputeDoses,
    protocol: Protocol,
    *,
    integrate: Integrate,
    software: str,
    zone: tzinfo,
) -> Computed:
    """The doses of the organs asked for, all of them or none; of all that can be computed where none is named."""
    included(known, cmd.subject)
    must_have(protocol, cmd.cycle)
    infusion = state.infusion(cmd.cycle)
    if infusion is None:
        raise Refused(refusals.INFUSION_MISSING, cycle=cmd.cycle)
    measured = measured_in(state, centre, cmd.cycle)
    wanted = sorted(set(cmd.organs)) if cmd.organs is not None else sorted(measured)
    doses: list[AbsorbedDoseComputed] = []
    missing: dict[str, str] = {}
    for organ in wanted:
        try:
            doses.append(_dose(organ, measured.get(organ, ()), infusion, protocol, integrate, software))
        except NotComputable as why:
            missing[organ] = why.code
    if not doses or (cmd.organs is not None and missing):
        raise Refused(refusals.NOTHING_TO_COMPUTE, not_computed=missing)
    last = max(one.scan.fact.acquired_at for fact in doses for one in measured[fact.organ])
    return Computed(tuple(doses), missing, day_of(last, zone))


def measured_in(state: SubjectDosimetry, centre: Centre, cycle: int) -> Mapping[str, Sequence[Measured]]:
    """The regions of the scans that are computed with, by organ and in the order of time."""
    found: dict[str, list[Measured]] = {}
    for scan in state.usable(centre, cycle):
        for region in state.regions(scan.event_id):
            found.setdefault(region.fact.organ, []).append(Measured(scan, region))
    return found


def inputs_of(infusion: Envelope[InfusionRecorded], measured: Sequence[Measured]) -> tuple[UUID, ...]:
    """The events that a dose comes from."""
    return (infusion.event_id, *(one for pair in measured for one in (pair.scan.event_id, pair.region.event_id)))


def _dose(
    organ: str,
    measured: Sequence[Measured],
    infusion: Envelope[InfusionRecorded],
    protocol: Protocol,
    integrate: Integrate,
    software: str,
) -> AbsorbedDoseComputed:
    """One dose. Raises `NotComputable`."""
    integral = integrate(list(_points(measured)), physical_half_life_h(protocol), infusion.fact.administered_mbq)
    mass = sum((one.region.fact.mass_g for one in measured), Decimal(0)) / len(measured)
    energy = described(protocol).electron_energy_kev
    dose = integral.mbq_h * energy * _GY_G_PER_MBQ_H_KEV / mass
    given = infusion.fact
    return AbsorbedDoseComputed(
        study=given.study,
        subject=given.subject,
        organ=organ,
        cycle=given.cycle,
        model=integral.model,
        effective_half_life_h=_kept(integral.effective_half_life_h),
        time_integrated_activity_mbq_h=_figure(integral.mbq_h),
        mass_g=_figure(mass),
        absorbed_dose_gy=_figure(dose),
        gy_per_gbq=_figure(dose / (given.administered_mbq / 1000)),
        uncertainty_percent=_kept(_percent(integral)),
        unknown=integral.unknown,
        because=integral.because,
        fit_probability=_kept(integral.fit),
        method=METHOD,
        software=software,
        protocol_sha256=protocol.sha256,
        inputs=inputs_of(infusion, measured),
    )


def physical_half_life_h(protocol: Protocol) -> Decimal:
    """Of the radiopharmaceutical, without which no protocol file has dosimetry."""
    if protocol.radiopharmaceutical is None:
        raise Refused(refusals.NO_DOSIMETRY)
    return protocol.radiopharmaceutical.half_life_days * 24


def _points(measured: Sequence[Measured]) -> Iterator[Point]:
    for one in measured:
        region = one.region.fact
        yield Point(one.scan.fact.hours_post_injection, region.activity_mbq, region.sd_mbq)


def _percent(integral: Integral) -> Decimal | None:
    """One standard deviation of the integral; that of the mass is not known and not in it."""
    return None if integral.sd_mbq_h is None else 100 * integral.sd_mbq_h / integral.mbq_h


def _kept(value: Decimal | None) -> Decimal | None:
    return None if value is None else _figure(value)


def _figure(value: Decimal) -> Decimal:
    """A figure with the digits that are recorded, written without an exponent."""
    rounded = _KEPT.plus(value)
    return Decimal(f"{rounded:f}")

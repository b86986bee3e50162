"""A scan with all its regions: all of it or nothing, and every error at once."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from contracts.events.dosimetry import DosimetryScanAcquired, InfusionRecorded, RegionMeasured
from contracts.events.envelope import Envelope
from contracts.events.heard import Heard
from contracts.protocol.dosimetry import Dosimetry
from contracts.protocol.model import Protocol
from contracts.vocabulary.dosimetry import Acquisition
from services.chassis.refusal import Refused
from services.dosimetry.domain import refusals
from services.dosimetry.domain.commands import RecordScan, Region
from services.dosimetry.domain.errors import error
from services.dosimetry.domain.infusions import day_of
from services.dosimetry.domain.standing import described, died_before, included, must_have
from services.dosimetry.domain.state import Centre, SubjectDosimetry

_MICROHOUR: Final = Decimal("0.000001")


def record_scan(
    state: SubjectDosimetry,
    centre: Centre,
    known: Heard | None,
    cmd: RecordScan,
    protocol: Protocol,
    *,
    now: datetime,
    zone: tzinfo,
) -> DosimetryScanAcquired:
    """A scan after the infusion of its cycle, by a camera that was qualified that day."""
    included(known, cmd.subject)
    given = described(protocol)
    must_have(protocol, cmd.cycle)
    infusion = state.infusion(cmd.cycle)
    if infusion is None:
        raise Refused(refusals.INFUSION_MISSING, cycle=cmd.cycle)
    errors = [
        *_wrong_with_scan(state, known, cmd, infusion, now, zone),
        *_wrong_with_regions(given, infusion.fact, cmd.regions),
    ]
    if errors:
        raise Refused(refusals.SCAN_NOT_ACCEPTED, errors=errors)
    day = day_of(cmd.acquired_at, zone)
    qualification = centre.qualified(cmd.camera, cmd.acquisition, day)
    if qualification is None:
        raise Refused(refusals.CENTRE_NOT_QUALIFIED, camera=cmd.camera, acquisition=cmd.acquisition, day=day)
    return DosimetryScanAcquired(
        study=cmd.study,
        subject=cmd.subject,
        cycle=cmd.cycle,
        acquired_at=cmd.acquired_at,
        hours_post_injection=hours_between(infusion.fact.infusion_started_at, cmd.acquired_at),
        acquisition=cmd.acquisition,
        camera=cmd.camera,
        reconstruction=cmd.reconstruction,
        study_uid=cmd.study_uid,
        quality=cmd.quality,
        infusion=infusion.event_id,
        qualification=qualification.event_id,
    )


def regions_of(cmd: RecordScan, scan: UUID) -> tuple[RegionMeasured, ...]:
    """The regions, under the event of their scan."""
    return tuple(
        RegionMeasured(
            study=cmd.study,
            subject=cmd.subject,
            scan=scan,
            organ=one.organ,
            mass_g=one.mass_g,
            activity_mbq=one.activity_mbq,
            sd_mbq=one.sd_mbq,
        )
        for one in cmd.regions
    )


def hours_between(start: datetime, end: datetime) -> Decimal:
    """Hours of sixty minutes, to the microhour: the clock of a scanner says no more."""
    microseconds = (end - start) // timedelta(microseconds=1)
    return (Decimal(microseconds) / 3_600_000_000).quantize(_MICROHOUR)


def _wrong_with_scan(
    state: SubjectDosimetry,
    known: Heard | None,
    cmd: RecordScan,
    infusion: Envelope[InfusionRecorded],
    now: datetime,
    zone: tzinfo,
) -> Iterator[dict[str, Any]]:
    started_at = infusion.fact.infusion_started_at
    if hours_between(started_at, cmd.acquired_at) <= 0:
        yield error("/acquired_at", "the infusion of this cycle had not begun", infusion_started_at=started_at)
    if cmd.acquired_at > now:
        yield error("/acquired_at", "it lies in the future")
    if died_before(known, day_of(cmd.acquired_at, zone)):
        yield error("/acquired_at", "it lies after the subject's death")
    for other in state.of(InfusionRecorded):
        if other.fact.cycle > cmd.cycle and other.fact.infusion_started_at <= cmd.acquired_at:
            yield error("/acquired_at", "what is seen is of a later cycle too", cycle=other.fact.cycle)
    for scan in state.scans():
        if scan.fact.study_uid == cmd.study_uid:
            yield error("/study_uid", "this study is recorded already", event_id=scan.event_id)
        elif scan.fact.acquired_at == cmd.acquired_at:
            yield error("/acquired_at", "another scan was acquired at this very moment", event_id=scan.event_id)
    if cmd.acquisition is Acquisition.SPECT_CT and cmd.reconstruction is None:
        yield error("/reconstruction", "a tomographic acquisition was reconstructed: say how")
    if cmd.acquisition is Acquisition.PLANAR and cmd.reconstruction is not None:
        yield error("/reconstruction", "a planar acquisition is not reconstructed")


def _wrong_with_regions(
    given: Dosimetry, infused: InfusionRecorded, regions: Sequence[Region]
) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for number, region in enumerate(regions):
        place = f"/regions/{number}"
        organ = given.organ(region.organ)
        if organ is None:
            known = [f"{one.code}_1" if one.numbered else one.code for one in given.organs]
            yield error(f"{place}/organ", "the protocol has no such organ", organs=known)
        elif not organ.smallest_g <= region.mass_g <= organ.largest_g:
            bounds = {"smallest_g": organ.smallest_g, "largest_g": organ.largest_g}
            yield error(f"{place}/mass_g", "no region of this organ has such a mass", **bounds)
        if region.organ in seen:
            yield error(f"{place}/organ", "the organ is measured twice in one scan")
        if region.activity_mbq > infused.administered_mbq:
            yield error(f"{place}/activity_mbq", "it is more than was infused", at_most=infused.administered_mbq)
        if region.sd_mbq > region.activity_mbq:
            yield error(f"{place}/sd_mbq", "the standard deviation is more than the activity: nothing was measured")
        seen.add(region.organ)

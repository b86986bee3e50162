"""Corrections: a record that was wrong is annulled with what rests on it alone, and what is right is recorded anew."""

from uuid import UUID

from contracts.events.dosimetry import (
    AbsorbedDoseComputed,
    DosimetryRecordAnnulled,
    DosimetryScanAcquired,
    InfusionRecorded,
    RegionMeasured,
)
from services.chassis.refusal import Refused
from services.dosimetry.domain import refusals
from services.dosimetry.domain.state import SubjectDosimetry


def annul(state: SubjectDosimetry, study: str, subject: str, wrong: UUID) -> tuple[DosimetryRecordAnnulled, ...]:
    """The annulment of a record, then those of its regions and of the doses that were computed from it."""
    found = next((one for one in state.history if one.event_id == wrong), None)
    gone = [wrong]
    match found.fact if found is not None else None:
        case None:
            raise Refused(refusals.UNKNOWN_RECORD)
        case RegionMeasured(scan=scan):
            raise Refused(refusals.REGION_WITH_ITS_SCAN, event_id=scan)
        case InfusionRecorded(cycle=cycle):
            if scans := state.scans(cycle):
                raise Refused(refusals.RECORD_STOOD_ON, event_id=scans[0].event_id)
        case DosimetryScanAcquired():
            gone += [one.event_id for one in state.regions(wrong)]
            gone += [one.event_id for one in state.of(AbsorbedDoseComputed) if wrong in one.fact.inputs]
    return tuple(DosimetryRecordAnnulled(study=study, subject=subject, annulled=one) for one in gone)

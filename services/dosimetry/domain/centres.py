"""Qualifications of centres: decided on the calibration itself, with every error at once."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from contracts.events.dosimetry import CentreQualificationAnnulled, CentreQualified
from contracts.protocol.dosimetry import Dosimetry
from services.chassis.refusal import Refused
from services.dosimetry.domain import refusals
from services.dosimetry.domain.commands import QualifyCentre
from services.dosimetry.domain.errors import error
from services.dosimetry.domain.state import Centre


def qualify(given: Dosimetry, cmd: QualifyCentre, *, today: date) -> CentreQualified:
    """A calibration that does not contradict itself. Of several that are valid on a day the last recorded counts."""
    if errors := list(_errors(given, cmd, today)):
        raise Refused(refusals.QUALIFICATION_NOT_ACCEPTED, errors=errors)
    return CentreQualified(
        study=cmd.study,
        site=cmd.site,
        camera=cmd.camera,
        acquisition=cmd.acquisition,
        calibration_factor=cmd.calibration_factor,
        recovery=cmd.recovery,
        phantom_on=cmd.phantom_on,
        cross_checked_on=cmd.cross_checked_on,
        cross_check_percent=cmd.cross_check_percent,
        valid_from=cmd.valid_from,
        valid_to=cmd.valid_to,
    )


def annul(centre: Centre, study: str, site: str, qualification: UUID) -> CentreQualificationAnnulled:
    """Take a qualification back. Scans that were made under it stay, and no dose is computed from them."""
    if not centre.stands(qualification):
        raise Refused(refusals.QUALIFICATION_NOT_FOUND)
    return CentreQualificationAnnulled(study=study, site=site, annulled=qualification)


def _errors(given: Dosimetry, cmd: QualifyCentre, today: date) -> Iterator[dict[str, Any]]:
    if cmd.phantom_on > today:
        yield error("/phantom_on", "the phantom was not measured yet", today=today)
    if cmd.cross_checked_on > today:
        yield error("/cross_checked_on", "the dose calibrator was not compared yet", today=today)
    if cmd.valid_from < cmd.phantom_on:
        yield error("/valid_from", "no camera is calibrated before its phantom was measured", phantom_on=cmd.phantom_on)
    if cmd.valid_to < cmd.valid_from:
        yield error("/valid_to", "it ends before it begins", valid_from=cmd.valid_from)
    if abs(cmd.cross_check_percent) > given.cross_check_percent:
        yield error(
            "/cross_check_percent",
            "the dose calibrator is farther from its reference than the protocol allows",
            at_most=given.cross_check_percent,
        )
    for number, (one, other) in enumerate(pairwise(cmd.recovery), start=1):
        if one.volume_ml >= other.volume_ml:
            yield error(f"/recovery/{number}/volume_ml", "spheres are listed once each, by ascending volume")

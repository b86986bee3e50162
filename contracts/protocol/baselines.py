"""What the baselines of the tumour response and the timepoints of the visits say about each other."""

from collections.abc import Iterator
from typing import Final

from contracts.protocol.grammar import Finding
from contracts.protocol.model import Protocol

_PLACE: Final = "tumour_response.baselines"


def baselines(protocol: Protocol) -> Iterator[Finding]:
    """Every inconsistency found, as (place, message)."""
    if (rules := protocol.tumour_response) is None:
        if protocol.central_review is not None:
            yield "central_review", "there is no `tumour_response` by which responses are derived"
        return
    order = [visit.timepoint for visit in protocol.every_visit if visit.timepoint is not None]
    first, *later = rules.baselines
    if first in order:
        yield _PLACE, f"{first!r} is a timepoint, and the first baseline comes before all of them"
    for scan in later:
        if scan not in order:
            yield _PLACE, f"there is no timepoint {scan!r}"
    places = [order.index(scan) for scan in later if scan in order]
    if places != sorted(set(places)):
        yield _PLACE, "the baselines are not in the order of the timepoints"
    if protocol.central_review is not None and protocol.central_review.baseline not in rules.baselines:
        yield "central_review.baseline", f"{protocol.central_review.baseline!r} is no baseline"

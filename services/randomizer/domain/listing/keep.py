"""A checked list becomes one that the allocation may be drafted with."""

from contracts.vocabulary.sealed import SealedText
from services.chassis.refusal import Refused
from services.randomizer.domain.facts import ListSealed
from services.randomizer.domain.listing.rows import Rows
from services.randomizer.domain.refusals import ALLOCATION_OVER
from services.randomizer.domain.state import Allocation, Status


def keep(state: Allocation, rows: Rows, sealed: SealedText, list_sha256: str) -> ListSealed:
    """Keep a list. It allocates nobody before a version that names it is drafted, signed and activated."""
    if state.status in (Status.CLOSED, Status.LOCKED):
        raise Refused(ALLOCATION_OVER, status=state.status)
    count = sum(len(rows.sequence(stratum)) for stratum in rows.strata)
    return ListSealed(study=rows.study, list_sha256=list_sha256, rows=count, sealed=sealed)

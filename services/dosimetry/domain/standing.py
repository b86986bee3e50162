"""What must be known of a study and a subject before anything can be recorded about it here."""

from datetime import date

from contracts.events.heard import Heard
from contracts.protocol.dosimetry import Dosimetry
from contracts.protocol.model import Protocol
from services.chassis.refusal import Refused
from services.dosimetry.domain import refusals


def described(protocol: Protocol) -> Dosimetry:
    """The dosimetry of a protocol. Raises `Refused` (404) where it has none."""
    if protocol.dosimetry is None:
        raise Refused(refusals.NO_DOSIMETRY)
    return protocol.dosimetry


def included(known: Heard | None, subject: str) -> date:
    """The day of inclusion, of a subject that was heard to be included and has consented. Raises `Refused`."""
    if known is None:
        raise Refused(refusals.SUBJECT_NOT_HEARD_OF, subject=subject)
    if known.consent_on is None or known.included_on is None:
        raise Refused(refusals.INCLUSION_NOT_HEARD_OF, subject=subject)
    return known.included_on


def died_before(known: Heard | None, day: date) -> bool:
    """Whether the subject is known to have died before that day."""
    return known is not None and known.died_on is not None and day > known.died_on


def must_have(protocol: Protocol, cycle: int) -> None:
    """Raises `Refused` (422) for a cycle that the protocol does not have."""
    if cycle not in protocol.cycle:
        raise Refused(refusals.UNKNOWN_CYCLE, cycle=cycle, cycles=sorted(protocol.cycle))

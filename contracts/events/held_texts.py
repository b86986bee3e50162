"""What a service records of the texts that it holds. Each declares them as private facts under a name of its own."""

from enum import StrEnum
from uuid import UUID

from contracts.events.fact import SubjectFact


class ReleaseReason(StrEnum):
    """Why what was found in a text identifies nobody."""

    NO_NAME = "NO_NAME"
    EPONYM = "EPONYM"
    PLACE = "PLACE"
    PRODUCT = "PRODUCT"
    NUMBER_OF_NOBODY = "NUMBER_OF_NOBODY"


class OpenedText(SubjectFact):
    """An investigator read a text that was held; who, the provenance says. `text` is its id in the quarantine."""

    text: UUID


class ReleasedText(SubjectFact):
    """An investigator looked at a text that was held, and let it pass. `text` is its id in the quarantine."""

    text: UUID
    reason: ReleaseReason

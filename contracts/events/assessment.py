"""Facts of assessment: what the scans say."""

from datetime import date
from typing import Annotated

from pydantic import Field

from contracts.events.fact import SubjectFact
from contracts.vocabulary.clinical import Modality, Reader
from contracts.vocabulary.response import Response
from contracts.vocabulary.sealed import SealedText

TOPIC = "reluth.assessment"
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]


class TumourAssessed(SubjectFact, name="assessment.tumour-assessed", version=1, topic=TOPIC):
    """A scan was read by RECIST 1.1. Progression is dated by the scan, not by the report (digest 5.5, 20).

    `timepoint` is a visit of the protocol file. `response` is what the reader stated.
    """

    timepoint: Code
    scan_on: date
    modality: Modality
    reader: Reader
    response: Response
    comment: SealedText | None = None


FACTS = (TumourAssessed,)

"""What a listener knows of a subject from enrolment: the days that guards need, and nothing that tells an arm."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from contracts.events.course import RecordAnnulled, SubjectErased
from contracts.events.enrolment import ConsentSigned, DeathRecorded, SubjectIncluded, SubjectScreened
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact

HEARD = (SubjectScreened, ConsentSigned, SubjectIncluded, DeathRecorded, RecordAnnulled, SubjectErased)
"""The facts that are folded here."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What has been heard so far. A date that is None may have happened: word of it has not arrived.

    Consents and death are kept with the events that told of them: enrolment may annul them.
    """

    study: str
    subject: str
    consents: tuple[tuple[UUID, date], ...] = ()
    included_on: date | None = None
    died_on: date | None = None
    death: UUID | None = None
    erased_on: date | None = None

    @property
    def consent_on(self) -> date | None:
        """The day from which data may be collected: a later version signed again does not move it."""
        return min((day for _, day in self.consents), default=None)


def heard(known: Heard, envelope: Envelope[Fact]) -> Heard:
    """Fold one fact about the subject. Of one that was erased nothing else is kept, and nothing is added."""
    fact = envelope.fact
    if known.erased_on is not None:
        return known
    match fact:
        case SubjectErased():
            return Heard(known.study, known.subject, erased_on=fact.erased_on)
        case ConsentSigned():
            return replace(known, consents=(*known.consents, (envelope.event_id, fact.signed_on)))
        case SubjectIncluded():
            return replace(known, included_on=fact.included_on)
        case DeathRecorded():
            return replace(known, died_on=fact.died_on, death=envelope.event_id)
        case RecordAnnulled(annulled=gone) if gone == known.death:
            return replace(known, died_on=None, death=None)
        case RecordAnnulled(annulled=gone):
            return replace(known, consents=tuple(one for one in known.consents if one[0] != gone))
        case _:
            return known

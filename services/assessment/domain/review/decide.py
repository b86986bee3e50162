"""One function per command of the central review: guards, then the facts."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.events.heard import Heard
from contracts.events.lesions import NonTargetLesion, Seen, TargetLesion
from contracts.events.review import (
    CentralBaselineLocked,
    CentralReadLocked,
    CentralResponseSettled,
    Discordance,
    DiscordanceAdjudicated,
    ReReadRequested,
    ReviewClaimed,
    ReviewScanSubmitted,
)
from contracts.protocol.review import CentralReview
from contracts.protocol.tumour_response import TumourResponse
from contracts.vocabulary.clinical import Modality
from contracts.vocabulary.response import Response
from services.assessment.domain.readings.lesions import must_be_choosable, must_be_followed
from services.assessment.domain.recist.derive import Derived, derive
from services.assessment.domain.recist.of_facts import baseline_of, criteria_of, visit_of
from services.assessment.domain.refusals import readings, review
from services.assessment.domain.review.case import ADJUDICATOR, READERS, Case
from services.assessment.domain.standing import included
from services.chassis.refusal import Refused


@dataclass(frozen=True, slots=True)
class Charter:
    """What the review goes by. `timepoints` are those of the review in their order, its baseline first."""

    review: CentralReview
    response: TumourResponse
    timepoints: tuple[str, ...]
    today: date


@dataclass(frozen=True, slots=True)
class About:
    """Whose review it is: known to the commands, never shown to a reader."""

    study: str
    subject: str
    case: UUID


@dataclass(frozen=True, slots=True)
class Submission:
    """A scan that a site sends."""

    timepoint: str
    scan_on: date
    modality: Modality
    study_uid: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader says of a scan; `explained`: a reason was given for stating another response than the derived."""

    sequence: int
    seen: Seen
    response: Response
    explained: bool


def submit(
    case: Case, known: Heard | None, about: About, sent: Submission, charter: Charter
) -> list[ReviewScanSubmitted]:
    """A scan for the review, of a subject that was included; the first one is the baseline."""
    included(known, about.subject)
    if sent.timepoint not in charter.timepoints:
        raise Refused(review.NOT_OF_THE_REVIEW, permitted=charter.timepoints)
    if not sent.study_uid.startswith(charter.review.uid_roots):
        raise Refused(review.UID_NAMES_SITE, permitted=charter.review.uid_roots)
    if any(scan.timepoint == sent.timepoint for scan in case.scans):
        raise Refused(review.SUBMITTED_ALREADY)
    if not case.scans and sent.timepoint != charter.review.baseline:
        raise Refused(review.BASELINE_FIRST, baseline=charter.review.baseline)
    place = charter.timepoints.index(sent.timepoint)
    for scan in case.scans:
        if charter.timepoints.index(scan.timepoint) > place or scan.scan_on >= sent.scan_on:
            raise Refused(review.LATER_SUBMITTED, other=scan.timepoint, other_scan_on=scan.scan_on)
    if sent.scan_on > charter.today:
        raise Refused(readings.SCAN_IN_FUTURE, scan_on=sent.scan_on, today=charter.today)
    if known is not None and known.died_on is not None and sent.scan_on > known.died_on:
        raise Refused(readings.SCAN_AFTER_DEATH, scan_on=sent.scan_on)
    return [
        ReviewScanSubmitted(
            study=about.study,
            subject=about.subject,
            case=case.case or about.case,
            timepoint=sent.timepoint,
            scan_on=sent.scan_on,
            modality=sent.modality,
            study_uid=sent.study_uid,
        )
    ]


def claim(case: Case, about: About, account: str, *, adjudicate: bool) -> list[ReviewClaimed]:
    """A place in the case. Nobody holds two, so no reader judges between the own read and another's."""
    if case.case is None:
        raise Refused(review.CASE_UNKNOWN)
    if case.place_of(account) is not None:
        raise Refused(review.HOLDS_PLACE)
    place = case.free(ADJUDICATOR) if adjudicate else case.free(*READERS)
    if adjudicate and (place is None or not case.discordant):
        raise Refused(review.NOTHING_TO_ADJUDICATE)
    if place is None:
        raise Refused(review.PLACES_TAKEN)
    return [ReviewClaimed(study=about.study, subject=about.subject, case=about.case, place=place, account=account)]


def choose(
    case: Case,
    about: About,
    account: str,
    targets: tuple[TargetLesion, ...],
    non_targets: tuple[NonTargetLesion, ...],
    charter: Charter,
) -> list[CentralBaselineLocked]:
    """The lesions that a reader follows through the case."""
    place = _reader(case, account)
    if case.next_of(place) != 0:
        raise Refused(review.NOT_YOUR_TURN, next=case.next_of(place))
    must_be_choosable(targets, non_targets, charter.response)
    for read in case.reads:  # chosen again: what was read must still be about these lesions
        if read.place == place:
            must_be_followed(read.seen, targets, non_targets, "0")
    return [
        CentralBaselineLocked(
            study=about.study,
            subject=about.subject,
            case=about.case,
            place=place,
            targets=targets,
            non_targets=non_targets,
        )
    ]


def read(case: Case, about: About, account: str, said: Reading, charter: Charter) -> list[CentralReadLocked]:
    """A read, locked at once."""
    place = _reader(case, account)
    followed = case.lesions_of(place)
    if followed is None or case.next_of(place) != said.sequence:
        raise Refused(review.NOT_YOUR_TURN, next=case.next_of(place))
    must_be_followed(said.seen, followed.targets, followed.non_targets, "0")
    derived = derivation(case, place, said.sequence, charter, last=said.seen)
    if derived.response is not said.response and not said.explained:
        raise Refused(
            review.STATED_DIFFERS,
            derived=derived.response,
            rule=derived.overall.rule,
            lesions=derived.overall.lesions,
        )
    return [
        CentralReadLocked(
            study=about.study,
            subject=about.subject,
            case=about.case,
            place=place,
            sequence=said.sequence,
            seen=said.seen,
            response=said.response,
            derived=derived.response,
            rule=derived.overall.rule,
        )
    ]


def adjudicate(
    case: Case, about: About, account: str, sequence: int, chosen: int, because: Discordance
) -> list[DiscordanceAdjudicated]:
    """The adjudicator's choice between two reads that differ."""
    waiting = case.discordant
    if case.place_of(account) != ADJUDICATOR:
        raise Refused(review.CASE_UNKNOWN)
    if sequence not in waiting:
        raise Refused(review.NOT_YOUR_TURN, next=min(waiting, default=None))
    return [
        DiscordanceAdjudicated(
            study=about.study,
            subject=about.subject,
            case=about.case,
            sequence=sequence,
            chosen=chosen,
            because=because,
        )
    ]


def reopen(case: Case, about: About, sequence: int, place: int) -> list[ReReadRequested]:
    """A locked read is to be made again."""
    there = case.lesions_of(place) if sequence == 0 else case.read(place, sequence)
    if there is None:
        raise Refused(review.NOT_READ_YET)
    return [ReReadRequested(study=about.study, subject=about.subject, case=about.case, place=place, sequence=sequence)]


def settled(case: Case, about: About) -> list[CentralResponseSettled]:
    """The central responses that follow now and are not on record."""
    return [
        CentralResponseSettled(
            study=about.study,
            subject=about.subject,
            case=about.case,
            timepoint=scan.timepoint,
            scan_on=scan.scan_on,
            response=found[0],
            basis=found[1],
        )
        for n, scan in enumerate(case.scans)
        if (found := case.response_of(n)) is not None
        and ((there := case.settled_at(n)) is None or (there.response, there.basis) != found)
    ]


def derivation(case: Case, place: int, sequence: int, charter: Charter, *, last: Seen | None = None) -> Derived:
    """What follows from a reader's lesions at a scan; `last`: what that reader says of it now.

    A scan that is to be read again counts as not evaluable for those after it until then.
    """
    followed = case.lesions_of(place)
    if followed is None or sequence < 1:
        raise ValueError("before the baseline is read nothing follows")
    seen = [*(_seen(case, place, n) for n in range(1, sequence)), last or _seen(case, place, sequence)]
    visits = [visit_of(one) for one in seen]
    return derive(baseline_of(followed.targets, followed.non_targets), visits, criteria_of(charter.response))[-1]


def _seen(case: Case, place: int, sequence: int) -> Seen | None:
    read = case.read(place, sequence)
    return read.seen if read is not None else None


def _reader(case: Case, account: str) -> int:
    place = case.place_of(account)
    if place not in READERS:
        raise Refused(review.CASE_UNKNOWN)
    return place

"""What the central review shows: to readers a case without a name, to the trial's people where a review stands."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.events.lesions import NonTargetLesion, Seen, TargetLesion
from contracts.events.review import Basis, Discordance
from contracts.vocabulary.clinical import Modality
from contracts.vocabulary.identifiers import SubjectId
from contracts.vocabulary.response import Response
from services.assessment.domain.refusals.review import CASE_UNKNOWN
from services.assessment.domain.review.agreement import Days, Kappa
from services.assessment.domain.review.case import ADJUDICATOR, READERS, Case, Read
from services.assessment.domain.review.decide import Charter, derivation
from services.assessment.shown.derived import DerivedView
from services.chassis.images import Images
from services.chassis.refusal import Refused

Task = Literal["CHOOSE_LESIONS", "READ", "ADJUDICATE"]
Side = Literal["FIRST", "SECOND"]
BASELINE: Final = "0"
"""How a reader's answers call the baseline: by its place in the case."""


class TaskView(BaseModel):
    """Something that waits for a reader."""

    case: UUID
    task: Task
    held: bool = Field(description="whether you have a place in the case; if not, claim one first")
    sequence: int = Field(description="of the scan in the case; the baseline is 0")
    days_from_baseline: int = Field(description="between the scans")
    modality: Modality
    study_uid: str
    images: str | None = Field(description="where a central reader looks at them; null where that was not set up")
    waiting_days: int = Field(description="since it was submitted")
    due_in_days: int = Field(description="below 0: overdue")


class OwnReadView(BaseModel):
    """What you said of a scan."""

    seen: Seen
    response: Response
    derived: DerivedView


class ScanView(BaseModel):
    """A scan of the case."""

    sequence: int
    days_from_baseline: int
    modality: Modality
    study_uid: str
    images: str | None = Field(description="where a central reader looks at them; null where that was not set up")
    read: OwnReadView | None


class LesionsView(BaseModel):
    """The lesions that you follow. Lengths in tenths of a millimetre."""

    targets: list[TargetLesion]
    non_targets: list[NonTargetLesion]


class DifferenceView(BaseModel):
    """Two reads of a scan that differ, without their readers."""

    sequence: int
    first: OwnReadView
    second: OwnReadView


class CaseView(BaseModel):
    """A case as one of its readers sees it: up to the scan that is to be read, and nothing of the other reader."""

    case: UUID
    task: Task | None = Field(description="what is to be done next; null: nothing now")
    next: int | None = Field(description="the scan that it is about")
    scans: list[ScanView]
    lesions: LesionsView | None
    differences: list[DifferenceView] = Field(description="for the adjudicator alone")

    @classmethod
    def of(cls, case: Case, account: str, charter: Charter, images: Images) -> Self:
        """The case for somebody with a place in it. Raises `Refused` (404) for anybody else."""
        place = case.place_of(account)
        if place is None or case.case is None:
            raise Refused(CASE_UNKNOWN)
        if place == ADJUDICATOR:
            waiting = case.discordant
            return cls(
                case=case.case,
                task="ADJUDICATE" if waiting else None,
                next=min(waiting, default=None),
                scans=[_scan(case, n, None, images) for n in range(len(case.scans))],
                lesions=None,
                differences=[_difference(case, n, charter) for n in waiting],
            )
        coming = case.next_of(place)
        followed = case.lesions_of(place)
        shown = range(len(case.scans) if coming is None else coming + 1)
        return cls(
            case=case.case,
            task=_task(coming),
            next=coming,
            scans=[_scan(case, n, _own(case, place, n, charter), images) for n in shown],
            lesions=LesionsView(targets=list(followed.targets), non_targets=list(followed.non_targets))
            if followed is not None
            else None,
            differences=[],
        )


class ReviewScanView(BaseModel):
    """A scan in the central review, as the trial's people see it. Responses are shown to few."""

    timepoint: str
    scan_on: date
    modality: Modality
    study_uid: str
    images: str | None = Field(description="where a central reader looks at them; null where that was not set up")
    submitted_on: date
    reads_locked: int = Field(description="of two")
    settled_on: date | None
    response: Response | None = Field(description="null: not settled, or not for you")
    basis: Basis | None


class ReviewView(BaseModel):
    """The central review of a subject. The number of its case is not here: nothing leads from one to the other."""

    subject: SubjectId
    scans: list[ReviewScanView]

    @classmethod
    def of(cls, subject: str, case: Case, images: Images, *, responses: bool) -> Self:
        """The review; with `responses`, also what it found."""
        scans = [_status(case, n, images, responses=responses) for n in range(len(case.scans))]
        return cls(subject=subject, scans=scans)


class KappaView(BaseModel):
    """Agreement of first and second readers over all scans that both have read."""

    pairs: int
    observed: Decimal | None
    expected: Decimal | None = Field(description="by chance")
    kappa: Decimal | None = Field(description="Cohen's; null where chance alone would agree always, or without pairs")
    standard_error: float | None
    low: float | None = Field(description="of the 95 % interval")
    high: float | None


class DaysView(BaseModel):
    """Whole days."""

    scans: int
    median: float | None
    lower_quartile: float | None
    upper_quartile: float | None
    longest: int | None

    @classmethod
    def of(cls, found: Days) -> Self:
        """The view of a distribution."""
        low, middle, high = found.quartiles or (None, None, None)
        return cls(scans=found.n, median=middle, lower_quartile=low, upper_quartile=high, longest=found.longest)


class AgreementView(BaseModel):
    """How the review goes, pooled over all subjects."""

    cases: int
    agreement: KappaView
    table: dict[str, int] = Field(description="scans by both responses, first then second", examples=[{"SD/PD": 2}])
    discordance: dict[Discordance, int] = Field(description="adjudicated scans by the adjudicator's reason")
    waiting_for_adjudication: int
    to_both_locked: DaysView = Field(description="from submission until both reads were locked")
    to_settled: DaysView = Field(description="from submission until the response was settled")


def kappa_view(found: Kappa) -> KappaView:
    """Shares and kappa to six decimals, the rest as it was computed."""
    return KappaView(
        pairs=found.n,
        observed=_decimal(found.observed),
        expected=_decimal(found.expected),
        kappa=_decimal(found.kappa),
        standard_error=found.standard_error,
        low=found.low,
        high=found.high,
    )


def tasks(case: Case, account: str, charter: Charter, images: Images) -> Iterator[TaskView]:
    """What of a case waits for this reader: the next scan, or a place that is free."""
    place = case.place_of(account)
    if place in READERS:
        if (coming := case.next_of(place)) is not None:
            yield _waiting(case, _task(coming) or "READ", coming, charter, images, held=True)
    elif place == ADJUDICATOR:
        yield from (_waiting(case, "ADJUDICATE", n, charter, images, held=True) for n in case.discordant)
    elif case.free(*READERS) is not None:
        yield _waiting(case, "CHOOSE_LESIONS", 0, charter, images, held=False)
    elif case.discordant and case.free(ADJUDICATOR) is not None:
        yield _waiting(case, "ADJUDICATE", min(case.discordant), charter, images, held=False)


def place_of(case: Case, sequence: int, side: Side) -> int:
    """Whose read the adjudicator is shown on a side: turned about by the case, so that a side tells no place."""
    turned = case.case is not None and (case.case.int + sequence) % 2 == 1
    return READERS[(side == "SECOND") is not turned]


def _task(coming: int | None) -> Task | None:
    if coming is None:
        return None
    return "CHOOSE_LESIONS" if coming == 0 else "READ"


def _waiting(case: Case, task: Task, sequence: int, charter: Charter, images: Images, *, held: bool) -> TaskView:
    scan = case.scans[sequence]
    waiting = (charter.today - scan.submitted_on).days
    return TaskView(
        case=_number(case),
        task=task,
        held=held,
        sequence=sequence,
        days_from_baseline=(scan.scan_on - case.scans[0].scan_on).days,
        modality=scan.modality,
        study_uid=scan.study_uid,
        images=images.central(scan.study_uid),
        waiting_days=waiting,
        due_in_days=charter.review.due_days - waiting,
    )


def _scan(case: Case, sequence: int, read: OwnReadView | None, images: Images) -> ScanView:
    scan = case.scans[sequence]
    return ScanView(
        sequence=sequence,
        days_from_baseline=(scan.scan_on - case.scans[0].scan_on).days,
        modality=scan.modality,
        study_uid=scan.study_uid,
        images=images.central(scan.study_uid),
        read=read,
    )


def _own(case: Case, place: int, sequence: int, charter: Charter) -> OwnReadView | None:
    read = case.read(place, sequence)
    if read is None or case.lesions_of(place) is None:
        return None
    return _said(case, read, charter)


def _said(case: Case, read: Read, charter: Charter) -> OwnReadView:
    found = derivation(case, read.place, read.sequence, charter)
    return OwnReadView(seen=read.seen, response=read.response, derived=DerivedView.derived(found, BASELINE))


def _difference(case: Case, sequence: int, charter: Charter) -> DifferenceView:
    pair = case.pair(sequence)
    if pair is None:
        raise ValueError("a difference is between two reads")
    first, second = (_said(case, pair[place_of(case, sequence, side) - 1], charter) for side in ("FIRST", "SECOND"))
    return DifferenceView(sequence=sequence, first=first, second=second)


def _status(case: Case, sequence: int, images: Images, *, responses: bool) -> ReviewScanView:
    scan, settled = case.scans[sequence], case.settled_at(sequence)
    if sequence == 0:
        locked = sum(case.lesions_of(place) is not None for place in READERS)
    else:
        locked = sum(case.read(place, sequence) is not None for place in READERS)
    return ReviewScanView(
        timepoint=scan.timepoint,
        scan_on=scan.scan_on,
        modality=scan.modality,
        study_uid=scan.study_uid,
        images=images.central(scan.study_uid),
        submitted_on=scan.submitted_on,
        reads_locked=locked,
        settled_on=settled.settled_on if settled is not None else None,
        response=settled.response if settled is not None and responses else None,
        basis=settled.basis if settled is not None and responses else None,
    )


def _number(case: Case) -> UUID:
    if case.case is None:
        raise ValueError("a case without a scan has no number")
    return case.case


def _decimal(share: Fraction | None) -> Decimal | None:
    if share is None:
        return None
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(Decimal("0.000001"))

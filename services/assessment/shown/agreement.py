"""How the central review goes, over all its cases."""

from collections import Counter
from collections.abc import Sequence

from services.assessment.domain.review.agreement import days, kappa
from services.assessment.domain.review.case import Case
from services.assessment.shown.review import AgreementView, DaysView, kappa_view


def agreement_of(cases: Sequence[Case]) -> AgreementView:
    """Agreement, discordance and turnaround of these cases."""
    pairs = [(case, pair) for case in cases for pair in case.pairs]
    table = Counter(f"{first.response}/{second.response}" for _, (first, second) in pairs)
    reasons = Counter(one.because for case in cases for one in case.adjudicated)
    locked = [
        (max(read.locked_on for read in pair) - case.scans[pair[0].sequence].submitted_on).days for case, pair in pairs
    ]
    settled = [(one.settled_on - case.scans[one.sequence].submitted_on).days for case in cases for one in case.settled]
    return AgreementView(
        cases=len(cases),
        agreement=kappa_view(kappa((first.response, second.response) for _, (first, second) in pairs)),
        table=dict(sorted(table.items())),
        discordance=dict(sorted(reasons.items())),
        waiting_for_adjudication=sum(len(case.discordant) for case in cases),
        to_both_locked=DaysView.of(days(locked)),
        to_settled=DaysView.of(days(settled)),
    )

"""What happens when: the cycles of treatment, the visits, and how long subjects are followed."""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field, StrictInt

from contracts.protocol.arms import ArmCode
from contracts.protocol.expression import Code, Node
from contracts.protocol.sourced import Count, Positive, Sourced, Text
from contracts.vocabulary.course import DeviationKind, Severity

Anchor = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
"""Something that happens to a subject, from whose day others are counted.

One of `ANCHORS`, `cycle_<number>` of a cycle, or `<timepoint>_scan` of a timepoint, in lower case.
"""
ANCHORS: Final = ("inclusion", "exit", "randomization", "surveillance", "treatment_stop", "progression", "end_of_study")
"""Those that every trial has. `exit`: the end of a run-in; `surveillance`: its start in an arm without cycles;
`treatment_stop`: no more study treatment; `progression`: after randomization, by the investigator's reading.
"""

VisitId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]


class FollowUp(Sourced):
    """How long subjects are followed, in calendar months. Those randomized from `randomized_since`, where given."""

    months: Positive
    since: Anchor
    randomized_since: Anchor | None = None


class LossRule(Sourced):
    """When a subject counts as lost: so many documented attempts to reach it, over so many calendar months."""

    attempts: Positive
    over_months: Count


class CycleRule(Sourced):
    """One treatment cycle: what is prescribed, and how many days after the event before it.

    `latest_days` is where the treatment is given up rather than delayed further. `reductions`: prescriptions in MBq
    that are no deviation if a reason is given.
    """

    number: Positive
    phase: Literal["run_in", "randomized"]
    after: Anchor
    prescribed_mbq: Positive
    reductions: tuple[Positive, ...] = ()
    tolerance_percent: Count
    earliest_days: Count
    target_days: Count
    on_time_until_days: Count
    latest_days: Count


class Offset(Node):
    """A distance from an anchor in one unit: days, or calendar months (last day of a shorter month)."""

    days: StrictInt | None = None
    months: StrictInt | None = None


class Repeat(Node):
    """A visit comes again every so many calendar months, up to and including this distance from its anchor."""

    every_months: Positive
    until_months: Positive


class VisitRule(Sourced):
    """One planned visit: a target and the days around it within which it is on time.

    `limit_days`, counted from the anchor, is where a late visit ceases to count at all. `arms`: of these alone, and so
    a visit that tells the arm; none: of all. `ends_at`: what makes it needless, such as a progression. `done_at`: what
    cannot happen without the visit, so that it is done then, whether or not anybody records the visit itself.
    With `repeat`, `id` and `timepoint` are beginnings, which the months of each occurrence complete.
    """

    id: VisitId
    name: Text
    anchor: Anchor
    target: Offset
    days_before: Count
    days_after: Count
    limit_days: Count | None = None
    timepoint: Code | None = None
    arms: tuple[ArmCode, ...] = ()
    repeat: Repeat | None = None
    ends_at: tuple[Anchor, ...] = ()
    done_at: Anchor | None = None

    def occurrences(self) -> Iterator["VisitRule"]:
        """The visit itself, or each of its repetitions as a visit of its own."""
        if self.repeat is None or self.target.months is None:
            yield self
            return
        for months in range(self.target.months, self.repeat.until_months + 1, self.repeat.every_months):
            yield self.model_copy(
                update={
                    "id": f"{self.id}{months}",
                    "name": f"{self.name}, month {months}",
                    "target": Offset(months=months),
                    "timepoint": f"{self.timepoint}{months}" if self.timepoint else None,
                    "repeat": None,
                }
            )


class FormRule(Sourced):
    """One form: who keeps its data, and at which visits (by the id of their rule) it belongs."""

    id: Code
    label: Text
    owner: Literal["enrolment", "assessment", "safety"]
    required: tuple[VisitId, ...] = ()
    if_applicable: tuple[VisitId, ...] = ()


class DeviationRule(Sourced):
    """How grave it is when something is not as the protocol has it."""

    kind: DeviationKind
    severity: Severity

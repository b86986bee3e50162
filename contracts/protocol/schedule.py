"""What happens when: the cycles of treatment, the visits, and how long subjects are followed."""

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from contracts.protocol.expression import Code, Node
from contracts.protocol.sourced import Count, Positive, Sourced, Text

Anchor = Literal["inclusion", "cycle_1", "cycle_2", "cycle_3", "post_c2_scan", "randomization"]


class FollowUp(Sourced):
    """How long subjects are followed, in calendar months."""

    months: Positive
    since: Anchor


class CycleRule(Sourced):
    """One treatment cycle: what is prescribed, and how many days after the event before it.

    `latest_days` is where the treatment is given up rather than delayed further. `reductions`: prescriptions in MBq that
    are no deviation if a reason is given.
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


class VisitRule(Sourced):
    """One planned visit: a target and the days around it within which it is on time.

    `limit_days`, counted from the anchor, is where a late visit ceases to count at all.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]
    name: Text
    anchor: Anchor
    target: Offset
    days_before: Count
    days_after: Count
    limit_days: Count | None = None
    timepoint: Code | None = None

"""The drug of the cycles: how it decays, and how much of it anybody may have had in a lifetime."""

from typing import Annotated

from pydantic import Field

from contracts.protocol.expression import Number
from contracts.protocol.sourced import Count, Positive, Sourced, Text

FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class Lifetime(Sourced):
    """At most so many cycles in a lifetime: those that a finding of the dictionary counts, and those of the study.

    `earlier_cycles` names that finding, `earlier_mbq_each` what one of them is taken to have been, in MBq.
    """

    cycles: Positive
    earlier_cycles: FieldName
    earlier_mbq_each: Positive | None = None


class Radiopharmaceutical(Sourced):
    """What is infused. Activities are decayed with `half_life_days`, in days of 24 hours.

    `agreement_percent`: how far an activity that is stated may lie from the one that its measurements lead to.
    """

    name: Text
    half_life_days: Annotated[Number, Field(gt=0)]
    agreement_percent: Count
    lifetime: Lifetime | None = None

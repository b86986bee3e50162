"""What the occasions of questionnaires and the visits of the schedule say about each other."""

from collections import Counter
from collections.abc import Iterator

from contracts.protocol.grammar import Finding
from contracts.protocol.model import Protocol


def occasions(protocol: Protocol) -> Iterator[Finding]:
    """Every inconsistency found, as (place, message)."""
    if (rules := protocol.quality_of_life) is None:
        return
    for code, times in Counter(rules.order).items():
        if times > 1:
            yield f"quality_of_life.occasions[{code}]", "there are two of this code"
    for occasion in rules.occasions:
        for visit in occasion.visits:
            if visit not in protocol.visit:
                yield f"quality_of_life.occasions[{occasion.code}].visits", f"there is no visit {visit!r}"

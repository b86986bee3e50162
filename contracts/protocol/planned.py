"""What the planned visits and forms of a protocol file say about the rest of it."""

from collections.abc import Iterator

from contracts.protocol.grammar import Finding
from contracts.protocol.model import Protocol
from contracts.protocol.schedule import ANCHORS, Offset, VisitRule


def planned(protocol: Protocol) -> Iterator[Finding]:
    """Every inconsistency of visits, forms and anchors, as (place, message)."""
    for visit in protocol.visits:
        yield from _visit(protocol, visit, f"visits[{visit.id}]")
    if protocol.follow_up.since not in anchors(protocol):
        yield "follow_up.since", f"nothing is called {protocol.follow_up.since!r}"
    visits = {visit.id for visit in protocol.visits}
    for form in protocol.forms:
        for key, named in (("required", form.required), ("if_applicable", form.if_applicable)):
            for visit_id in sorted(set(named) - visits):
                yield f"forms[{form.id}].{key}", f"there is no visit {visit_id!r}"
        for both in sorted(set(form.required) & set(form.if_applicable)):
            yield f"forms[{form.id}]", f"at {both!r} it is either required or not"


def anchors(protocol: Protocol) -> frozenset[str]:
    """What a visit may be counted from in this trial."""
    return frozenset(
        (
            *ANCHORS,
            *(f"cycle_{cycle.number}" for cycle in protocol.cycles),
            *(f"{visit.timepoint.lower()}_scan" for visit in protocol.every_visit if visit.timepoint),
        )
    )


def _visit(protocol: Protocol, visit: VisitRule, place: str) -> Iterator[Finding]:
    if (visit.target.days is None) is (visit.target.months is None):
        yield f"{place}.target", "give days or months, and only one of them"
    elif visit.limit_days is not None and visit.limit_days < _days(visit.target) + visit.days_after:
        yield f"{place}.limit_days", "reversed: the limit lies before the end of the window"
    if visit.anchor.startswith("cycle_") and visit.anchor not in anchors(protocol):
        yield f"{place}.anchor", f"there is no {visit.anchor.replace('_', ' ')}"
    elif visit.anchor not in anchors(protocol):
        yield f"{place}.anchor", f"nothing is called {visit.anchor!r}"
    for anchor in (*visit.ends_at, *([visit.done_at] if visit.done_at else ())):
        if anchor not in anchors(protocol):
            yield place, f"nothing is called {anchor!r}"
    for arm in sorted(set(visit.arms) - {one.code for one in protocol.arms}):
        yield f"{place}.arms", f"there is no arm {arm!r}"
    if visit.repeat is not None:
        if visit.target.months is None:
            yield f"{place}.repeat", "what comes again has its target in months"
        elif visit.repeat.until_months < visit.target.months:
            yield f"{place}.repeat", "reversed: it ends before it begins"


def _days(target: Offset) -> int:
    """The least number of days that a target can be away from its anchor."""
    return target.days if target.days is not None else 28 * (target.months or 0)

"""The occasions of questionnaires on the calendar, and what the two say about each other."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce

from contracts.protocol.calendar import visit_from
from contracts.protocol.grammar import Finding
from contracts.protocol.model import Protocol
from contracts.protocol.schedule import Anchor, VisitRule

Route = tuple[VisitRule, ...]
"""Visits one after the other, each counted from the one before, the first of them from what every arm has."""


@dataclass(frozen=True, slots=True)
class AwaitedOccasion:
    """When the questionnaires of an occasion are awaited, as far as it can be said without the arm.

    Visits that only some arms have are counted from what all have, through the visits that lead to them; where the
    arms differ, the windows are joined. `ends_at`: what makes the occasion needless in every arm.
    """

    code: str
    anchor: Anchor
    routes: tuple[Route, ...]
    ends_at: frozenset[Anchor]

    def window(self, on: date) -> tuple[date, date]:
        """The first and the last day, from the day of the anchor."""
        earliest = (reduce(lambda day, rule: visit_from(rule, day).earliest_on, route, on) for route in self.routes)
        latest = (reduce(lambda day, rule: visit_from(rule, day).latest_on, route, on) for route in self.routes)
        return min(earliest), max(latest)


def awaited(protocol: Protocol) -> tuple[AwaitedOccasion, ...]:
    """The occasions that belong to visits, in their order; those that belong to none are awaited at no time."""
    rules = protocol.quality_of_life
    return tuple(
        AwaitedOccasion(
            code=occasion.code,
            anchor=routes[0][0].anchor,
            routes=routes,
            ends_at=frozenset.intersection(*(_ends(route) for route in routes)),
        )
        for occasion in (rules.occasions if rules is not None else ())
        if (routes := tuple(route_to(protocol, protocol.visit[visit]) for visit in occasion.visits))
    )


def route_to(protocol: Protocol, visit: VisitRule) -> Route:
    """The visits that lead to one, which is the last. Raises ValueError where one leads to itself."""
    route: Route = (visit,)
    while before := _leads_to(protocol, route[0]):
        if before in route:
            raise ValueError(f"{visit.id} is counted from itself")
        route = (before, *route)
    return route


def occasions(protocol: Protocol) -> Iterator[Finding]:
    """Every inconsistency found, as (place, message)."""
    if (rules := protocol.quality_of_life) is None:
        return
    for code, times in Counter(rules.order).items():
        if times > 1:
            yield f"quality_of_life.occasions[{code}]", "there are two of this code"
    for occasion in rules.occasions:
        place = f"quality_of_life.occasions[{occasion.code}].visits"
        unknown = [visit for visit in occasion.visits if visit not in protocol.visit]
        for visit in unknown:
            yield place, f"there is no visit {visit!r}"
        if not unknown:
            yield from _counted(protocol, place, [protocol.visit[visit] for visit in occasion.visits])


def _counted(protocol: Protocol, place: str, visits: list[VisitRule]) -> Iterator[Finding]:
    try:
        routes = [route_to(protocol, visit) for visit in visits]
    except ValueError as error:
        yield place, str(error)
        return
    if len(anchors := sorted({route[0].anchor for route in routes})) > 1:
        yield place, f"counted from different days: {', '.join(anchors)}"
    for anchor in sorted(_of_some_arms(protocol).intersection(anchors)):
        yield place, f"counted from {anchor!r}, which only some arms have: which one, would be told by what is awaited"


def _of_some_arms(protocol: Protocol) -> frozenset[Anchor]:
    cycles = (f"cycle_{cycle.number}" for cycle in protocol.cycles if cycle.phase == "randomized")
    return frozenset(("surveillance", "treatment_stop", *cycles))


def _leads_to(protocol: Protocol, visit: VisitRule) -> VisitRule | None:
    """The visit at which the anchor of one of some arms alone happens, if that is a visit of some arms as well."""
    if not visit.arms:
        return None
    return next((rule for rule in protocol.every_visit if rule.arms and rule.done_at == visit.anchor), None)


def _ends(route: Route) -> frozenset[Anchor]:
    return frozenset(anchor for rule in route for anchor in rule.ends_at)

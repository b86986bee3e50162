"""What the parts of a protocol file say about each other. Each check names the place in the author's own words."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from contracts.protocol.allocation import allocation
from contracts.protocol.arms import PermutedBlocks
from contracts.protocol.baselines import baselines
from contracts.protocol.criteria import Criterion
from contracts.protocol.factors import CodeFactor, CutFactor
from contracts.protocol.findings import GATE_DATE, FieldSpec
from contracts.protocol.grammar import (
    Finding,
    check_expression,
    check_term,
    fields_read,
    need,
    references,
    shape,
)
from contracts.protocol.model import Protocol
from contracts.protocol.occasions import occasions
from contracts.protocol.planned import planned
from contracts.protocol.study import TEST_SUFFIX, kind_of
from contracts.vocabulary.quantity import Scale, units_of

_ENDS: Final = {"test": "ends in", "production": "does not end in"}


def inconsistencies(protocol: Protocol) -> list[Finding]:
    """Every inconsistency found, as (place, message). Empty for a file that holds together."""
    names = list(_duplicates(protocol))
    if names:
        return names  # the other checks look things up by name
    return [
        *_fields(protocol),
        *_derived(protocol),
        *_study(protocol),
        *_arms(protocol),
        *_factors(protocol),
        *allocation(protocol),
        *_caps(protocol),
        *_cycles(protocol),
        *_dosimetry(protocol),
        *planned(protocol),
        *_criteria(protocol),
        *baselines(protocol),
        *occasions(protocol),
        *_windows(protocol),
        *_endpoints(protocol),
    ]


def _duplicates(protocol: Protocol) -> Iterator[Finding]:
    names = [*(field.name for field in protocol.fields), *(derived.name for derived in protocol.derived)]
    yield from _twice("fields", names)
    yield from _twice("criteria", (criterion.id for criterion in protocol.criteria))
    yield from _twice("arms", (arm.code for arm in protocol.arms))
    yield from _twice("factors", (factor.id for factor in protocol.factors))
    yield from _twice("caps", (cap.name for cap in protocol.caps))
    yield from _twice("site_opening.requirements", (needed.code for needed in protocol.site_opening.requirements))
    yield from _twice("visits", (visit.id for visit in protocol.every_visit))
    yield from _twice("biomarkers", (rule.marker for rule in protocol.biomarkers))
    yield from _twice("forms", (form.id for form in protocol.forms))
    yield from _twice("deviations", (rule.kind for rule in protocol.deviations))
    yield from _twice("cycles", (str(cycle.number) for cycle in protocol.cycles))
    if protocol.dosimetry is not None:
        yield from _twice("dosimetry.organs", (organ.code for organ in protocol.dosimetry.organs))
    yield from _twice("analysis_windows", (window.timepoint for window in protocol.analysis_windows))
    yield from _twice("endpoints", (endpoint.id for endpoint in protocol.endpoints))
    if isinstance(protocol.randomization, PermutedBlocks):
        yield from _twice("randomization.block_sizes", map(str, protocol.randomization.block_sizes))
    for factor in protocol.factors:
        yield from _twice(f"factors[{factor.id}].levels", (level.code for level in factor.levels))
    for field in protocol.fields:
        yield from _twice(f"fields[{field.name}].codes", field.codes)
    for endpoint in protocol.endpoints:
        yield from _twice(f"endpoints[{endpoint.id}].failures", endpoint.failures)


def _twice(place: str, names: Iterable[str]) -> Iterator[Finding]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{place}[{name}]", f"{name!r} appears {count} times"


def _fields(protocol: Protocol) -> Iterator[Finding]:
    yield from need(protocol, GATE_DATE, "fields", "date")
    for field in protocol.fields:
        yield from _field(field, f"fields[{field.name}]")


def _field(field: FieldSpec, place: str) -> Iterator[Finding]:
    numeric = field.kind in ("integer", "decimal")
    coded = field.kind in ("code", "codes")
    if coded is not bool(field.codes):
        yield f"{place}.codes", f"a field of kind {field.kind} {'needs' if coded else 'has no'} codes"
    if field.alone and field.kind != "codes":
        yield f"{place}.alone", "only a field of kind codes can have a code that stands alone"
    for code in set(field.alone) - set(field.codes):
        yield f"{place}.alone", f"{code!r} is not a code of this field"
    if not numeric:
        if field.scale or field.unit or field.accepts or field.minimum or field.maximum:
            yield place, f"a field of kind {field.kind} has no scale, unit or bounds"
        return
    if field.scale is None or field.unit is None or field.minimum is None or field.maximum is None:
        yield place, "a number needs scale, unit, minimum and maximum"
        return
    for key, unit in (("unit", field.unit), *(("accepts", accepted) for accepted in field.accepts)):
        if unit not in units_of(field.scale):
            accepted = ", ".join(units_of(field.scale))
            yield f"{place}.{key}", f"{unit!r} is not a unit of {field.scale.value}; accepted: {accepted}"
    if field.kind == "decimal" and not field.accepts:
        yield f"{place}.accepts", "say in which units the value may be reported"
    if field.kind == "integer" and field.accepts:
        yield f"{place}.accepts", "an integer is a count or a score and is reported without a unit"
    if field.minimum >= field.maximum:
        yield f"{place}.minimum", f"{field.minimum} is not below the maximum {field.maximum}"


def _derived(protocol: Protocol) -> Iterator[Finding]:
    for derived in protocol.derived:
        place, inputs = f"derived[{derived.name}]", derived.inputs
        if derived.unit not in units_of(derived.scale):
            yield f"{place}.unit", f"{derived.unit!r} is not a unit of {derived.scale.value}"
        yield from need(protocol, inputs.creatinine, f"{place}.inputs.creatinine", "decimal")
        yield from need(protocol, inputs.birth, f"{place}.inputs.birth", "month")
        yield from need(protocol, inputs.sex, f"{place}.inputs.sex", "code")
        if inputs.stated_age is not None:
            yield from need(protocol, inputs.stated_age, f"{place}.inputs.stated_age", "integer")
        creatinine, sex = protocol.field.get(inputs.creatinine), protocol.field.get(inputs.sex)
        if creatinine and creatinine.scale is not Scale.CREATININE:
            yield f"{place}.inputs.creatinine", f"{inputs.creatinine!r} is not on the scale creatinine"
        if sex and derived.constants.female_code not in sex.codes:
            yield f"{place}.constants.female_code", f"{derived.constants.female_code!r} is not a code of {sex.name!r}"


def _study(protocol: Protocol) -> Iterator[Finding]:
    if protocol.study.kind != kind_of(protocol.study.id):
        yield (
            "study.id",
            f"a study of kind {protocol.study.kind} has an id that {_ENDS[protocol.study.kind]} {TEST_SUFFIX}",
        )


def _arms(protocol: Protocol) -> Iterator[Finding]:
    for arm in protocol.arms:
        for number in arm.cycles:
            cycle = protocol.cycle.get(number)
            if cycle is None:
                yield f"arms[{arm.code}].cycles", f"there is no cycle {number}"
            elif cycle.phase != "randomized":
                yield f"arms[{arm.code}].cycles", f"cycle {number} is given before randomization"


def _factors(protocol: Protocol) -> Iterator[Finding]:
    for factor in protocol.factors:
        place = f"factors[{factor.id}]"
        yield from need(protocol, factor.as_of, f"{place}.as_of", "date")
        match factor:
            case CutFactor():
                yield from _cut(protocol, factor, place)
            case CodeFactor():
                yield from _groups(protocol, factor, place)


def _cut(protocol: Protocol, factor: CutFactor, place: str) -> Iterator[Finding]:
    problems = list(check_term(protocol, factor.measure, f"{place}.measure"))
    yield from problems
    if not problems:
        measured = shape(protocol, factor.measure)
        if measured.date or measured.literal:
            yield f"{place}.measure", "levels cut a measured number"
        elif factor.unit not in (units_of(measured.scale) if measured.scale else ("1",)):
            yield f"{place}.unit", f"{factor.unit!r} is not a unit of what is measured"
    first, last = factor.levels[0], factor.levels[-1]
    if first.at_least is not None:
        yield f"{place}.levels[{first.code}]", f"nothing covers values below {first.at_least}"
    if last.below is not None:
        yield f"{place}.levels[{last.code}]", f"nothing covers values from {last.below}"
    for lower, upper in pairwise(factor.levels):
        if lower.below is None or upper.at_least is None:
            yield f"{place}.levels[{upper.code}]", f"overlaps {lower.code}: both are open on this side"
        elif lower.below < upper.at_least:
            yield f"{place}.levels[{upper.code}]", f"nothing covers {lower.below} to {upper.at_least}"
        elif lower.below > upper.at_least:
            yield f"{place}.levels[{upper.code}]", f"overlaps {lower.code} from {upper.at_least} to {lower.below}"
    for level in factor.levels:
        if level.at_least is not None and level.below is not None and level.at_least >= level.below:
            yield f"{place}.levels[{level.code}]", f"reversed: {level.at_least} is not below {level.below}"


def _groups(protocol: Protocol, factor: CodeFactor, place: str) -> Iterator[Finding]:
    problems = list(need(protocol, factor.field, f"{place}.field", "code", "codes"))
    yield from problems
    if problems:
        return
    permitted = set(protocol.field[factor.field].codes)
    grouped = Counter(code for level in factor.levels for code in level.any_of)
    for code in sorted(permitted - set(grouped)):
        yield f"{place}.levels", f"no level for the code {code!r} of {factor.field!r}"
    for code, count in grouped.items():
        if code not in permitted:
            yield f"{place}.levels", f"{code!r} is not a code of {factor.field!r}"
        elif count > 1:
            yield f"{place}.levels", f"{code!r} belongs to {count} levels"


def _caps(protocol: Protocol) -> Iterator[Finding]:
    for cap in protocol.caps:
        if cap.raised_by is not None:
            yield from need(protocol, cap.raised_by, f"caps[{cap.name}].raised_by", "integer")


def _cycles(protocol: Protocol) -> Iterator[Finding]:
    for expected, cycle in enumerate(protocol.cycles, start=1):
        place = f"cycles[{cycle.number}]"
        if cycle.number != expected:
            yield place, f"cycles are numbered from 1 without gaps; {expected} was expected here"
        if cycle.after != (f"cycle_{expected - 1}" if expected > 1 else "inclusion"):
            yield f"{place}.after", "a cycle follows the one before it, the first follows inclusion"
        days = (cycle.earliest_days, cycle.target_days, cycle.on_time_until_days, cycle.latest_days)
        if list(days) != sorted(days):
            yield place, f"reversed: earliest, target, on time, latest are {', '.join(map(str, days))} days"
        if any(reduced >= cycle.prescribed_mbq for reduced in cycle.reductions):
            yield f"{place}.reductions", f"a reduced activity is less than the {cycle.prescribed_mbq} prescribed"
    drug = protocol.radiopharmaceutical
    if drug is not None and drug.lifetime is not None:
        place = "radiopharmaceutical.lifetime.earlier_cycles"
        yield from need(protocol, drug.lifetime.earlier_cycles, place, "integer")


def _dosimetry(protocol: Protocol) -> Iterator[Finding]:
    given = protocol.dosimetry
    if given is None:
        return
    if protocol.radiopharmaceutical is None:
        yield "dosimetry", "doses are those of a radiopharmaceutical, and there is none"
    if list(given.hours) != sorted(set(given.hours)):
        yield "dosimetry.hours", "hours are listed once each, in ascending order"
    codes = {organ.code for organ in given.organs}
    for organ in given.organs:
        if organ.smallest_g >= organ.largest_g:
            yield f"dosimetry.organs[{organ.code}]", f"reversed: {organ.smallest_g} is not below {organ.largest_g}"
    for line in given.reference_lines:
        for code in sorted(set(line.organs) - codes):
            yield "dosimetry.reference_lines", f"there is no organ {code!r}"


def _criteria(protocol: Protocol) -> Iterator[Finding]:
    problems: list[Finding] = []
    for criterion in protocol.criteria:
        place = f"criteria[{criterion.id}]"
        problems += check_expression(protocol, criterion.expression, f"{place}.expression")
        for index, warning in enumerate(criterion.warnings):
            problems += check_expression(protocol, warning.when, f"{place}.warnings[{index}].when")
        if criterion.id in _reached(protocol, criterion):
            problems.append((f"{place}.expression", "refers to itself, directly or through another criterion"))
        for other in sorted(_reached(protocol, criterion)):
            if criterion.enabled and not protocol.criterion[other].enabled:
                problems.append((f"{place}.expression", f"{other!r} is not enabled"))
    yield from problems
    if problems:
        return  # what a criterion reads is only defined when every reference leads somewhere and ends
    for criterion in protocol.criteria:
        read = fields_read(protocol, criterion.expression)
        for freshness in criterion.freshness:
            for name in set(freshness.fields) - read:
                yield f"criteria[{criterion.id}].freshness", f"{name!r} is not read by this criterion"


def _reached(protocol: Protocol, criterion: Criterion) -> set[str]:
    """The criteria that a criterion refers to, through any number of steps."""
    reached: set[str] = set()
    waiting = set(references(criterion.expression))
    while waiting:
        identifier = waiting.pop()
        if identifier in protocol.criterion and identifier not in reached:
            reached.add(identifier)
            waiting |= references(protocol.criterion[identifier].expression)
    return reached


def _windows(protocol: Protocol) -> Iterator[Finding]:
    for window in protocol.analysis_windows:
        if not window.first_day <= window.target_day <= window.last_day:
            yield f"analysis_windows[{window.timepoint}]", "reversed: first, target and last day are out of order"
    for earlier, later in pairwise(protocol.analysis_windows):
        if later.first_day != earlier.last_day + 1:
            yield (
                f"analysis_windows[{later.timepoint}].first_day",
                f"windows are contiguous: {earlier.last_day + 1} follows the end of {earlier.timepoint}",
            )


def _endpoints(protocol: Protocol) -> Iterator[Finding]:
    for endpoint in protocol.endpoints:
        place = f"endpoints[{endpoint.id}]"
        if endpoint.timepoint not in protocol.window:
            yield f"{place}.timepoint", f"there is no analysis window {endpoint.timepoint!r}"
        for response in endpoint.success:
            if not response.controls_disease:
                yield f"{place}.success", f"{response.value} is no disease control"
        if not 0 < endpoint.confidence < 1:
            yield f"{place}.confidence", "a confidence level lies between 0 and 1"

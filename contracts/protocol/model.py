"""The model of a protocol file. Shapes are checked here, what the parts say about each other in `checks.py`."""

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Discriminator, Field, StrictBool, StrictInt, StrictStr, Tag

from contracts.protocol.expression import Code, Expression, Name, Node, Number, Term
from contracts.vocabulary.identifiers import StudyId
from contracts.vocabulary.quantity import Scale
from contracts.vocabulary.response import Response

Text = Annotated[StrictStr, Field(min_length=1, max_length=2000)]
CriterionId = Annotated[str, Field(pattern=r"^[A-Z][0-9]{2}$")]
FactorId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]
ArmCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,15}$")]
Positive = Annotated[StrictInt, Field(ge=1)]
Share = Annotated[Number, Field(gt=0, lt=1)]
Count = Annotated[StrictInt, Field(ge=0)]
Anchor = Literal["inclusion", "cycle_1", "cycle_2", "cycle_3", "post_c2_scan", "randomization"]

GATE_DATE: Final = "gate_date"
"""The reserved field for the day at which a gate is evaluated. Supplied by the evaluator, never by a caller."""

FIRST_GATE: Final = 1
SECOND_GATE: Final = 2

TEST_SUFFIX: Final = "TEST"
"""What the id of a test study ends in, and no other study's."""

Kind = Literal["production", "test"]
"""Whether subjects are treated by what is decided, or somebody practises."""

_RATIONAL: Final = re.compile(r"(?=[0-9.]*[1-9])[0-9]{1,6}(/[1-9][0-9]{0,5}|\.[0-9]{1,6})?", re.ASCII)


def kind_of(study: str) -> Kind:
    """What the id of a study says of its kind. A file that says otherwise is not loaded."""
    return "test" if study.endswith(TEST_SUFFIX) else "production"


def _rational(value: object) -> object:
    if not isinstance(value, str) or not _RATIONAL.fullmatch(value):
        raise ValueError('write a number greater than 0 as text, such as "1/3" or "0.8"')
    return value


Rational = Annotated[str, BeforeValidator(_rational, json_schema_input_type=str)]
"""An exact number, as text: `Fraction` reads it. A third has no decimal digits that end."""


class Sourced(Node):
    """Something with a number or a rule in it: no number without its source.

    `assumption` marks what neither the paper nor a registry says: an amendment is likely to touch it.
    """

    source: Text
    note: Text | None = None
    assumption: StrictBool = False


class Study(Sourced):
    """Who the trial is, to the outside.

    A `test` study has no subjects, only practice. Its id ends in TEST and no other does: streams, keys of messages,
    numbers and answers all carry the id, so what was practised is never taken for the trial.
    """

    id: StudyId
    kind: Kind = "production"
    acronym: Text
    title: Text
    registration: Text
    eudract: Text | None = None
    sponsor_code: Text | None = None
    sponsor: Text
    time_zone: Text


class FollowUp(Sourced):
    """How long subjects are followed, in calendar months."""

    months: Positive
    since: Anchor


class Arm(Sourced):
    """One arm: its share in the allocation ratio and the cycles that its subjects receive after randomization."""

    code: ArmCode
    name: Text
    ratio: Positive
    cycles: tuple[Positive, ...] = ()


class CutLevel(Node):
    """Values from `at_least` (included) up to `below` (excluded). An absent bound is open."""

    code: Code
    at_least: Number | None = None
    below: Number | None = None
    prevalence: Share | None = None


class CutFactor(Sourced):
    """A factor whose levels cut a number. The number is compared unrounded: 59.95 is below 60.

    `as_of` names the date whose latest findings count: inclusion for a fact of inclusion, the gate for a fresh one.
    `prevalences` says where those of the levels are from: they plan, and decide nothing about a subject.
    """

    id: FactorId
    name: Text
    as_of: Name
    measure: Term
    unit: Text
    levels: Annotated[tuple[CutLevel, ...], Field(min_length=2)]
    prevalences: Sourced | None = None


class CodeLevel(Node):
    """The codes that make this level. With several codes in one finding the first level that matches wins."""

    code: Code
    any_of: Annotated[tuple[Code, ...], Field(min_length=1)]
    prevalence: Share | None = None


class CodeFactor(Sourced):
    """A factor whose levels group the codes of a field. `as_of` and `prevalences` as in `CutFactor`."""

    id: FactorId
    name: Text
    as_of: Name
    field: Name
    levels: Annotated[tuple[CodeLevel, ...], Field(min_length=2)]
    prevalences: Sourced | None = None


def _factor(value: object) -> str:
    return "cut" if isinstance(value, CutFactor) or (isinstance(value, Mapping) and "measure" in value) else "code"


Factor = Annotated[Annotated[CutFactor, Tag("cut")] | Annotated[CodeFactor, Tag("code")], Discriminator(_factor)]


class Cap(Sourced):
    """How many subjects may pass. A hard cap refuses, a soft one warns.

    `raised_by` names the field that carries a number decided later by the sponsor.
    """

    name: Name
    limit: Positive
    hard: StrictBool
    raised_by: Name | None = None


class Complete(Sourced):
    """A fair coin for each subject (fair by the ratio), whatever came before."""

    method: Literal["complete"]


class PermutedBlocks(Sourced):
    """Blocks within each stratum. Their sizes are drawn at random among these."""

    method: Literal["stratified_permuted_blocks"]
    block_sizes: Annotated[tuple[Positive, ...], Field(min_length=1)]


class BigStick(Sourced):
    """A fair coin within each stratum until the imbalance, in subjects, reaches `mti`."""

    method: Literal["stratified_big_stick"]
    mti: Positive


class _Minimized(Sourced):
    """Balance over the margins: how imbalance is measured, the chance of the preferred arm, each factor's weight."""

    measure: Literal["range", "variance", "standard_deviation"]
    probability: Rational
    weights: Mapping[FactorId, Rational]


class Minimization(_Minimized):
    """Pocock and Simon's method."""

    method: Literal["minimization"]


class TwoStage(_Minimized):
    """Minimization as long as the imbalance within the stratum, in subjects, stays below `mti`."""

    method: Literal["two_stage"]
    mti: Positive


class ListImport(Sourced):
    """A list that the statistician imports, by stratum. Which list it is, the draft of the allocation says."""

    method: Literal["list_import"]


Randomization = Annotated[
    Complete | PermutedBlocks | BigStick | Minimization | TwoStage | ListImport, Discriminator("method")
]
"""How the randomizer allocates: a method with exactly its parameters."""


class SiteRequirement(Sourced):
    """A point of the opening checklist. `of_protocol_version`: only what was met for `protocol_version` counts."""

    code: Code
    text: Text
    of_protocol_version: StrictBool = False


class SiteOpening(Sourced):
    """What must have been met before a site is activated. Without a list nobody could tell that it was forgotten."""

    requirements: Annotated[tuple[SiteRequirement, ...], Field(min_length=1)]


class CycleRule(Sourced):
    """One treatment cycle: what is prescribed, and how many days after the event before it.

    `latest_days` is where the treatment is given up rather than delayed further.
    """

    number: Positive
    phase: Literal["run_in", "randomized"]
    after: Anchor
    prescribed_mbq: Positive
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


class FieldSpec(Sourced):
    """One entry of the dictionary of findings: what may be recorded under this name, and by which command.

    Bounds are in `unit` and say what is physically plausible, not what is eligible.
    """

    name: Name
    label: Text
    kind: Literal["boolean", "integer", "decimal", "date", "code", "codes", "month"]
    supplied_by: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]{2,39}$")]
    scale: Scale | None = None
    unit: Text | None = None
    accepts: tuple[Text, ...] = ()
    codes: tuple[Code, ...] = ()
    alone: tuple[Code, ...] = ()
    minimum: Number | None = None
    maximum: Number | None = None


class Mdrd4Inputs(Node):
    """The fields that MDRD-4 reads. `stated_age` as in `expression.Age`."""

    creatinine: Name
    birth: Name
    sex: Name
    stated_age: Name | None = None


class Mdrd4Constants(Node):
    """`scale * creatinine[mg/dL]^creatinine_exponent * age^age_exponent * (female_factor if female)`."""

    scale: Number
    creatinine_exponent: Number
    age_exponent: Number
    female_factor: Number
    female_code: Code


class Derived(Sourced):
    """A value computed from findings by a formula that the code knows, with constants that it does not."""

    name: Name
    label: Text
    formula: Literal["mdrd4"]
    version: Text
    unit: Text
    scale: Scale
    inputs: Mdrd4Inputs
    constants: Mdrd4Constants


class Freshness(Sourced):
    """How old a finding may be at the gate. An older one is as good as missing."""

    fields: Annotated[tuple[Name, ...], Field(min_length=1)]
    days: Positive


class Warned(Sourced):
    """Something that a person should look at although it decides nothing."""

    when: Expression
    text: Text


class Criterion(Sourced):
    """One criterion of a gate. An inclusion must be TRUE, an exclusion must be FALSE.

    `missing` is the outcome when the expression is UNKNOWN; FALSE is for what must have been done.
    `provenance` says which reading was chosen where the sources differ.
    """

    id: CriterionId
    kind: Literal["inclusion", "exclusion"]
    gate: Literal[1, 2]
    text: Text
    expression: Expression
    freshness: tuple[Freshness, ...] = ()
    missing: Literal["UNKNOWN", "FALSE"] = "UNKNOWN"
    provenance: Text | None = None
    warnings: tuple[Warned, ...] = ()


class AnalysisWindow(Sourced):
    """Days after randomization (day 0) that belong to one scheduled assessment in the analysis."""

    timepoint: Code
    target_day: Positive
    first_day: Count
    last_day: Positive


class Planning(Sourced):
    """What the sample size was computed from. Printed beside results, never compared with a subject."""

    control: Number
    experimental: Number
    power: Number
    two_sided_alpha: Number
    per_arm: Positive


class ResponseEndpoint(Sourced):
    """A yes/no endpoint at one timepoint: success responses, and the reasons of failure in order of precedence."""

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,15}$")]
    label: Text
    reader: Literal["CENTRAL_ADJUDICATED", "INVESTIGATOR"]
    sensitivity_readers: tuple[Literal["CENTRAL_ADJUDICATED", "INVESTIGATOR"], ...] = ()
    timepoint: Code
    success: Annotated[tuple[Response, ...], Field(min_length=1)]
    failures: Annotated[tuple[Code, ...], Field(min_length=1)]
    confidence: Number
    planning: Planning


class Protocol(Node):
    """A whole trial. Build it with `load`, which also checks what the parts say about each other."""

    protocol_version: Text
    criteria_version: Text
    study: Study
    follow_up: FollowUp
    arms: Annotated[tuple[Arm, ...], Field(min_length=1)]
    factors: tuple[Factor, ...]
    caps: tuple[Cap, ...]
    randomization: Randomization
    site_opening: SiteOpening
    cycles: tuple[CycleRule, ...]
    visits: tuple[VisitRule, ...]
    fields: Annotated[tuple[FieldSpec, ...], Field(min_length=1)]
    derived: tuple[Derived, ...] = ()
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    analysis_windows: tuple[AnalysisWindow, ...] = ()
    endpoints: tuple[ResponseEndpoint, ...] = ()

    @cached_property
    def sha256(self) -> str:
        """Hex digest over the canonical JSON of the model: comments and layout of the file do not matter."""
        document = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(document.encode()).hexdigest()

    @cached_property
    def field(self) -> Mapping[str, FieldSpec]:
        """The dictionary of findings by name."""
        return {spec.name: spec for spec in self.fields}

    @cached_property
    def criterion(self) -> Mapping[str, Criterion]:
        """The criteria by id."""
        return {criterion.id: criterion for criterion in self.criteria}

    @cached_property
    def derivation(self) -> Mapping[str, Derived]:
        """The derived values by name."""
        return {derived.name: derived for derived in self.derived}

    @cached_property
    def cap(self) -> Mapping[str, Cap]:
        """The caps by name."""
        return {cap.name: cap for cap in self.caps}

    @cached_property
    def cycle(self) -> Mapping[int, CycleRule]:
        """The treatment cycles by number."""
        return {cycle.number: cycle for cycle in self.cycles}

    @cached_property
    def window(self) -> Mapping[str, AnalysisWindow]:
        """The analysis windows by timepoint."""
        return {window.timepoint: window for window in self.analysis_windows}

    @cached_property
    def endpoint(self) -> Mapping[str, ResponseEndpoint]:
        """The endpoints by id."""
        return {endpoint.id: endpoint for endpoint in self.endpoints}

    def gate(self, number: int) -> tuple[Criterion, ...]:
        """The criteria of a gate in the order of the file."""
        return tuple(criterion for criterion in self.criteria if criterion.gate == number)

    def supplied_by(self, command: str) -> tuple[FieldSpec, ...]:
        """The fields that a command supplies."""
        return tuple(spec for spec in self.fields if spec.supplied_by == command)

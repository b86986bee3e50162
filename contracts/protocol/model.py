"""The whole protocol file. Shapes are checked by its parts, what they say about each other in `checks.py`."""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import Field

from contracts.protocol.arms import Arm, Randomization
from contracts.protocol.biomarkers import BiomarkerRule
from contracts.protocol.criteria import Criterion
from contracts.protocol.dosimetry import Dosimetry
from contracts.protocol.endpoints import AnalysisWindow, ResponseEndpoint
from contracts.protocol.expression import Node
from contracts.protocol.factors import Factor
from contracts.protocol.findings import Derived, FieldSpec
from contracts.protocol.quality_of_life import QualityOfLife
from contracts.protocol.radiopharmaceutical import Radiopharmaceutical
from contracts.protocol.review import CentralReview
from contracts.protocol.schedule import CycleRule, DeviationRule, FollowUp, FormRule, LossRule, VisitRule
from contracts.protocol.sourced import Text
from contracts.protocol.study import Cap, SiteOpening, Study
from contracts.protocol.tumour_response import TumourResponse


class Protocol(Node):
    """A whole trial. Build it with `load`, which also checks what the parts say about each other."""

    protocol_version: Text
    criteria_version: Text
    amends: Text | None = None
    """The `protocol_version` that this one follows; None: it is the first."""
    study: Study
    follow_up: FollowUp
    loss: LossRule | None = None
    arms: Annotated[tuple[Arm, ...], Field(min_length=1)]
    factors: tuple[Factor, ...]
    caps: tuple[Cap, ...]
    randomization: Randomization
    site_opening: SiteOpening
    radiopharmaceutical: Radiopharmaceutical | None = None
    dosimetry: Dosimetry | None = None
    cycles: tuple[CycleRule, ...]
    visits: tuple[VisitRule, ...]
    forms: tuple[FormRule, ...] = ()
    deviations: tuple[DeviationRule, ...] = ()
    fields: Annotated[tuple[FieldSpec, ...], Field(min_length=1)]
    derived: tuple[Derived, ...] = ()
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    tumour_response: TumourResponse | None = None
    central_review: CentralReview | None = None
    quality_of_life: QualityOfLife | None = None
    biomarkers: tuple[BiomarkerRule, ...] = ()
    analysis_windows: tuple[AnalysisWindow, ...] = ()
    endpoints: tuple[ResponseEndpoint, ...] = ()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy that has computed nothing yet: pydantic's keeps what was cached, such as the hash of the original."""
        copy = super().model_copy(update=update, deep=deep)
        for name in copy.__dict__.keys() - type(self).model_fields.keys():
            del copy.__dict__[name]
        return copy

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
    def every_visit(self) -> tuple[VisitRule, ...]:
        """The visits in the order of the file, each repetition as a visit of its own."""
        return tuple(visit for rule in self.visits for visit in rule.occurrences())

    @cached_property
    def visit(self) -> Mapping[str, VisitRule]:
        """The visits by id, repetitions included."""
        return {visit.id: visit for visit in self.every_visit}

    @cached_property
    def forms_at(self) -> Mapping[str, tuple[tuple[FormRule, ...], tuple[FormRule, ...]]]:
        """The forms of each visit by its id: those required, and those that may apply."""
        return {
            visit.id: (
                tuple(form for form in self.forms if rule.id in form.required),
                tuple(form for form in self.forms if rule.id in form.if_applicable),
            )
            for rule in self.visits
            for visit in rule.occurrences()
        }

    @cached_property
    def window(self) -> Mapping[str, AnalysisWindow]:
        """The analysis windows by timepoint."""
        return {window.timepoint: window for window in self.analysis_windows}

    @cached_property
    def endpoint(self) -> Mapping[str, ResponseEndpoint]:
        """The endpoints by id."""
        return {endpoint.id: endpoint for endpoint in self.endpoints}

    def gate(self, number: int) -> tuple[Criterion, ...]:
        """The criteria that a gate asks, in the order of the file."""
        return tuple(criterion for criterion in self.criteria if criterion.gate == number and criterion.enabled)

    def supplied_by(self, command: str) -> tuple[FieldSpec, ...]:
        """The fields that a command supplies."""
        return tuple(spec for spec in self.fields if spec.supplied_by == command)

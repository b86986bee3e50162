"""No text comes in, or is recorded, that nobody thought of: each is of a form, scanned, sealed, or named here."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from fastapi.dependencies.models import Dependant
from pydantic import BaseModel, Field, TypeAdapter

from contracts.events.catalogue import registry as every_fact
from contracts.vocabulary.sealed import SealedText
from services.chassis.freetext.clear import CLEAR, INSTITUTION
from services.cli.catalogue import NAMES, spec

_SCANNED: Final = (CLEAR.func, INSTITUTION.func)
_PROSE: Final = "Mme Marguerite Kervella"
"""A form that this is of is no form."""


def free(kind: Any) -> frozenset[str]:
    """Where a type takes any text, or anything at all: the path of fields."""
    schema = TypeAdapter(kind).core_schema
    return frozenset(_free(schema, "", {each["ref"]: each for each in schema.get("definitions", ())}, ()))


def _free(schema: Any, at: str, known: Mapping[str, Any], within: tuple[str, ...]) -> Iterator[str]:
    match schema:
        case {"type": "definition-ref", "schema_ref": ref}:
            if ref not in within:
                yield from _free(known[ref], at, known, (*within, ref))
        case {"type": "model", "cls": cls} if cls is SealedText:
            return
        case {"type": "str"}:
            pattern = schema.get("pattern")
            if pattern is None or re.search(pattern, _PROSE):
                yield at
        case {"type": "any" | "json" | "bytes"}:
            yield at
        case {"type": "function-after", "function": {"function": function}} if function in _SCANNED:
            return
        case {"fields": dict() as fields}:
            for name, field in fields.items():
                yield from _free(field["schema"], f"{at}.{name}" if at else name, known, within)
        case {"type": "union" | "tagged-union", "choices": choices}:
            for choice in choices.values() if isinstance(choices, dict) else choices:
                yield from _free(choice[0] if isinstance(choice, tuple) else choice, at, known, within)
        case {"type": "lax-or-strict", "lax_schema": lax}:
            yield from _free(lax, at, known, within)
        case {"type": "json-or-python", "json_schema": written}:
            yield from _free(written, at, known, within)
        case dict():
            for part in ("schema", "items_schema", "keys_schema", "values_schema"):
                for inner in found if isinstance(found := schema.get(part), list) else [found]:
                    yield from _free(inner, at, known, within)


def bodies(name: str) -> Iterator[tuple[str, Any]]:
    """The request bodies of a service with their names."""
    for router in spec(name).routers:
        for route in router.routes:
            dependant = getattr(route, "dependant", None)
            if isinstance(dependant, Dependant):
                for body in dependant.body_params:
                    yield getattr(body.field_info.annotation, "__name__", route.path), body.field_info.annotation


SEALED: Final = {
    "VisitBody note",
    "DeviationBody note",
    "WithdrawalBody note",
    "LossBody note",
    "CorrectionBody entries.note",
    "OverrideBody reason",
    "TumourAssessmentBody comment",
    "ReReadingBody comment",
    "AdverseEventBody narrative",
    "FollowUpBody narrative",
}
"""Looked through, and sealed: in the facts they are a `SealedText`. `tests/e2e/test_canary.py` sends each."""

LISTED: Final = {
    "FindingsBody findings.unit": "one of those of the dictionary's entry",
    "FindingsBody findings.value": "what the dictionary's entry takes: a number, a yes or no, a day, a code",
    "VisitBody findings.unit": "as above",
    "VisitBody findings.value": "as above",
    "CorrectionBody entries.findings.unit": "as above",
    "CorrectionBody entries.findings.value": "as above",
    "LaboratoryResultBody unit": "one of those in which the analyte is accepted",
    "WebhookBody events": "names of facts, of a list",
    "WebhookBody url": "an address of a machine, looked up before it is taken, and sealed",
}
"""Of a form that only the domain knows: anything else is refused there."""

BY_PROGRAM: Final = {
    "enrolment.amendment-adopted protocol_sha256": "a hash",
    "enrolment.eligibility-assessed protocol_sha256": "a hash",
    "enrolment.eligibility-assessed rows.inputs.unit": "of a finding",
    "enrolment.eligibility-assessed rows.inputs.value": "of a finding",
    "enrolment.eligibility-assessed rows.missing": "names of fields of the dictionary",
    "enrolment.findings-recorded findings.unit": "see FindingsBody",
    "enrolment.findings-recorded findings.value": "see FindingsBody",
    "enrolment.randomization-authorized protocol_sha256": "a hash",
    "enrolment.randomization-authorized rows.inputs.unit": "of a finding",
    "enrolment.randomization-authorized rows.inputs.value": "of a finding",
    "enrolment.randomization-authorized rows.missing": "names of fields of the dictionary",
    "enrolment.randomization-authorized strata.inputs.unit": "of a finding",
    "enrolment.randomization-authorized strata.inputs.value": "of a finding",
    "enrolment.site-activated name": "of an institution, see SiteBody",
    "randomization.commitment-stamped authority": "of a setting",
    "randomization.randomization-refused remedies.remedy": "of the list of refusals",
    "randomizer.allocation-configured configuration.scheme": "of the protocol",
    "randomizer.allocation-configured protocol_version": "of the protocol",
    "randomizer.allocation-drafted configuration.scheme": "of the protocol",
    "randomizer.allocation-drafted protocol_version": "of the protocol",
    "randomizer.evidence-bound requested_by": "an account",
    "randomizer.evidence-bound strata.inputs.unit": "of a finding",
    "randomizer.evidence-bound strata.inputs.value": "of a finding",
    "randomizer.seed-revealed rows": "the list of allocations",
    "safety.laboratory-graded canonical_unit": "of the rules",
    "safety.laboratory-result-recorded unit": "see LaboratoryResultBody",
}
"""Texts of facts that no person types."""


def test_every_text_of_every_request_is_of_a_form_or_scanned_or_named_here() -> None:
    found = {f"{body} {at}" for name in NAMES for body, kind in bodies(name) for at in free(kind)}
    assert found == SEALED | LISTED.keys(), "see services/chassis/freetext, and docs/free-text.md"


def test_every_text_of_every_fact_is_of_a_form_or_sealed_or_named_here() -> None:
    facts = {fact for name in NAMES for fact in spec(name).registry.models} | set(every_fact().models)
    assert {f"{fact.type_name} {at}" for fact in facts for at in free(fact)} == BY_PROGRAM.keys()


class _Inner(BaseModel):
    text: str


class _Body(BaseModel):
    bare: str
    bounded: Annotated[str, Field(min_length=1, max_length=9)]
    optional: str | None
    many: list[str]
    named: dict[str, int]
    inner: tuple[_Inner, ...]
    anything: Any
    prose: Annotated[str, Field(pattern=r"^[^0-9]*$")]
    clear: Annotated[str, CLEAR]
    code: Annotated[str, Field(pattern=r"^[A-Z]{1,9}$")]
    choice: Literal["a"]
    sealed: SealedText
    number: int


def test_a_text_is_found_however_it_is_wrapped() -> None:
    assert free(_Body) == {"bare", "bounded", "optional", "many", "named", "inner.text", "anything", "prose"}

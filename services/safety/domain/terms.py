"""The dictionary of adverse event terms: which there are, and which grades exist for each."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from contracts.vocabulary.grade import Grade
from services.safety.domain.rules import Code, LltCode, Rule, Source, Table


class Term(Rule):
    """One term, under the MedDRA LLT code that the NCI publishes with it. A grade not listed does not exist for it."""

    code: LltCode
    term: Annotated[str, Field(min_length=1, max_length=200)]
    soc: Annotated[str, Field(min_length=1, max_length=200)]
    grades: Annotated[tuple[Annotated[Grade, Field(ge=Grade.G1)], ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if list(self.grades) != sorted(set(self.grades)):
            raise ValueError(f"{self.code}: grades are listed once each, in ascending order")
        return self


class Terms(Table):
    """One version of the dictionary. `source_sha256` is the digest of the publisher's own file."""

    dictionary: Code
    source: Source
    source_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    terms: Annotated[tuple[Term, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _unique(self) -> Self:
        if len(self.by_code) != len(self.terms):
            raise ValueError("a code is listed twice")
        return self

    @cached_property
    def by_code(self) -> Mapping[int, Term]:
        """The terms by LLT code."""
        return {term.code: term for term in self.terms}

"""Dictionaries of adverse event terms: which there are, which grades exist for each, and how one is found."""

import unicodedata
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from contracts.vocabulary.grade import Grade
from services.safety.domain.rules import Code, LltCode, Rule, Source, Table


class Term(Rule):
    """One term, under the MedDRA LLT code that the NCI publishes with it. A grade not listed does not exist for it.

    `specify`: the term says only where the event belongs; what it was stands in the narrative.
    """

    code: LltCode
    term: Annotated[str, Field(min_length=1, max_length=200)]
    soc: Annotated[str, Field(min_length=1, max_length=200)]
    grades: Annotated[tuple[Annotated[Grade, Field(ge=Grade.G1)], ...], Field(min_length=1)]
    specify: bool = False

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

    @cached_property
    def socs(self) -> tuple[str, ...]:
        """The system organ classes, in the order of the alphabet."""
        return tuple(sorted({term.soc for term in self.terms}))

    def search(self, words: str, soc: str | None = None) -> tuple[Term, ...]:
        """The terms in which every word occurs, or whose code begins so; those that begin with the words first.

        Spelling does not matter where two are usual: `anaemia` finds Anemia, and `oedema` Edema.
        """
        wanted = folded(words)
        parts = wanted.split()
        found = [
            (not name.startswith(wanted), name, term)
            for name, term in self._by_name
            if (soc is None or term.soc == soc)
            and (str(term.code).startswith(wanted) or all(part in name for part in parts))
        ]
        return tuple(term for _, _, term in sorted(found, key=lambda one: one[:2]))

    @cached_property
    def _by_name(self) -> tuple[tuple[str, Term], ...]:
        return tuple((folded(term.term), term) for term in self.terms)


def folded(text: str) -> str:
    """Without case, accents and the difference between British and American spelling."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return letters.replace("ae", "e").replace("oe", "e").replace("our", "or").strip()

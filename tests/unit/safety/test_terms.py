"""The dictionaries: as many terms and grades as their publisher has, and a search that finds them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary.grade import Grade
from services.safety.domain.terms import Term, Terms, folded

from .world import RULES

V5, V6 = RULES.dictionaries["CTCAE-5.0"], RULES.dictionaries["CTCAE-6.0"]


@pytest.mark.parametrize(
    ("terms", "size", "absent"),
    [(V5, 837, [192, 92, 87, 286, 343]), (V6, 850, [198, 96, 96, 287, 338])],
    ids=lambda one: getattr(one, "dictionary", None),
)
def test_it_has_the_terms_and_the_grades_of_its_publisher(terms: Terms, size: int, absent: list[int]) -> None:
    """Version 5: counted from the workbook by somebody else as well (safety 2.1)."""
    assert (len(terms.terms), len(terms.socs)) == (size, 26)
    assert [sum(Grade(n) not in term.grades for term in terms.terms) for n in range(1, 6)] == absent
    others = [term for term in terms.terms if term.specify]
    assert len(others) == 26
    assert {term.soc for term in others} == set(terms.socs), "each organ class has one"


def test_the_two_versions_share_what_the_publisher_kept() -> None:
    """Safety 0, finding 6: 47 codes of version 5 are gone, 60 of version 6 are new."""
    assert len(V5.by_code.keys() - V6.by_code.keys()) == 47
    assert len(V6.by_code.keys() - V5.by_code.keys()) == 60


def names(words: str, soc: str | None = None) -> list[str]:
    return [term.term for term in V5.search(words, soc)]


def test_words_are_found_in_any_spelling_and_order() -> None:
    assert names("platelet") == ["Platelet count decreased"]
    assert names("Decreased PLATELET") == ["Platelet count decreased"]
    assert names("anaemia") == ["Anemia"]
    assert names("haemoglobin inc") == names("hemoglobin inc") == ["Hemoglobin increased"]
    assert "Edema limbs" in names("oedema") == names("edema")
    assert names("diarrhoea") == names("diarrhea") == ["Diarrhea"]
    assert names("tumour lysis") == ["Tumor lysis syndrome"]
    assert names("10035528") == names("1003552") == ["Platelet count decreased"]
    assert names("nothing like it") == []


def test_what_begins_so_comes_first() -> None:
    found = names("vomit")
    assert found[0] == "Vomiting"
    found = names("pain")
    assert found[:2] == ["Pain", "Pain in extremity"]
    assert found.index("Abdominal pain") > 1


def test_a_search_can_be_kept_to_an_organ_class() -> None:
    assert names("other, specify", "Eye disorders") == ["Eye disorders - Other, specify"]
    assert len(names("", "Investigations")) == sum(term.soc == "Investigations" for term in V5.terms)


@given(st.sampled_from(V5.terms), st.data())
def test_every_term_is_found_by_any_of_its_words(term: Term, data: st.DataObject) -> None:
    words = data.draw(st.lists(st.sampled_from(term.term.split()), min_size=1, unique=True))
    assert term in V5.search(" ".join(words))
    assert term in V5.search(folded(term.term).upper(), term.soc)
    assert V5.search("") == tuple(sorted(V5.terms, key=lambda one: folded(one.term)))

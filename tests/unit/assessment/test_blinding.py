"""Assessment cannot know the arm: nothing that it hears, keeps or shows has a place for it (docs/adr/0010)."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, timedelta
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from contracts.events import enrolment, randomization
from contracts.events.catalogue import PUBLISHED
from contracts.events.course import RecordAnnulled
from contracts.events.enrolment import DeathRecorded
from contracts.events.heard import HEARD, Heard, heard
from contracts.events.registry import UnknownType
from contracts.vocabulary.clinical import DeathCause
from contracts.vocabulary.roles import Role
from services.assessment.consumers import REGISTRY, SUBSCRIPTIONS
from services.assessment.policy import POLICY
from services.assessment.views.readers import projections
from tests.unit.given import event_id, history

from .world import assessment, consented

TELLING = re.compile(
    r"arm|alloc|random|strat|dose|mbq|activity|cycle|lutathera|treat|visit|site_|adverse|grade|schedul", re.IGNORECASE
)
NO_MORE_THAN = {
    "enrolment.subject-screened",
    "enrolment.consent-signed",
    "enrolment.subject-included",
    "enrolment.death-recorded",
    "enrolment.record-annulled",
    "enrolment.subject-erased",
    "assessment.tumour-assessed",
    "assessment.baseline-read",
    "assessment.response-queried",
    "assessment.response-query-closed",
    "assessment.review-scan-submitted",
    "assessment.review-claimed",
    "assessment.central-baseline-locked",
    "assessment.central-read-locked",
    "assessment.re-read-requested",
    "assessment.discordance-adjudicated",
    "assessment.central-response-settled",
    "assessment.questionnaire-completed",
    "assessment.biomarker-measured",
    "assessment.text-opened",
    "assessment.text-released",
}


def names(schema: Any) -> Iterator[str]:
    """Every property that a JSON Schema speaks of."""
    match schema:
        case dict():
            yield from schema.get("properties", {})
            for inner in schema.values():
                yield from names(inner)
        case list():
            for inner in schema:
                yield from names(inner)


def test_it_listens_to_enrolment_alone() -> None:
    assert SUBSCRIPTIONS == (enrolment.TOPIC,)
    assert randomization.ALLOCATION_TOPIC not in SUBSCRIPTIONS
    assert randomization.TOPIC not in SUBSCRIPTIONS


def test_it_can_read_six_types_of_others_and_its_own_and_none_of_them_has_a_place_for_the_arm() -> None:
    assert {model.type_name for model in REGISTRY.models} == NO_MORE_THAN
    for model in REGISTRY.models:
        assert not [name for name in names(model.model_json_schema()) if TELLING.search(name)], model


@pytest.mark.parametrize("fact", [f for f in PUBLISHED if f.type_name not in NO_MORE_THAN], ids=lambda f: f.type_name)
def test_whatever_else_is_delivered_cannot_be_read(fact: Any) -> None:
    with pytest.raises(UnknownType):
        REGISTRY.decode(fact.type_name, 1, b"{}")


def test_the_register_keeps_dates_of_what_it_hears_and_nothing_else() -> None:
    dates = ["consents", "included_on", "died_on"]
    assert [field.name for field in fields(Heard)] == ["study", "subject", *dates, "death", "erased_on"]
    register = next(one for one in projections() if one.name == "subject_register")
    assert register.handles == HEARD
    row = register.to_row(Heard("RELUTH", "01-001"))["state"]
    assert set(row) == {field.name for field in fields(Heard)}


async def test_no_route_takes_or_shows_anything_that_tells_the_arm(tmp_path: Path) -> None:
    async with assessment(tmp_path) as api:
        document = api.app.openapi()
    own = {path: operations for path, operations in document["paths"].items() if path.startswith("/studies")}
    shown = set(names(document["components"]["schemas"]))
    asked = {
        p["name"] for operations in own.values() for operation in operations.values() for p in operation["parameters"]
    }
    assert {"subject", "as_of"} <= asked
    assert {"response", "scan_on"} <= shown
    assert not [name for name in shown | asked if TELLING.search(name)]
    assert not [path for path in own if TELLING.search(path)]


def test_a_reader_may_read_scans_of_cases_and_nothing_else() -> None:
    assert [action.name for action, roles in POLICY.table.items() if Role.READER in roles] == ["read-scans-blind"]


def test_the_code_imports_no_contract_of_the_randomizer() -> None:
    package = Path(__file__).parents[3] / "services" / "assessment"
    sources = [path for path in package.rglob("*.py") if re.search(r"randomiz\w+", _imports(path))]
    assert len(list(package.rglob("*.py"))) > 10
    assert not sources


def _imports(path: Path) -> str:
    return "\n".join(line for line in path.read_text("utf-8").splitlines() if re.match(r"\s*(from|import) ", line))


def test_a_death_that_was_annulled_is_none() -> None:
    died = DeathRecorded(study="RELUTH", subject="01-001", died_on=date(2022, 5, 1), cause=DeathCause.OTHER)
    told = history(died)
    dead = heard(Heard("RELUTH", "01-001"), told[0])
    other, same = (RecordAnnulled(study="RELUTH", subject="01-001", annulled=event_id(n)) for n in (9, 1))
    assert heard(dead, history(other)[0]).died_on == date(2022, 5, 1)
    assert heard(dead, history(same)[0]) == Heard("RELUTH", "01-001")


def test_of_the_consents_that_stand_the_first_counts() -> None:
    first = consented()
    again = first.model_copy(update={"version": "2.0", "signed_on": first.signed_on + timedelta(30)})
    told = history(first, again)
    known = reduce(heard, told, Heard("RELUTH", "01-001"))
    assert known.consent_on == first.signed_on
    gone = [RecordAnnulled(study="RELUTH", subject="01-001", annulled=event_id(n)) for n in (1, 2)]
    without = heard(known, history(gone[0])[0])
    assert without.consent_on == again.signed_on
    assert heard(without, history(gone[1])[0]).consent_on is None

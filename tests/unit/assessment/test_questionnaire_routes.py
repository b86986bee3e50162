"""Questionnaires over HTTP: scores as other scorers have them, changes, and what is refused."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events.course import SubjectErased
from contracts.events.questionnaires import QuestionnaireCompleted
from contracts.protocol.quality_of_life import QuestionnaireId
from contracts.questionnaires.load import questionnaires
from contracts.vocabulary.roles import Role
from services.assessment.domain.questionnaires.change import changes, deteriorations
from services.assessment.domain.questionnaires.state import Completed, Questionnaires
from services.assessment.routes.common import Services
from tests.unit.given import history
from tests.unit.hearing import Api

from .test_questionnaires import RENAMED, answered, rows
from .world import NOW, PROTOCOL, STUDY, SUBJECT, assessment, consented, included, screened

PATH = f"/subjects/{SUBJECT}"
C30, GINET = questionnaires()["QLQ_C30"], questionnaires()["QLQ_GINET21"]
ALL_TWO: dict[int, int | None] = dict.fromkeys(C30.items, 2)
assert PROTOCOL.quality_of_life
RULES = PROTOCOL.quality_of_life
DAYS = {occasion: f"2022-{n:02}-20" for n, occasion in enumerate(RULES.order, start=2)}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api[Services]]:
    async with assessment(tmp_path) as api:
        await api.parts.hear(screened(), consented(), included())
        yield api


def body(occasion: str = "M2", answers: dict[int, int | None] | None = None, **changed: Any) -> dict[str, Any]:
    filled = {str(item): answer for item, answer in (ALL_TWO if answers is None else answers).items()}
    asked = {"questionnaire": "QLQ_C30", "edition": "3.0", "occasion": occasion, "completed_on": DAYS[occasion]}
    return {**asked, "answers": filled, **changed}


async def post(api: Api[Services], sent: dict[str, Any], path: str = "questionnaires", key: str = "k") -> Any:
    return await api.post(f"{PATH}/{path}", sent, "coordinator", "01", key=key)


def scored(view: dict[str, Any]) -> dict[str, Decimal | None]:
    return {one["scale"]: None if one["score"] is None else Decimal(one["score"]) for one in view["scores"]}


@pytest.mark.parametrize(
    ("file", "name"), [("qlq_c30_proscorer.csv", "QLQ_C30"), ("ginet21_scorescale.csv", "QLQ_GINET21")]
)
async def test_the_scores_that_are_answered_are_those_of_other_scorers(
    api: Api[Services], file: str, name: str
) -> None:
    """Each row recorded as a correction of the one before: every stored reference goes the whole way."""
    questionnaire, path = questionnaires()[name], "questionnaires"
    for n, row in enumerate(rows(file)):
        sent = body(answers=answered(row, questionnaire), edition=questionnaire.version)
        if not any(sent["answers"].values()):
            continue
        if path == "questionnaires":
            made = await post(api, {**sent, "questionnaire": name}, path, f"r{n}")
        else:
            sent = {key: value for key, value in sent.items() if key not in ("questionnaire", "occasion")}
            made = await post(api, {**sent, "reason": "The next row"}, path, f"r{n}")
        assert made.status_code == 201, made.text
        path = f"questionnaires/{name}/M2/corrections"
        for scale, score in scored(made.json()).items():
            expected = row[RENAMED.get(scale, scale)]
            assert (score is None) is (not expected), (row["id"], scale)
            if score is not None:
                assert abs(score - Decimal(expected)) < Decimal("0.000001"), (row["id"], scale)


async def test_a_correction_says_which_scores_it_changed_and_the_past_stays(api: Api[Services]) -> None:
    await post(api, body())
    before = (await api.get(f"{PATH}/questionnaires", "monitor")).headers["Reluth-Position"]
    sent = {
        key: value for key, value in body(answers={**ALL_TWO, 8: 4}).items() if key not in ("questionnaire", "occasion")
    }
    path = "questionnaires/QLQ_C30/M2/corrections"
    made = (await post(api, {**sent, "reason": "Item 8 was misread"}, path, "c")).json()
    assert [one["scale"] for one in made["changed"]] == ["DY", "C30SUMMARY"]
    assert made["changed"][0] == {"scale": "DY", "before": "33.333333", "after": "100.000000"}
    then = (await api.get(f"{PATH}/questionnaires/QLQ_C30/M2", "monitor", as_of=before)).json()
    now = (await api.get(f"{PATH}/questionnaires/QLQ_C30/M2", "monitor")).json()
    assert (then["answers"]["8"], now["answers"]["8"]) == (2, 4)
    missing = await post(api, {**sent, "reason": "Nothing there"}, "questionnaires/QLQ_C30/M4/corrections", "d")
    assert missing.json()["type"].rpartition(":")[2] == "nothing-to-correct"


async def test_a_map_that_nobody_compared_says_so(api: Api[Services]) -> None:
    answers: dict[int, int | None] = dict.fromkeys(GINET.items, 1)
    sent = body(answers={**answers, 39: None}, questionnaire="QLQ_GINET21", edition=GINET.version, not_applicable=[39])
    made = (await post(api, sent)).json()
    assert (made["map_checked"], made["not_applicable"], made["changed"]) == (False, [39], [])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"answers": {"1": 5}}, "answer-not-offered"),
        ({"answers": {"31": 1}}, "answer-not-offered"),
        ({"answers": {"29": 8}}, "answer-not-offered"),
        ({"answers": {"1": 0}}, "invalid-request"),
        ({"answers": {"x": 1}}, "invalid-request"),
        ({"answers": {"1": "very much"}}, "invalid-request"),
        ({"answers": {"1": None}}, "questionnaire-empty"),
        ({"answers": {}}, "questionnaire-empty"),
        ({"not_applicable": [1]}, "item-always-applies"),
        (
            {"questionnaire": "QLQ_GINET21", "edition": "2013", "answers": {"39": 1}, "not_applicable": [39]},
            "answered-and-not-applicable",
        ),
        ({"questionnaire": "QLQ_BR23"}, "questionnaire-unknown"),
        ({"edition": "2.0"}, "questionnaire-other-edition"),
        ({"occasion": "VA3"}, "occasion-unknown"),
        ({"completed_on": "2022-12-02"}, "date-in-the-future"),
        ({"completed_on": "2022-01-09"}, "before-consent"),
        ({"comment": "fine"}, "invalid-request"),
    ],
)
async def test_what_is_no_questionnaire_is_refused_and_changes_nothing(
    api: Api[Services], changed: dict[str, Any], code: str
) -> None:
    refused = await post(api, {**body(), **changed})
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (422, code)
    assert "very much" not in refused.text
    assert await api.parts.types() == []


async def test_one_occasion_is_filled_in_once_and_the_same_request_twice_is_one(api: Api[Services]) -> None:
    first, again = await post(api, body()), await post(api, body())
    assert (first.content, again.headers["Idempotent-Replayed"]) == (again.content, "true")
    other = await post(api, body(), key="other")
    assert (other.status_code, other.json()["type"].rpartition(":")[2]) == (409, "questionnaire-already-completed")


async def test_change_and_deterioration_are_told_over_http(api: Api[Services]) -> None:
    for n, (occasion, answer) in enumerate({"POST_C2": 2, "M2": 3, "M4": 3, "M6": 2}.items()):
        await post(api, body(occasion, dict.fromkeys(C30.items, answer)), key=f"k{n}")
    course = (await api.get(f"{PATH}/quality-of-life", "statistician")).json()["items"][0]
    physical = [one for one in course["changes"] if one["scale"] == "PF"]
    assert [(one["occasion"], one["baseline"], one["change"], one["worse"]) for one in physical] == [
        ("POST_C2", "BASELINE", None, None),
        ("M2", "POST_C2", "-33.333333", True),
        ("M4", "POST_C2", "-33.333333", True),
        ("M6", "POST_C2", "0.000000", False),
    ]
    found = next(one for one in course["deteriorations"] if one["scale"] == "PF")
    assert found == {"scale": "PF", "baseline": "POST_C2", "occasion": "M2", "on": DAYS["M2"], "confirmed": True}


RECORDING = {Role.INVESTIGATOR, Role.COORDINATOR}
OVERSIGHT = {Role.MONITOR, Role.INSPECTOR, Role.STATISTICIAN, Role.SAFETY_BOARD}


@pytest.mark.parametrize(("role", "sites"), list(product(Role, [("01",), ("02",), ()])))
async def test_every_endpoint_for_every_role(api: Api[Services], role: Role, sites: tuple[str, ...]) -> None:
    await post(api, body(), key="first")
    own = role in RECORDING and sites == ("01",)
    sent = {key: value for key, value in body().items() if key not in ("questionnaire", "occasion")}
    for n, (path, posted) in enumerate(
        (
            ("questionnaires", body("M4")),
            ("questionnaires/QLQ_C30/M2/corrections", {**sent, "reason": "Read again"}),
        )
    ):
        answer = await api.post(f"{PATH}/{path}", posted, role.value, *sites, key=f"p{n}")
        assert answer.status_code == (201 if own else 403), path
    for path in ("questionnaires", "questionnaires/QLQ_C30/M2", "quality-of-life"):
        answer = await api.get(f"{PATH}/{path}", role.value, *sites)
        assert answer.status_code == (200 if own or role in OVERSIGHT else 403), path


async def test_of_an_erased_subject_nothing_is_told_and_nothing_taken(api: Api[Services]) -> None:
    await post(api, body())
    await api.parts.hear(SubjectErased(study=STUDY, subject=SUBJECT, erased_on=NOW.date()))
    await api.parts.catch_up()
    for path in ("questionnaires", "questionnaires/QLQ_C30/M2", "quality-of-life"):
        assert (await api.get(f"{PATH}/{path}", "monitor")).status_code == 410
    assert (await post(api, body("M4"), key="later")).status_code == 410


def test_the_questionnaires_of_a_protocol_are_packaged() -> None:
    assert set(get_args(QuestionnaireId)) == set(questionnaires())


# ---- changes, by properties


def _course(filled: dict[str, dict[int, int | None]]) -> Questionnaires:
    facts = [
        QuestionnaireCompleted(
            study=STUDY,
            subject=SUBJECT,
            questionnaire=C30.id,
            edition=C30.version,
            occasion=occasion,
            completed_on=date.fromisoformat(DAYS[occasion]),
            answers=answers,
        )
        for occasion, answers in filled.items()
    ]
    return Questionnaires(tuple(Completed(one, fact) for one, fact in zip(history(*facts), facts, strict=True)))


ANSWERS = st.fixed_dictionaries({item: st.one_of(st.none(), st.integers(1, C30.top(item))) for item in C30.items})
FILLED = st.dictionaries(st.sampled_from(RULES.order), ANSWERS, max_size=6)


@given(FILLED)
def test_what_is_not_known_is_no_deterioration(filled: dict[str, dict[int, int | None]]) -> None:
    found = changes(_course(filled), C30, RULES)
    for one in found:
        if one.score is None or one.change is None:
            assert one.worse is None
        else:
            assert abs(one.change) <= 100
            assert one.worse is not True or abs(one.change) >= RULES.worse_points
    for bad in deteriorations(found):
        worse = [one for one in found if (one.scale, one.baseline) == (bad.scale, bad.baseline) and one.worse]
        assert (worse[0].occasion, worse[0].on) == (bad.occasion, bad.on)


@given(FILLED, st.sampled_from(C30.scales))
def test_answering_worse_never_takes_a_deterioration_away(filled: dict[str, dict[int, int | None]], scale: Any) -> None:
    """Of symptoms more is worse: raising every answer of a later occasion keeps what was worse."""
    if scale.code == "QL" or not filled:
        return
    last = max(filled, key=RULES.order.index)
    if any(one.baseline for one in RULES.occasions if one.code == last):
        return
    raised = {i: None if a is None or i not in scale.items else min(a + 1, 4) for i, a in filled[last].items()}
    kept = {i: a if i not in scale.items else raised[i] for i, a in filled[last].items()}
    before = {(c.scale, c.occasion): c.worse for c in changes(_course(filled), C30, RULES)}
    after = {(c.scale, c.occasion): c.worse for c in changes(_course({**filled, last: kept}), C30, RULES)}
    if before.get((scale.code, last)):
        assert after[scale.code, last]

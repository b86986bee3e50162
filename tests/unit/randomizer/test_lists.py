"""A list is imported, sealed and read row by row: no row twice, none left out, none from the other end."""

import asyncio
import hashlib
import json
from dataclasses import replace
from itertools import product

import pytest

from contracts.events.randomization import SubjectRandomized
from contracts.vocabulary.roles import Role
from services.chassis.facts import Outcome
from services.chassis.health import Status
from services.chassis.log.port import KeyReused, LogUnavailable
from services.chassis.refusal import Refused
from services.chassis.sealing.port import SealBroken
from services.chassis.sealing.sealer import MAX_BYTES as SEALABLE
from services.randomizer.domain import refusals
from services.randomizer.domain.configuration import configuration, stratum_key
from services.randomizer.domain.facts import DrawRecorded, ListSealed, ListTrace, SeedRevealed
from services.randomizer.domain.listing.check import Design, checked
from services.randomizer.domain.listing.rows import MAX_BYTES, NONCE_BYTES, Rows, sha256
from services.randomizer.domain.state import INITIAL, Allocation, evolve
from services.randomizer.handlers.lists import import_list
from services.randomizer.handlers.randomize import seeds_open
from services.randomizer.listed import PURPOSE as LIST_PURPOSE
from services.randomizer.listed import ListNotAsSigned
from tests.unit.given import refused

from .lists import LISTED, arms_of, correct, drafted, imported, opened_by, smaller
from .service import MORNING, SPONSOR, STATISTICIAN, FlakyLog, GivingWayLog, KindEnrolment, Service, command, running
from .world import RELUTH, STRATUM, STUDY, strata_of, subject

SHORT = smaller(8)
"""The trial with a cap of 8: a list for it has 8 rows or more in each stratum."""
DESIGN = Design.of(SHORT, 8)
SHEET = correct(DESIGN, (4, 6), "lists")
FIRST = arms_of(SHEET)[stratum_key(STRATUM)]
"""The rows of the stratum that enrolment puts everybody into, unless told otherwise."""


async def state_of(service: Service) -> Allocation:
    return (await service.ctx.facts.load("allocation-RELUTH", INITIAL, evolve)).state


async def arm_of(service: Service, n: int, **named: str) -> str:
    return str((await service.randomize(subject(n), **named)).answer.body["arm"])


# --- read row by row (trial-systems 5.6) ------------------------------------------------------------------------------


async def test_subjects_get_the_rows_of_their_stratum_in_the_order_of_the_list():
    strata = strata_of(configuration(SHORT, "5" * 64))
    order = [strata[n * 5 % 16] for n in range(1, 40)]
    service = Service(smaller(100), enrolment=KindEnrolment({subject(n): one for n, one in enumerate(order, start=1)}))
    sheet = correct(Design.of(smaller(100), 100), (4, 6), "order")
    await opened_by(service, sheet)
    waiting = {key: iter(arms) for key, arms in arms_of(sheet).items()}
    for n, stratum in enumerate(order, start=1):
        assert await arm_of(service, n) == next(waiting[stratum_key(stratum)])


async def test_two_hundred_requests_at_once_read_each_row_once_and_in_order():
    """Known elsewhere: no lock, two subjects on one row; SKIP LOCKED, row 8 before row 7."""
    protocol, log = smaller(60), GivingWayLog(lambda: MORNING)
    sheet = correct(Design.of(protocol, 60), (4, 6), "at once")
    strata = strata_of(configuration(protocol, "5" * 64))[:3]
    enrolment = KindEnrolment({subject(n): strata[n % 3] for n in range(1, 51)})
    here = Service(protocol, log, enrolment)
    there = Service(protocol, log, enrolment, here.sealer)
    await opened_by(here, sheet)
    asked = [(here, there)[n % 2].randomize(subject(1 + n % 50), f"request {n}") for n in range(200)]
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(one, Outcome) for one in outcomes) == 50
    state, taken = await state_of(here), {}
    for one in state.randomized.values():
        taken.setdefault(stratum_key(one.stratum), []).append(one.arm)
    assert {key: arms_of(sheet)[key][: len(arms)] for key, arms in taken.items()} == taken
    traces = [e.fact for e in await here.history() if isinstance(e.fact, DrawRecorded)]
    rows = [
        (stratum_key(state.randomized[one.subject].stratum), one.trace.row)
        for one in traces
        if isinstance(one.trace, ListTrace)
    ]
    assert sorted(rows) == [(key, row) for key in sorted(taken) for row in range(1, len(taken[key]) + 1)]


@pytest.mark.parametrize("failing", range(1, 8))
async def test_a_row_whose_append_failed_is_the_next_one_to_be_read(failing):
    """Known elsewhere: a row freed by a transaction that was rolled back is skipped, or read after later ones."""
    log = FlakyLog(lambda: MORNING)
    service = Service(SHORT, log)
    await opened_by(service, SHEET)
    arms = []
    for n in range(1, 9):
        if n == failing:
            log.before = 1
            with pytest.raises(LogUnavailable):
                await service.randomize(subject(90))
        arms.append(await arm_of(service, n))
    assert arms == FIRST[:8]


async def test_a_crash_after_the_commit_reads_no_second_row():
    log = FlakyLog(lambda: MORNING)
    service = Service(SHORT, log)
    await opened_by(service, SHEET)
    log.after = 1
    with pytest.raises(LogUnavailable):
        await service.randomize("01-001")
    again = Service(SHORT, log, sealer=service.sealer)  # the process is another one
    outcome = await again.randomize("01-001")
    assert (outcome.replayed, outcome.answer.body["arm"]) == (True, FIRST[0])
    assert await arm_of(again, 2) == FIRST[1]


async def test_a_refused_subject_uses_no_row():
    service = Service(SHORT)
    await opened_by(service, SHEET)
    service.enrolment.refusal = Refused(refusals.STRATA_INCOMPLETE)
    await refused(service.randomize("01-099"), refusals.STRATA_INCOMPLETE)
    service.enrolment.refusal = None
    assert await arm_of(service, 1) == FIRST[0]
    await refused(service.randomize("01-001", "again"), refusals.ALREADY_RANDOMIZED)
    assert await arm_of(service, 2) == FIRST[1]


async def test_after_the_last_row_nobody_is_randomized_in_that_stratum_and_everybody_else_is():
    """Known elsewhere: the index goes round, and the list begins anew where everybody knows it."""
    other = strata_of(configuration(SHORT, "5" * 64))[9]
    service = Service(SHORT, enrolment=KindEnrolment({subject(100): other}))
    await opened_by(service, SHEET)
    await service.change_cap(500)
    arms = [await arm_of(service, n) for n in range(1, len(FIRST) + 1)]
    assert arms == FIRST
    for _ in range(3):
        told = await refused(service.randomize(subject(50)), refusals.LIST_EXHAUSTED)
    assert "longer list" in told.refusal.remedy
    assert dict(told.detail) == {}
    assert [e.fact.code for e in await service.history("refusals-RELUTH-01-050")] == ["LIST_EXHAUSTED"]
    assert await arm_of(service, 100) == arms_of(SHEET)[stratum_key(other)][0]
    assert (await service.counted())[SubjectRandomized.type_name] == len(FIRST) + 1


async def test_an_amendment_to_a_longer_list_begins_at_its_first_row():
    """Another list is another list: rows that the first one used are not rows of the second."""
    service = Service(SHORT)
    await opened_by(service, SHEET)
    before = [await arm_of(service, n) for n in range(1, 6)]
    longer = correct(DESIGN, (4, 6), "longer", more=20)
    await opened_by(service, longer, version=2)
    await service.change_cap(100)
    after = [await arm_of(service, n) for n in range(6, 26)]
    assert before == FIRST[:5]
    assert after == arms_of(longer)[stratum_key(STRATUM)][:20]


async def test_a_row_is_named_by_its_place_and_was_certain():
    service = Service(SHORT)
    await opened_by(service, SHEET)
    for n in (1, 2):
        await service.randomize(subject(n))
    draws = [e.fact for e in await service.history() if isinstance(e.fact, DrawRecorded)]
    assert [(one.trace.row, one.favourable, one.possible) for one in draws] == [(1, 1, 1), (2, 1, 1)]


# --- sealed, opened once, the one that was signed ---------------------------------------------------------------------


async def test_a_list_is_opened_once_however_many_subjects_come():
    service = Service(SHORT)
    await opened_by(service, SHEET)
    before = service.sealer.opened
    for n in range(1, 8):
        await service.randomize(subject(n))
    assert service.sealer.opened - before == 2  # the list, and the seed that the version is committed to


async def test_a_list_that_is_not_the_signed_one_allocates_nobody_and_the_service_is_not_ready():
    service = Service(SHORT)
    named = await opened_by(service, SHEET)
    assert (await seeds_open(service.ctx)).status is Status.OK
    rows, _ = checked(DESIGN, correct(DESIGN, (4, 6), "another").text)
    assert rows is not None
    state = await state_of(service)
    other = await service.ctx.custodian.lists.sealed("allocation/RELUTH", rows)
    *_, last = state.activations
    exchanged = replace(state, activations=(replace(last, sealed_list=other.text),))
    fresh = Service(SHORT, service.log, sealer=service.sealer)
    with pytest.raises(ListNotAsSigned, match=named):
        await fresh.ctx.custodian.draws(exchanged)
    altered = last.sealed_list.model_copy(update={"ciphertext": last.sealed_list.ciphertext[:-6] + "AAAAAA"})
    with pytest.raises(SealBroken):
        await fresh.ctx.custodian.draws(replace(state, activations=(replace(last, sealed_list=altered),)))
    with pytest.raises(ListNotAsSigned):
        await fresh.ctx.custodian.draws(replace(state, activations=(replace(last, sealed_list=None),)))


async def test_a_list_whose_arms_are_not_those_in_force_allocates_nobody():
    """It opens, its hash is right, and its codes mean other arms: only its rows can tell."""
    service = Service(SHORT)
    named = await opened_by(service, SHEET)
    state = await state_of(service)
    turned = configuration(SHORT.model_copy(update={"arms": SHORT.arms[::-1]}), named)
    with pytest.raises(ListNotAsSigned):
        await service.ctx.custodian.draws(replace(state, configuration=turned))


async def test_a_service_whose_list_is_another_one_is_not_ready(monkeypatch):
    service = Service(SHORT)
    await opened_by(service, SHEET)
    fresh = Service(SHORT, service.log, sealer=service.sealer)
    told = fresh.sealer.unseal

    async def another(sealed, *, purpose):
        text = await told(sealed, purpose=purpose)
        return "00" * NONCE_BYTES + text[2 * NONCE_BYTES :] if purpose == LIST_PURPOSE else text

    monkeypatch.setattr(fresh.sealer, "unseal", another)
    assert (await seeds_open(fresh.ctx)).status is Status.FAILED
    monkeypatch.undo()
    assert (await seeds_open(fresh.ctx)).status is Status.OK


async def test_a_list_that_cannot_be_opened_makes_the_service_not_ready():
    service = Service(SHORT)
    await opened_by(service, SHEET)
    keyless = Service(SHORT, service.log)
    assert (await seeds_open(keyless.ctx)).status is Status.FAILED


async def test_a_seed_or_another_text_cannot_be_passed_off_as_a_list():
    service = Service(SHORT)
    await opened_by(service, SHEET)
    *_, last = (await state_of(service)).activations
    with pytest.raises(SealBroken):
        await service.ctx.custodian.lists.told("5" * 64, last.sealed)


def tails(rows: Rows, stratum: str, unknown: int) -> list[Rows]:
    """Every list that ends in this stratum in some other way, block sizes as they are."""
    blocks = rows.strata[stratum]
    flat, cuts = rows.sequence(stratum), [len(block) for block in blocks]
    found = []
    for last in product(rows.arms, repeat=unknown):
        arms, told = [*flat[: len(flat) - unknown], *last], []
        for size in cuts:
            told.append(tuple(arms[:size]))
            arms = arms[size:]
        found.append(replace(rows, strata={**rows.strata, stratum: tuple(told)}))
    return found


async def test_who_knows_all_rows_but_the_last_cannot_find_those_by_trying():
    """Against a hash without a nonce it is a matter of milliseconds; against what we publish and store it is none."""
    service = Service(SHORT)
    named = await imported(service, SHEET)
    rows, _ = checked(DESIGN, SHEET.text)
    assert rows is not None
    guesses = [one.text().encode() for one in tails(rows, stratum_key(STRATUM), 6)]
    unsalted = hashlib.sha256(rows.text().encode()).hexdigest()
    assert [one for one in guesses if hashlib.sha256(one).hexdigest() == unsalted] == [rows.text().encode()]
    assert len(guesses) == 64
    stored = await service.log.answer(command("list").key)
    kept = {named, stored.request_hash.hex(), *(e.hash.hex() for e in await service.log.read(0, 100))}
    bodies = [json.dumps({"reason": "Made by us", "text": SHEET.text}, separators=(",", ":")).encode()]
    for guess in [*guesses, SHEET.text.encode(), *bodies]:
        assert hashlib.sha256(guess).hexdigest() not in kept


async def test_what_is_stored_beside_the_answer_does_not_depend_on_the_rows():
    """The hash of a request has no nonce: over a list it would let the last rows be found by trying."""
    hashes = set()
    for seed in ("one", "two"):
        service = Service(SHORT)
        await imported(service, correct(DESIGN, (4, 6), seed))
        hashes.add((await service.log.answer(command("list").key)).request_hash)
    assert len(hashes) == 1


async def test_two_imports_of_one_list_have_two_hashes():
    service = Service(SHORT)
    assert await imported(service, SHEET, "one") != await imported(service, SHEET, "two")


async def test_with_the_lock_nonce_and_rows_are_told_and_give_the_hash_that_was_signed():
    service = Service(SHORT)
    first = await opened_by(service, SHEET)
    await service.randomize("01-001")
    second = await opened_by(service, correct(DESIGN, (4, 6), "second"), version=2)
    await service.change("close")
    await service.change("sign_lock", SPONSOR)
    assert not [e for e in await service.history() if isinstance(e.fact, SeedRevealed)]
    await service.change("sign_lock", STATISTICIAN)
    told = [e.fact for e in await service.history() if isinstance(e.fact, SeedRevealed)]
    assert [sha256(bytes.fromhex(one.list_nonce), one.rows) for one in told] == [first, second]
    assert Rows.of(told[0].rows).sequence(stratum_key(STRATUM)) == tuple(FIRST)


def test_the_longest_list_that_is_taken_can_be_sealed():
    assert 2 * NONCE_BYTES + MAX_BYTES <= SEALABLE


# --- imported ---------------------------------------------------------------------------------------------------------


async def test_the_answer_names_the_list_and_counts_its_rows():
    service = Service(SHORT)
    outcome = await import_list(service.ctx, STUDY, SHEET.text, "Made by us", command("list"), STATISTICIAN)
    body = outcome.answer.body
    (fact,) = [e.fact for e in await service.history()]
    assert isinstance(fact, ListSealed)
    assert body["list_sha256"] == fact.list_sha256
    assert body["rows"] == fact.rows == len(SHEET.rows)
    assert {one["stratum"]: one["rows"] for one in body["strata"]} == {
        key: len(arms) for key, arms in arms_of(SHEET).items()
    }
    assert set(body) == {"study", "kind", "list_sha256", "rows", "strata"}


async def test_a_defective_list_leaves_nothing_behind():
    service = Service(SHORT)
    text = SHEET.having(3, arm="C").text
    told = await refused(
        import_list(service.ctx, STUDY, text, "Made by us", command("list"), STATISTICIAN), refusals.LIST_DEFECTIVE
    )
    assert [(one["code"], one["lines"]) for one in told.detail["defects"]] == [("arm", "7")]
    assert (await service.log.head()).position == 0
    assert await imported(service, SHEET)  # the same key: nothing was answered under it that would be kept


async def test_the_same_command_again_gets_the_same_answer_and_another_list_under_its_key_does_not():
    service = Service(SHORT)
    first = await import_list(service.ctx, STUDY, SHEET.text, "Made by us", command("list"), STATISTICIAN)
    again = await import_list(service.ctx, STUDY, SHEET.text, "Made by us", command("list"), STATISTICIAN)
    assert (again.answer, again.replayed) == (first.answer, True)
    for text, reason in (
        (correct(DESIGN, (4, 6), "another").text, "Made by us"),
        (SHEET.having(0, arm="C").text, "Made by us"),
        (SHEET.text, "Another reason"),
    ):
        with pytest.raises(KeyReused):
            await import_list(service.ctx, STUDY, text, reason, command("list"), STATISTICIAN)
    assert (await service.counted())[ListSealed.type_name] == 1


async def test_of_two_lists_at_once_under_one_key_one_is_kept_and_the_other_told_so():
    service = Service(SHORT)
    texts = [correct(DESIGN, (4, 6), n).text for n in range(10)]
    results = await asyncio.gather(
        *(import_list(service.ctx, STUDY, text, "Same", command("list"), STATISTICIAN) for text in texts),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Outcome) for one in results) == 1
    assert sum(isinstance(one, KeyReused) for one in results) == 9
    assert (await service.counted())[ListSealed.type_name] == 1


async def test_a_list_must_be_as_long_as_a_cap_that_was_raised():
    service = Service(SHORT)
    await opened_by(service, SHEET)
    await service.change_cap(30)
    work = import_list(service.ctx, STUDY, SHEET.text, "Again", command("again"), STATISTICIAN)
    told = await refused(work, refusals.LIST_DEFECTIVE)
    assert {one["code"] for one in told.detail["defects"]} == {"stratum-short"}
    again = await import_list(service.ctx, STUDY, SHEET.text, "Made by us", command("list 1"), STATISTICIAN)
    assert again.replayed  # what was answered stays answered


async def test_a_protocol_that_draws_takes_no_list():
    service = Service()
    sheet = correct(Design.of(RELUTH, 146), (4, 6), 1)
    work = import_list(service.ctx, STUDY, sheet.text, "Made by us", command("list"), STATISTICIAN)
    assert (await refused(work, refusals.DESIGN_UNUSABLE)).detail["fault"] == "method-takes-no-list"
    assert (await service.log.head()).position == 0


async def test_a_closed_allocation_takes_no_list():
    service = Service(SHORT)
    await opened_by(service, SHEET)
    await service.change("close")
    work = import_list(service.ctx, STUDY, SHEET.text, "Late", command("late"), STATISTICIAN)
    await refused(work, refusals.ALLOCATION_OVER)


async def test_a_draft_names_a_list_that_was_imported():
    service = Service(SHORT)
    await imported(service, SHEET)
    await refused(drafted(service, "5" * 64), refusals.LIST_UNKNOWN)


@pytest.mark.parametrize("part", ["order of arms", "ratio", "levels"])
async def test_a_list_is_not_drafted_with_that_was_made_for_another_protocol_file(part):
    """The file was exchanged between import and draft: codes that mean another arm would allocate in silence."""
    service = Service(SHORT)
    named = await imported(service, SHEET)
    a, b = SHORT.arms
    first, *others = SHORT.factors
    other = first.levels[0].model_copy(update={"code": "LT24"})
    changed = {
        "order of arms": {"arms": (b, a)},
        "ratio": {"arms": (a.model_copy(update={"ratio": 2}), b)},
        "levels": {"factors": (first.model_copy(update={"levels": (other, *first.levels[1:])}), *others)},
    }[part]  # fmt: skip
    amended = Service(SHORT.model_copy(update=changed), service.log, sealer=service.sealer)
    await refused(drafted(amended, named), refusals.LIST_UNFIT)
    assert (await drafted(service, named)).answer.status == 201


# --- over HTTP --------------------------------------------------------------------------------------------------------

BODY = {"text": SHEET.text, "reason": "Made by the statistician"}


@pytest.fixture
async def api(tmp_path):
    async with running(Service(SHORT), tmp_path) as api:
        yield api


@pytest.mark.parametrize("role", Role)
async def test_the_statistician_alone_imports_a_list(api, role):
    answer = await api.post("/allocation/lists", BODY, role, "01")
    assert answer.status_code == (201 if role is Role.STATISTICIAN else 403), answer.text


async def test_who_could_enrol_as_well_does_not_import_what_is_to_come(api):
    headers = {"Authorization": f"Bearer {api.issuer.mint('both', ['statistician', 'randomizer'], ['01'])}"}
    answer = await api.client.post(
        "/studies/RELUTH/allocation/lists", json=BODY, headers={**headers, "Idempotency-Key": "k"}
    )
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:reluth:problem:open-role-beside-closed")


async def test_no_answer_log_or_stored_byte_shows_a_row(api, caplog, capsys):
    """Looked for is what the sender sent, and what is kept, as it would stand in the clear."""
    made = await api.post("/allocation/lists", BODY, "statistician")
    named = made.json()["list_sha256"]
    wrong = {**BODY, "text": SHEET.text.replace("# end", "# fin")}
    bad = await api.post("/allocation/lists", wrong, "statistician", key="k-2")
    form = await api.post("/allocation/lists", {**BODY, "text": [SHEET.text]}, "statistician", key="k-3")
    draft = await api.post(
        "/allocation/drafts", {"reason": "As imported", "list_sha256": named}, "statistician", key="d"
    )
    assert [one.status_code for one in (made, bad, form, draft)] == [201, 422, 422, 201]
    reads = [await api.get(path, "statistician") for path in ("/allocation", "/allocation/drafts")]
    stored = b"".join(e.payload + e.meta for e in await api.service.log.read(0, 100))
    said = "".join(answer.text for answer in (made, bad, form, draft, *reads))
    out, err = capsys.readouterr()
    everywhere = (said + caplog.text + out + err + stored.decode()).replace("\\", "")  # JSON in JSON has its quotes so
    rows, _ = checked(DESIGN, SHEET.text)
    assert rows is not None
    words = {word for told in json.loads(rows.text())["strata"].values() for word in told if len(word) == 6}
    sought = [*SHEET.lines[3:-1], *(f'"{word}"' for word in words)]
    assert len(sought) > 100
    assert [one for one in sought if one in everywhere] == []


async def test_everything_that_is_wrong_is_answered_at_once_by_line(api):
    text = SHEET.having(2, arm="C", number="9").having(30, kind="test").text
    answer = await api.post("/allocation/lists", {**BODY, "text": text}, "statistician")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["type"] == "urn:reluth:problem:list-defective"
    assert {(one["code"], one["column"]) for one in told["context"]["defects"]} == {
        ("arm", "arm"), ("number-missing", "number"), ("kind", "kind"), ("number-repeated", "number"),
    }  # fmt: skip
    assert (await api.service.log.head()).position == 0


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": None}, {"text": 7}, {"text": "x", "rows": 1}])
async def test_a_body_of_another_form_is_refused(api, body):
    answer = await api.post("/allocation/lists", {"reason": "Because of it", **body}, "statistician")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:reluth:problem:invalid-request")


async def test_a_list_made_in_another_study_of_the_installation_is_unknown_here(api):
    await api.post("/allocation/lists", BODY, "statistician")
    answer = await api.client.post(
        "/studies/OTHER/allocation/lists",
        json=BODY,
        headers={**api.token("statistician"), "Idempotency-Key": "k"},
    )
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:reluth:problem:unknown-study")


def test_the_protocol_of_these_tests_is_the_trials_but_for_its_method_and_cap():
    assert LISTED.arms == RELUTH.arms
    assert configuration(LISTED, "5" * 64).strategy == "list_import"

"""Balance beside its envelope: counted right, simulated by the live design, shown to the statistician alone."""

import asyncio
import threading
from collections import Counter
from fractions import Fraction
from math import comb, sqrt

import pytest

from contracts.vocabulary.roles import Role
from services.randomizer.domain.configuration import Configuration, stratum_key
from services.randomizer.domain.draws import WORD_BITS, Seed
from services.randomizer.handlers import balance
from services.randomizer.handlers.balance import Arrivals, Balances, arrived, computed
from services.randomizer.simulation.design import design_of
from services.randomizer.simulation.engine import Segment
from services.randomizer.simulation.envelope import envelope

from .service import Service, capped, running
from .test_coins import design
from .world import Opening, Story, activation, given, randomize, small, strata_of, subject, trial, words_of


def arrivals(story: Story) -> Arrivals:
    """The same story as the balance sees it."""
    found = Arrivals()
    for one in story.envelopes:
        found = arrived(found, one)
    return found


def part(found, *levels):
    """The group or part of these levels, by their places."""
    return next(one for one in found if one.where == tuple(levels))


ORDER = [strata_of(small(factors=2))[n] for n in (0, 0, 1, 2, 0, 3, 3, 1, 0, 2, 0, 1)]


# --- counted


def test_every_subject_is_counted_in_the_whole_its_margins_and_its_stratum():
    story = trial(small((2, 1), (3, 6), 2), ORDER)
    found = computed(1, 1, arrivals(story))
    by_hand = Counter()
    for one in story.state.randomized.values():
        for n in ((), *((level,) for level in one.stratum), tuple(one.stratum)):
            by_hand[stratum_key(n), one.arm] += 1
    config = story.state.configuration
    assert [len(group.where) for group in found.groups] == [0, 1, 1, 1, 1, 2, 2, 2, 2]
    for group in found.groups:
        name = ",".join(f"{config.factors[f].id}={config.factors[f].levels[at]}" for f, at in group.where)
        counts = [by_hand[name, arm] for arm in ("A", "B")]
        assert list(group.counts) == counts
        assert group.imbalance == abs(Fraction(counts[0], 2) - counts[1])
    assert [part.counts for part in found.envelope.parts] == [group.counts for group in found.groups]
    assert [part.imbalance for part in found.envelope.parts] == [float(group.imbalance) for group in found.groups]


def test_a_stratum_that_nobody_has_reached_is_not_among_the_groups():
    found = computed(1, 1, arrivals(trial(small(factors=2), ORDER[:3])))
    assert [group.where for group in found.groups if len(group.where) == 2] == [((0, 0), (1, 0)), ((0, 0), (1, 1))]


def test_an_allocation_without_subjects_is_balanced():
    found = computed(1, 1, arrivals(given(activation(small(factors=2)))))
    assert {group.counts for group in found.groups} == {(0, 0)}
    assert (found.envelope.outside, found.envelope.outside_p_value) == (0, 1.0)
    assert (found.runs, found.runs_p_value) == (found.envelope.runs, found.envelope.runs_p_value) == (0, 1)


# --- simulated


def test_whole_blocks_leave_nothing_to_chance():
    found = envelope([Segment(design_of(small(sizes=(4,))), 8)], [(0,)] * 8, [0, 1] * 4, 500, 1)
    whole = part(found.parts)
    assert (whole.imbalance_p95, whole.between, whole.p_value, whole.outside) == (0.0, ((4, 4), (4, 4)), 1.0, False)


@pytest.mark.parametrize("heads", range(5, 11))
def test_the_p_value_of_complete_randomization_is_binomial(heads):
    n, trials = 10, 20_000
    arms = [0] * heads + [1] * (n - heads)
    found = envelope([Segment(design_of(design("complete")), n)], [(0,)] * n, arms, trials, 1)
    exact = sum(comb(n, k) for k in range(n + 1) if abs(2 * k - n) >= 2 * heads - n) / 2**n
    assert abs(part(found.parts).p_value - exact) <= 4 * sqrt(exact * (1 - exact) / trials) + 1 / trials
    assert part(found.parts).imbalance_p95 == 6  # P(|D| <= 4) = .891, P(|D| <= 6) = .979
    assert part(found.parts).outside is (2 * heads - n > 6)


def test_the_order_of_arrival_is_the_real_one():
    """Big stick with tolerance 1: the second of a stratum is certain, so how often each stratum came decides."""
    stick = design("stratified_big_stick", mti=1)
    found = envelope([Segment(design_of(stick), 5)], [(0,), (1,), (0,), (1,), (1,)], [0, 0, 1, 1, 0], 2_000, 1)
    assert part(found.parts, (0, 0)).between == ((1, 1), (1, 1))
    assert part(found.parts, (0, 1)).between == ((1, 2), (1, 2))
    assert part(found.parts).imbalance_p95 == 1


def test_each_version_is_replayed_with_its_own_configuration():
    """Complete randomization, amended to a stick of tolerance 1 that takes the counts over: it only ever goes back."""
    first, second = design("complete"), design("stratified_big_stick", mti=1)
    story = given(Opening(first, 100), *(randomize(subject(n), strata_of(first)[0]) for n in range(1, 9)))
    story = story.and_then(Opening(second, 100))
    for n in range(9, 23):
        story = story.and_then(randomize(subject(n), strata_of(first)[0]))
    seen = arrivals(story)
    assert [(one.version, one.configuration.strategy, one.randomized) for one in seen.versions] == [
        (1, "complete", 8),
        (2, "stratified_big_stick", 14),
    ]
    found = computed(1, 1, seen).envelope
    assert part(found.parts).imbalance_p95 == 0, "8 ahead at most, 14 steps back, an even number of subjects"
    alone = envelope([Segment(design_of(first), 22)], seen.levels, seen.arms, 4_000, 1)
    assert part(alone.parts).imbalance_p95 > 4
    assert found == computed(2, 1, seen).envelope, "the same subjects and the same seed"
    assert found != computed(2, 2, seen).envelope


@pytest.mark.parametrize("config", [small(factors=2), design("minimization", factors=2), design("complete", factors=2)])
def test_a_faultless_trial_is_outside_no_more_often_than_it_says(config):
    """150 trials drawn by the real strategies: each group outside in 5 % at most, all groups together as announced."""
    times, outside, expected, small_p, hits = 150, 0, 0.0, 0, Counter()
    order = [strata_of(config)[n] for n in (0, 1, 2, 3, 0, 0, 1, 2, 0, 3, 1, 0, 0, 2, 2, 1)]
    for n in range(times):
        words = words_of(config, Seed(bytes([n] * 32), bytes(32)))
        seen = arrivals(trial(config, order, words))
        found = envelope([Segment(design_of(config), len(order))], seen.levels, seen.arms, 400, n)
        outside += found.outside
        expected += found.outside_expected
        small_p += found.outside_p_value <= 0.05
        hits.update(one.where for one in found.parts if one.outside)
    for where, number in hits.items():
        assert number / times <= 0.05 + 4 * sqrt(0.05 * 0.95 / times), where
    assert abs(outside - expected) <= 4 * sqrt(times * 2 * 0.5)
    assert small_p / times <= 0.05 + 4 * sqrt(0.05 * 0.95 / times)


def always(ticket_of: Configuration):
    """Words that always give ticket 0: the first arm, for ever."""
    return lambda _, __: 0 << (WORD_BITS - len(ticket_of.slots))


def test_an_allocation_that_gives_one_arm_alone_is_outside_and_its_runs_too_few():
    config = design("complete", factors=2)
    found = computed(1, 1, arrivals(trial(config, [*ORDER, *ORDER], always(config)))).envelope
    assert part(found.parts).outside
    assert part(found.parts).p_value == 1 / 4_001, "once in 2**23 trials: the observed one alone, never 0"
    assert found.outside_p_value < 0.001
    assert found.outside > found.outside_expected
    assert found.runs == 1
    assert found.runs_p_value < 0.001


def test_sorted_arms_stand_out_by_their_runs_though_they_balance():
    config = design("complete")
    story = trial(config, [strata_of(config)[0]] * 24, lambda _, n: (n // 12) << (WORD_BITS - 1))
    found = computed(1, 1, arrivals(story))
    assert found.envelope.outside == 0
    assert found.runs == 2
    assert found.runs_p_value == Fraction(4, comb(24, 12))
    assert found.envelope.runs_p_value < 0.001


def test_an_imported_list_has_counts_and_no_envelope():
    story = trial(small(), [strata_of(small())[0]] * 3)
    listed = Configuration(
        study="RELUTH", strategy="list_import", arms=small().arms, factors=small().factors, list_sha256="a" * 64
    )
    seen = arrivals(story)
    found = computed(1, 1, Arrivals(seen.state, ((1, listed, 0),)))
    assert found.envelope is None
    assert "list" in found.because
    assert sum(found.groups[0].counts) == 3


def test_a_large_trial_is_simulated_less_often_and_says_so():
    assert computed(1, 1, arrivals(trial(small(), [strata_of(small())[0]] * 3))).trials == 4_000
    assert balance.WORK // 20_000 == balance.FEWEST


# --- off the event loop, once


async def test_the_event_loop_goes_on_while_it_computes_and_the_same_question_is_computed_once(monkeypatch):
    go_on, asked, loop_thread, threads = threading.Event(), [], threading.current_thread(), set()

    def slow(position, seed, found):
        asked.append((position, seed))
        threads.add(threading.current_thread())
        if threading.current_thread() is not loop_thread:  # else this would wait for itself
            go_on.wait()
        return f"balance at {position}"

    monkeypatch.setattr(balance, "computed", slow)
    balances = Balances()
    first = [asyncio.create_task(balances.of("RELUTH", 7, 1, Arrivals())) for _ in range(3)]
    await asyncio.sleep(0)
    first[0].cancel()
    go_on.set()  # reached while the thread waits: the loop is free
    assert await asyncio.gather(*first[1:]) == ["balance at 7"] * 2
    assert await balances.of("RELUTH", 7, 1, Arrivals()) == "balance at 7"
    assert asked == [(7, 1)]
    assert loop_thread not in threads
    for position, seed in ((8, 1), (7, 2)):
        await balances.of("RELUTH", position, seed, Arrivals())
    await balances.of("OTHER", 7, 1, Arrivals())
    assert asked == [(7, 1), (8, 1), (7, 2), (7, 1)], "another position, another seed, another study"


async def test_what_failed_is_computed_again_and_old_answers_are_let_go(monkeypatch):
    answers = iter([RuntimeError("out of memory"), "balance"])

    def failing(*_):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(balance, "computed", failing)
    balances = Balances()
    with pytest.raises(RuntimeError):
        await balances.of("RELUTH", 1, 1, Arrivals())
    assert await balances.of("RELUTH", 1, 1, Arrivals()) == "balance"
    monkeypatch.setattr(balance, "computed", lambda *_: "other")
    for n in range(balance.KEPT + 5):
        await balances.of("RELUTH", 2 + n, 1, Arrivals())
    assert len(balances._kept) == balance.KEPT
    assert await balances.of("RELUTH", 1, 1, Arrivals()) == "other"


# --- shown


@pytest.fixture
async def api(tmp_path):
    async with running(Service(capped(20)), tmp_path) as api:
        yield api


async def randomized(api, number=6):
    await api.service.activate()
    for n in range(1, number + 1):
        await api.service.randomize(subject(n, 1 + n % 2))


async def test_the_statistician_sees_counts_envelope_and_what_it_takes_to_compute_them_again(api):
    await randomized(api)
    answer = await api.get("/allocation/balance", "statistician")
    assert answer.status_code == 200
    body = answer.json()
    assert answer.headers["Reluth-Position"] == str(body["position"])
    assert body["randomized"] == 6
    whole, margins = body["groups"][0], body["groups"][1:9]
    assert whole["levels"] == []
    assert sum(whole["counts"].values()) == 6
    assert whole["imbalance"] == abs(whole["counts"]["A"] - whole["counts"]["B"])
    assert [sum(one["counts"].values()) for one in margins] == [6, 0] * 4
    assert len(body["groups"]) == 1 + 8 + 1
    assert {one["outside"] for one in body["groups"]} == {False}
    assert body["versions"][0] | {"configuration_sha256": ""} == {
        "version": 1, "strategy": "stratified_permuted_blocks", "configuration_sha256": "", "randomized": 6,
    }  # fmt: skip
    assert body["simulated"]["seed"] == 1
    again = (await api.get("/allocation/balance", "statistician", seed=1)).json()
    other = (await api.get("/allocation/balance", "statistician", seed=2)).json()
    assert again == body
    assert other["simulated"]["seed"] == 2
    arrived = (await balance.arrivals(api.service.ctx.facts, "RELUTH", None)).state
    mine = computed(0, 1, arrived)
    assert mine.trials == body["simulated"]["trials"]
    assert [one.imbalance_p95 for one in mine.envelope.parts] == [one["imbalance_p95"] for one in body["groups"]]


async def test_the_past_is_shown_as_it_was_even_between_two_facts_of_one_append(api):
    await randomized(api, 2)
    last = (await api.get("/allocation/balance", "statistician")).json()
    seen, waited_for = [], []
    for position in range(1, last["position"] + 1):
        then = await api.get("/allocation/balance", "statistician", as_of=position)
        assert then.status_code == 200
        told = then.json()
        assert told["position"] == position
        waited_for.append(int(then.headers["Reluth-Position"]))
        assert told["randomized"] == sum(sum(one["counts"].values()) for one in told["groups"][:1])
        assert (told["simulated"] is None) == (told["not_simulated_because"] is not None)
        seen.append(told["randomized"])
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert seen[-1] == 2
    assert told == last
    assert waited_for[:5] == [0] * 5, "drafts, signatures and seeds are not published: nobody can wait for them"
    assert waited_for[-1] == last["position"]


async def test_before_its_activation_there_is_nothing_to_balance(api):
    body = (await api.get("/allocation/balance", "statistician")).json()
    assert (body["randomized"], body["groups"], body["not_simulated_because"]) == (0, [], "not-activated")
    assert (await api.get("/allocation/prevalences", "statistician")).json()["factors"] == []


async def test_prevalences_tell_how_many_have_each_level_and_no_arm(api):
    await randomized(api)
    body = (await api.get("/allocation/prevalences", "statistician")).json()
    assert (body["randomized"], body["sites"]) == (6, 2)
    assert [[one["randomized"] for one in factor["levels"]] for factor in body["factors"]] == [[6, 0]] * 4
    assert "arm" not in str(body)


@pytest.mark.parametrize("path", ["/allocation/balance", "/allocation/prevalences"])
async def test_only_the_unblinded_statistician_reads_it_and_only_with_no_open_role_beside(api, path):
    await randomized(api, 1)
    for role in Role:
        for sites in ((), ("01",)):
            answer = await api.get(path, role.value, *sites)
            assert answer.status_code == (200 if role is Role.STATISTICIAN else 403), role
            if role is not Role.STATISTICIAN:
                assert answer.json()["type"] == "urn:reluth:problem:not-permitted"
    for beside in Role:
        token = api.issuer.mint("two-roles", ["statistician", beside.value], ["01"])
        answer = await api.client.get(f"/studies/RELUTH{path}", headers={"Authorization": f"Bearer {token}"})
        if beside in (Role.STATISTICIAN, Role.SAFETY_BOARD):
            assert answer.status_code == 200
        else:
            assert answer.json()["type"] == "urn:reluth:problem:open-role-beside-closed"


@pytest.mark.parametrize("query", ["seed=-1", "seed=x", "seed=1.5", f"seed={2**53}", "as_of=yesterday"])
async def test_what_cannot_be_asked_is_answered_with_a_problem(api, query):
    answer = await api.client.get(f"/studies/RELUTH/allocation/balance?{query}", headers=api.token("statistician"))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_unknown_study_has_no_balance(api):
    answer = await api.client.get("/studies/OTHER/allocation/balance", headers=api.token("statistician"))
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:reluth:problem:unknown-study")

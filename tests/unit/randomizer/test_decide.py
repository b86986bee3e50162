"""The allocation, given / when / then."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from contracts.events.catalogue import registry
from contracts.events.randomization import (
    ALLOCATION_TOPIC,
    TOPIC,
    ArmAllocated,
    CapChanged,
    StratumLevel,
    SubjectRandomized,
)
from contracts.protocol.model import Protocol
from services.chassis.refusal import Refused
from services.randomizer.domain import decide
from services.randomizer.domain.commands import ChangeCap
from services.randomizer.domain.configuration import configuration, planned_cap
from services.randomizer.domain.facts import PRIVATE, DrawRecorded, EvidenceBound
from services.randomizer.domain.refusals import (
    ALREADY_RANDOMIZED,
    AUTHORIZATION_UNUSABLE,
    CAP_BELOW_RANDOMIZED,
    CAP_REACHED,
    CAP_UNCHANGED,
    DESIGN_UNUSABLE,
    NOT_ACTIVE,
    STRATA_INCOMPLETE,
)
from services.randomizer.domain.state import INITIAL, evolve

from .world import (
    CONFIGURATION,
    RELUTH,
    STRATUM,
    STUDY,
    TODAY,
    activation,
    given,
    randomize,
    small,
    strata_of,
    subject,
    trial,
    words_of,
)


def test_nobody_is_randomized_before_the_activation():
    given().when(randomize("01-001")).then_refused(NOT_ACTIVE, status="not-activated")


def test_a_subject_is_allocated_and_only_one_fact_tells_the_arm():
    evidence, draw, randomized, arm = (
        given(activation()).when(randomize("01-001")).then(EvidenceBound, DrawRecorded, SubjectRandomized, ArmAllocated)
    )
    assert randomized.randomization_number == 1
    assert randomized.stratum == STRATUM
    assert randomized.randomization_date == TODAY
    assert (randomized.topic, arm.topic, draw.topic, evidence.topic) == (TOPIC, ALLOCATION_TOPIC, None, None)
    assert "arm" not in type(randomized).model_fields
    assert draw.trace.place == 1
    assert (draw.favourable, draw.possible) == (1, 2)


def test_no_subject_is_randomized_twice():
    given(activation(), randomize("01-001")).when(randomize("01-001")).then_refused(
        ALREADY_RANDOMIZED, randomization_number=1, randomized_on="2022-03-01"
    )


def test_the_refusal_of_a_second_randomization_does_not_tell_the_arm():
    with pytest.raises(Refused) as caught:
        given(activation(), randomize("01-001")).decided(randomize("01-001"))
    assert set(caught.value.detail) == {"subject", "randomization_number", "randomized_on"}


def test_the_cap_is_a_hard_stop():
    given(activation(cap=2), randomize("01-001"), randomize("01-002")).when(randomize("01-003")).then_refused(
        CAP_REACHED, cap=2
    )


def test_a_raised_cap_lets_the_next_subject_in():
    given(activation(cap=1), randomize("01-001"), ChangeCap(STUDY, 2)).when(randomize("01-002")).then(
        EvidenceBound, DrawRecorded, SubjectRandomized, ArmAllocated
    )


def test_the_cap_can_close_recruitment_early_but_not_undo_it():
    story = given(activation(), randomize("01-001"), randomize("01-002"))
    story.when(ChangeCap(STUDY, 2)).then(CapChanged)
    story.when(ChangeCap(STUDY, 1)).then_refused(CAP_BELOW_RANDOMIZED, randomized=2)


def test_a_cap_that_changes_nothing_is_refused():
    given(activation()).when(ChangeCap(STUDY, 146)).then_refused(CAP_UNCHANGED, cap=146)


def test_the_cap_belongs_to_an_active_allocation():
    given().when(ChangeCap(STUDY, 150)).then_refused(NOT_ACTIVE)


def test_raising_the_cap_changes_no_draw():
    subjects = [randomize(subject(n)) for n in range(1, 9)]
    plain = given(activation(), *subjects)
    raised = given(activation(), *subjects[:4], ChangeCap(STUDY, 200), *subjects[4:])
    assert raised.arms == plain.arms


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"study": "OTHER"}, "other-study"),
        ({"subject": "01-002"}, "other-subject"),
        ({"authorized_on": TODAY - timedelta(days=1)}, "not-of-today"),
        ({"authorized_on": TODAY + timedelta(days=1)}, "not-of-today"),
        ({"criteria_version": "0.9"}, "other-criteria-version"),
        ({"protocol_sha256": "0" * 64}, "other-protocol"),
        ({"requested_by": "dr-8"}, "other-person"),
    ],
)
def test_an_authorization_for_something_else_is_refused(changed, fault):
    command = randomize("01-001")
    wrong = replace(command, authorization=replace(command.authorization, **changed))
    given(activation()).when(wrong).then_refused(AUTHORIZATION_UNUSABLE, fault=fault)


@pytest.mark.parametrize(
    "strata",
    [
        STRATUM[:3],
        (),
        (*STRATUM, STRATUM[0]),
        (*STRATUM[:3], STRATUM[0]),
        (*STRATUM[:3], StratumLevel(factor="F4", level="MAYBE")),
        (*STRATUM[:3], StratumLevel(factor="F5", level="YES")),
        (*STRATUM, StratumLevel(factor="F5", level="YES")),
    ],
)
def test_a_stratum_that_is_not_complete_is_refused(strata):
    given(activation()).when(randomize("01-001", strata)).then_refused(
        STRATA_INCOMPLETE, needed=["F1", "F2", "F3", "F4"], given=[one.factor for one in strata]
    )


@pytest.mark.parametrize("stratum", strata_of(CONFIGURATION))
def test_each_of_the_sixteen_strata_is_recorded_as_authorized_in_the_order_of_the_protocol(stratum):
    *_, randomized, _ = given(activation()).decided(randomize("01-001", stratum[::-1]))
    assert randomized.stratum == stratum


@settings(deadline=None)
@for_all(st.lists(st.integers(0, 15), min_size=1, max_size=60))
def test_a_replay_of_the_log_gives_the_same_arms(order):
    """From the recorded bytes, the seed and nothing else: each subject again on the state before it."""
    strata, registered = strata_of(CONFIGURATION), registry(*PRIVATE)
    story = trial(CONFIGURATION, [strata[n] for n in order])
    state, again = INITIAL, []
    for envelope in story.envelopes:
        fact = registered.decode(envelope.fact.type_name, envelope.fact.type_version, registered.encode(envelope.fact))
        if isinstance(fact, SubjectRandomized):
            command, before = randomize(fact.subject, fact.stratum), replace(state, draw=None)
            _, draw, _, arm = decide.randomize(before, command, words_of(state.configuration))
            again += [draw, arm]
        state = evolve(state, replace(envelope, fact=fact))
    assert again == [e.fact for e in story.envelopes if isinstance(e.fact, (ArmAllocated, DrawRecorded))]


@settings(deadline=None)
@for_all(st.permutations(range(1, 23)), st.lists(st.integers(0, 3), min_size=1, max_size=22))
def test_the_site_of_a_subject_has_no_part_in_its_arm(sites, order):
    strata = strata_of(CONFIGURATION)
    here = given(activation(), *(randomize(subject(n, 1), strata[s]) for n, s in enumerate(order, 1)))
    elsewhere = given(
        activation(),
        *(randomize(subject(n, site), strata[s]) for n, (s, site) in enumerate(zip(order, sites, strict=False), 1)),
    )
    assert list(here.arms.values()) == list(elsewhere.arms.values())


def test_the_facts_without_the_arm_are_the_same_when_the_arms_are_exchanged():
    """Whoever reads all topics but that of the arm learns nothing of it."""
    config = small(sizes=(4,), factors=0)
    other = config.model_copy(update={"arms": config.arms[::-1]})
    words = words_of(config)
    told = []
    for one in (config, other):
        story = given(activation(one), *(randomize(subject(n), ()) for n in range(1, 13)), words=words)
        told.append(
            [
                e.fact.model_dump(exclude={"configuration_sha256", "commitment", "token"})
                for e in story.envelopes
                if e.fact.topic == TOPIC
            ]
        )
        told_arms = list(story.arms.values())
        assert {"A", "B"} == set(told_arms)
    assert told[0] == told[1]


def test_the_state_shows_no_arm_and_no_block():
    state = given(activation(), randomize("01-001")).state
    assert "left" not in repr(state)
    assert "arm" not in repr(state.randomized)
    assert "allocated" not in repr(state.tallies)


def test_the_hash_of_the_configuration_never_changes_by_itself():
    """Every draw depends on it: a new field or another name of the scheme would be another allocation."""
    assert CONFIGURATION.sha256 == "6a09e551c240edea947c10df148dc963ee23b5a7ede3b582cc57d17daeac2ddc"


def test_the_design_comes_from_the_protocol():
    assert [(arm.code, arm.ratio) for arm in CONFIGURATION.arms] == [("A", 1), ("B", 1)]
    assert CONFIGURATION.block_sizes == (4, 6)
    assert [factor.id for factor in CONFIGURATION.factors] == ["F1", "F2", "F3", "F4"]
    assert planned_cap(RELUTH) == 146


def changed_protocol(**changed: object) -> Protocol:
    return RELUTH.model_copy(update=changed)


@pytest.mark.parametrize(
    ("protocol", "fault"),
    [
        (changed_protocol(arms=RELUTH.arms[:1]), "fewer-than-two-arms"),
        (
            changed_protocol(randomization=RELUTH.randomization.model_copy(update={"block_sizes": (4, 5)})),
            "block-size-does-not-hold-the-ratio",
        ),
        (changed_protocol(caps=RELUTH.caps[:1]), "no-hard-cap-on-randomized"),
        (
            changed_protocol(caps=tuple(cap.model_copy(update={"hard": False}) for cap in RELUTH.caps)),
            "no-hard-cap-on-randomized",
        ),
    ],
)
def test_a_protocol_that_describes_no_allocation_is_refused(protocol, fault):
    with pytest.raises(Refused) as caught:
        activation(configuration(protocol), planned_cap(protocol))
    assert caught.value.refusal == DESIGN_UNUSABLE
    assert caught.value.detail["fault"] == fault


def test_the_date_of_randomization_is_the_day_of_the_command():
    command = randomize("01-001", authorized_on=date(2023, 1, 2))
    *_, randomized, _ = given(activation()).decided(replace(command, today=date(2023, 1, 2)))
    assert randomized.randomization_date == date(2023, 1, 2)

"""The life of an allocation: every command in every status, and what two persons are needed for."""

from dataclasses import replace
from itertools import product

import pytest

from contracts.events.randomization import (
    TOPIC,
    AllocationActivated,
    AllocationClosed,
    AllocationLocked,
    ArmAllocated,
    CapChanged,
    CommitmentStamped,
    RecruitmentPaused,
    RecruitmentResumed,
    SubjectRandomized,
)
from services.randomizer.domain import life, refusals
from services.randomizer.domain.commands import ChangeCap
from services.randomizer.domain.configuration import Factor
from services.randomizer.domain.draws import Seed
from services.randomizer.domain.facts import (
    AllocationConfigured,
    AllocationDrafted,
    AllocationSigned,
    DrawRecorded,
    EvidenceBound,
    LockSigned,
    SeedRevealed,
    SeedSealed,
)
from services.randomizer.domain.state import Status

from .world import (
    CLOSE,
    CONFIGURATION,
    PAUSE,
    RELUTH,
    RESUME,
    SEED,
    SIGN_LOCK,
    SPONSOR,
    STATISTICIAN,
    STUDY,
    TODAY,
    Story,
    activating,
    activation,
    drafting,
    given,
    randomize,
    revelations,
    seed_of,
    signing,
    small,
    strata_of,
    subject,
)

SOMEBODY = "sponsor-2"
BOTH_SIGN = (signing(1), signing(1, by=STATISTICIAN))
AMENDMENT = (drafting(), signing(2), signing(2, by=STATISTICIAN))

SITUATIONS = {
    "nothing": (),
    "drafted": (drafting(),),
    "signed-once": (drafting(), signing()),
    "signed": (drafting(), *BOTH_SIGN),
    "active": (activation(),),
    "amendment-drafted": (activation(), drafting()),
    "amendment-signed": (activation(), *AMENDMENT),
    "amended": (activation(), activation()),
    "paused": (activation(), PAUSE),
    "paused-amendment-signed": (activation(), PAUSE, *AMENDMENT),
    "closed": (activation(), CLOSE),
    "closed-with-a-draft": (activation(), *AMENDMENT, CLOSE),
    "lock-signed-once": (activation(), CLOSE, SIGN_LOCK[0]),
    "locked": (activation(), CLOSE, *SIGN_LOCK),
}

REFUSALS = {
    "UV": refusals.UNKNOWN_VERSION,
    "AA": refusals.ALREADY_ACTIVE,
    "SM": refusals.SIGNATURES_MISSING,
    "SA": refusals.SIGNED_ALREADY,
    "NA": refusals.NOT_ACTIVE,
    "RP": refusals.RECRUITMENT_PAUSED,
    "NP": refusals.NOT_PAUSED,
    "AO": refusals.ALLOCATION_OVER,
    "NC": refusals.NOT_CLOSED,
    "LS": refusals.LOCK_SIGNED_ALREADY,
    "LA": refusals.LOCKED_ALREADY,
}

# Written by hand from what each person may do when, not from the code. `+`: it happens.
# sign3 is somebody who has signed nothing, sign1 the sponsor; the newest version is signed and activated.
TABLE = """
                         draft sign3 sign1 activate cap pause resume close lock1 lock2 randomize
nothing                  +     UV    UV    UV       NA  NA    NP     NA    NC    NC    NA
drafted                  +     +     +     SM       NA  NA    NP     NA    NC    NC    NA
signed-once              +     +     SA    SM       NA  NA    NP     NA    NC    NC    NA
signed                   +     +     SA    +        NA  NA    NP     NA    NC    NC    NA
active                   +     AA    AA    AA       +   +     NP     +     NC    NC    +
amendment-drafted        +     +     +     SM       +   +     NP     +     NC    NC    +
amendment-signed         +     +     SA    +        +   +     NP     +     NC    NC    +
amended                  +     AA    AA    AA       +   +     NP     +     NC    NC    +
paused                   +     AA    AA    AA       +   RP    +      +     NC    NC    RP
paused-amendment-signed  +     +     SA    +        +   RP    +      +     NC    NC    RP
closed                   AO    AO    AO    AO       AO  AO    NP     AO    +     +     AO
closed-with-a-draft      AO    AO    AO    AO       AO  AO    NP     AO    +     +     AO
lock-signed-once         AO    AO    AO    AO       AO  AO    NP     AO    LS    +     AO
locked                   AO    AO    AO    AO       AO  AO    NP     AO    LA    LA    AO
"""
HEADER, *ROWS = TABLE.strip("\n").splitlines()
EXPECTED = {
    (row.split()[0], what): cell for row in ROWS for what, cell in zip(HEADER.split(), row.split()[1:], strict=True)
}

DECLARED = {
    "draft": refusals.DRAFT,
    "sign3": refusals.SIGN,
    "sign1": refusals.SIGN,
    "activate": refusals.ACTIVATE,
    "cap": refusals.CHANGE_CAP,
    "pause": refusals.PAUSE,
    "resume": refusals.RESUME,
    "close": refusals.CLOSE,
    "lock1": refusals.LOCK,
    "lock2": refusals.LOCK,
    "randomize": refusals.RANDOMIZE,
}
RECORDED = {
    "draft": (AllocationDrafted,),
    "sign3": (AllocationSigned,),
    "sign1": (AllocationSigned,),
    "activate": (AllocationConfigured, SeedSealed, AllocationActivated, CommitmentStamped),
    "cap": (CapChanged,),
    "pause": (RecruitmentPaused,),
    "resume": (RecruitmentResumed,),
    "close": (AllocationClosed,),
}
BECOMES = {"pause": Status.PAUSED, "resume": Status.ACTIVE, "close": Status.CLOSED}


def command(what: str, story: Story):
    newest = max(story.state.drafts, default=1)
    return {
        "draft": drafting(),
        "sign3": signing(newest, by=SOMEBODY),
        "sign1": signing(newest),
        "activate": activating(newest, seed=seed_of(newest)),
        "cap": ChangeCap(STUDY, 150),
        "pause": PAUSE,
        "resume": RESUME,
        "close": CLOSE,
        "lock1": SIGN_LOCK[0],
        "lock2": SIGN_LOCK[1],
        "randomize": randomize("01-009"),
    }[what]


def test_the_table_is_of_every_command_in_every_situation():
    assert set(EXPECTED) == set(product(SITUATIONS, DECLARED))
    assert {cell for cell in EXPECTED.values() if cell != "+"} == set(REFUSALS)


@pytest.mark.parametrize(("situation", "what"), list(EXPECTED))
def test_every_command_in_every_status_happens_or_is_refused_for_its_reason(situation, what):
    story = given(*SITUATIONS[situation])
    cell, asked = EXPECTED[situation, what], command(what, story)
    if cell != "+":
        story.when(asked).then_refused(REFUSALS[cell])
        assert REFUSALS[cell] in DECLARED[what], "the API documents it"
        return
    after = story.and_then(asked)
    facts = after.facts[len(story.facts) :]
    if what in RECORDED:
        assert tuple(map(type, facts)) == RECORDED[what]
    before, status = story.state.status, after.state.status
    match what:
        case "activate":
            assert status is (Status.PAUSED if before is Status.PAUSED else Status.ACTIVE)
        case "lock1" | "lock2":
            locks = situation == "lock-signed-once"
            assert status is (Status.LOCKED if locks else Status.CLOSED)
            assert isinstance(facts[-1], AllocationLocked if locks else LockSigned)
        case _:
            assert status is BECOMES.get(what, before)


def test_nothing_is_committed_to_by_half_a_command():
    """Configuration, seed, commitment and stamp are one append, the published facts last."""
    facts = given(*SITUATIONS["signed"]).decided(activating())
    configured, _, activated, stamped = facts
    assert [fact.topic for fact in facts] == [None, None, TOPIC, TOPIC]
    assert configured.configuration == CONFIGURATION
    assert activated.commitment == stamped.commitment == SEED.commitment(CONFIGURATION.sha256)
    assert activated.configuration_sha256 == CONFIGURATION.sha256
    assert (activated.cap, activated.version) == (146, 1)


# --- two persons


def test_one_person_cannot_sign_twice_and_so_never_alone():
    story = given(drafting(), signing())
    story.when(signing()).then_refused(refusals.SIGNED_ALREADY, version=1)
    story.when(activating()).then_refused(refusals.SIGNATURES_MISSING, signed=1, needed=2)


def test_who_drafted_may_sign_but_another_person_must_sign_too():
    story = given(drafting(), signing(by=SPONSOR))
    assert story.state.drafts[1].drafted_by == SPONSOR
    story.when(activating()).then_refused(refusals.SIGNATURES_MISSING)
    story.and_then(signing(by=STATISTICIAN)).when(activating()).then(*RECORDED["activate"])


def test_two_who_did_not_draft_may_sign():
    given(drafting(), signing(by=SOMEBODY), signing(by=STATISTICIAN)).when(activating()).then(*RECORDED["activate"])


def test_an_older_version_is_neither_signed_nor_activated():
    story = given(drafting(), *BOTH_SIGN, drafting())
    story.when(signing(1, by=SOMEBODY)).then_refused(refusals.VERSION_SUPERSEDED, version=1, newest=2)
    story.when(activating(1)).then_refused(refusals.VERSION_SUPERSEDED, version=1, newest=2)


def test_signatures_under_one_version_are_none_under_the_next_be_it_the_same_text():
    story = given(drafting(), *BOTH_SIGN, drafting())
    assert story.state.drafts[1].configuration == story.state.drafts[2].configuration
    story.when(activating(2)).then_refused(refusals.SIGNATURES_MISSING, signed=0)


def test_who_read_another_text_does_not_sign_and_is_told_the_hash():
    given(drafting()).when(signing(configuration_sha256=small().sha256)).then_refused(
        refusals.OTHER_TEXT, configuration_sha256=CONFIGURATION.sha256
    )


def test_a_version_that_is_not_there_is_named_with_those_that_are():
    given(drafting(), drafting()).when(signing(3)).then_refused(refusals.UNKNOWN_VERSION, versions=[1, 2])


def test_after_an_amendment_its_own_version_is_in_force_and_the_one_before_is_superseded():
    story = given(activation(), activation())
    assert story.state.activation.version == 2
    story.when(activating(2)).then_refused(refusals.ALREADY_ACTIVE, version=2, activated_on="2022-03-01")
    story.when(activating(1)).then_refused(refusals.VERSION_SUPERSEDED, version=1, newest=2)


def test_the_version_in_force_is_not_called_superseded_while_an_amendment_is_only_drafted():
    given(activation(), drafting()).when(activating(1)).then_refused(refusals.ALREADY_ACTIVE, version=1)


def test_one_person_cannot_lock():
    story = given(activation(), CLOSE, SIGN_LOCK[0])
    story.when(SIGN_LOCK[0]).then_refused(refusals.LOCK_SIGNED_ALREADY)
    assert story.state.status is Status.CLOSED
    assert not [fact for fact in story.facts if isinstance(fact, SeedRevealed)]


# --- amendments


DEEPER = [
    (small((2, 1), (3, 6)), ["arms"]),
    (small((1, 1, 1), (3, 6)), ["arms"]),
    (small(factors=2), ["factors"]),
    (small().model_copy(update={"factors": (Factor(id="F1", levels=("LOW", "HIGH", "HIGHER")),)}), ["factors"]),
    (small((2, 1), (3, 6), factors=2), ["arms", "factors"]),
]
STRATUM = strata_of(small())[0]


@pytest.mark.parametrize(("amended", "differs"), DEEPER)
def test_once_somebody_is_randomized_arms_ratio_and_factors_stay(amended, differs):
    story = given(activation(small()), randomize("01-001", STRATUM))
    story.when(drafting(amended)).then_refused(refusals.AMENDMENT_TOO_DEEP, differs=differs)


@pytest.mark.parametrize(("amended", "differs"), DEEPER)
def test_a_draft_from_before_the_first_subject_does_not_come_into_force_after_it(amended, differs):
    drafted = (drafting(amended), signing(2, amended), signing(2, amended, by=STATISTICIAN))
    story = given(activation(small()), *drafted)
    story.when(activating(2, amended)).then(*RECORDED["activate"])
    later = story.and_then(randomize("01-001", STRATUM))
    later.when(activating(2, amended)).then_refused(refusals.AMENDMENT_TOO_DEEP, differs=differs)


def test_before_the_first_subject_the_design_may_be_another_one():
    story = given(activation(small()), activation(small((2, 1), (3, 6), factors=0)), randomize("01-001", ()))
    assert story.arms.keys() == {"01-001"}


def test_an_amendment_changes_nobody_who_is_allocated_and_numbers_go_on():
    first = [randomize(subject(n), STRATUM) for n in range(1, 8)]
    story = given(activation(small(sizes=(4,))), *first)
    amended = story.and_then(activation(small(sizes=(6,))))
    assert amended.state.randomized == story.state.randomized
    later = amended.and_then(randomize(subject(8), STRATUM))
    assert later.state.randomized[subject(8)].number == 8
    assert {one: later.arms[one] for one in story.arms} == story.arms


def test_an_amendment_draws_from_its_own_seed_from_the_first_counter_on():
    story = given(activation(small()), randomize("01-001", STRATUM), activation(small(sizes=(6,))))
    assert len({one.fact.commitment for one in story.state.activations}) == 2
    draw = next(f for f in story.decided(randomize("01-002", STRATUM)) if isinstance(f, DrawRecorded))
    assert (draw.trace.first_counter, draw.trace.block, draw.trace.place) == (0, 1, 1), "a block begins anew"


def test_the_cap_survives_an_amendment():
    story = given(activation(cap=146), ChangeCap(STUDY, 160), activation(cap=146))
    assert story.state.cap == 160
    assert [fact.cap for fact in story.facts if isinstance(fact, AllocationActivated)] == [146, 160]


def test_recruitment_stays_paused_through_an_amendment():
    story = given(activation(), PAUSE, activation())
    story.when(randomize("01-001")).then_refused(refusals.RECRUITMENT_PAUSED)
    story.and_then(RESUME).when(randomize("01-001")).then(EvidenceBound, DrawRecorded, SubjectRandomized, ArmAllocated)


def test_what_was_signed_from_another_protocol_file_does_not_come_into_force():
    """The cap is of the file that is loaded, the signatures are under the one that was drafted from."""
    other = replace(activating(), protocol_sha256="0" * 64)
    given(*SITUATIONS["signed"]).when(other).then_refused(
        refusals.PROTOCOL_CHANGED, drafted_from=RELUTH.sha256, loaded="0" * 64
    )


# --- the end


def test_the_second_signature_locks_and_every_seed_is_told_beside_its_commitment():
    story = given(activation(), activation(), CLOSE, SIGN_LOCK[0])
    signed, *told, locked = story.decided(SIGN_LOCK[1])
    assert isinstance(signed, LockSigned)
    assert locked == AllocationLocked(study=STUDY, locked_on=TODAY, randomized=0)
    assert [one.commitment for one in told] == [one.fact.commitment for one in story.state.activations]
    for one in told:
        seed = Seed(bytes.fromhex(one.seed), bytes.fromhex(one.nonce))
        assert seed.commitment(CONFIGURATION.sha256) == one.commitment


@pytest.mark.parametrize("told", [slice(0, 1), slice(1, 2), slice(None, None, -1), slice(0, 0)])
def test_nothing_is_locked_unless_every_commitment_is_revealed_in_its_order(told):
    state = given(activation(), activation(), CLOSE, SIGN_LOCK[0]).state
    with pytest.raises(ValueError, match="every commitment is revealed"):
        life.sign_lock(state, STUDY, STATISTICIAN, TODAY, revelations(state)[told])


def test_a_first_signature_under_the_lock_tells_no_seed_even_if_it_is_handed_one():
    state = given(activation(), CLOSE).state
    assert life.sign_lock(state, STUDY, SPONSOR, TODAY, revelations(state)) == [LockSigned(study=STUDY)]

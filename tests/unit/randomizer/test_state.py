"""The allocation as folded: every command's facts leave exactly the state that the next decision reads."""

from dataclasses import replace
from uuid import UUID

import pytest

from contracts.events.randomization import AllocationActivated, ArmAllocated, CommitmentStamped, SubjectRandomized
from services.randomizer.domain.facts import AllocationConfigured, DrawRecorded, ListSealed, SeedSealed
from services.randomizer.domain.state import GENESIS, INITIAL, allocation_stream, foreseen, refusals_stream

from .exact import design
from .test_configuration import LIST
from .test_exact_tallies import of
from .world import (
    CLOSE,
    CONFIGURATION,
    PAUSE,
    RELUTH,
    RESUME,
    SEALED,
    SIGN_LOCK,
    SPONSOR,
    STATISTICIAN,
    STRATUM,
    STUDY,
    TODAY,
    Story,
    activating,
    activation,
    actor,
    authorization,
    drafting,
    given,
    randomize,
    seed_of,
    signing,
    strata_of,
    subject,
)

A, B = subject(1), subject(2)
OTHER_SEALED = SEALED.model_copy(update={"nonce": "BBBB"})


# --- what an answer shows before the log has it


@pytest.mark.parametrize(
    ("before", "command"),
    [
        ((), drafting()),
        ((drafting(),), signing()),
        ((drafting(), signing(by=STATISTICIAN)), signing()),
        ((drafting(), signing(), signing(by=STATISTICIAN)), activating()),
        ((activation(),), PAUSE),
        ((activation(), PAUSE), RESUME),
        ((activation(),), CLOSE),
        ((activation(), CLOSE, SIGN_LOCK[0]), SIGN_LOCK[1]),
    ],
    ids=["draft", "sign", "sign second", "activate", "pause", "resume", "close", "lock"],
)
def test_what_is_foreseen_of_a_command_is_what_is_folded_once_it_is_recorded(before, command):
    story = given(*before)
    expected = replace(story.and_then(command).state, head=story.state.head)
    assert foreseen(story.state, story.decided(command), actor(command)) == expected


def test_what_is_foreseen_of_an_allocation_lacks_only_the_id_that_the_log_gives():
    story = given(activation(), randomize(A))
    after = foreseen(story.state, story.decided(randomize(B)), "dr-7")
    known = story.and_then(randomize(B)).state
    assert after.randomized[B] == replace(known.randomized[B], event_id=UUID(int=0))
    assert (after.tallies, after.draw, after.head) == (known.tallies, None, story.state.head)


def test_no_facts_foresee_no_change():
    state = given(activation(), randomize(A)).state
    assert foreseen(state, [], SPONSOR) == state


# --- what is kept of what


def test_a_subject_is_kept_as_randomized_with_its_fact_and_the_verdict_behind_it():
    story = given(activation(), randomize(A), randomize(B))
    (first, second) = [e for e in story.envelopes if isinstance(e.fact, SubjectRandomized)]
    for number, (who, envelope) in enumerate(((A, first), (B, second)), start=1):
        one = story.state.randomized[who]
        assert (one.subject, one.number, one.on, one.stratum) == (who, number, TODAY, STRATUM)
        assert (one.event_id, one.authorization) == (envelope.event_id, authorization(who).event_id)
        assert one.arm == story.arms[who]


def test_the_head_is_the_hash_of_the_last_fact_whatever_it_is():
    assert INITIAL.head == GENESIS == "0" * 64
    story = given(activation(), randomize(A), PAUSE)
    for n, envelope in enumerate(story.envelopes, start=1):
        assert Story(story.envelopes[:n]).state.head == envelope.chain


def test_a_draft_is_kept_with_its_protocol_its_author_and_those_who_sign_it():
    state = given(drafting(), signing(by=STATISTICIAN), signing(by=SPONSOR)).state
    draft = state.drafts[1]
    assert (draft.version, draft.configuration) == (1, CONFIGURATION)
    assert (draft.protocol_version, draft.protocol_sha256) == ("paper-2022", RELUTH.sha256)
    assert (draft.drafted_by, draft.signers) == (SPONSOR, (STATISTICIAN, SPONSOR))


def test_a_version_in_force_keeps_its_own_seed_and_list_and_stamp():
    """Sealed before it is activated; a second version takes nothing from the first and leaves it what it has."""
    listed = of("list_import")
    story = given().followed_by([ListSealed(study=STUDY, list_sha256=LIST, rows=12, sealed=OTHER_SEALED)])
    story = story.and_then(activation(listed, 12)).and_then(activation(CONFIGURATION, 13))
    first, second = story.state.activations
    stamps = [fact for fact in story.facts if isinstance(fact, CommitmentStamped)]
    assert [first.version, second.version] == [1, 2]
    assert [first.fact, second.fact] == [fact for fact in story.facts if isinstance(fact, AllocationActivated)]
    assert [first.stamp, second.stamp] == stamps
    assert [first.sealed, second.sealed] == [SEALED, SEALED]
    assert [first.sealed_list, second.sealed_list] == [OTHER_SEALED, None]
    assert [one.fact.commitment for one in story.state.activations] == [
        seed_of(1).commitment(listed.sha256),
        seed_of(2).commitment(CONFIGURATION.sha256),
    ]
    assert story.state.activation is second
    assert (story.state.sealed, story.state.cap) == (None, 12), "the cap stays what it was at the first activation"


def test_an_activation_without_its_seed_or_its_configuration_is_no_state():
    """A log with a gap is not read on: what would be allocated by it could not be drawn again."""
    facts = given(activation()).facts
    for missing in (SeedSealed, AllocationConfigured):
        left = [fact for fact in facts if not isinstance(fact, missing)]
        with pytest.raises(ValueError, match="after its configuration and its seed"):
            given().followed_by(left)


def test_an_arm_without_its_draw_or_with_the_draw_of_another_is_no_state():
    opened = given(activation())
    bound, draw, randomized, arm = opened.decided(randomize(A))
    assert isinstance(draw, DrawRecorded)
    assert isinstance(arm, ArmAllocated)
    for facts in ([bound, randomized, arm], [bound, draw.model_copy(update={"subject": B}), randomized, arm]):
        with pytest.raises(ValueError, match="after its configuration and its draw"):
            opened.followed_by(facts)
    with pytest.raises(ValueError, match="after its configuration and its draw"):
        given().followed_by([bound, draw, randomized, arm])


def test_a_draw_is_forgotten_once_its_arm_is_counted():
    opened = given(activation())
    _, draw, randomized, arm = opened.decided(randomize(A))
    assert opened.followed_by([draw]).state.draw == draw
    assert opened.followed_by([draw, randomized, arm]).state.draw is None


def test_a_version_that_comes_into_force_in_a_pause_leaves_it_paused():
    amended = given(activation(), PAUSE, activation(CONFIGURATION.model_copy(update={"block_sizes": (4,)})))
    assert amended.state.status == "paused"
    assert (
        given(activation(), activation(CONFIGURATION.model_copy(update={"block_sizes": (4,)}))).state.status == "active"
    )


def test_an_amended_coin_goes_on_from_the_counts_of_everybody_before_it():
    """A minimization that forgot whom it has allocated would balance the rest of the trial alone."""
    first, amended = design("minimization", levels=(2, 2)), design("two_stage", levels=(2, 2))
    strata = strata_of(first)
    story = given(activation(first, 20))
    for n in range(1, 8):
        story = story.and_then(randomize(subject(n), strata[n % 3]))
    before, after = story.state.tallies, story.and_then(activation(amended)).state.tallies
    assert len(before) == 3
    assert after == {stratum: replace(tally, counter=0) for stratum, tally in before.items()}
    assert story.and_then(activation(design("stratified_permuted_blocks", levels=(2, 2)))).state.tallies == {}


def test_allocations_and_refusals_have_streams_of_their_own():
    assert allocation_stream("RELUTH") == "allocation-RELUTH"
    assert refusals_stream("RELUTH", "01-001") == "refusals-RELUTH-01-001"

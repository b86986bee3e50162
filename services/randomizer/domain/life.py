"""The life of a study's allocation: drafted, signed by two persons, in force, amended, paused, closed, locked."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from contracts.events.fact import Fact
from contracts.events.randomization import (
    AllocationActivated,
    AllocationClosed,
    AllocationLocked,
    CommitmentStamped,
    RecruitmentPaused,
    RecruitmentResumed,
)
from services.chassis.refusal import Refused
from services.randomizer.domain import refusals
from services.randomizer.domain.commands import ActivateAllocation, DraftAllocation, Revealed, SignDraft
from services.randomizer.domain.configuration import Configuration
from services.randomizer.domain.facts import (
    AllocationConfigured,
    AllocationDrafted,
    AllocationSigned,
    LockSigned,
    SeedRevealed,
    SeedSealed,
)
from services.randomizer.domain.state import OVER, Allocation, Draft, Status

SIGNATURES: Final = 2
"""Of different persons: nobody opens or locks an allocation alone."""


def draft(state: Allocation, cmd: DraftAllocation) -> AllocationDrafted:
    """Number the next version. Arms and factors stay what they are once somebody is allocated by them."""
    _not_over(state)
    listed = cmd.configuration.list_sha256
    if listed is not None and listed not in state.lists:
        raise Refused(refusals.LIST_UNKNOWN, list_sha256=listed)
    _comparable(state, cmd.configuration)
    return AllocationDrafted(
        study=cmd.configuration.study,
        version=max(state.drafts, default=0) + 1,
        configuration=cmd.configuration,
        protocol_version=cmd.protocol_version,
        protocol_sha256=cmd.protocol_sha256,
    )


def sign(state: Allocation, cmd: SignDraft) -> AllocationSigned:
    """One person's signature under one text."""
    _not_over(state)
    signed = _latest(state, cmd.version)
    if cmd.configuration_sha256 != signed.configuration.sha256:
        raise Refused(refusals.OTHER_TEXT, version=cmd.version, configuration_sha256=signed.configuration.sha256)
    if cmd.by in signed.signers:
        raise Refused(refusals.SIGNED_ALREADY, version=cmd.version)
    return AllocationSigned(study=cmd.study, version=cmd.version, configuration_sha256=cmd.configuration_sha256)


def activatable(state: Allocation, version: int, protocol_sha256: str) -> Draft:
    """The version, if it may come into force now. Asked before a seed is made for it, and again inside the append.

    Subjects may have been randomized since it was drafted, and the service restarted with another protocol file: what
    was signed must still be what it was signed as.
    """
    _not_over(state)
    draft = _latest(state, version)
    if draft.protocol_sha256 != protocol_sha256:
        raise Refused(refusals.PROTOCOL_CHANGED, drafted_from=draft.protocol_sha256, loaded=protocol_sha256)
    _comparable(state, draft.configuration)
    if len(draft.signers) < SIGNATURES:
        raise Refused(refusals.SIGNATURES_MISSING, version=version, signed=len(draft.signers), needed=SIGNATURES)
    return draft


def activate(
    state: Allocation, cmd: ActivateAllocation
) -> tuple[AllocationConfigured, SeedSealed, AllocationActivated, CommitmentStamped]:
    """Commit to the seed and bring the version into force: all of it before it allocates anybody."""
    draft = activatable(state, cmd.version, cmd.protocol_sha256)
    return (
        AllocationConfigured(
            study=cmd.study,
            configuration=draft.configuration,
            protocol_version=draft.protocol_version,
            protocol_sha256=draft.protocol_sha256,
        ),
        SeedSealed(study=cmd.study, sealed=cmd.sealed),
        AllocationActivated(
            study=cmd.study,
            activated_on=cmd.today,
            strategy=draft.configuration.strategy,
            configuration_sha256=draft.configuration.sha256,
            commitment=cmd.commitment,
            cap=state.cap if state.activations else cmd.cap,
            version=cmd.version,
        ),
        CommitmentStamped(
            study=cmd.study,
            commitment=cmd.commitment,
            authority=cmd.stamp.authority,
            outside=cmd.stamp.outside,
            stamped_at=cmd.stamp.stamped_at,
            token=cmd.stamp.token,
        ),
    )


def pause(state: Allocation, study: str, today: date) -> RecruitmentPaused:
    """Nobody is randomized until it is resumed."""
    _running(state)
    if state.status is Status.PAUSED:
        raise Refused(refusals.RECRUITMENT_PAUSED)
    return RecruitmentPaused(study=study, paused_on=today)


def resume(state: Allocation, study: str, today: date) -> RecruitmentResumed:
    """Subjects are randomized again."""
    if state.status is not Status.PAUSED:
        raise Refused(refusals.NOT_PAUSED, status=state.status)
    return RecruitmentResumed(study=study, resumed_on=today)


def close(state: Allocation, study: str, today: date) -> AllocationClosed:
    """No subject after the last one. For ever: a closed allocation is never opened again."""
    _running(state)
    return AllocationClosed(study=study, closed_on=today)


def lockable(state: Allocation, by: str) -> bool:
    """Whether this person's signature is the one that locks: only then may the seeds be opened to be revealed."""
    if state.status is Status.LOCKED:
        raise Refused(refusals.LOCKED_ALREADY)
    if state.status is not Status.CLOSED:
        raise Refused(refusals.NOT_CLOSED, status=state.status)
    if by in state.lock_signers:
        raise Refused(refusals.LOCK_SIGNED_ALREADY)
    return len(state.lock_signers) + 1 >= SIGNATURES


def sign_lock(state: Allocation, study: str, by: str, today: date, revealed: Iterable[Revealed]) -> list[Fact]:
    """A signature under the lock. With the last one the allocation is locked, and every seed is told."""
    if not lockable(state, by):
        return [LockSigned(study=study)]
    told = [
        SeedRevealed(
            study=study,
            version=one.version,
            commitment=one.commitment,
            seed=one.seed,
            nonce=one.nonce,
            list_nonce=one.list_nonce,
            rows=one.rows,
        )
        for one in revealed
    ]
    if [one.commitment for one in told] != [one.fact.commitment for one in state.activations]:
        raise ValueError("every commitment is revealed, in order, or the allocation is not locked")
    return [
        LockSigned(study=study),
        *told,
        AllocationLocked(study=study, locked_on=today, randomized=len(state.randomized)),
    ]


def _not_over(state: Allocation) -> None:
    if state.status in OVER:
        raise Refused(refusals.ALLOCATION_OVER, status=state.status)


def _running(state: Allocation) -> None:
    _not_over(state)
    if state.status is Status.NOT_ACTIVATED:
        raise Refused(refusals.NOT_ACTIVE, status=state.status)


def _comparable(state: Allocation, configuration: Configuration) -> None:
    """Who is allocated stays comparable with who comes: the same arms, ratio and factors with their levels."""
    if not state.randomized or state.configuration is None:
        return
    differs = [
        name for name in ("arms", "factors") if getattr(state.configuration, name) != getattr(configuration, name)
    ]
    if differs:
        raise Refused(refusals.AMENDMENT_TOO_DEEP, differs=differs)


def _latest(state: Allocation, version: int) -> Draft:
    """The version, which must be the newest one and not yet in force."""
    if version not in state.drafts:
        raise Refused(refusals.UNKNOWN_VERSION, versions=sorted(state.drafts))
    if state.activation is not None and state.activation.version == version:
        raise Refused(refusals.ALREADY_ACTIVE, version=version, activated_on=state.activation.fact.activated_on)
    if version < max(state.drafts):
        raise Refused(refusals.VERSION_SUPERSEDED, version=version, newest=max(state.drafts))
    return state.drafts[version]

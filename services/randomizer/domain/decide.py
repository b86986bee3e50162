"""Command and state to facts, or a refusal. Guards first, in the order in which a person would ask."""

from contracts.events.randomization import (
    ArmAllocated,
    CapChanged,
    StratumLevel,
    SubjectRandomized,
)
from services.chassis.refusal import Refused
from services.randomizer.domain.commands import Authorization, ChangeCap, Randomize
from services.randomizer.domain.configuration import Configuration, stratum_key
from services.randomizer.domain.draws import Words
from services.randomizer.domain.facts import DrawRecorded, EvidenceBound
from services.randomizer.domain.refusals import (
    ALLOCATION_OVER,
    ALREADY_RANDOMIZED,
    AUTHORIZATION_UNUSABLE,
    CAP_BELOW_RANDOMIZED,
    CAP_REACHED,
    CAP_UNCHANGED,
    NOT_ACTIVE,
    RECRUITMENT_PAUSED,
    STRATA_INCOMPLETE,
)
from services.randomizer.domain.state import OVER, Allocation, Status
from services.randomizer.domain.strategies import strategy


def allocatable(state: Allocation, subject: str) -> Configuration:
    """The configuration to allocate this subject by. Raises `Refused` where no authorization could help."""
    if state.status in OVER:
        raise Refused(ALLOCATION_OVER, status=state.status)
    if state.status is Status.PAUSED:
        raise Refused(RECRUITMENT_PAUSED)
    if state.status is not Status.ACTIVE or state.configuration is None:
        raise Refused(NOT_ACTIVE, status=state.status)
    if (known := state.randomized.get(subject)) is not None:
        raise Refused(ALREADY_RANDOMIZED, subject=subject, randomization_number=known.number, randomized_on=known.on)
    if len(state.randomized) >= state.cap:
        raise Refused(CAP_REACHED, cap=state.cap)
    return state.configuration


def randomize(
    state: Allocation, cmd: Randomize, draw: Words
) -> tuple[EvidenceBound, DrawRecorded, SubjectRandomized, ArmAllocated]:
    """Refuse, or allocate. Pure: the draw is handed in, so that a replay gives the same arm.

    The private facts come first: readers wait for the last position of a command, which must be a published one.
    """
    configuration = allocatable(state, cmd.subject)
    stratum = _covered(configuration, cmd)
    choice = strategy(configuration).next(state.tallies, stratum_key(stratum), draw)
    number = len(state.randomized) + 1
    given = cmd.authorization
    return (
        EvidenceBound(
            study=cmd.study,
            subject=cmd.subject,
            randomization_number=number,
            requested_by=cmd.by,
            consent=given.consent,
            inclusion_assessment=given.inclusion_assessment,
            authorization=given.event_id,
            tumour_assessment=given.tumour_assessment,
            site_activation=given.site_activation,
            delegation=given.delegation,
            strata=given.strata,
            criteria_version=given.criteria_version,
            protocol_sha256=given.protocol_sha256,
            previous=state.head,
        ),
        DrawRecorded(
            study=cmd.study,
            subject=cmd.subject,
            randomization_number=number,
            favourable=choice.probability.numerator,
            possible=choice.probability.denominator,
            trace=choice.trace,
        ),
        SubjectRandomized(
            study=cmd.study,
            subject=cmd.subject,
            randomization_number=number,
            stratum=stratum,
            randomization_date=cmd.today,
            authorization=cmd.authorization.event_id,
            configuration_sha256=configuration.sha256,
        ),
        ArmAllocated(study=cmd.study, subject=cmd.subject, randomization_number=number, arm=choice.arm),
    )


def change_cap(state: Allocation, cmd: ChangeCap) -> CapChanged:
    """Move the hard stop. Never below what has happened."""
    if state.status in OVER:
        raise Refused(ALLOCATION_OVER, status=state.status)
    if state.status is Status.NOT_ACTIVATED:
        raise Refused(NOT_ACTIVE, status=state.status)
    if cmd.cap == state.cap:
        raise Refused(CAP_UNCHANGED, cap=state.cap)
    if cmd.cap < len(state.randomized):
        raise Refused(CAP_BELOW_RANDOMIZED, randomized=len(state.randomized))
    return CapChanged(study=cmd.study, cap=cmd.cap)


def _covered(configuration: Configuration, cmd: Randomize) -> tuple[StratumLevel, ...]:
    """The stratum that the authorization vouches for, after asking whether it is about this request at all."""
    if (fault := _fault(cmd.authorization, cmd)) is not None:
        raise Refused(AUTHORIZATION_UNUSABLE, fault=fault)
    levels = [StratumLevel(factor=one.factor, level=one.level) for one in cmd.authorization.strata]
    stratum = configuration.stratum(levels)
    if stratum is None:
        given = [level.factor for level in cmd.authorization.strata]
        raise Refused(STRATA_INCOMPLETE, needed=[factor.id for factor in configuration.factors], given=given)
    return stratum


def _fault(authorization: Authorization, cmd: Randomize) -> str | None:
    if authorization.study != cmd.study:
        return "other-study"
    if authorization.subject != cmd.subject:
        return "other-subject"
    if authorization.authorized_on != cmd.today:
        return "not-of-today"
    if authorization.criteria_version != cmd.criteria_version:
        return "other-criteria-version"
    if authorization.protocol_sha256 != cmd.protocol_sha256:  # its rules derived the strata
        return "other-protocol"
    if authorization.requested_by != cmd.by:
        return "other-person"
    return None

"""Import a list: check it whole, seal it, and remember nothing of it in clear."""

from hashlib import sha256

from contracts.events.envelope import Provenance
from contracts.events.registry import canonical
from services.chassis.command import CommandId
from services.chassis.facts import Answer, Outcome, Unit
from services.chassis.log.port import KeyReused
from services.chassis.refusal import Refused
from services.randomizer import views
from services.randomizer.custody import key_of
from services.randomizer.domain.configuration import planned_cap
from services.randomizer.domain.listing.check import Design, checked
from services.randomizer.domain.listing.defects import report
from services.randomizer.domain.listing.keep import keep
from services.randomizer.domain.refusals import DESIGN_UNUSABLE, LIST_DEFECTIVE
from services.randomizer.domain.state import INITIAL, allocation_stream, evolve
from services.randomizer.handlers.context import Context


async def import_list(
    ctx: Context, study: str, text: str, reason: str, command: CommandId, provenance: Provenance
) -> Outcome:
    """Seal a list in which nothing is wrong, or say everything that is. The answer names it by its hash."""
    protocol, stream, today = ctx.protocol(study), allocation_stream(study), ctx.today(study)
    once = _without_the_list(command, study, reason)
    if answered := await ctx.facts.answered(once):
        return await _repeated(ctx, study, text, answered)
    if protocol.randomization.method != "list_import":
        raise Refused(DESIGN_UNUSABLE, fault="method-takes-no-list", method=protocol.randomization.method)
    needed = max(planned_cap(protocol), (await ctx.allocation(study)).cap)
    rows, defects = checked(Design.of(protocol, needed), text)
    if rows is None:
        raise Refused(LIST_DEFECTIVE, defects=report(defects))
    sealed = await ctx.custodian.lists.sealed(key_of(study), rows)

    async def work(unit: Unit) -> Answer:
        state = await unit.load(stream, INITIAL, evolve)
        unit.append(stream, [keep(state, rows, sealed.text, sealed.sha256)], occurred_on=today, reason=reason)
        return Answer(201, views.listed(study, rows, sealed.sha256).as_json())

    outcome = await ctx.facts.transact(once, provenance, work, in_turn=stream)
    return await _repeated(ctx, study, text, outcome) if outcome.replayed else outcome


def _without_the_list(command: CommandId, study: str, reason: str) -> CommandId:
    """The command without the hash of its body, which is kept beside the answer.

    Hazard: that hash has no nonce. Who knows all rows but the last few could find those by trying.
    """
    return CommandId(command.key, sha256(canonical(["import-list", study, reason])).digest())


async def _repeated(ctx: Context, study: str, text: str, answered: Outcome) -> Outcome:
    """The first answer, if this is the list that it was given for. Raises `KeyReused`."""
    rows, _ = checked(Design.of(ctx.protocol(study), needed=1), text)
    named = str(answered.answer.body["list_sha256"])
    sealed = (await ctx.allocation(study)).lists[named]
    if rows is None or not await ctx.custodian.lists.same(named, sealed, rows):
        raise KeyReused("the key was used for another list")
    return answered

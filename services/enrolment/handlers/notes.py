"""Free text about a subject: the one way by which it enters a fact."""

from contracts.vocabulary.sealed import SealedText
from services.enrolment.handlers.context import Context


async def sealed_note(ctx: Context, study: str, subject: str, text: str, *, purpose: str) -> SealedText:
    """Seal a text under the subject's own key. `purpose` names the field that it is for: elsewhere it does not open.

    Raises `Refused` (410) where the key was destroyed, (422) for a text that is too long.
    """
    return await ctx.sealer.seal(f"{study}/{subject}", text, purpose=purpose)

"""Why a webhook is not made."""

from typing import Final

from services.chassis.refusal import Refusal

UNKNOWN_EVENT: Final = Refusal(
    "unknown-event",
    422,
    "A webhook was asked for facts that nobody is told, or twice for the same.",
    "Name facts of the list in the API document, each once.",
)

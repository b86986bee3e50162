"""What may be wrong with any command: its study, its site, its day."""

from typing import Final

from services.chassis.refusal import Refusal

UNKNOWN_STUDY: Final = Refusal(
    "unknown-study", 404, "This installation does not run that study.", "Use the study id of a loaded protocol file."
)
UNKNOWN_SITE: Final = Refusal(
    "unknown-site", 404, "No such site is known in this study.", "Check the site number, or have the site activated."
)
IN_THE_FUTURE: Final = Refusal(
    "date-in-the-future",
    422,
    "A clinical date lies in the future of the trial's calendar.",
    "Give the date on which it happened, today at the latest.",
)

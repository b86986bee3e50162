"""Why a questionnaire is not accepted. No answer is repeated."""

from typing import Final

from services.assessment.domain.refusals.common import DATED, HEARD, OF_SUBJECT
from services.chassis.refusal import Refusal

NO_QUESTIONNAIRES: Final = Refusal(
    "no-questionnaires", 404, "The protocol of this study has no questionnaires.", "Nothing: none are collected."
)
UNKNOWN_QUESTIONNAIRE: Final = Refusal(
    "questionnaire-unknown", 422, "The protocol has no such questionnaire.", "Use one of those in `permitted`."
)
OTHER_EDITION: Final = Refusal(
    "questionnaire-other-edition",
    422,
    "Another edition of the questionnaire is used in this study: its items may be others.",
    "Use the edition in `permitted`.",
)
UNKNOWN_OCCASION: Final = Refusal(
    "occasion-unknown",
    422,
    "The protocol has no such occasion for questionnaires.",
    "Use one of those in `permitted`: the same in both arms.",
)
FILLED_ALREADY: Final = Refusal(
    "questionnaire-already-completed",
    409,
    "The questionnaire of this occasion is recorded already.",
    "Read what is recorded; to replace it, send a correction with its reason.",
)
NOTHING_TO_CORRECT: Final = Refusal(
    "nothing-to-correct", 409, "There is nothing yet that could be corrected.", "Record it first."
)
NO_SUCH_ANSWER: Final = Refusal(
    "answer-not-offered",
    422,
    "Some items are none of the questionnaire, or have an answer that it does not offer.",
    "Correct the items in `items`; leave out what was not answered.",
)
ALWAYS_APPLIES: Final = Refusal(
    "item-always-applies",
    422,
    "The questionnaire does not offer that these items do not apply.",
    "Leave them out if they were not answered; those in `permitted` may be said not to apply.",
)
ANSWERED_AND_NOT: Final = Refusal(
    "answered-and-not-applicable", 422, "Some items are answered and said not to apply.", "Keep one of the two."
)
EMPTY: Final = Refusal(
    "questionnaire-empty", 422, "Not one item was answered.", "Send nothing for a questionnaire that was not filled in."
)
NOT_FILLED: Final = Refusal(
    "questionnaire-not-found",
    404,
    "This questionnaire was not filled in on this occasion, or had not been at that moment.",
    "Read the subject's questionnaires for what there is.",
)

COMPLETE: Final = (
    *HEARD,
    NO_QUESTIONNAIRES,
    UNKNOWN_QUESTIONNAIRE,
    OTHER_EDITION,
    UNKNOWN_OCCASION,
    FILLED_ALREADY,
    *DATED,
    NO_SUCH_ANSWER,
    ALWAYS_APPLIES,
    ANSWERED_AND_NOT,
    EMPTY,
)
CORRECT: Final = (*COMPLETE, NOTHING_TO_CORRECT)
READ: Final = (*OF_SUBJECT, NO_QUESTIONNAIRES)
READ_ONE: Final = (*READ, NOT_FILLED)

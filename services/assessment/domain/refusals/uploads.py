"""Why a file is not read at all, and why a row of it is not taken. No cell is repeated."""

from typing import Final

from services.assessment.domain.refusals.common import UNKNOWN_STUDY
from services.chassis.refusal import Refusal

NOT_UTF8: Final = Refusal(
    "file-not-utf8", 422, "The file is no text in UTF-8.", "Save it as CSV UTF-8; a byte order mark does no harm."
)
NOT_CSV: Final = Refusal(
    "file-not-csv",
    422,
    "The file is no CSV: a quotation mark is not closed, or a cell holds what no cell can.",
    "Correct the line that is named; everything before it was left alone too.",
)
COLUMNS: Final = Refusal(
    "file-columns",
    422,
    "The first line does not name the columns that are needed, each once, and no others.",
    "Name the columns in `required` and, as far as wanted, those in `permitted`, separated by commas or semicolons.",
)
TOO_MANY_ROWS: Final = Refusal(
    "file-too-long",
    422,
    "The file has more rows than one upload takes.",
    "Split it; rows that are sent twice count once.",
)
ROW_SHAPE: Final = Refusal(
    "row-shape", 422, "The row has more or fewer cells than the first line names.", "Correct the number of cells."
)
ROW_INVALID: Final = Refusal(
    "row-invalid", 422, "Some cells are not what their columns hold.", "Correct the cells that `errors` names."
)

UPLOAD: Final = (UNKNOWN_STUDY, NOT_UTF8, NOT_CSV, COLUMNS, TOO_MANY_ROWS)

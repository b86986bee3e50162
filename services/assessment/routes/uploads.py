"""Tables over HTTP: readings and questionnaires as CSV, with a report on every row."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request

from contracts.vocabulary.identifiers import StudyId
from services.assessment.domain.refusals import uploads
from services.assessment.handlers.kinds import QUESTIONNAIRES, READINGS
from services.assessment.handlers.tables import table
from services.assessment.handlers.uploads import Kind, upload
from services.assessment.policy import RECORD_ASSESSMENT, RECORD_QUESTIONNAIRE
from services.assessment.routes.common import Ctx
from services.assessment.shown.uploads import ReportView
from services.chassis.auth.guard import EACH, may
from services.chassis.auth.who import Who
from services.chassis.http.called import CalledForNew
from services.chassis.http.openapi import problems

CSV: Final = "text/csv"
router = APIRouter(prefix="/studies/{study}/uploads", tags=["uploads"])


def _file(kind: Kind) -> dict[str, Any]:
    head = ",".join(kind.required)
    schema = {
        "type": "string",
        "format": "binary",
        "description": f"columns {head}, and as far as wanted {', '.join(kind.permitted)}",
    }
    return {"requestBody": {"required": True, "content": {CSV: {"schema": schema}}}}


@router.post("/readings", responses=problems(uploads.UPLOAD), openapi_extra=_file(READINGS))
async def post_readings(
    study: StudyId,
    who: Annotated[Who, may(RECORD_ASSESSMENT, site_from=EACH)],
    request: Request,
    ctx: Ctx,
    asked: CalledForNew,
) -> ReportView:
    """Record stated readings from a table. Rows that cannot be taken are refused one by one, with what would be right.

    The same file twice changes nothing: rows that are recorded are reported as such.
    """
    rows = table(await request.body(), READINGS.required, READINGS.permitted)
    return await upload(ctx, asked, study, who, rows, READINGS)


@router.post("/questionnaires", responses=problems(uploads.UPLOAD), openapi_extra=_file(QUESTIONNAIRES))
async def post_questionnaires(
    study: StudyId,
    who: Annotated[Who, may(RECORD_QUESTIONNAIRE, site_from=EACH)],
    request: Request,
    ctx: Ctx,
    asked: CalledForNew,
) -> ReportView:
    """Record filled-in questionnaires from a table: item 12 is column `q12`, an empty cell was not answered."""
    rows = table(await request.body(), QUESTIONNAIRES.required, QUESTIONNAIRES.permitted)
    return await upload(ctx, asked, study, who, rows, QUESTIONNAIRES)

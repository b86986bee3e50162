"""Days and moments as texts in one form: what pydantic would take for one is none."""

from datetime import UTC, date, datetime

import pytest
from pydantic import BaseModel, ValidationError

from services.chassis.http.written import Day, Moment


class Form(BaseModel):
    day: Day | None = None
    moment: Moment | None = None


def test_a_day_and_a_moment_are_taken() -> None:
    form = Form.model_validate({"day": "2024-02-29", "moment": "2026-03-31T09:20:00.5+02:00"})
    assert form.day == date(2024, 2, 29)
    assert form.moment is not None
    assert form.moment.astimezone(UTC) == datetime(2026, 3, 31, 7, 20, 0, 500_000, tzinfo=UTC)


_SLIPS = (True, 0, -1, 20220331, 1648684800, 1648684800.5, "0", "1648684800", "20220331", "2022-3-31", "2022-02-30")
_DAYS = ("2022-03-31T00:00:00Z", "2022-03-31 ", "0000-00-00", "２０２２-０３-３１", "2022-W13-4", "2023-02-29")
_MOMENTS = ("2022-03-31", "2022-03-31T09:20:00", "2022-03-31T09:20Z", "2022-03-31 09:20:00Z", "2022-03-31T25:00:00Z")


@pytest.mark.parametrize("value", [*_SLIPS, *_DAYS])
def test_what_is_no_day_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        Form.model_validate({"day": value})


@pytest.mark.parametrize("value", [*_SLIPS, *_MOMENTS])
def test_what_is_no_moment_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        Form.model_validate({"moment": value})


def test_the_api_document_says_what_is_taken() -> None:
    properties = Form.model_json_schema()["properties"]
    assert properties["day"]["anyOf"][0] == {"format": "date", "type": "string"}
    assert properties["moment"]["anyOf"][0] == {"format": "date-time", "type": "string"}
